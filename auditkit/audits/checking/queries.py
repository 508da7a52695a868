"""The checks of an audit for contradictions and gaps, made when somebody asks; nothing is stored.

tests/slices/audits/run/test_audit_checks.py makes each of them find something, and nothing, and say it was not made.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exists, func, select

from auditkit.audits.checking import rules
from auditkit.audits.checking.rules import Check, Item, Result, not_checked, result
from auditkit.audits.filetest.queries import untested
from auditkit.audits.independence.queries import exceptions
from auditkit.audits.models import Audit, AuditRow, AuditSample, Finding
from auditkit.audits.queries import run
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import NONCONFORMITIES, AnswerState, Origin
from auditkit.audits.tailoring.queries import added_is_as_digested
from auditkit.audits.workbook.models import AuditWorkbook, AuditWorkbookConflict, AuditWorkbookReturn
from auditkit.base.db import Session
from auditkit.content.shapes import Scale


def results(tx: Session, audit_id: int) -> list[Result]:
    """Every check of the audit with what it came to, in the order of `Check`."""
    scale = tx.execute(select(Audit.scale).where(Audit.id == audit_id)).scalar_one_or_none()
    if scale is None:
        return [not_checked(check, rules.NOT_STARTED) for check in Check]
    rows = run.rows(tx, audit_id)
    asks = {one.id: one.finding for one in Scale.model_validate(scale).answers}
    return [
        _rows(Check.UNANSWERED, rows, lambda row: not row.settled),
        _rows(Check.NO_EVIDENCE, rows, lambda row: _bare(row, asks)),
        _rows(Check.NO_REASON, rows, _unreasoned),
        _rows(Check.NO_FINDING, rows, lambda row: asks.get(row.answer) == "nonconformity" and not _graded(row)),
        _rows(Check.FINDING_AGAINST_ANSWER, rows, lambda row: row.conformity == 100 and _graded(row)),
        result(Check.FINDING_WITHOUT_ROW, _loose_findings(tx, audit_id)),
        _nobody_asked(rows),
        _last_findings(rows),
        _samples(tx, audit_id),
        _overrides(tx, audit_id),
        _conflicts(tx, audit_id),
        _added(tx, audit_id, rows),
    ]


def _rows(check: Check, rows: list[RowView], faulty: Callable[[RowView], bool]) -> Result:
    return result(check, [_item(row) for row in rows if faulty(row)])


def _item(row: Any) -> Item:
    return Item(row.question, position=row.position, asked="" if row.added_digest else row.item_id)


def _bare(row: RowView, asks: Mapping[str, str | None]) -> bool:
    return row.conformity == 100 and asks.get(row.answer) is None and not row.files and not row.note.strip()


def _unreasoned(row: RowView) -> bool:
    return row.answer_state is AnswerState.EXCLUDED and rules.says_nothing(row.note)


def _graded(row: RowView) -> bool:
    return any(mark.grade in NONCONFORMITIES for mark in row.findings)


def _loose_findings(tx: Session, audit_id: int) -> list[Item]:
    query = (
        select(Finding.number, Finding.statement)
        .where(Finding.audit_id == audit_id, Finding.row_id.is_(None), Finding.origin == Origin.FREE)
        .order_by(Finding.serial)
    )
    return [Item(row.statement, finding=row.number) for row in tx.execute(query)]


def _nobody_asked(rows: list[RowView]) -> Result:
    if not any(row.interviewee for row in rows):
        return not_checked(Check.NOBODY_ASKED, rules.NOBODY_NAMED)
    only = [row for row in rows if row.methods == ("I",) and row.answer_state is AnswerState.ANSWERED]
    return result(Check.NOBODY_ASKED, [_item(row) for row in only if not row.interviewee])


def _last_findings(rows: list[RowView]) -> Result:
    if not any(row.previous for row in rows):
        return not_checked(Check.LAST_FINDING, rules.NO_PREVIOUS)
    found = [
        _item(row)
        for row in rows
        if row.previous and row.previous.findings and row.conformity == 100 and not row.note.strip()
    ]
    return result(Check.LAST_FINDING, found)


def _samples(tx: Session, audit_id: int) -> Result:
    drawn = tx.execute(select(func.count()).select_from(AuditSample).where(AuditSample.audit_id == audit_id))
    if not drawn.scalar_one():
        return not_checked(Check.SAMPLE_UNTESTED, rules.NO_SAMPLE)
    return result(Check.SAMPLE_UNTESTED, [Item(one, reference=one) for one in untested(tx, audit_id)])


def _overrides(tx: Session, audit_id: int) -> Result:
    bare = [one for one in exceptions(tx, audit_id) if rules.says_nothing(one.reason)]
    return result(Check.OVERRIDE_UNREASONED, [Item(one.about or one.person) for one in bare])


def _conflicts(tx: Session, audit_id: int) -> Result:
    back = exists().where(AuditWorkbookReturn.workbook_id == AuditWorkbook.id)
    returned = select(func.count()).select_from(AuditWorkbook).where(AuditWorkbook.audit_id == audit_id, back)
    if not tx.execute(returned).scalar_one():
        return not_checked(Check.CONFLICT_OPEN, rules.NO_WORKBOOK)
    query = (
        select(AuditRow.position, AuditRow.question, AuditRow.item_id, AuditRow.added_digest)
        .join(AuditWorkbookConflict, AuditWorkbookConflict.row_id == AuditRow.id)
        .where(AuditRow.audit_id == audit_id, AuditWorkbookConflict.settled_at.is_(None))
        .order_by(AuditRow.position)
        .distinct()
    )
    return result(Check.CONFLICT_OPEN, [_item(row) for row in tx.execute(query)])


def _added(tx: Session, audit_id: int, rows: list[RowView]) -> Result:
    added = [row for row in rows if row.added_digest]
    if not added:
        return not_checked(Check.ADDED_CHANGED, rules.NOTHING_ADDED)
    return result(Check.ADDED_CHANGED, [] if added_is_as_digested(tx, audit_id) else [_item(row) for row in added])
