"""The fishbone as a PNG for the response form, in a frame of one shape so that every picture fits its place in Word."""

import base64
import re

from markupsafe import Markup

from auditkit.documents.contexts.facts import Picture

WIDTH, HEIGHT = 1650, 900
_STYLE = """text{font-family:'Noto Sans','Noto Sans Arabic','Noto Sans Georgian','DejaVu Sans',sans-serif}
.fish-spine{fill:none;stroke:#333333;stroke-width:2.5}.fish-bone{fill:none;stroke:#777777;stroke-width:1.5}
.fish-head{fill:#f0f0f0;stroke:#333333}.fish-title{fill:#111111;font-size:13px;font-weight:600}
.fish-cause{fill:#333333;font-size:12px}.fish-root{fill:#000000;font-size:12px;font-weight:700}"""
_HEAD = re.compile(r'^<svg class="fishbone"[^>]*?viewBox="([0-9. ]+)"[^>]*>')


def framed(drawn: Markup) -> str:
    """The page's picture in the frame, with the colours and fonts that the page's style sheet gave it, for paper.

    Raises ValueError for what `drawing.fishbone` did not draw.
    """
    match = _HEAD.match(str(drawn))
    if match is None:
        raise ValueError("no fishbone")
    frame = f'width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} viewBox="0 0 {WIDTH} {HEIGHT}"><style>{_STYLE}</style>'
        f'<svg {frame} viewBox="{match.group(1)}">{str(drawn)[match.end() :]}</svg>'
    )


def png(drawn: Markup) -> Picture:
    """The picture as a document's data want it."""
    import resvg_py

    content = bytes(resvg_py.svg_to_bytes(svg_string=framed(drawn), background="#ffffff"))
    return Picture(base64.b64encode(content).decode())
