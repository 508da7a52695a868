"""The way of a complaint as a picture: SVG made on the server from the organisation's settings, mirrored for Persian.

Boxes stand one under the other, so that it reads on a phone. The same steps stand beside it as a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from markupsafe import Markup, escape

WIDTH, BOX, LEFT = 360, 250, 16
LINE, GAP, PAD = 17, 26, 11
LETTERS = 30


@dataclass(frozen=True)
class Step:
    """One step: what happens, and a quieter line under it, such as a promised time. `key` names it for arrows."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class _Placed:
    step: Step
    top: float
    lines: tuple[tuple[str, bool], ...]

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * len(self.lines)

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def drawn(steps: Sequence[Step], back: tuple[str, str, str], *, label: str, mirrored: bool) -> Markup:
    """The picture. `back` is (from, to, text): the arrow that leads back up, such as a refused decision."""
    placed, top = [], 2.0
    for step in steps:
        titles = [(line, True) for line in wrap(step.title, LETTERS)]
        notes = [(line, False) for line in wrap(step.note, LETTERS)]
        placed.append(_Placed(step, top, (*titles, *notes)))
        top += placed[-1].height + GAP
    height = top - GAP + 2
    parts = [_box(one, mirrored) for one in placed]
    parts += [_down(one, after, mirrored) for one, after in pairwise(placed)]
    by_key = {one.step.key: one for one in placed}
    parts.append(_back(by_key[back[0]], by_key[back[1]], back[2], mirrored))
    body = "".join(parts)
    return Markup(  # noqa: S704 - numbers of ours, and every text escaped
        f'<svg class="process-map" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {height:.0f}">'
        f"{body}</svg>"
    )


def _x(value: float, mirrored: bool) -> str:
    return f"{WIDTH - value if mirrored else value:g}"


def _box(one: _Placed, mirrored: bool) -> str:
    left = WIDTH - LEFT - BOX if mirrored else LEFT
    middle = left + BOX / 2
    texts = ""
    # Lines are cut from one translated text; the whole of it stands in the list beside the picture.
    for number, (line, strong) in enumerate(one.lines):
        y = one.top + PAD + LINE * (number + 0.75)
        name = "map-title" if strong else "map-note"
        texts += (
            f'<text translate="no" class="{name}" x="{middle:g}" y="{y:g}" text-anchor="middle">{escape(line)}</text>'
        )
    return f'<rect class="map-box" x="{left:g}" y="{one.top:g}" width="{BOX}" height="{one.height:g}" rx="8"/>{texts}'


def _down(one: _Placed, after: _Placed, mirrored: bool) -> str:
    x, begins, ends = _x(LEFT + BOX / 2, mirrored), one.top + one.height, after.top
    return f'<path class="map-line" d="M{x} {begins:g}V{ends - 6:g}"/>{_head(float(x), ends)}'


def _head(x: float, y: float) -> str:
    return f'<path class="map-head" d="M{x - 5:g} {y - 8:g}L{x:g} {y - 1:g}L{x + 5:g} {y - 8:g}z"/>'


def _back(begin: _Placed, end: _Placed, text: str, mirrored: bool) -> str:
    right, out = LEFT + BOX, LEFT + BOX + 22
    edge, turn = _x(right, mirrored), _x(out, mirrored)
    tip = 8 if not mirrored else -8
    line = f'<path class="map-line map-back" d="M{edge} {begin.middle:g}H{turn}V{end.middle:g}H{float(edge) + tip:g}"/>'
    head = (
        f'<path class="map-head" d="M{float(edge) + tip:g} {end.middle - 5:g}L{float(edge) + tip / 8:g} {end.middle:g}'
        f'L{float(edge) + tip:g} {end.middle + 5:g}z"/>'
    )
    x, y = _x(out + 14, mirrored), (begin.middle + end.middle) / 2
    place = f"translate({x} {y:g}) rotate({-90 if mirrored else 90})"
    label = f'<text translate="no" class="map-note" text-anchor="middle" transform="{place}">{escape(text)}</text>'
    return line + head + label
