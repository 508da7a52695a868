"""What arrived from devices, and what changed in an audit since a device last looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.offline.models import AuditArrival
from auditkit.audits.rules import AnswerState, Tally, standing
from auditkit.audits.storing import SUBJECT
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.evidence import queries as evidence

_ARRIVED = Prepared(
    select(AuditArrival.row_id, AuditArrival.conflicts).where(AuditArrival.client_id == bindparam("named"))
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An answer that is here already; `conflicts` are the cells that it did not change."""

    row_id: int
    conflicts: list[dict[str, Any]]


def arrived(tx: Session, client_id: str) -> Arrived | None:
    """What came of the answer that a device named so, None where it never arrived."""
    found = _ARRIVED.one_or_none(tx, {"named": client_id})
    return Arrived(found.row_id, found.conflicts) if found else None


_STORED = Prepared(
    select(
        AuditRow.answer,
        AuditRow.answer_state,
        AuditRow.note,
        AuditRow.interviewee,
        AuditRow.version,
        AuditRow.answered_at,
        AuditRow.answered_by,
        Audit.rows_total,
        Audit.rows_answered,
        Audit.rows_excluded,
        Audit.rows_not_covered,
    )
    .join(Audit, Audit.id == AuditRow.audit_id)
    .where(AuditRow.id == bindparam("row_id"), Audit.number == bindparam("audit_number"))
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it stands after an answer, with its files, and how far the audit is."""

    answer: str
    note: str
    interviewee: str
    version: int
    answered_at: datetime | None
    answered_by: int | None
    settled: bool
    tally: Tally
    files: list[evidence.Named]


def stored(tx: Session, number: str, row_id: int) -> Stored:
    """What a device is told of the row it answered; two statements. Raises NotFound."""
    found = _STORED.one_or_none(tx, {"row_id": row_id, "audit_number": number})
    if found is None:
        raise NotFound()
    return Stored(
        found.answer,
        found.note,
        found.interviewee,
        found.version,
        found.answered_at,
        found.answered_by,
        bool(standing(AnswerState(found.answer_state), found.note)),
        Tally(found.rows_total, found.rows_answered, found.rows_excluded, found.rows_not_covered),
        evidence.named_of_subject(tx, (SUBJECT, row_id)),
    )


@dataclass(frozen=True, slots=True)
class RowState:
    """The cells of a row as they are now."""

    id: int
    answer: str
    note: str
    interviewee: str
    answered_at: datetime | None
    answered_by: int | None
    settled: bool


def changed_since(tx: Session, audit_id: int, moment: datetime | None) -> list[RowState]:
    """The rows answered after `moment` (None: all that were answered), in the order asked."""
    query = select(
        AuditRow.id,
        AuditRow.answer,
        AuditRow.note,
        AuditRow.interviewee,
        AuditRow.answered_at,
        AuditRow.answered_by,
        AuditRow.answer_state,
    ).where(AuditRow.audit_id == audit_id, AuditRow.answered_at.is_not(None))
    if moment is not None:
        query = query.where(AuditRow.answered_at > moment)
    return [
        RowState(*row[:6], settled=bool(standing(AnswerState(row.answer_state), row.note)))
        for row in tx.execute(query.order_by(AuditRow.position))
    ]
