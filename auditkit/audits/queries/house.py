"""The organisation's working time, for timetables and for days that audits fall on."""

from datetime import date, timedelta

from auditkit.accounts.queries import organisations
from auditkit.base.calendar import kept
from auditkit.base.calendar.days import Calendar
from auditkit.base.db import SCOPE, Session


def _country(tx: Session) -> str:
    return next(one.country for one in organisations(tx) if one.id == tx.info[SCOPE])


def calendar_of(tx: Session, year: int) -> Calendar:
    """Which days it works, for `year` and the years after it."""
    return kept.calendar(kept.settings_of(tx, _country(tx)), year)


def working_days(tx: Session, first: date, last: date) -> list[date]:
    """The working days of a span; its first day where there is none."""
    calendar = calendar_of(tx, first.year)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if calendar.closed(day) is None] or [first]
