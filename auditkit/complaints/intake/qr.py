"""QR codes as SVG that stands in the page: one path, no style, its own white ground to read in the dark too."""

import segno
from markupsafe import Markup, escape

QUIET = 4


def drawn(text: str, label: str) -> Markup:
    """`text` as a QR code; `label` is what it is called for those who do not see it."""
    matrix = segno.make(text, error="m", micro=False).matrix
    size = len(matrix) + 2 * QUIET
    runs = "".join(_row(y + QUIET, row) for y, row in enumerate(matrix))
    return Markup(  # noqa: S704 - numbers of ours, and the label escaped
        f'<svg class="qr" role="img" aria-label="{escape(label)}" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{runs}"/></svg>'
    )


def _row(y: int, row: bytearray) -> str:
    parts, start = [], None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(parts)
