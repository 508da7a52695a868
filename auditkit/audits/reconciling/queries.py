"""Logs compared in an audit, their entries by standing, and how many are still to be settled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.audits.models import Audit
from auditkit.audits.reconciling.models import AuditLog, AuditLogEntry
from auditkit.audits.reconciling.rules import Standing, Strength
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File

PAGE = 50


@dataclass(frozen=True)
class LogView:
    """A compared log; `counts` by standing."""

    id: int
    serial: int
    title: str
    file: File
    covers_from: date | None
    covers_to: date | None
    days: int
    columns: dict[str, str]
    rows: int
    compared_at: datetime
    compared_by: int | None
    counts: dict[Standing, int]


@dataclass(frozen=True)
class EntryView:
    """An entry of a log with what it is taken for; `reasons` and `candidates` as `matching.Match.plain`."""

    id: int
    position: int
    line: int
    came_at: datetime | None
    came_is_day: bool
    sender: str
    words: str
    given: str
    standing: Standing
    strength: Strength
    reasons: list[dict[str, Any]]
    candidates: list[dict[str, Any]]
    reference: str
    note: str
    settled_at: datetime | None
    settled_by: int | None


def logs(tx: Session, audit_id: int) -> list[LogView]:
    """The logs of an audit, newest first."""
    query = select(AuditLog).where(AuditLog.audit_id == audit_id).order_by(AuditLog.serial.desc())
    return [_view(tx, row) for row in tx.execute(query).scalars().all()]


def log(tx: Session, audit_id: int, serial: int) -> LogView:
    """One log. Raises NotFound."""
    query = select(AuditLog).where(AuditLog.audit_id == audit_id, AuditLog.serial == serial)
    row = tx.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(tx, row)


def entries(tx: Session, log_id: int, standing: Standing | None = None, after: int = 0) -> list[EntryView]:
    """A page of entries in the order of the log, after the position given; and one more where there are more."""
    query = select(AuditLogEntry).where(AuditLogEntry.log_id == log_id, AuditLogEntry.position > after)
    if standing is not None:
        query = query.where(AuditLogEntry.standing == standing.value)
    rows = tx.execute(query.order_by(AuditLogEntry.position).limit(PAGE + 1)).scalars()
    return [_entry(row) for row in rows]


def place(tx: Session, log_id: int) -> tuple[str, int]:
    """(number of the audit, serial) of a log. Raises NotFound."""
    query = select(Audit.number, AuditLog.serial).join(Audit, Audit.id == AuditLog.audit_id)
    found = tx.execute(query.where(AuditLog.id == log_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.serial


def _view(tx: Session, row: AuditLog) -> LogView:
    counted = tx.execute(
        select(AuditLogEntry.standing, func.count())
        .where(AuditLogEntry.log_id == row.id)
        .group_by(AuditLogEntry.standing)
    )
    counts = {Standing(standing): int(number) for standing, number in counted}
    return LogView(
        row.id,
        row.serial,
        row.title,
        evidence.file(tx, row.file_id),
        row.covers_from,
        row.covers_to,
        row.days,
        dict(row.columns),
        row.rows,
        row.compared_at,
        row.compared_by,
        {standing: counts.get(standing, 0) for standing in Standing},
    )


def _entry(row: AuditLogEntry) -> EntryView:
    fields = {name: getattr(row, name) for name in EntryView.__dataclass_fields__}
    return EntryView(**{**fields, "standing": Standing(row.standing), "strength": Strength(row.strength)})
