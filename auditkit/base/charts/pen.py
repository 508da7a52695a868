"""The pen that writes SVG: mirrored where asked, every text escaped, every mark with a class and attributes."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from auditkit.base.charts.manner import Manner

SIZE = 13
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\s+")
_STEERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_GEORGIAN = re.compile("[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]")
_FOREIGN = re.compile("([\u0021-\u007e\u00a1-\u0589\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u2bff]+)")
_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U0001f000-\U0003ffff]"
)

ARABIC = "Noto Sans Arabic, Vazirmatn, Noto Naskh Arabic, Tahoma, DejaVu Sans, sans-serif"
GEORGIAN = "Noto Sans Georgian, DejaVu Sans, sans-serif"
OTHERS = "Noto Sans, DejaVu Sans, Segoe UI, Arial, sans-serif"

# What a mark looks like where no stylesheet of ours reaches: in the picture for documents. charts.css says the same
# with the colours of the screen. Parts of bars are steps of lightness, each well apart from all others, and lines have
# their own dashes: a printer without colours keeps them apart.
LOOKS = {
    "chart-text": 'fill="#1d1c1a"',
    "chart-quiet": 'fill="#5d5a54"',
    "chart-strong": 'fill="#1d1c1a" font-weight="600"',
    "chart-bad": 'fill="#b3261e" font-weight="600"',
    "chart-inside": 'fill="#ffffff"',
    "chart-mark": 'fill="#1d1c1a" stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"',
    "chart-grid": 'stroke="#e6e4df" fill="none"',
    "chart-axis": 'stroke="#8b8780" fill="none"',
    "chart-centre": 'stroke="#5d5a54" fill="none" stroke-width="1.5"',
    "chart-limit": 'stroke="#85500a" fill="none" stroke-width="1.5" stroke-dasharray="6 4"',
    "chart-sum": 'stroke="#85500a" fill="none" stroke-width="2" stroke-dasharray="6 3"',
    "chart-target": 'stroke="#b3261e" fill="none" stroke-width="1.5" stroke-dasharray="2 3"',
    "chart-line-0": 'stroke="#2a4fb5" fill="none" stroke-width="2"',
    "chart-line-1": 'stroke="#85500a" fill="none" stroke-width="2" stroke-dasharray="7 4"',
    "chart-line-2": 'stroke="#17663b" fill="none" stroke-width="2" stroke-dasharray="2 3"',
    "chart-line-3": 'stroke="#5d5a54" fill="none" stroke-width="2" stroke-dasharray="9 3 2 3"',
    "chart-band": 'fill="#2a4fb5" fill-opacity="0.12" stroke="none"',
    "chart-point": 'fill="#2a4fb5" stroke="#ffffff"',
    "chart-noticed": 'fill="#ffffff" stroke="#b3261e" stroke-width="2.5"',
    "chart-part-0": 'fill="#2a4fb5" stroke="#ffffff"',
    "chart-part-1": 'fill="#b0c3ff" stroke="#ffffff"',
    "chart-part-2": 'fill="#77736d" stroke="#ffffff"',
    "chart-part-3": 'fill="#f0eeeb" stroke="#8b8780"',
    "chart-part-4": 'fill="#13275e" stroke="#ffffff"',
    "chart-part-5": 'fill="#a29c92" stroke="#ffffff"',
    "chart-heat-0": 'fill="#ffffff" stroke="#e6e4df"',
    "chart-heat-1": 'fill="#edf1fc" stroke="#e6e4df"',
    "chart-heat-2": 'fill="#cfdaf8" stroke="#e6e4df"',
    "chart-heat-3": 'fill="#9db6ff" stroke="#e6e4df"',
    "chart-heat-4": 'fill="#4a6bc9" stroke="#e6e4df"',
    "chart-heat-5": 'fill="#1f3d92" stroke="#e6e4df"',
}
DARK_CELLS = ("chart-heat-4", "chart-heat-5", "chart-part-0", "chart-part-2", "chart-part-4")


def plain(text: object) -> str:
    """`text` in one line and without what XML forbids or what would steer the writing around it."""
    return _STEERING.sub("", _BREAKS.sub(" ", _ILLEGAL.sub("\ufffd", str(text)))).strip()


def wide(text: str, size: float = SIZE) -> float:
    """About how wide a text is drawn; a guess that errs on the wide side."""
    return size * (0.6 * len(text) + 0.4 * len(_WIDE.findall(text)))


def fitted(text: object, width: float, size: float = SIZE) -> str:
    """As much of a text as fits; what was cut off is in the chart's table."""
    line = plain(text)
    if wide(line, size) <= width:
        return line
    while line and wide(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _family(text: str) -> str:
    if _TURNED.search(text):
        return ARABIC
    return GEORGIAN if _GEORGIAN.search(text) else OTHERS


def _with_foreign_letters(line: str) -> str:
    """Escaped, with the letters that fonts for Persian lack in another font."""
    return "".join(
        f'<tspan font-family="{OTHERS}">{escape(part)}</tspan>' if number % 2 else str(escape(part))
        for number, part in enumerate(_FOREIGN.split(line))
    )


def _n(value: float) -> str:
    return f"{round(value, 1):g}"


class Pen:
    """Draws in a box of `width` by `height`; x grows in the direction of reading."""

    def __init__(self, width: float, height: float, manner: Manner) -> None:
        self.width, self.height, self.manner = width, height, manner
        self.parts: list[str] = []

    def x(self, value: float) -> str:
        """Where a place of the reading direction lies on the sheet."""
        return _n(self.width - value if self.manner.mirrored else value)

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """A straight line."""
        self.path([(x1, y1), (x2, y2)], look)

    def path(self, points: Iterable[tuple[float, float]], look: str, *, closed: bool = False) -> None:
        """A line through points; `closed` fills it."""
        places = "L".join(f"{self.x(x)} {_n(y)}" for x, y in points)
        if places:
            self.parts.append(f'<path class="{look}" {LOOKS[look]} d="M{places}{"z" if closed else ""}"/>')

    def box(self, x: float, y: float, width: float, height: float, look: str) -> None:
        """A filled rectangle that begins at `x` in the reading direction."""
        left = x + width if self.manner.mirrored else x
        self.parts.append(
            f'<rect class="{look}" {LOOKS[look]} x="{self.x(left)}" y="{_n(y)}" '
            f'width="{_n(width)}" height="{_n(height)}"/>'
        )

    def dot(self, x: float, y: float, look: str = "chart-point", radius: float = 3.5) -> None:
        """A round point."""
        self.parts.append(f'<circle class="{look}" {LOOKS[look]} cx="{self.x(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')

    def diamond(self, x: float, y: float, look: str = "chart-noticed", radius: float = 6.5) -> None:
        """A point that was noticed: another shape, so that it shows without colour."""
        self.path([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], look, closed=True)

    def text(
        self, x: float, y: float, text: object, *, look: str = "chart-text", anchor: str = "start", size: float = SIZE
    ) -> None:
        """A text; `anchor` (start, middle, end) is of the reading direction."""
        line = plain(text)
        if not line:
            return
        if self.manner.mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        family, inner = _family(line), str(escape(line))
        if family == ARABIC:
            # Set apart, so that its marks and numbers stand where its own direction puts them.
            inner = ("\u2067" if self.manner.mirrored else "\u2068") + _with_foreign_letters(line) + "\u2069"
        self.parts.append(
            f'<text class="{look}" {LOOKS[look]} x="{self.x(x)}" y="{_n(y)}" text-anchor="{anchor}" '
            f'font-size="{_n(size)}" font-family="{family}">{inner}</text>'
        )

    def svg(self, name: str, title: str, says: str) -> Markup:
        """The picture with its name and what it says, for those who do not see it."""
        head = f'<title id="{escape(name)}-title">{escape(plain(title))}</title>'
        named = f"{name}-title"
        if says:
            head += f'<desc id="{escape(name)}-desc">{escape(plain(says))}</desc>'
            named += f" {name}-desc"
        return Markup(  # noqa: S704 - numbers of ours, and every text escaped
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-picture" role="img" translate="no" direction="ltr" '
            f'aria-labelledby="{escape(named)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}">{head}{"".join(self.parts)}</svg>'
        )
