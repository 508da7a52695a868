"""The fishbone and the Pareto of causes as pictures: SVG made on the server, mirrored for Persian.

Beside each picture the page has the same as a list or table, which holds every word whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from markupsafe import Markup, escape

from auditkit.actions.rules import Bone, Branch

BONE_WIDTH, LINE, HEAD = 230, 18, 150
SHOWN, LETTERS, HEAD_LETTERS = 7, 30, 19


@dataclass(frozen=True)
class Rib:
    """One bone with its causes: (text, depth from one, is a root cause)."""

    title: str
    causes: tuple[tuple[str, int, bool], ...]


def ribs(tree: Sequence[Branch], titles: dict[str, str]) -> list[Rib]:
    """The bones that carry a cause, in their order; `titles` by bone. Causes without a bone hang on none."""
    found = []
    for bone in Bone:
        walked = [one for branch in tree if branch.line.bone == bone for one in branch.walked()]
        if walked:
            found.append(Rib(titles[bone], tuple((one.line.text, one.depth, one.line.root) for one in walked)))
    return found


def fishbone(bones: Sequence[Rib], effect: str, *, label: str, more: str, mirrored: bool) -> Markup:
    """The picture: a spine that ends in the effect, bones above and below by turns. `more` has `{number}` in it."""
    pairs = max((len(bones) + 1) // 2, 1)
    rows = max((min(len(one.causes), SHOWN) + (len(one.causes) > SHOWN) for one in bones), default=1)
    half = 40 + rows * LINE
    width, height, middle = pairs * BONE_WIDTH + HEAD + 30, 2 * half + 8, half + 4
    pen = _Pen(width, mirrored)
    parts = [pen.line(14, middle, width - HEAD - 8, middle, "fish-spine")]
    for number, bone in enumerate(bones):
        parts.append(_rib(pen, bone, 14 + (number // 2 + 1) * BONE_WIDTH, middle, half, number % 2 == 0, more))
    parts.append(_head(pen, effect, width - HEAD - 8, middle))
    body = "".join(parts)
    return Markup(  # noqa: S704 - numbers of ours, and every text escaped
        f'<svg class="fishbone" role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


class _Pen:
    """Draws from left to right, or mirrored from right to left; texts end at the bone either way."""

    def __init__(self, width: float, mirrored: bool) -> None:
        self.width, self.mirrored = width, mirrored

    def x(self, value: float) -> float:
        return self.width - value if self.mirrored else value

    def line(self, x1: float, y1: float, x2: float, y2: float, name: str) -> str:
        return f'<path class="{name}" d="M{self.x(x1):g} {y1:g}L{self.x(x2):g} {y2:g}"/>'

    def text(self, x: float, y: float, text: str, name: str, anchor: str = "end") -> str:
        # The anchor follows the direction of the page, so it needs no mirroring.
        place = f'x="{self.x(x):g}" y="{y:g}" text-anchor="{anchor}"'
        return f'<text translate="no" class="{name}" {place}>{escape(text)}</text>'


def _rib(pen: _Pen, bone: Rib, foot: float, middle: float, half: float, above: bool, more: str) -> str:
    sign = -1 if above else 1
    lean, tip = 56, middle + sign * (half - 26)
    parts = [
        pen.line(foot - lean, tip, foot, middle, "fish-bone"),
        pen.text(foot - lean - 4, tip + (-6 if above else 15), bone.title, "fish-title", "middle"),
    ]
    told = [
        (shorten("– " * (depth - 1) + words, LETTERS, placeholder="…"), root)
        for words, depth, root in bone.causes[:SHOWN]
    ]
    if len(bone.causes) > SHOWN:
        told.append((more.format(number=len(bone.causes) - SHOWN), False))
    for number, (words, root) in enumerate(told):
        away = LINE * (len(told) - number if above else number + 1)  # read from top to bottom on either side
        along = away / (half - 26)
        y = middle + sign * away + 4
        parts.append(pen.text(foot - lean * along - 12, y, words, "fish-root" if root else "fish-cause"))
    return "".join(parts)


def _head(pen: _Pen, effect: str, x: float, middle: float) -> str:
    words, lines = effect.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > HEAD_LETTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:HEAD_LETTERS]
    shown = lines[:4] if len(lines) <= 4 else [*lines[:3], "…"]
    tall = 20 + LINE * len(shown)
    left = pen.x(x + HEAD) if pen.mirrored else x
    box = f'<rect class="fish-head" x="{left:g}" y="{middle - tall / 2:g}" width="{HEAD}" height="{tall}" rx="8"/>'
    texts = "".join(
        pen.text(x + HEAD / 2, middle - tall / 2 + 10 + LINE * (number + 0.75), one, "fish-title", "middle")
        for number, one in enumerate(shown)
    )
    return box + texts


@dataclass(frozen=True)
class Bar:
    """A bar of the Pareto: its name, how many, and the share of this and all before it in percent."""

    title: str
    number: int
    cumulative: float


def pareto(bars: Sequence[Bar], *, label: str, mirrored: bool) -> Markup:
    """Bars one under the other, longest first, and the cumulative share as a line across them; fits a phone."""
    width, row, most = 360, 40, max((one.number for one in bars), default=1)
    pen = _Pen(width, mirrored)
    parts, points = [], []
    for number, one in enumerate(bars):
        top, long = number * row + 4, (width - 40) * one.number / most
        x = pen.x(long) if mirrored else 0
        parts.append(pen.text(0, top + 12, shorten(one.title, 44, placeholder="…"), "pareto-name", "start"))
        parts.append(
            f'<rect class="pareto-bar" x="{x:g}" y="{top + 17:g}" width="{max(long, 2):g}" height="14" rx="3"/>'
        )
        parts.append(pen.text(long + 6, top + 29, str(one.number), "pareto-number", "start"))
        points.append(f"{pen.x((width - 40) * one.cumulative / 100):g} {top + 24:g}")
    parts.append(f'<path class="pareto-line" d="M{"L".join(points)}"/>' if len(points) > 1 else "")
    body = "".join(parts)
    return Markup(  # noqa: S704 - numbers of ours, and every text escaped
        f'<svg class="pareto" role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {len(bars) * row + 6}">'
        f"{body}</svg>"
    )
