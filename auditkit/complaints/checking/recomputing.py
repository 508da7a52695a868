"""What a machine can say about one complaint beside its record: due dates computed again, who was complained about.

The due dates come from the limits and the frozen calendars, with the pauses that held, by `base.calendar.count`; the
recorded due date is only compared. Checked by tests/slices/audits_filetest/test_file_tests.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from auditkit.base.calendar import Limit, Pause, Unit, count, kept
from auditkit.base.db import SCOPE, Session
from auditkit.complaints import queries
from auditkit.complaints.clock import models
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import CLOSED, IDENTITY_READ
from auditkit.journal.queries import Entry, timeline

JUST = timedelta(seconds=1)
MOST_ENTRIES = 200


@dataclass(frozen=True)
class DueRecount:
    """A due date as recorded and as computed again; `recomputed` None for a day that was promised by hand.

    `started_at` is when its time began, `ended_at` when what it asks for was done (or it ended otherwise, by `state`).
    """

    target: str
    framework: str
    number: int
    state: str
    started_at: datetime
    recorded: datetime
    recomputed: datetime | None
    ended_at: datetime | None

    @property
    def agrees(self) -> bool | None:
        """Whether both are the same moment; None where there is nothing to compute."""
        return None if self.recomputed is None else abs(self.recomputed - self.recorded) < JUST


@dataclass(frozen=True)
class Beside:
    """What stands beside a captured complaint. People are ids; `entries` counts what the journal says of it.

    `changed_at`: when the complaint was last changed, None where it is no longer there.
    """

    dues: tuple[DueRecount, ...]
    parties: tuple[int, ...]
    closed_by: int | None
    identity_read_by: tuple[int, ...]
    entries: int
    repeats: int
    changed_at: datetime | None


def beside(tx: Session, complaint_id: int) -> Beside:
    """What the records beside the complaint say now."""
    entries = timeline(tx, tx.info[SCOPE], ("complaint", complaint_id), MOST_ENTRIES)
    changed_at = tx.execute(select(Complaint.changed_at).where(Complaint.id == complaint_id)).scalar_one_or_none()
    closed = _of(entries, CLOSED.name)
    return Beside(
        dues=tuple(dues(tx, complaint_id)),
        parties=queries.named(tx, complaint_id),
        closed_by=closed[0].actor_id if closed else None,
        identity_read_by=tuple(
            sorted({one.actor_id for one in _of(entries, IDENTITY_READ.name) if one.actor_id is not None})
        ),
        entries=len(entries),
        repeats=queries.repeats(tx, complaint_id) if changed_at else 0,
        changed_at=changed_at,
    )


def dues(tx: Session, complaint_id: int) -> list[DueRecount]:
    """The due dates of a complaint in the order set, each computed again."""
    query = (
        select(models.ComplaintDue, models.TimeLimit)
        .outerjoin(models.TimeLimit, models.TimeLimit.id == models.ComplaintDue.limit_id)
        .where(models.ComplaintDue.complaint_id == complaint_id)
        .order_by(models.ComplaintDue.id)
    )
    held = tx.execute(
        select(models.ClockHold).where(
            models.ClockHold.complaint_id == complaint_id, models.ClockHold.holds_until.is_not(None)
        )
    ).scalars()
    holds = list(held)
    return [
        DueRecount(
            due.target,
            due.set_title,
            due.number,
            due.state,
            due.starts_at,
            due.due_at,
            _again(tx, due, limit, holds) if limit else None,
            due.ended_at,
        )
        for due, limit in tx.execute(query)
    ]


def _again(
    tx: Session, due: "models.ComplaintDue", limit: "models.TimeLimit", holds: Sequence["models.ClockHold"]
) -> datetime:
    pauses = [found for hold in holds if (found := counted_pause(hold, due.ended_at))] if limit.pausable else []
    calendar = kept.frozen(tx, due.calendar_id)
    return count(calendar, due.starts_at, Limit(limit.amount, Unit(limit.unit), limit.working), pauses).at


def counted_pause(hold: "models.ClockHold", until: datetime | None) -> Pause | None:
    """The pause as far as it counted for a due date that ended at `until`; one that began later did not."""
    if hold.holds_until is None or (until is not None and hold.began_at >= until):
        return None
    came = hold.ended_at if hold.ended_at and (until is None or hold.ended_at <= until) else None
    return Pause(hold.began_at, min(came or hold.holds_until, hold.holds_until), hold.waits_for)


def _of(entries: Sequence[Entry], event: str) -> list[Entry]:
    return [one for one in entries if one.event == event]
