"""Days from one to another by the clocks of a zone, asked of a moment or of a column of moments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

_DAY = timedelta(days=1)


def is_day_only(moment: datetime) -> bool:
    """Whether a moment (UTC) of a register is midnight, which stands for a day whose hour is not known."""
    return moment.time() == time()


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day of a moment (UTC) by the clocks of a zone; a day whose hour is not known is that day everywhere."""
    return moment.date() if is_day_only(moment) else moment.astimezone(zone).date()


def standing_for(day: date) -> datetime:
    """The moment that stands for a day whose hour is not known."""
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """When the first day begins (UTC)."""
        return start_of(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """When the last day is over (UTC)."""
        return start_of(self.last + _DAY, self.zone)

    def covers(self, column: Any) -> ColumnElement[bool]:
        """That a column of moments (UTC) lies in these days, each taken as `day_of` takes it.

        An index of the column serves it. No zone is a day away from UTC, so the midnights of both sort as written.
        """
        alone, after = standing_for(self.first), standing_for(self.last + _DAY)
        return and_(
            column >= min(alone, self.begins),
            or_(column >= self.begins, column == alone),
            column < self.ends,
            column != after,
        )


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a day begins by the clocks of a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
