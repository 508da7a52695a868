"""What the worker does by itself: note once what has become due, and mail each person once a day what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.clock import rules
from auditkit.complaints.clock.models import ComplaintDue, DueDigest
from auditkit.journal import service as journal


@dataclass(frozen=True)
class NoticeDue:
    """Due dates, by key, of which there is something to notice (`queries.to_notice`)."""

    due_ids: tuple[int, ...]


@dataclass(frozen=True)
class SendDigest:
    """One person's mail of a day; `due_ids` are the due dates that it tells of."""

    person_id: int
    day: date
    to: str
    subject: str
    body: str
    cases: int
    due_ids: tuple[int, ...]


@verb(None, leaves=rules.DUE_NOTICED)
def notice_due(tx: Session, command: NoticeDue, now: datetime, actor: Actor) -> int:
    """Record for each due date the farthest state it has reached, once; returns how many.

    However long the worker slept: a date that passed all three moments meanwhile is recorded once, as long overdue.
    """
    dues = tx.execute(select(ComplaintDue).where(ComplaintDue.id.in_(command.due_ids)).order_by(ComplaintDue.id))
    noticed = 0
    for due in dues.scalars():
        reached = rules.passed(due.warn_at, due.due_at, due.very_at, now)
        if due.state != rules.Ended.RUNNING or rules.NOTICED.index(reached) <= rules.NOTICED.index(due.noticed):
            continue
        due.noticed, due.mail_due = reached, True
        due.notice_at = rules.next_notice(reached, due.warn_at, due.due_at, due.very_at)
        noticed += 1
        journal.record(
            tx,
            rules.DUE_NOTICED,
            now=now,
            actor=actor,
            subject=("complaint", due.complaint_id),
            facts={"due": due.id, "target": due.target, "state": reached, "due_at": due.due_at.isoformat()},
        )
    return noticed


@verb(None, leaves=rules.DIGEST_PUT)
def send_digest(tx: Session, command: SendDigest, now: datetime, actor: Actor) -> None:
    """Put one person's mail of the day into the outbox."""
    outbox.put(tx, to=command.to, subject=command.subject, body=command.body, now=now)
    tx.add(DueDigest(person_id=command.person_id, day=command.day, cases=command.cases, put_at=now))
    tx.execute(update(ComplaintDue).where(ComplaintDue.id.in_(command.due_ids)).values(mail_due=False))
    journal.record(
        tx,
        rules.DIGEST_PUT,
        now=now,
        actor=actor,
        subject=("person", command.person_id),
        facts={"day": command.day.isoformat(), "cases": command.cases},
    )
