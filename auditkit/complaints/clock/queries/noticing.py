"""What the worker looks for: due dates with something to notice, and people whose mail of the day waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.base.db import UNSCOPED, Session
from auditkit.complaints.clock.models import ComplaintClock, ComplaintDue, DueDigest
from auditkit.complaints.clock.queries.queue import NextDue, QueueWanted, queue
from auditkit.complaints.clock.rules import State
from auditkit.complaints.intake.models import ComplaintChannel
from auditkit.complaints.models import Complaint


@dataclass(frozen=True)
class Waiting:
    """One person's mail of the day: the due dates newly noticed, and the cases that are near or over now, what is due
    first; `more`: there are more of them than are in `cases`."""

    person_id: int
    due_ids: tuple[int, ...]
    cases: tuple[tuple[str, NextDue], ...]
    more: bool


def houses_to_notice(tx: Session, now: datetime) -> list[int]:
    """The organisations, by key, that have something to notice or to mail. Reads across organisations, keys only."""
    due = select(ComplaintDue.organisation_id).where(ComplaintDue.notice_at <= now).distinct()
    mail = select(ComplaintDue.organisation_id).where(ComplaintDue.mail_due.is_(True)).distinct()
    across = {UNSCOPED: True}
    found = {
        *tx.execute(due.execution_options(**across)).scalars(),
        *tx.execute(mail.execution_options(**across)).scalars(),
    }
    return sorted(found)


def to_notice(tx: Session, now: datetime, limit: int) -> tuple[int, ...]:
    """The oldest due dates, at most `limit`, of which there is something to notice; locked for this transaction."""
    query = select(ComplaintDue.id).where(ComplaintDue.notice_at <= now).order_by(ComplaintDue.notice_at)
    return tuple(tx.execute(query.limit(limit).with_for_update(skip_locked=True)).scalars())


def mails_waiting(
    tx: Session, day: date, now: datetime, members: Collection[int], stand_ins: Collection[int]
) -> list[Waiting]:
    """Whose mail is to be put on `day`: owner and deputy of what was newly noticed, else whoever looks after the
    channel it came in by, else the `stand_ins`.

    Who is no member any more is passed over; who was mailed on this day already waits for the next.
    """
    told = set(tx.execute(select(DueDigest.person_id).where(DueDigest.day == day)).scalars())
    query = (
        select(ComplaintDue.id, ComplaintClock.owner_id, ComplaintClock.deputy_id, Complaint.channel)
        .join(ComplaintClock, ComplaintClock.complaint_id == ComplaintDue.complaint_id)
        .join(Complaint, Complaint.id == ComplaintDue.complaint_id)
        .where(ComplaintDue.mail_due.is_(True))
    )
    newly: dict[int, list[int]] = {}
    looked_after = {name: owner_id for name, owner_id in channel_owners(tx).items() if owner_id in members}
    for due_id, owner_id, deputy_id, channel in tx.execute(query):
        concerned = [one for one in (owner_id, deputy_id) if one is not None and one in members]
        if not concerned and channel in looked_after:
            concerned = [looked_after[channel]]
        for person_id in concerned or stand_ins:
            if person_id not in told:
                newly.setdefault(person_id, []).append(due_id)
    found = []
    for person_id, due_ids in sorted(newly.items()):
        own = tuple(sorted(name for name, owner_id in looked_after.items() if owner_id == person_id))
        found.append(_waiting(tx, person_id, due_ids, own, person_id in stand_ins, now))
    return found


def channel_owners(tx: Session) -> dict[str, int]:
    """Channel -> who looks after it, for those that have somebody."""
    query = select(ComplaintChannel.name, ComplaintChannel.owner_id).where(ComplaintChannel.owner_id.is_not(None))
    return {name: owner_id for name, owner_id in tx.execute(query) if owner_id is not None}


def _waiting(
    tx: Session, person_id: int, due_ids: list[int], channels: tuple[str, ...], stands_in: bool, now: datetime
) -> Waiting:
    parts = [queue(tx, QueueWanted(person_id), now)]
    if stands_in or channels:
        parts.append(queue(tx, QueueWanted(unowned=True, channels=() if stands_in else channels), now))
    rows = [row for part in parts for row in part.rows]
    cases = tuple((row.reference, row.due) for row in rows if row.due.state is not State.ON_TIME)
    more = any(part.next is not None and part.rows[-1].due.state is not State.ON_TIME for part in parts)
    return Waiting(person_id, tuple(due_ids), cases, more)
