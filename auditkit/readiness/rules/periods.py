"""The days of a matrix and the months in them. Pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

MOST_MONTHS = 36


class PeriodUnfit(BadInput):
    message = N_("Choose a period of at least one day and at most three years, the first day before the last")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a matrix, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[tuple[date, date], ...]:
        """Its months counted from its first day, the last one cut at its end, as (first, last) days.

        Each begins on the day of the month on which the period does, or on the last there is, so that none drifts.
        """
        found: list[tuple[date, date]] = []
        day = self.first
        while day <= self.last:
            following = months_before(self.first, -len(found) - 1)
            found.append((day, min(following - timedelta(days=1), self.last)))
            day = following
        return tuple(found)


def year_to(day: date) -> Period:
    """The twelve months that end with `day`."""
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        before = day.replace(year=day.year - 1, day=28)
    return Period(before + timedelta(days=1), day)


def check_period(period: Period) -> Period:
    """The period. Raises PeriodUnfit."""
    if period.first > period.last or len(period.months) > MOST_MONTHS:
        raise PeriodUnfit()
    return period


def months_before(day: date, months: int) -> date:
    """The same day some months earlier (later, where below 0); the last of the month where that has fewer days."""
    month = day.month - 1 - months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
