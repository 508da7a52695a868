"""The signals of a register: the series that are watched, and the shifts found in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditkit.base.charts import Point, RunChart
from auditkit.base.db import Session
from auditkit.base.text import N_, _
from auditkit.insights.rules import FEWEST, Period, Selection
from auditkit.insights.signals.rules import STATED, WINDOWS, YEAR, Shift, shifts
from auditkit.insights.statistics import queries
from auditkit.insights.statistics.naming import records_url, word_title
from auditkit.insights.statistics.rules.shares import Interval, rate_ratio
from auditkit.insights.statistics.shown import source_of, week_label

WATCHED = ("category", "site", "product", "channel", "severity")
KNOWN_WEEKS = 2 * YEAR
"""How far before the period the weeks are read from which the level is learnt."""
MOST_SERIES = 60
ALL = N_("All complaints")


@dataclass(frozen=True)
class Series:
    """Weekly counts of a word of a dimension (`by` empty: of all)."""

    by: str
    word: str
    counts: tuple[int, ...]

    @property
    def title(self) -> str:
        """What it counts."""
        return word_title(self.by, self.word) if self.by else _(ALL)


@dataclass(frozen=True)
class Signal:
    """A shift of a series, in weeks of the calendar. `ratio`: how many times as many since it began."""

    series: Series
    shift: Shift
    began: Period
    noticed: Period
    ratio: Interval

    @property
    def week(self) -> str:
        """The week in which it began, 2026-W31."""
        return week_label(self.began.first)

    @property
    def noticed_week(self) -> str:
        """The week after which it could be known."""
        return week_label(self.noticed.first)

    @property
    def records(self) -> Period:
        """The days of the complaints behind it: from its beginning to when it was noticed."""
        return Period(self.began.first, self.noticed.last)


@dataclass(frozen=True)
class Watch:
    """What was watched over a period, and what was found, newest first. `few` words have too few cases."""

    weeks: tuple[Period, ...]
    series: tuple[Series, ...]
    signals: tuple[Signal, ...]
    few: int
    period_weeks: int

    @property
    def false_expected(self) -> float:
        """How many of the signals of the period would be false where nothing changed, at most."""
        return STATED * len(self.series) * self.period_weeks


def weeks_known(period: Period, today: date) -> tuple[list[Period], int]:
    """The whole weeks read for a period, oldest first, and how many of them lie in it."""
    ends = min(period.last, today - timedelta(days=1))
    last = ends - timedelta(days=(ends.weekday() + 1) % 7)  # a Sunday
    first = period.first - timedelta(days=period.first.weekday())
    begins = first - timedelta(days=7 * KNOWN_WEEKS)
    number = max(((last - begins).days + 1) // 7, 0)
    weeks = [Period(begins + timedelta(days=7 * n), begins + timedelta(days=7 * n + 6)) for n in range(number)]
    return weeks, max(number - KNOWN_WEEKS, 0)


def watch(tx: Session, selection: Selection, today: date, now: datetime, by: str) -> Watch:
    """Look at all complaints and at each word of a dimension, as the selection narrows them."""
    weeks, of_period = weeks_known(selection.period, today)
    counted = queries.received(tx, selection, weeks, now, by)
    together = tuple(map(sum, zip(*counted.values(), strict=True))) if counted else ()
    ordered = sorted(counted.items(), key=lambda one: (-sum(one[1]), one[0]))
    known = [Series(by, word, tuple(counts)) for word, counts in ordered if sum(counts) >= FEWEST][:MOST_SERIES]
    series = ([Series("", "", together)] if sum(together) >= FEWEST else []) + known
    signals = [one for each in series for one in signals_of(each, weeks) if one.shift.noticed >= len(weeks) - of_period]
    signals.sort(key=lambda one: (one.noticed.first, one.began.first, one.shift.count_after), reverse=True)
    return Watch(tuple(weeks), tuple(series), tuple(signals), len(counted) - len(known), of_period)


def signals_of(series: Series, weeks: Sequence[Period]) -> list[Signal]:
    """The shifts of one series with their weeks."""
    begun = next((place for place, count in enumerate(series.counts) if count), 0)  # before that nobody kept it
    found = []
    for one in shifts(series.counts[begun:]):
        at = Shift(
            one.began + begun, one.noticed + begun, one.before, one.after, one.weeks_before, one.count_before,
            one.count_after, one.chance,
        )  # fmt: skip
        ratio = rate_ratio(at.count_after, at.weeks_after, at.count_before, at.weeks_before)
        found.append(Signal(series, at, weeks[at.began], weeks[at.noticed], ratio))
    return found


def picture(selection: Selection, series: Series, weeks: Sequence[Period], shown: int, now: datetime) -> RunChart:
    """The series of a period with its signals marked; the last `shown` weeks."""
    marks: dict[int, str] = {}
    for one in signals_of(series, weeks):
        marks[one.shift.began] = _("shift begins")
        marks.setdefault(one.shift.noticed, _("shift noticed"))
    places = range(max(len(weeks) - max(shown, YEAR), 0), len(weeks))
    return RunChart(
        name="series",
        title=_("%(title)s by week", title=series.title),
        measure=_("Complaints a week"),
        of=_("Week"),
        formula=_(
            "The last %(windows)s weeks against the weeks before, up to a year, by the exact test of two rates; at "
            "most one false alarm in %(number)s weeks of a series where nothing changes",
            windows=", ".join(map(str, WINDOWS)),
            number=round(1 / STATED),
        ),
        source=source_of(selection, sum(series.counts[place] for place in places), now),
        points=[
            Point(
                week_label(weeks[place].first),
                series.counts[place],
                records_url(selection, weeks[place], series.by, series.word),
                marks.get(place, ""),
            )
            for place in places
        ],
    )
