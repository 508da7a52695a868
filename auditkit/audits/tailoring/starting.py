"""What the start of an audit takes from its tailoring: the questions it asks, and what the last audit said to them.

Called by the verb `start` in its transaction; nothing here journals by itself.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from auditkit.audits.agenda.models import AgendaItem
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.queries import findings as finding_queries
from auditkit.audits.rules import SETTLED_FINDINGS, AnswerState, FindingState
from auditkit.audits.tailoring import rules
from auditkit.audits.tailoring.models import AuditPrevious, AuditTailoring
from auditkit.audits.tailoring.rules import Asked, Wish
from auditkit.base.db import Session
from auditkit.content.library import Checklist, Library
from auditkit.content.shapes import Scale


@dataclass(frozen=True)
class Start:
    """The checklist an audit runs on, the questions of it that are asked, and its tailoring where there is one."""

    checklist: Checklist
    items: frozenset[str]
    kept: AuditTailoring | None


def chosen(tx: Session, audit: Audit, library: Library) -> Start:
    """What `audit` asks; the reasons for the others are written down. Raises NotFound, NothingLeft."""
    kept = tx.execute(select(AuditTailoring).where(AuditTailoring.audit_id == audit.id)).scalar_one_or_none()
    checklist = library.checklist((kept.profile_id if kept else "") or audit.checklist_id)
    if kept is None:
        return Start(checklist, frozenset(item.id for item in checklist.items), None)
    wish = Wish(tuple(kept.clauses), kept.least_weight, kept.keep_failed, frozenset(kept.spared))
    questions = [Asked(item.id, section.id, item.weight) for section in checklist.sections for item in section.items]
    asked, left_out = rules.split(questions, wish, _failed(tx, kept.previous_id))
    if not asked:
        raise rules.NothingLeft
    kept.left_out = [
        {
            "item": item.id,
            "clause": library.node(item.clauses[0]).label,
            "question": item.question,
            "why": why.value,
        }
        for item, why in ((checklist.item(name), why) for name, why in left_out)
    ]
    return Start(checklist, frozenset(asked), kept)


def _failed(tx: Session, previous_id: int | None) -> set[str]:
    """The questions that did not wholly conform in the audit before, or have a finding."""
    if previous_id is None:
        return set()
    query = select(AuditRow.item_id, AuditRow.conformity, Finding.id).outerjoin(Finding, Finding.row_id == AuditRow.id)
    found = tx.execute(query.where(AuditRow.audit_id == previous_id))
    return {row.item_id for row in found if row.id is not None or (row.conformity is not None and row.conformity < 100)}


def carry(tx: Session, audit: Audit, start: Start) -> None:
    """Beside the rows of an audit that has just started: what the last one said, and whom the timetable names."""
    _carry_interviewees(tx, audit)
    if start.kept is not None and start.kept.previous_id is not None:
        _carry_answers(tx, audit, start.kept.previous_id)


def _carry_interviewees(tx: Session, audit: Audit) -> None:
    lines = tx.execute(
        select(AgendaItem.clauses, AgendaItem.whom)
        .where(AgendaItem.audit_id == audit.id, AgendaItem.dropped_at.is_(None), AgendaItem.whom != "")
        .order_by(AgendaItem.starts_at, AgendaItem.id)
    ).all()
    if not lines:
        return
    for row in tx.execute(select(AuditRow).where(AuditRow.audit_id == audit.id)).scalars():
        clause = row.clause.rpartition(":")[2]
        named = next((line.whom for line in lines if rules.covers(line.clauses, clause)), "")
        row.interviewee = " ".join(named.split())[:200]
    tx.flush()


def _carry_answers(tx: Session, audit: Audit, previous_id: int) -> None:
    before = tx.execute(select(Audit).where(Audit.id == previous_id)).scalar_one()
    labels = {one.id: one.label for one in Scale.model_validate(before.scale).answers}
    open_findings: dict[int, list[dict[str, Any]]] = {}
    for one in finding_queries.of_audit(tx, previous_id):
        if one.row_id is not None and one.state not in (*SETTLED_FINDINGS, FindingState.NOTED):
            said = {"number": one.number, "grade": str(one.grade), "statement": one.statement}
            open_findings.setdefault(one.row_id, []).append(said)
    now_asked = dict(tx.execute(select(AuditRow.item_id, AuditRow.id).where(AuditRow.audit_id == audit.id)).all())
    rows = [
        {
            "organisation_id": audit.organisation_id,
            "audit_id": audit.id,
            "row_id": now_asked[row.item_id],
            "from_number": before.number,
            "answer": labels.get(row.answer, row.answer),
            "conformity": row.conformity,
            "note": row.note,
            "findings": open_findings.get(row.id, []),
        }
        for row in tx.execute(select(AuditRow).where(AuditRow.audit_id == previous_id)).scalars()
        if row.item_id in now_asked and (row.answer_state != AnswerState.OPEN or row.note or row.id in open_findings)
    ]
    if rows:
        tx.execute(insert(AuditPrevious), rows)
