"""The workbooks of an audit, what came of those that returned, and the conflicts nobody settled yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.workbook.models import AuditWorkbook, AuditWorkbookConflict, AuditWorkbookReturn
from auditkit.audits.workbook.rules import Cell
from auditkit.base.db import Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A workbook that came back. `outcome` as `service.bring_back` wrote it; `open` conflicts wait for a person."""

    id: int
    serial: int
    name: str
    outcome: dict[str, Any]
    returned_at: datetime
    returned_by: int | None
    open: int


@dataclass(frozen=True, slots=True)
class TakenView:
    """A workbook that was handed out."""

    id: int
    serial: int
    taken_at: datetime
    taken_by: int | None
    language: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A cell both sides changed, with what stands here now. `kept` is empty until somebody chose."""

    id: int
    row_id: int
    position: int
    item_id: str
    question: str
    cell: Cell
    base: str
    here: str
    theirs: str
    version: int
    kept: str
    settled_by: int | None


def taken(tx: Session, audit_id: int) -> list[TakenView]:
    """The workbooks handed out, newest first."""
    query = (
        select(
            AuditWorkbook.id,
            AuditWorkbook.serial,
            AuditWorkbook.taken_at,
            AuditWorkbook.taken_by,
            AuditWorkbook.language,
        )
        .where(AuditWorkbook.audit_id == audit_id)
        .order_by(AuditWorkbook.serial.desc())
    )
    return [TakenView(*row) for row in tx.execute(query)]


def returns(tx: Session, audit_id: int) -> list[ReturnView]:
    """The workbooks that came back, newest first."""
    open_conflicts = (
        select(func.count(AuditWorkbookConflict.id))
        .where(AuditWorkbookConflict.return_id == AuditWorkbookReturn.id, AuditWorkbookConflict.settled_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            AuditWorkbookReturn.id,
            AuditWorkbook.serial,
            AuditWorkbookReturn.name,
            AuditWorkbookReturn.outcome,
            AuditWorkbookReturn.returned_at,
            AuditWorkbookReturn.returned_by,
            open_conflicts,
        )
        .join(AuditWorkbook, AuditWorkbook.id == AuditWorkbookReturn.workbook_id)
        .where(AuditWorkbook.audit_id == audit_id)
        .order_by(AuditWorkbookReturn.id.desc())
    )
    return [ReturnView(*row) for row in tx.execute(query)]


def returned(tx: Session, audit_id: int, return_id: int) -> ReturnView:
    """One return of this audit. Raises NotFound."""
    found = next((one for one in returns(tx, audit_id) if one.id == return_id), None)
    if found is None:
        raise NotFound()
    return found


def known(tx: Session, number: str, code: str, digest: str) -> int | None:
    """The id of the return of this very file, None where it did not come back yet."""
    return tx.execute(
        select(AuditWorkbookReturn.id)
        .join(AuditWorkbook, AuditWorkbook.id == AuditWorkbookReturn.workbook_id)
        .join(Audit, Audit.id == AuditWorkbook.audit_id)
        .where(Audit.number == number, AuditWorkbook.code == code, AuditWorkbookReturn.digest == digest)
    ).scalar_one_or_none()


def conflicts(tx: Session, return_id: int) -> list[ConflictView]:
    """The conflicts of a return, in the order of the questions."""
    query = (
        select(
            AuditWorkbookConflict.id,
            AuditRow.id.label("row_id"),
            AuditRow.position,
            AuditRow.item_id,
            AuditRow.question,
            AuditWorkbookConflict.cell,
            AuditWorkbookConflict.base,
            AuditRow.answer,
            AuditRow.note,
            AuditWorkbookConflict.theirs,
            AuditRow.version,
            AuditWorkbookConflict.kept,
            AuditWorkbookConflict.settled_by,
        )
        .join(AuditRow, AuditRow.id == AuditWorkbookConflict.row_id)
        .where(AuditWorkbookConflict.return_id == return_id)
        .order_by(AuditRow.position, AuditWorkbookConflict.cell)
    )
    return [
        ConflictView(
            row.id, row.row_id, row.position, row.item_id, row.question, Cell(row.cell), row.base,
            row.answer if row.cell == Cell.ANSWER else row.note, row.theirs, row.version, row.kept, row.settled_by,
        )
        for row in tx.execute(query)
    ]  # fmt: skip


def cells_now(tx: Session, audit_id: int, row_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The answer and note of rows of an audit as they are now."""
    query = select(AuditRow.id, AuditRow.answer, AuditRow.note).where(
        AuditRow.audit_id == audit_id, AuditRow.id.in_(row_ids)
    )
    return {row.id: {Cell.ANSWER.value: row.answer, Cell.NOTE.value: row.note} for row in tx.execute(query)}
