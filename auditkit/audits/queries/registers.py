"""What packs take from the audits of a period: rows, findings, the newest change, and where evidence is linked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.accounts.queries import names
from auditkit.audits.models import Audit, AuditRow, AuditSample, Finding
from auditkit.audits.queries import findings as finding_queries
from auditkit.audits.queries import run as run_queries
from auditkit.audits.queries import samples as sample_queries
from auditkit.audits.rules import AnswerState, FindingState, Grade
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class RowLine:
    """A question and its answer as they stand in the register of a pack; people by name."""

    audit: str
    position: int
    item_id: str
    clause: str
    clause_label: str
    edition_name: str
    principles: list[str]
    question: str
    answer: str
    answer_state: AnswerState
    conformity: int | None
    note: str
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as it stands in the register of a pack; `actions` are their numbers, `state` derived."""

    audit: str
    number: str
    grade: Grade
    statement: str
    criterion: str
    clause: str
    edition_name: str
    strength: str
    evidence: str
    raised_at: datetime
    raised_by: str
    state: FindingState
    actions: list[str]


def _in_period(start: date, end: date) -> Any:
    return (Audit.planned_from <= end) & (Audit.planned_to >= start)


def rows(tx: Session, start: date, end: date) -> Iterator[RowLine]:
    """Every question of the audits whose planned days touch the period (inclusive), by audit, in the order asked."""
    called = names(tx)
    query = (
        select(
            Audit.number,
            AuditRow.position,
            AuditRow.item_id,
            AuditRow.clause,
            AuditRow.clause_label,
            AuditRow.edition_name,
            AuditRow.principles,
            AuditRow.question,
            AuditRow.answer,
            AuditRow.answer_state,
            AuditRow.conformity,
            AuditRow.note,
            AuditRow.answered_at,
            AuditRow.answered_by,
        )
        .join(Audit, Audit.id == AuditRow.audit_id)
        .where(_in_period(start, end))
        .order_by(Audit.planned_from, Audit.id, AuditRow.position)
        .execution_options(yield_per=500)
    )
    for row in tx.execute(query):
        yield RowLine(
            audit=row.number,
            position=row.position,
            item_id=row.item_id,
            clause=row.clause,
            clause_label=row.clause_label,
            edition_name=row.edition_name,
            principles=row.principles,
            question=row.question,
            answer=row.answer,
            answer_state=AnswerState(row.answer_state),
            conformity=row.conformity,
            note=row.note,
            answered_at=row.answered_at,
            answered_by=called.get(row.answered_by, ""),
        )


def findings(tx: Session, start: date, end: date) -> Iterator[FindingLine]:
    """Every finding of the audits whose planned days touch the period (inclusive), by audit, in the order raised."""
    called = names(tx)
    for one in finding_queries.find(tx, _in_period(start, end)):
        yield FindingLine(
            audit=one.audit_number,
            number=one.number,
            grade=one.grade,
            statement=one.statement,
            criterion=one.criterion,
            clause=one.clause,
            edition_name=one.edition_name,
            strength=one.strength,
            evidence=one.evidence,
            raised_at=one.raised_at,
            raised_by=called.get(one.raised_by, "") if one.raised_by is not None else "",
            state=one.state,
            actions=[action.number for action in one.actions],
        )


def newest_change(tx: Session, start: date, end: date) -> datetime | None:
    """When anything of these audits last changed (answers and findings move their audit's time); None without any."""
    return tx.execute(select(func.max(Audit.changed_at)).where(_in_period(start, end))).scalar_one()


def subjects(tx: Session, start: date, end: date) -> list[tuple[str, int]]:
    """The subjects that evidence of these audits is linked to, as the evidence slice names them."""
    ids = select(Audit.id).where(_in_period(start, end))
    rows_of = tx.execute(select(AuditRow.id).where(AuditRow.audit_id.in_(ids)).order_by(AuditRow.id)).scalars()
    findings_of = tx.execute(select(Finding.id).where(Finding.audit_id.in_(ids)).order_by(Finding.id)).scalars()
    samples_of = tx.execute(select(AuditSample.id).where(AuditSample.audit_id.in_(ids)).order_by(AuditSample.id))
    return [
        *((run_queries.SUBJECT, one) for one in rows_of),
        *((finding_queries.SUBJECT, one) for one in findings_of),
        *((sample_queries.SUBJECT, one) for one in samples_of.scalars()),
    ]
