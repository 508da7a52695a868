"""Taking one audit for a change: the row is locked, and the version a person was looking at must be the present one."""

from datetime import datetime

from sqlalchemy import select

from auditkit.audits.models import Audit
from auditkit.audits.rules import PlanChanged
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.journal.service import record


def taken(tx: Session, number: str, version: int | None = None) -> Audit:
    """The audit, locked for this transaction. Raises NotFound, PlanChanged where `version` is not the present one."""
    audit = tx.execute(select(Audit).where(Audit.number == number).with_for_update()).scalar_one_or_none()
    if audit is None:
        raise NotFound()
    if version is not None and audit.version != version:
        raise PlanChanged()
    return audit


def touch(audit: Audit, now: datetime) -> None:
    """Note that the audit changed: for optimistic locking and for the date of packs."""
    audit.changed_at = now
    audit.version += 1


def note(tx: Session, what: Event, audit: Audit, now: datetime, actor: Actor, **facts: object) -> None:
    """Journal something about the audit itself."""
    record(tx, what, now=now, actor=actor, subject=("audit", audit.id), facts={"number": audit.number, **facts})
