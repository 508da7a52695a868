"""The charts there are, as values: what each shows, and the table that says the same in words and numbers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from auditkit.base.text import _

Value = str | int | float | None


@dataclass(frozen=True)
class Heading:
    """The head of a column. `digits`: decimals shown of numbers, `share`: numbers are shares of one."""

    text: str
    number: bool = False
    digits: int = 0
    share: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a chart's table; `url` leads to the records behind it, `urls` to those behind each cell."""

    cells: tuple[Value, ...]
    url: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The same as the picture, for readers and for spreadsheets. The first column names the row."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Chart(ABC):
    """What every chart has.

    `name` is its own within a page (small letters, digits, `-`): it makes addresses and file names. `says` is what the
    picture shows in one sentence, `formula` how the numbers are made, `source` of which records of which period,
    `warning` what to be careful about, with `warning_url` where the records it speaks of are. `measure` says what the
    numbers are, with their unit.
    """

    name: str
    title: str
    measure: str
    says: str = ""
    formula: str = ""
    source: str = ""
    warning: str = ""
    warning_url: str = ""
    digits: int = 0
    share: bool = False

    @abstractmethod
    def table(self) -> Table:
        """The table beside the picture."""

    def _number(self, text: str) -> Heading:
        return Heading(text, number=True, digits=self.digits, share=self.share)


@dataclass(frozen=True)
class Point:
    """One point of a run chart. `mark` says why it stands out (in words), `lower` and `upper` are its own limits.

    `parts`: for a share, how many of how many; the table shows both.
    """

    label: str
    value: float | None
    url: str = ""
    mark: str = ""
    lower: float | None = None
    upper: float | None = None
    parts: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class RunChart(Chart):
    """Values in their order, with centre and limits where there are enough of them. A value None leaves a gap."""

    points: Sequence[Point]
    of: str = ""
    centre: float | None = None
    centre_is: str = ""

    def table(self) -> Table:
        """Label, value, limits and what was noticed; a column that would be empty is left out."""
        limits = any(one.upper is not None for one in self.points)
        marks = any(one.mark for one in self.points)
        heads = [Heading(self.of or _("Period")), self._number(self.measure)]
        parts = any(one.parts for one in self.points)
        if parts:
            heads += [Heading(_("Counted"), number=True), Heading(_("Of"), number=True)]
        if limits:
            fine = {"number": True, "digits": max(self.digits, 1), "share": self.share}
            heads += [Heading(_("Lower limit"), **fine), Heading(_("Upper limit"), **fine)]  # type: ignore[arg-type]  # mixed kinds of one mapping
        if marks:
            heads.append(Heading(_("Noticed")))
        rows = []
        for one in self.points:
            cells: list[Value] = [one.label, one.value]
            cells += (one.parts or (None, None)) if parts else ()
            cells += [one.lower, one.upper] if limits else []
            cells += [one.mark] if marks else []
            rows.append(Row(tuple(cells), one.url))
        return Table(tuple(heads), tuple(rows))


@dataclass(frozen=True)
class Bar:
    """One bar, or several parts of one bar in the order of the chart's series.

    `url` leads to the records behind the whole bar, `urls` to those behind each part.
    """

    label: str
    values: tuple[float, ...]
    url: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """Bars that lie (for names) or stand (`upright`, for times); several `series` are stacked."""

    bars: Sequence[Bar]
    of: str
    series: tuple[str, ...] = ()
    upright: bool = False

    def table(self) -> Table:
        """A column for each series, and their sum where there are several."""
        several = len(self.series) > 1
        heads = [Heading(self.of), *(self._number(one) for one in (self.series or (self.measure,)))]
        if several:
            heads.append(self._number(_("Together")))
        rows = [self._row(one, several) for one in self.bars]
        return Table(tuple(heads), tuple(rows))

    @staticmethod
    def _row(one: Bar, several: bool) -> Row:
        if not several:
            return Row((one.label, *one.values), one.url)
        opened = tuple(url if value else "" for url, value in zip(one.urls, one.values, strict=False))
        return Row((one.label, *one.values, sum(one.values)), one.url, ("", *opened, one.url) if opened else ())


@dataclass(frozen=True, kw_only=True)
class Pareto(Chart):
    """Bars from the greatest to the smallest with the share they make together. Sorts by itself.

    `rest`: all that have no bar of their own, as one bar at the end, however great.
    """

    bars: Sequence[Bar]
    of: str
    rest: Bar | None = None

    def ordered(self) -> list[tuple[Bar, float, float]]:
        """Each bar, its value, and the share of the whole up to and with it."""
        bars = sorted(self.bars, key=lambda one: (-one.values[0], one.label))
        bars += [self.rest] if self.rest else []
        whole = sum(one.values[0] for one in bars)
        sums = accumulate(one.values[0] for one in bars)
        return [(one, one.values[0], so_far / whole if whole else 0.0) for one, so_far in zip(bars, sums, strict=True)]

    def table(self) -> Table:
        """Value, share and share up to here."""
        whole = sum(value for _one, value, _so_far in self.ordered())
        heads = (
            Heading(self.of),
            self._number(self.measure),
            Heading(_("Share"), number=True, share=True),
            Heading(_("Share up to here"), number=True, share=True),
        )
        rows = [
            Row((one.label, value, value / whole if whole else 0.0, so_far), one.url)
            for one, value, so_far in self.ordered()
        ]
        return Table(heads, tuple(rows))


@dataclass(frozen=True)
class Mark:
    """A value to be seen on the horizontal axis, such as a median, or a `target` that is to be kept."""

    value: float
    text: str
    target: bool = False


@dataclass(frozen=True)
class Bin:
    """How many fell between two values (the lower one included). `high` None: and all above; only for the last."""

    low: float
    high: float | None
    count: int
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Histogram(Chart):
    """How a measure is spread. `along` names the measure with its unit; `measure` is what is counted."""

    bins: Sequence[Bin]
    along: str
    marks: tuple[Mark, ...] = ()

    def table(self) -> Table:
        """From, to, how many."""
        heads = (
            Heading(_("%(measure)s from", measure=self.along), number=True, digits=1),
            Heading(_("to below"), number=True, digits=1),
            Heading(self.measure, number=True),
        )
        return Table(heads, tuple(Row((one.low, one.high, one.count), one.url) for one in self.bins))


@dataclass(frozen=True)
class Step:
    """From `x` on the curve stands at `y`; `low` and `high` bound it with the stated confidence."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Curve:
    """One line of steps with its name."""

    title: str
    steps: Sequence[Step]


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """Step curves over one axis, such as the share still open after so many days. `ends` is where the axis ends."""

    curves: Sequence[Curve]
    along: str
    ends: float
    marks: tuple[Mark, ...] = ()
    top: float | None = field(default=None)

    def table(self) -> Table:
        """Every step of every curve, with its bounds."""
        heads = (
            Heading(_("Group")),
            Heading(self.along, number=True, digits=2),
            self._number(self.measure),
            self._number(_("Lower bound")),
            self._number(_("Upper bound")),
        )
        rows = [Row((one.title, at.x, at.y, at.low, at.high)) for one in self.curves for at in one.steps]
        return Table(heads, tuple(rows))


@dataclass(frozen=True)
class Ranged:
    """A group with its value and the bounds of its interval; `few` says why it has none. `more`: cells of the table."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    few: str = ""
    more: tuple[Value, ...] = ()
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Intervals(Chart):
    """Values of groups beside each other on one axis from `low` to `high`, each with its interval.

    `of` names the groups, `more` the further columns of the table.
    """

    groups: Sequence[Ranged]
    of: str
    low: float
    high: float
    more: tuple[Heading, ...] = ()

    def table(self) -> Table:
        """Value, bounds, and what else is known of each group; the reason where there is no value."""
        heads = (
            Heading(self.of),
            self._number(self.measure),
            self._number(_("Lower bound")),
            self._number(_("Upper bound")),
            *self.more,
        )
        rows = (
            Row((one.label, one.few if one.value is None else one.value, one.low, one.high, *one.more), one.url)
            for one in self.groups
        )
        return Table(heads, tuple(rows))


@dataclass(frozen=True)
class HeatRow:
    """One row of a heatmap; `urls` lead to the records behind its cells, `url` to those of the whole row."""

    label: str
    values: tuple[float | None, ...]
    urls: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Heatmap(Chart):
    """Numbers of two things against each other; each cell has its number, the shade only helps."""

    columns: tuple[str, ...]
    rows: Sequence[HeatRow]
    of: str
    counts: bool = True
    """Whether the numbers count records, so that behind a nought there are none to open."""

    def table(self) -> Table:
        """The same cells as numbers, each with its records."""
        heads = (Heading(self.of), *(self._number(one) for one in self.columns))
        rows = (
            Row((one.label, *one.values), one.url, ("", *self._opened(one)) if one.urls else ()) for one in self.rows
        )
        return Table(heads, tuple(rows))

    def _opened(self, row: HeatRow) -> Iterator[str]:
        for url, value in zip(row.urls, row.values, strict=True):
            yield "" if value is None or (self.counts and not value) else url
