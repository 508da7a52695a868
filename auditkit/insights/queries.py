"""A selection in the words of the database: the conditions that take a complaint in, and the organisation's days.

Every figure of the register goes through here, so that two figures of one page never count by different days.
Checked by tests/slices/insights/test_indicators.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_

from auditkit.base.db import Session, UtcDateTime
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import NO_DECISION_DUE
from auditkit.insights.rules import DIMENSIONS, Period, Selection, midnight

_NOT_COMPLAINTS = tuple(kind.value for kind in NO_DECISION_DUE)
DIMENSION_COLUMNS = {name: getattr(Complaint, name) for name in DIMENSIONS}
_DAY_ONLY = "00:00:00.000000Z"


@dataclass(frozen=True)
class Window:
    """A period as moments. `ends` is never later than now: what has not happened yet is not counted."""

    period: Period
    zone: ZoneInfo
    begins: datetime
    ends: datetime

    @property
    def is_now(self) -> bool:
        """Whether it reaches up to now, so that what is open today is what is open at its end."""
        return self.ends < midnight(self.period.last + timedelta(days=1), self.zone)

    @property
    def plain(self) -> bool:
        """Whether a moment of which only the day is known lies in it when its midnight in UTC does."""
        ends = midnight(self.period.last + timedelta(days=1), self.zone)
        return self.begins <= _utc_midnight(self.period.first) and ends <= self._last_midnight

    @property
    def _last_midnight(self) -> datetime:
        return _utc_midnight(self.period.first) + timedelta(days=self.period.days)

    @property
    def day_begins(self) -> datetime:
        """From when on the midnights in UTC are those of its days."""
        return _utc_midnight(self.period.first)

    @property
    def day_ends(self) -> datetime:
        """Up to when the midnights in UTC are those of its days."""
        return min(self._last_midnight, self.ends) if self.is_now else self._last_midnight

    @property
    def outer_begins(self) -> datetime:
        """The earlier of both beginnings."""
        return min(self.begins, self.day_begins)

    @property
    def outer_ends(self) -> datetime:
        """The later of both ends."""
        return max(self.ends, self.day_ends)

    @property
    def moments(self) -> dict[str, datetime]:
        """Its moments by name, as `Unfilled` asks for them."""
        return {name: getattr(self, name) for name in MOMENTS}


MOMENTS = ("begins", "ends", "day_begins", "day_ends", "outer_begins", "outer_ends")


@dataclass(frozen=True)
class Unfilled:
    """A window whose moments are parameters: what is written with it once serves every window of the same kind.

    Writing a statement takes longer than running it where it reads a few sums; so it is kept, and only filled.
    """

    is_now: bool
    plain: bool

    def __getattr__(self, name: str) -> Any:
        if name not in MOMENTS:
            raise AttributeError(name)
        return moment(name)


def moment(name: str) -> Any:
    """A moment that is given when the statement runs."""
    return bindparam(name, type_=UtcDateTime())


def _utc_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def window(period: Period, in_zone: ZoneInfo, now: datetime) -> Window:
    """The moments of a period for people in `in_zone`."""
    begins, ends = period.moments(in_zone)
    return Window(period, in_zone, begins, min(ends, now))


def conditions(selection: Selection) -> list[ColumnElement[bool]]:
    """What a complaint must be to be of the selection, whenever it happened."""
    kinds = Complaint.kind.in_(selection.kinds) if selection.kinds else Complaint.kind.not_in(_NOT_COMPLAINTS)
    found: list[ColumnElement[bool]] = [kinds]
    for name, column in DIMENSION_COLUMNS.items():
        words = selection.words(name)
        if words:
            found.append(column == words[0] if len(words) == 1 else column.in_(words))
    return found


def within(column: Any, of: Window | Unfilled, sqlite: bool) -> ColumnElement[bool]:
    """Whether a moment of the register lies in the window.

    Of some moments only the day is known; they are stored as its midnight in UTC and belong to that day wherever the
    organisation is. West of Greenwich that midnight would fall on the evening before.
    """
    plain: ColumnElement[bool] = and_(column >= of.begins, column < of.ends)
    if of.plain:
        return plain
    days = and_(is_day(column, sqlite), column >= of.day_begins, column < of.day_ends)
    outer: ColumnElement[bool] = and_(column >= of.outer_begins, column < of.outer_ends)
    return and_(outer, or_(and_(plain, ~is_day(column, sqlite)), days))


def is_day(column: Any, sqlite: bool) -> ColumnElement[bool]:
    """Whether only the day of a moment is known: it lies on midnight UTC to the microsecond."""
    if sqlite:
        found: ColumnElement[bool] = func.substr(column, 12) == _DAY_ONLY
        return found
    return func.date_trunc("day", func.timezone("UTC", column)) == func.timezone("UTC", column)


def is_sqlite(tx: Session) -> bool:
    """Which of the two databases the session speaks to."""
    return tx.get_bind().dialect.name == "sqlite"


def utc_day(column: Any, sqlite: bool) -> Any:
    """The day (UTC) of a moment as text, 2026-03-02."""
    return func.substr(column, 1, 10) if sqlite else func.to_char(func.timezone("UTC", column), "YYYY-MM-DD")


def local_day(column: Any, in_zone: ZoneInfo, begins: datetime, ends: datetime, sqlite: bool) -> Any:
    """The organisation's day of a moment between `begins` and `ends`, as text; of a moment that is a day, that day.

    SQLite knows no time zones: it is told the offsets that are in force in that time.
    """
    return day_by(column, day_rule(in_zone, begins, ends, sqlite))


DayRule = tuple[str, tuple[tuple[int, datetime | None], ...]]
"""How the days of a zone are found: on PostgreSQL its name; on SQLite the minutes beside UTC, each up to a moment."""


def day_rule(in_zone: ZoneInfo, begins: datetime, ends: datetime, sqlite: bool) -> DayRule:
    """The rule for moments between `begins` and `ends`. The same rule always writes the same statement."""
    if not sqlite:
        return in_zone.key, ()
    offsets = zone_offsets(in_zone, begins.date(), ends.date())
    if {minutes for _moment, minutes in offsets} == {0}:
        return "", ()
    steps = [(minutes, until) for (_since, minutes), (until, _next) in pairwise(offsets)]
    return "", (*steps, (offsets[-1][1], None))


def day_by(column: Any, rule: DayRule) -> Any:
    """The day of a moment by such a rule, as text."""
    zone_key, steps = rule
    if zone_key:
        local = func.timezone(zone_key, column)
        day = case((is_day(column, False), func.timezone("UTC", column)), else_=local)
        return func.to_char(day, "YYYY-MM-DD")
    if not steps:
        return func.substr(column, 1, 10)
    *cases, (last, _none) = [(func.date(column, f"{minutes:+d} minutes"), until) for minutes, until in steps]
    until_then = [(column < until, day) for day, until in cases]
    return case((is_day(column, True), func.substr(column, 1, 10)), *until_then, else_=last)


@lru_cache(maxsize=256)
def zone_offsets(in_zone: ZoneInfo, first: date, last: date) -> tuple[tuple[datetime, int], ...]:
    """From when on which offset is in force in a zone over these days: (moment in UTC, minutes), in order."""

    def minutes(at: datetime) -> int:
        offset = at.astimezone(in_zone).utcoffset()
        return int(offset.total_seconds() // 60) if offset else 0

    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    ends = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    found = [(at, minutes(at))]
    while at < ends:
        after = at + timedelta(days=1)
        if minutes(after) != found[-1][1]:
            low, high = at, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if minutes(middle) == found[-1][1] else (low, middle)
            found.append((high.replace(second=0, microsecond=0), minutes(after)))
        at = after
    return tuple(found)


def seconds_between(first: Any, second: Any, sqlite: bool) -> Any:
    """Whole seconds from one moment to the other, each cut to its second."""
    if sqlite:
        return func.unixepoch(second) - func.unixepoch(first)
    return func.floor(func.extract("epoch", second)) - func.floor(func.extract("epoch", first))
