"""A review taken for change, with what every verb does to it: count the change, and tell the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.journal.service import record
from auditkit.reviews.models import ManagementReview
from auditkit.reviews.queries import SUBJECT


def taken(tx: Session, number: str) -> ManagementReview:
    """The review, locked until the transaction ends. Raises NotFound."""
    found = tx.execute(
        select(ManagementReview).where(ManagementReview.number == number).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def touch(row: ManagementReview, now: datetime) -> None:
    """Count the change, so that whoever saw the review before is told."""
    row.changed_at = now
    row.version += 1


def note_down(tx: Session, what: Event, row: ManagementReview, now: datetime, actor: Actor, **facts: Any) -> None:
    """Tell the journal what happened to the review, under its number."""
    record(tx, what, now=now, actor=actor, subject=(SUBJECT, row.id), facts={"number": row.number, **facts})
