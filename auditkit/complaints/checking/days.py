"""The days of a recount: those of the organisation, as figures count them. tests/slices/insights/test_recounting.py."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """Days from `first` to `last`, both included, in a zone; nothing later than `now` has happened."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @property
    def ends(self) -> datetime:
        """When they are over, never later than now."""
        over = datetime.combine(self.last + _DAY, time(), self.zone).astimezone(UTC)
        return min(over, self.now)

    @property
    def reach_now(self) -> bool:
        """Whether they are not over yet, so that what is open at their end is what is open."""
        return self.ends == self.now

    def hold(self, moment: datetime | None) -> bool:
        """Whether a moment lies in them. Midnight in UTC to the microsecond stands for its day, in every zone."""
        if moment is None or moment >= self.now:
            return False
        return self.first <= day_of(moment.astimezone(UTC), self.zone) <= self.last

    def near(self, column: Any) -> ColumnElement[bool]:
        """What the database is asked for; `hold` decides."""
        begins = datetime.combine(self.first, time(), UTC) - _DAY
        return and_(column >= begins, column < datetime.combine(self.last, time(), UTC) + 3 * _DAY)


def days(tx: Session, first: date, last: date, now: datetime) -> Days:
    """The days of the session's organisation."""
    return Days(first, last, zone_of_house(tx), now)
