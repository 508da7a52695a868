"""A selection in the words of the database: the conditions that take a complaint in, and the organisation's days.

Every figure of the register goes through here, so that two figures of one page never count by different days.
Checked by tests/slices/insights/test_selecting.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_

from auditkit.base.calendar import kept
from auditkit.base.calendar.days import zone_of
from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import NO_DECISION_DUE
from auditkit.insights.rules import DIMENSIONS, Period, Selection, midnight

_NOT_COMPLAINTS = tuple(kind.value for kind in NO_DECISION_DUE)
DIMENSION_COLUMNS = {name: getattr(Complaint, name) for name in DIMENSIONS}
_DAY_ONLY = "00:00:00.000000Z"


def zone(tx: Session) -> ZoneInfo:
    """The time zone whose days the session's organisation counts by: that of its working calendar."""
    return zone_of(kept.settings_of(tx).zone)


def today(tx: Session, now: datetime) -> date:
    """The day it is for the organisation."""
    return now.astimezone(zone(tx)).date()


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


def within(column: Any, of: Window, sqlite: bool) -> ColumnElement[bool]:
    """Whether a moment of the register lies in the window.

    Of some moments only the day is known; they are stored as its midnight in UTC and belong to that day wherever the
    organisation is. West of Greenwich that midnight would fall on the evening before.
    """
    begins = datetime(of.period.first.year, of.period.first.month, of.period.first.day, tzinfo=UTC)
    ends = begins + timedelta(days=of.period.days)
    plain: ColumnElement[bool] = and_(column >= of.begins, column < of.ends)
    if of.begins <= begins and midnight(of.period.last + timedelta(days=1), of.zone) <= ends:
        return plain
    days = and_(is_day(column, sqlite), column >= begins, column < ends)
    outer: ColumnElement[bool] = and_(column >= min(begins, of.begins), column < max(ends, of.ends))
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


def seconds_between(first: Any, second: Any, sqlite: bool) -> Any:
    """Whole seconds from one moment to the other, each cut to its second."""
    if sqlite:
        return func.unixepoch(second) - func.unixepoch(first)
    return func.floor(func.extract("epoch", second)) - func.floor(func.extract("epoch", first))
