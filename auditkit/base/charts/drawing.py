"""Every shape drawn. The sheet is 640 wide; what does not fit in letters stands whole in the chart's table."""

import math
from collections.abc import Callable, Sequence
from functools import singledispatch

from markupsafe import Markup

from auditkit.base.charts.manner import Manner
from auditkit.base.charts.pen import DARK_CELLS, SIZE, Pen, fitted, plain, wide
from auditkit.base.charts.shapes import (
    Bars,
    Chart,
    Curves,
    Heatmap,
    Histogram,
    Intervals,
    Mark,
    Pareto,
    Point,
    RunChart,
)
from auditkit.base.text import _

WIDTH, HEIGHT = 640.0, 320.0
TOP, BOTTOM, AFTER = 34.0, 44.0, 18.0
ROW, SMALL = 30.0, 12.0
LABELS = 220.0
PARTS, LINES, HEATS = 6, 4, 6


def drawn(chart: Chart, manner: Manner, name: str = "") -> Markup:
    """The chart as SVG. `name` is the id that its title's id begins with, where a page needs another than its own."""
    pen = _draw(chart, manner)
    return pen.svg(name or f"chart-{chart.name}", chart.title, chart.says)


def sparkline(values: Sequence[float | None], label: str, manner: Manner, name: str) -> Markup:
    """A small line without axes, for a table or a tile; the last value has a point."""
    pen = Pen(120, 32, manner)
    known = [one for one in values if one is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    places = [
        (6 + 108 * number / max(len(values) - 1, 1), 26 - 20 * ((one - low) / (high - low) if high > low else 0.5))
        for number, one in enumerate(values)
        if one is not None
    ]
    pen.path(places if len(places) > 1 else [], "chart-line-0")
    if places:
        pen.dot(*places[-1])
    return pen.svg(name, label, "")


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at or below `low` to at or above `high`, about so many; 1, 2, 2.5 or 5 times a power of ten."""
    if high <= low:
        high = low + 1
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _whole(values: list[float]) -> list[float]:
    """Ticks of counts: no halves."""
    return [one for one in values if one == int(one)]


class _Frame:
    """The part of the sheet between the axes, and where a value lies in it."""

    def __init__(self, pen: Pen, chart: Chart, highest: float, *, below: float = BOTTOM) -> None:
        self.pen, self.chart = pen, chart
        marks = ticks(0, highest)
        if not chart.share and not chart.digits:
            marks = _whole(marks)
        self.low, self.high = marks[0], max(marks[-1], highest)
        digits = max(chart.digits, max((_decimals(one) for one in marks), default=0))
        texts = [pen.manner.written(one, digits=digits, share=chart.share) for one in marks]
        self.left = max(34.0, 12 + max(wide(one, SMALL) for one in texts))
        self.right, self.top, self.bottom = pen.width - AFTER, TOP, pen.height - below
        for value, text in zip(marks, texts, strict=True):
            pen.line(self.left, self.y(value), self.right, self.y(value), "chart-grid")
            pen.text(self.left - 6, self.y(value) + 4, text, look="chart-quiet", anchor="end", size=SMALL)
        pen.line(self.left, self.bottom, self.right, self.bottom, "chart-axis")
        pen.text(4, 16, fitted(chart.measure, pen.width - 20), look="chart-strong")

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.low) / ((self.high - self.low) or 1)

    def at(self, number: int, of: int) -> float:
        """The middle of the place of one of `of` things."""
        return self.left + (self.right - self.left) * (number + 0.5) / max(of, 1)

    def names(self, labels: Sequence[str]) -> None:
        """Names under the axis, as many as fit beside each other; the last one always."""
        room = (self.right - self.left) / max(len(labels), 1)
        widest = min(max((wide(plain(one), SMALL) for one in labels), default=0) + 10, 120)
        every = max(1, math.ceil(widest / room))
        last = len(labels) - 1
        for number, label in enumerate(labels):
            if (last - number) % every == 0:
                text = fitted(label, max(room * every - 6, 24), SMALL)
                x = min(
                    max(self.at(number, len(labels)), wide(text, SMALL) / 2), self.pen.width - wide(text, SMALL) / 2
                )
                self.pen.text(x, self.bottom + 18, text, look="chart-quiet", anchor="middle", size=SMALL)

    def along(self, title: str, ends: float, digits: int = 0) -> Callable[[float], float]:
        """An axis of numbers under the frame; returns where a value lies on it."""

        def x(value: float) -> float:
            return self.left + (self.right - self.left) * min(value, ends) / (ends or 1)

        for value in ticks(0, ends, 6):
            if value <= ends:
                self.pen.line(x(value), self.bottom, x(value), self.bottom + 4, "chart-axis")
                text = self.pen.manner.number(value, max(digits, _decimals(value)))
                self.pen.text(x(value), self.bottom + 17, text, look="chart-quiet", anchor="middle", size=SMALL)
        self.pen.text(
            self.right, self.bottom + 36, fitted(title, self.right - self.left), look="chart-quiet", anchor="end"
        )
        return x

    def marks(self, marks: Sequence[Mark], x: Callable[[float], float], ends: float) -> None:
        """Targets and medians as lines from top to bottom, their words one under the other."""
        seen = sorted((one for one in marks if one.value <= ends), key=lambda one: one.value)
        for mark in seen:
            look = "chart-target" if mark.target else "chart-centre"
            self.pen.line(x(mark.value), self.top, x(mark.value), self.bottom, look)
        for number, mark in enumerate(seen):
            place, y = x(mark.value), self.top + 12 + 16 * number
            before = place + 6 + wide(mark.text, SMALL) > self.right and place - self.left > self.right - place
            room = (place - self.left if before else self.right - place) - 6
            self.pen.text(
                place - 5 if before else place + 5, y, fitted(mark.text, room, SMALL), look="chart-mark", size=SMALL,
                anchor="end" if before else "start",
            )  # fmt: skip


def _decimals(value: float) -> int:
    return next((digits for digits in range(4) if round(value, digits) == round(value, 8)), 4)


@singledispatch
def _draw(chart: Chart, manner: Manner) -> Pen:
    raise TypeError(f"no drawing for {type(chart).__name__}")


@_draw.register
def _run(chart: RunChart, manner: Manner) -> Pen:
    pen = Pen(WIDTH, HEIGHT, manner)
    values = [one.value for one in chart.points if one.value is not None]
    limits = [limit for one in chart.points for limit in (one.lower, one.upper) if limit is not None]
    high = max([*values, *limits, chart.centre or 0.0], default=1.0)
    frame = _Frame(pen, chart, (min(high * 1.05, 1.0) if chart.share else high) or 1.0)
    places = [(frame.at(number, len(chart.points)), one) for number, one in enumerate(chart.points)]
    _stairs(pen, frame, [(x, one.lower) for x, one in places])
    _stairs(pen, frame, [(x, one.upper) for x, one in places])
    if chart.centre is not None:
        pen.line(frame.left, frame.y(chart.centre), frame.right, frame.y(chart.centre), "chart-centre")
    for stretch in _stretches(places):
        pen.path([(x, frame.y(value)) for x, value in stretch], "chart-line-0")
    for x, one in places:
        if one.value is not None and one.mark:
            pen.diamond(x, frame.y(one.value))
        elif one.value is not None and len(places) <= 120:
            pen.dot(x, frame.y(one.value), radius=3.5 if len(places) <= 60 else 2.5)
    frame.names([one.label for one in chart.points])
    _run_legend(pen, chart)
    return pen


def _stairs(pen: Pen, frame: _Frame, places: list[tuple[float, float | None]]) -> None:
    """A limit that may change from point to point, as steps; none where a point has none."""
    half = (frame.right - frame.left) / max(len(places), 1) / 2
    line: list[tuple[float, float]] = []
    for x, value in places:
        if value is None:
            pen.path(line, "chart-limit")
            line = []
        else:
            line += [(x - half, frame.y(value)), (x + half, frame.y(value))]
    pen.path(line, "chart-limit")


def _stretches(places: list[tuple[float, Point]]) -> list[list[tuple[float, float]]]:
    """Points without a gap between them."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, one in places:
        if one.value is None:
            found.append([])
        else:
            found[-1].append((x, one.value))
    return [one for one in found if len(one) > 1]


def _run_legend(pen: Pen, chart: RunChart) -> None:
    keys: list[tuple[str, str]] = []
    if chart.centre is not None:
        value = pen.manner.written(chart.centre, digits=max(chart.digits, 1), share=chart.share)
        keys.append(("chart-centre", f"{chart.centre_is or _('Centre')} {value}"))
    if any(one.upper is not None for one in chart.points):
        keys.append(("chart-limit", _("Control limits")))
    if any(one.mark for one in chart.points):
        keys.append(("chart-noticed", _("Noticed")))
    _legend(pen, keys)


def _legend(pen: Pen, keys: Sequence[tuple[str, str]], y: float | None = None) -> None:
    """What each look means, from the start of the last line on."""
    x, y = 8.0, pen.height - 6 if y is None else y
    for look, text in keys:
        short = fitted(text, 200, SMALL)
        if look == "chart-noticed":
            pen.diamond(x + 11, y - 4, radius=5)
        elif look.startswith(("chart-part", "chart-heat")):
            pen.box(x + 6, y - 10, 12, 12, look)
        else:
            pen.line(x, y - 4, x + 22, y - 4, look)
        pen.text(x + 28, y, short, look="chart-quiet", size=SMALL)
        x += 28 + wide(short, SMALL) + 14


@_draw.register
def _bars(chart: Bars, manner: Manner) -> Pen:
    return _standing(chart, manner) if chart.upright else _lying(chart, manner)


def _keys(chart: Bars) -> list[tuple[str, str]]:
    return [(f"chart-part-{number % PARTS}", one) for number, one in enumerate(chart.series)]


def _lying(chart: Bars, manner: Manner) -> Pen:
    several = len(chart.series) > 1
    pen = Pen(WIDTH, 26 + ROW * len(chart.bars) + 8 + (24 if several else 0), manner)
    pen.text(4, 16, fitted(chart.measure, WIDTH - 20), look="chart-strong")
    highest = max((sum(one.values) for one in chart.bars), default=0) or 1
    labels = min(LABELS, max((wide(plain(one.label)) for one in chart.bars), default=0) + 10)
    room = WIDTH - labels - 84
    for number, one in enumerate(chart.bars):
        y = 26 + ROW * number
        pen.text(labels - 6, y + 19, fitted(one.label, labels - 10), anchor="end")
        x = labels
        for part, value in enumerate(one.values):
            width = room * value / highest
            look = f"chart-part-{part % PARTS}"
            pen.box(x, y + 4, max(width, 1 if value else 0), ROW - 8, look)
            text = manner.written(value, digits=chart.digits, share=chart.share)
            if several and value and wide(text, SMALL) + 8 <= width:
                inside = "chart-inside" if look in DARK_CELLS else "chart-text"
                pen.text(x + width / 2, y + 19, text, look=inside, anchor="middle", size=SMALL)
            x += width
        whole = manner.written(sum(one.values), digits=chart.digits, share=chart.share)
        pen.text(x + 6, y + 19, whole, look="chart-quiet")
    pen.line(labels, 26, labels, 26 + ROW * len(chart.bars), "chart-axis")
    if several:
        _legend(pen, _keys(chart))
    return pen


def _standing(chart: Bars, manner: Manner) -> Pen:
    pen = Pen(WIDTH, HEIGHT, manner)
    frame = _Frame(pen, chart, max((sum(one.values) for one in chart.bars), default=0) or 1)
    width = (frame.right - frame.left) / max(len(chart.bars), 1) * 0.7
    for number, one in enumerate(chart.bars):
        y = frame.bottom
        for part, value in enumerate(one.values):
            height = frame.bottom - frame.y(frame.low + value)
            y -= height
            pen.box(frame.at(number, len(chart.bars)) - width / 2, y, width, height, f"chart-part-{part % PARTS}")
    frame.names([one.label for one in chart.bars])
    if len(chart.series) > 1:
        _legend(pen, _keys(chart))
    return pen


@_draw.register
def _pareto(chart: Pareto, manner: Manner) -> Pen:
    """Bars lie, so that names can be read; the share that they make together is a line down through them."""
    bars = chart.ordered()
    top, shares = 44.0, 120.0
    pen = Pen(WIDTH, top + ROW * len(bars) + 10, manner)
    pen.text(4, 16, fitted(chart.measure, WIDTH - shares - 20), look="chart-strong")
    labels = min(LABELS, max((wide(plain(one.label)) for one, _value, _so_far in bars), default=0) + 10)
    room = WIDTH - labels - 62
    pen.text(WIDTH - 4, 16, _("Share up to here"), look="chart-quiet", anchor="end", size=SMALL)
    for share in (0.0, 0.5, 0.8, 1.0):
        x = labels + room * share
        pen.line(x, top - 6, x, top + ROW * len(bars), "chart-grid")
        pen.text(x, top - 10, manner.share(share), look="chart-quiet", anchor="middle", size=SMALL)
    whole = sum(value for _one, value, _so_far in bars) or 1
    places = []
    for number, (one, value, so_far) in enumerate(bars):
        y = top + ROW * number
        pen.text(labels - 6, y + 19, fitted(one.label, labels - 10), anchor="end")
        width = room * value / whole
        pen.box(labels, y + 4, max(width, 1 if value else 0), ROW - 8, "chart-part-0")
        text = manner.written(value, digits=chart.digits, share=chart.share)
        if wide(text, SMALL) + 18 <= width:
            pen.text(
                labels + width - (5 if number else 14), y + 19, text, look="chart-inside", anchor="end", size=SMALL
            )
        else:
            pen.text(labels + width + 5, y + 19, text, look="chart-quiet", size=SMALL)
        places.append((labels + room * so_far, y + ROW / 2))
    pen.path(places, "chart-sum")
    for (x, y), (_one, _value, so_far) in zip(places, bars, strict=True):
        pen.dot(x, y)
        pen.text(WIDTH - 4, y + 4, manner.share(so_far), look="chart-quiet", anchor="end", size=SMALL)
    pen.line(labels, top - 6, labels, top + ROW * len(bars), "chart-axis")
    return pen


@_draw.register
def _histogram(chart: Histogram, manner: Manner) -> Pen:
    pen = Pen(WIDTH, HEIGHT, manner)
    frame = _Frame(pen, chart, max((one.count for one in chart.bins), default=0) or 1)
    width = next((one.high - one.low for one in chart.bins if one.high is not None), 1.0)
    ends = max((one.low + width if one.high is None else one.high for one in chart.bins), default=1.0)
    reach = _reach(ends, chart.marks)
    x = frame.along(chart.along, reach)
    for one in chart.bins:
        y, high = frame.y(one.count), one.low + width if one.high is None else one.high
        pen.box(x(one.low), y, max(x(high) - x(one.low), 1), frame.bottom - y, "chart-part-0")
        if one.high is None:
            text = f"≥ {manner.number(one.low, 1)}"
            pen.text(x(high), y - 5, text, look="chart-quiet", anchor="end", size=SMALL)
    frame.marks(chart.marks, x, reach)
    return pen


def _reach(ends: float, marks: Sequence[Mark]) -> float:
    """Where an axis ends that goes on to the targets beyond its values, as long as these keep half of the sheet."""
    return max([ends, *(one.value for one in marks if one.target and one.value <= 2 * ends)])


@_draw.register
def _curves(chart: Curves, manner: Manner) -> Pen:
    several = len(chart.curves) > 1
    pen = Pen(WIDTH, HEIGHT + (22 if several else 0), manner)
    highest = chart.top or (1.0 if chart.share else max((at.y for one in chart.curves for at in one.steps), default=1))
    frame = _Frame(pen, chart, highest, below=BOTTOM + (22 if several else 0))
    reach = _reach(chart.ends, chart.marks)
    x = frame.along(chart.along, reach)
    for number, one in enumerate(chart.curves):
        if not several:
            _band(pen, frame, x, chart, number)
        line: list[tuple[float, float]] = []
        for at in one.steps:
            if line:
                line.append((x(at.x), line[-1][1]))
            line.append((x(at.x), frame.y(at.y)))
        if line:
            line.append((x(chart.ends), line[-1][1]))
        pen.path(line, f"chart-line-{number % LINES}")
    frame.marks(chart.marks, x, reach)
    if several:
        _legend(pen, [(f"chart-line-{number % LINES}", one.title) for number, one in enumerate(chart.curves)])
    return pen


def _band(pen: Pen, frame: _Frame, x: Callable[[float], float], chart: Curves, number: int) -> None:
    steps = [at for at in chart.curves[number].steps if at.low is not None and at.high is not None]
    if not steps:
        return
    ends = [*(at.x for at in steps[1:]), chart.ends]
    over: list[tuple[float, float]] = []
    under: list[tuple[float, float]] = []
    for at, end in zip(steps, ends, strict=True):
        over += [(x(at.x), frame.y(at.high or 0)), (x(end), frame.y(at.high or 0))]
        under += [(x(at.x), frame.y(at.low or 0)), (x(end), frame.y(at.low or 0))]
    pen.path([*over, *reversed(under)], "chart-band", closed=True)


@_draw.register
def _intervals(chart: Intervals, manner: Manner) -> Pen:
    """Points with whiskers, one under the other; what has too few cases has the words instead."""
    top, values = 44.0, 110.0
    pen = Pen(WIDTH, top + ROW * len(chart.groups) + 10, manner)
    pen.text(4, 16, fitted(chart.measure, WIDTH - 20), look="chart-strong")
    labels = min(LABELS, max((wide(plain(one.label)) for one in chart.groups), default=0) + 10) + 8
    room = WIDTH - labels - values

    def x(value: float) -> float:
        return labels + room * (value - chart.low) / (chart.high - chart.low)

    bottom = top + ROW * len(chart.groups)
    for value in (one for one in ticks(chart.low, chart.high) if chart.low <= one <= chart.high):
        pen.line(x(value), top - 6, x(value), bottom, "chart-grid")
        text = manner.written(value, digits=_decimals(value), share=chart.share)
        pen.text(x(value), top - 10, text, look="chart-quiet", anchor="middle", size=SMALL)
    for number, one in enumerate(chart.groups):
        y = top + ROW * number + ROW / 2
        pen.text(labels - 14, y + 4, fitted(one.label, labels - 18), anchor="end")
        if one.value is None:
            pen.text(labels + 6, y + 4, fitted(one.few, room, SMALL), look="chart-quiet", size=SMALL)
            continue
        if one.low is not None and one.high is not None:
            pen.line(x(one.low), y, x(one.high), y, "chart-line-0")
            for end in (one.low, one.high):
                pen.line(x(end), y - 5, x(end), y + 5, "chart-line-0")
        pen.dot(x(one.value), y, radius=5)
        text = manner.written(one.value, digits=chart.digits, share=chart.share)
        pen.text(WIDTH - values + 16, y + 4, text, look="chart-text")
    return pen


@_draw.register
def _heatmap(chart: Heatmap, manner: Manner) -> Pen:
    labels = min(LABELS, max((wide(plain(one.label)) for one in chart.rows), default=0) + 10)
    width = min((WIDTH - labels - 8) / max(len(chart.columns), 1), 110.0)
    top = 60.0
    pen = Pen(WIDTH, top + ROW * len(chart.rows) + 8, manner)
    pen.text(4, 16, fitted(chart.measure, WIDTH - 20), look="chart-strong")
    highest = max((value for one in chart.rows for value in one.values if value is not None), default=0) or 1
    for number, title in enumerate(chart.columns):
        # Every second name stands higher, so that neighbours have room.
        higher = 16 if number % 2 and width < 90 else 0
        room = width * (2 if width < 90 else 1) - 6
        x = min(labels + width * (number + 0.5), WIDTH - min(room, wide(plain(title), SMALL)) / 2 - 2)
        pen.text(x, top - 8 - higher, fitted(title, room, SMALL), look="chart-quiet", anchor="middle", size=SMALL)
    for place, one in enumerate(chart.rows):
        y = top + ROW * place
        pen.text(labels - 6, y + 19, fitted(one.label, labels - 10), anchor="end")
        for number, value in enumerate(one.values):
            shade = 0 if not value or value < 0 else min(HEATS - 1, 1 + int(value / highest * (HEATS - 1.001)))
            look = f"chart-heat-{shade}"
            pen.box(labels + width * number, y, width, ROW, look)
            text = "–" if value is None else manner.written(value, digits=chart.digits, share=chart.share)
            inside = "chart-inside" if look in DARK_CELLS else "chart-text"
            pen.text(labels + width * (number + 0.5), y + 19, text, look=inside, anchor="middle", size=SIZE)
    return pen
