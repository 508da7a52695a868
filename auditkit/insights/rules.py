"""What a figure is asked for and what it comes to: periods, selections, figures. Pure.

A *period* is whole days in the organisation's own time zone. A *selection* is a period and what of the register counts.
A *figure* is one number with what it was made of. Checked by tests/rules/test_insights_rules.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

FEWEST = 20
"""With fewer cases than this a share, a rate or a percentile is not shown: the cases are, and the words "too few"."""
TOO_FEW = N_("too few")
LONGEST_DAYS = 366 * 60
MOST_WORDS = 20
LONGEST_WORD = 200
EARLIEST = date(1900, 1, 1)
OF_SATISFACTION = frozenset({"satisfaction-handling", "satisfaction-outcome", "survey-response"})
"""The figures of the indicator of satisfaction, by name: for who counts them without counting any figure."""


class Span(StrEnum):
    """The periods that have a name. Those that still run end today."""

    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_QUARTER = "this-quarter"
    LAST_QUARTER = "last-quarter"
    THIS_YEAR = "this-year"
    LAST_YEAR = "last-year"
    TWELVE_MONTHS = "12-months"
    OWN = "own"


SPAN_TITLES = {
    Span.THIS_MONTH: N_("This month"),
    Span.LAST_MONTH: N_("Last month"),
    Span.THIS_QUARTER: N_("This quarter"),
    Span.LAST_QUARTER: N_("Last quarter"),
    Span.THIS_YEAR: N_("This year"),
    Span.LAST_YEAR: N_("Last year"),
    Span.TWELVE_MONTHS: N_("The last twelve months"),
    Span.OWN: N_("From … to"),
}


class PeriodUnreadable(BadInput):
    message = N_("Enter the first and the last day of the period, such as 2026-01-01 and 2026-03-31")


class PeriodBackwards(BadInput):
    message = N_("The period ends before it begins. Change one of the two days")


class PeriodTooLong(BadInput):
    message = N_("Choose a period of at most sixty years")


class SelectionTooLong(BadInput):
    message = N_("Choose at most %(most)s of a kind")


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` to `last`, both included. Raises PeriodBackwards, PeriodTooLong."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodBackwards
        if (self.last - self.first).days > LONGEST_DAYS or self.first < EARLIEST:
            raise PeriodTooLong

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and when it is over (aware UTC, the second not included), for people in `zone`."""
        return midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone)

    def before(self) -> "Period":
        """The period of equal length that ends the day before; whole months stay whole months."""
        if self.first.day == 1 and self.last == _last_of_month(self.last):
            number = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Period(_months_on(self.first, -number), self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def months(self) -> list["Period"]:
        """The calendar months it touches, each cut to it."""
        found, first = [], self.first
        while first <= self.last:
            last = min(_last_of_month(first), self.last)
            found.append(Period(first, last))
            first = last + timedelta(days=1)
        return found


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the day begins in `zone`, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period_of(span: Span, today: date) -> Period:
    """The period of that name as it is `today`. Raises PeriodUnreadable for one that has no days of its own."""
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    day = timedelta(days=1)
    periods = {
        Span.THIS_MONTH: (month, today),
        Span.LAST_MONTH: (_months_on(month, -1), month - day),
        Span.THIS_QUARTER: (quarter, today),
        Span.LAST_QUARTER: (_months_on(quarter, -3), quarter - day),
        Span.THIS_YEAR: (year, today),
        Span.LAST_YEAR: (_months_on(year, -12), year - day),
        Span.TWELVE_MONTHS: (_months_on(month, -11), today),
    }
    if span not in periods:
        raise PeriodUnreadable
    return Period(*periods[span])


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _last_of_month(day: date) -> date:
    return _months_on(day, 1) - timedelta(days=1)


DIMENSIONS = ("category", "site", "channel", "severity", "product")
"""By what the register can be cut; each is a column of the complaint."""
DIMENSION_TITLES = {
    "category": N_("Category"),
    "site": N_("Site"),
    "channel": N_("Channel"),
    "severity": N_("Severity"),
    "product": N_("Product"),
}
NOT_STATED = "-"
"""In an address: those of which the register does not say it."""


@dataclass(frozen=True)
class Selection:
    """What of the register counts. An empty tuple takes every word; "" in it stands for "not stated".

    `kinds` empty: complaints, disputes and concerns; suggestions, requests and compliments are other feedback.
    """

    period: Period
    categories: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    span: Span = field(default=Span.OWN, compare=False)

    def words(self, dimension: str) -> tuple[str, ...]:
        """The words chosen of one of DIMENSIONS."""
        found: tuple[str, ...] = getattr(self, _FIELDS[dimension])
        return found

    @property
    def narrowed(self) -> bool:
        """Whether it is less than the whole register of its period."""
        return bool(self.kinds) or any(self.words(name) for name in DIMENSIONS)

    def within(self, period: Period) -> "Selection":
        """The same of another period."""
        return replace(self, period=period, span=Span.OWN)

    def only(self, dimension: str, *words: str) -> "Selection":
        """The same, of these words alone."""
        chosen: dict[str, Any] = {_FIELDS[dimension]: words}
        return replace(self, **chosen)

    def pairs(self) -> list[tuple[str, str]]:
        """What stands in an address; `selection_from` reads it back. A named span moves on with the days."""
        if self.span is Span.OWN:
            found = [("from", self.period.first.isoformat()), ("to", self.period.last.isoformat())]
        else:
            found = [("period", self.span.value)]
        found += [(name, word or NOT_STATED) for name in _FIELDS for word in self.words(name)]
        return found

    @property
    def address(self) -> str:
        """The pairs as a query string."""
        return urlencode(self.pairs())

    def fixed(self) -> dict[str, Any]:
        """As JSON, with the days themselves: what a frozen figure keeps. `selection_of` reads it back."""
        kept = {name: list(self.words(name)) for name in _FIELDS if self.words(name)}
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat(), **kept}


_FIELDS = {
    "category": "categories",
    "site": "sites",
    "channel": "channels",
    "severity": "severities",
    "product": "products",
    "kind": "kinds",
}


def selection_of(kept: Mapping[str, Any]) -> Selection:
    """The selection that `Selection.fixed` wrote down."""
    words: dict[str, Any] = {field: tuple(kept.get(name, ())) for name, field in _FIELDS.items()}
    return Selection(_days(kept.get("from", ""), kept.get("to", "")), **words)


def selection_from(pairs: Iterable[tuple[str, str]], today: date, usual: Span = Span.TWELVE_MONTHS) -> Selection:
    """The selection an address asks for; of the `usual` period where it names none.

    Raises PeriodUnreadable, PeriodBackwards, PeriodTooLong, SelectionTooLong.
    """
    given: dict[str, list[str]] = {}
    for name, word in pairs:
        given.setdefault(name, []).append(word.strip())
    span, period = _asked_period(given, today, usual)
    words = {}
    for name, field_name in _FIELDS.items():
        chosen = dict.fromkeys(
            "" if word == NOT_STATED else word[:LONGEST_WORD] for word in given.get(name, []) if word
        )
        if len(chosen) > MOST_WORDS:
            raise SelectionTooLong(most=MOST_WORDS)
        words[field_name] = tuple(chosen)
    return Selection(period, **words, span=span)


def _asked_period(given: Mapping[str, Sequence[str]], today: date, usual: Span) -> tuple[Span, Period]:
    first, last = (given.get(name, [""])[-1] for name in ("from", "to"))
    asked = given.get("period", [""])[-1]
    if asked in ("", Span.OWN) and (first or last):
        return Span.OWN, _days(first, last)
    if asked == Span.OWN or (asked and asked not in list(Span)):
        raise PeriodUnreadable
    span = Span(asked) if asked else usual
    return span, period_of(span, today)


def _days(first: str, last: str) -> Period:
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise PeriodUnreadable from None


class Unit(StrEnum):
    """What a figure is counted in. `SHARE` is 0 to 1; `MONEY` is in hundredths of the figure's currency."""

    CASES = "cases"
    SHARE = "share"
    RATE = "rate"
    HOURS = "hours"
    DAYS = "days"
    SCORE = "score"
    MONEY = "money"


class Side(StrEnum):
    """Which records of a figure: those counted, or all they are counted of."""

    COUNTED = "counted"
    OF = "of"
    LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Figure:
    """One number with what it was made of.

    `name` says how it is counted (`indicators.ways`), `indicator` is the entry of the content it belongs to. `value` is
    None where there are too few cases or nothing to count; `note` (a message id, with `note_facts`) then says which.
    `numerator` of `denominator` cases; `n` is how many the value rests on. `low` and `high`: the 95% interval.
    `left_out`: cases that belong here and could not be counted, by reason (message id). `parts`: further numbers of it,
    such as percentiles, by name. `opens`: whether the cases behind can be listed.
    """

    name: str
    indicator: str
    title: str
    unit: Unit
    n: int
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    low: float | None = None
    high: float | None = None
    currency: str = ""
    note: str = ""
    note_facts: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, float | None] = field(default_factory=dict)
    opens: bool = True
    better: str = "neither"

    @property
    def too_few(self) -> bool:
        """Whether there are cases, and not enough of them to say more than how many."""
        return self.note == TOO_FEW
