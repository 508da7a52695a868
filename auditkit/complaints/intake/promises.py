"""The times that the organisation promises, from the limits of its clock, in words for strangers."""

from sqlalchemy import select

from auditkit.base.calendar.counting import Unit
from auditkit.base.db import Session
from auditkit.base.text import _, ngettext
from auditkit.complaints.clock.models import TimeLimit, TimeLimitSet
from auditkit.complaints.clock.rules import Target

SHOWN = (Target.ACKNOWLEDGE, Target.UPDATE, Target.DECIDE, Target.DECIDE_LATEST, Target.ACT)
_HOURS = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168, Unit.MONTHS: 730}


def promised(tx: Session) -> dict[str, str]:
    """Target -> the longest time in force for it, such as "3 working days"; targets without a limit are left out."""
    rows = tx.execute(
        select(TimeLimit.target, TimeLimit.amount, TimeLimit.unit, TimeLimit.working)
        .join(TimeLimitSet, TimeLimitSet.id == TimeLimit.set_id)
        .where(
            TimeLimit.ended_at.is_(None), TimeLimitSet.ended_at.is_(None), TimeLimit.target.in_(list(map(str, SHOWN)))
        )
    ).all()
    longest = sorted(rows, key=lambda row: row.amount * _HOURS[Unit(row.unit)])
    return {row.target: span(row.amount, row.unit, row.working) for row in longest}


def span(amount: int, unit: str, working: bool) -> str:
    """So many hours, days, weeks or months in words; `working`: those of the calendar."""
    if unit == Unit.HOURS:
        if working:
            return ngettext("%(num)s working hour", "%(num)s working hours", amount)
        return ngettext("%(num)s hour", "%(num)s hours", amount)
    if unit == Unit.WEEKS:
        return ngettext("%(num)s week", "%(num)s weeks", amount)
    if unit == Unit.MONTHS:
        return ngettext("%(num)s month", "%(num)s months", amount)
    if working:
        return ngettext("%(num)s working day", "%(num)s working days", amount)
    return ngettext("%(num)s day", "%(num)s days", amount)


def within(times: dict[str, str], *targets: Target) -> str:
    """ "within 3 working days" for the first of the targets that has a time; "" for none."""
    found = next((times[target] for target in targets if target in times), "")
    return _("within %(time)s", time=found) if found else ""
