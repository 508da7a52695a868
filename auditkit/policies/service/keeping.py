"""Verbs over the retention table."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.journal.service import record
from auditkit.policies.models import RecordKeeping
from auditkit.policies.queries import keeping as reads
from auditkit.policies.rules import keeping


@dataclass(frozen=True)
class SetKeeping:
    """`record`: a kind of record of the library; empty for one of our own, then `title`, and `row_id` to change one."""

    record: str = ""
    row_id: int | None = None
    title: str = ""
    period: str = ""
    source: str = ""
    basis: str = ""
    place: str = ""
    keeper: str = ""
    disposal: str = ""


@dataclass(frozen=True)
class DropKeeping:
    row_id: int


@verb("policies.edit", leaves=keeping.KEEPING_SET)
def set_keeping(tx: Session, command: SetKeeping, now: datetime, actor: Actor, *, library: Library) -> int:
    """Say how a record is kept; the row's id. Raises NotFound, RecordTitleMissing, PeriodTwice, SourceUnknown."""
    title = "" if command.record else " ".join(command.title.split())[:200]
    if command.record and command.record not in library.records:
        raise NotFound
    if not command.record and not title:
        raise keeping.RecordTitleMissing
    if command.period.strip() and command.source:
        raise keeping.PeriodTwice
    if command.source and command.source not in reads.sources(tx):
        raise keeping.SourceUnknown
    row = _row(tx, command)
    row.title, row.period, row.source = title, " ".join(command.period.split())[:200], command.source
    row.basis, row.place, row.keeper = command.basis.strip(), command.place.strip()[:200], command.keeper.strip()[:200]
    row.disposal, row.changed_at, row.changed_by_id = command.disposal.strip()[:200], now, actor.person_id
    tx.flush()
    facts = {"record": row.record, "title": row.title, "period": row.period, "source": row.source}
    record(tx, keeping.KEEPING_SET, now=now, actor=actor, subject=("record-keeping", row.id), facts=facts)
    return row.id


@verb("policies.edit", leaves=keeping.KEEPING_DROPPED)
def drop_keeping(tx: Session, command: DropKeeping, now: datetime, actor: Actor) -> None:
    """Take back what the organisation said about a record. Raises NotFound."""
    row = tx.execute(select(RecordKeeping).where(RecordKeeping.id == command.row_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    facts = {"record": row.record, "title": row.title}
    record(tx, keeping.KEEPING_DROPPED, now=now, actor=actor, subject=("record-keeping", row.id), facts=facts)
    tx.delete(row)


def _row(tx: Session, command: SetKeeping) -> RecordKeeping:
    query = select(RecordKeeping)
    if command.record:
        found = tx.execute(query.where(RecordKeeping.record == command.record)).scalar_one_or_none()
    elif command.row_id is not None:
        own = query.where(RecordKeeping.id == command.row_id, RecordKeeping.record == "")
        found = tx.execute(own).scalar_one_or_none()
        if found is None:
            raise NotFound
    else:
        found = None
    if found is None:
        found = RecordKeeping(record=command.record)
        tx.add(found)
    return found
