"""The next step that is promised to the complainant and until when, where the clock gives one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.text import N_, _
from auditkit.complaints.clock.models import ComplaintClock, ComplaintDue
from auditkit.complaints.clock.rules import Ended

# What is promised, in plain words; a step that is not named here is the organisation's own affair.
NEXT_STEPS = {
    "acknowledge": N_("We tell you that we have read it"),
    "update": N_("We tell you how far we are"),
    "decide": N_("We tell you what we decided"),
    "decide-latest": N_("We tell you what we decided"),
    "review": N_("We look at it again"),
    "act": N_("We put it right"),
}


@dataclass(frozen=True)
class NextStep:
    """What comes next, and by when. `zone`: where the organisation is; `paused`: the time stands still, because
    something is awaited."""

    text: str
    due_at: datetime
    zone: str
    paused: bool


def next_due(tx: Session, complaint_id: int) -> NextStep | None:
    """The next promised step of a complaint; None where nothing is promised."""
    due = tx.execute(
        select(ComplaintDue.target, ComplaintDue.due_at, ComplaintDue.explanation)
        .where(
            ComplaintDue.complaint_id == complaint_id,
            ComplaintDue.state == Ended.RUNNING.value,
            ComplaintDue.target.in_(NEXT_STEPS),
        )
        .order_by(ComplaintDue.due_at, ComplaintDue.id)
        .limit(1)
    ).one_or_none()
    if due is None:
        return None
    paused = select(ComplaintClock.paused_until).where(ComplaintClock.complaint_id == complaint_id)
    zone = str(due.explanation["calendar"]["zone"])
    return NextStep(_(NEXT_STEPS[due.target]), due.due_at, zone, tx.execute(paused).scalar_one_or_none() is not None)
