"""The scores of an audit: over all, by clause, by principle, beside those of the last audit on the same checklist."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.rules import AnswerState
from auditkit.audits.scoring import rules
from auditkit.audits.scoring.rules import Counted, Score
from auditkit.base.db import Session
from auditkit.content.shapes import Scale


@dataclass(frozen=True, slots=True)
class Before:
    """The audit that is compared with."""

    id: int
    number: str
    title: str
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of an audit. `levels` says whether its scale grades maturity; `before` is None where nothing compares."""

    whole: Score
    clauses: tuple[Score, ...]
    principles: tuple[Score, ...]
    levels: bool
    before: Before | None


def scores(tx: Session, audit_id: int) -> Scores:
    """The figures of an audit as it stands now; nothing is stored. An audit that has not started has no rows."""
    rows = _rows(tx, audit_id)
    before = _before(tx, audit_id)
    old = _rows(tx, before.id) if before else []
    old_clauses, old_principles = rules.by_clause(old), rules.by_principle(old)

    def figure(key: str, title: str, held: list[Counted], same: list[Counted]) -> Score:
        return rules.score(key, title, held, previous=rules.score(key, title, same).percent if same else None)

    return Scores(
        whole=figure("", "", rows, old),
        clauses=tuple(
            figure(clause, held[0].clause_label, held, old_clauses.get(clause, []))
            for clause, held in rules.by_clause(rows).items()
        ),
        principles=tuple(
            figure(code, code, held, old_principles.get(code, []))
            for code, held in sorted(rules.by_principle(rows).items())
        ),
        levels=_levels(tx, audit_id),
        before=before,
    )


def _rows(tx: Session, audit_id: int) -> list[Counted]:
    query = (
        select(
            AuditRow.item_id,
            AuditRow.clause,
            AuditRow.clause_label,
            AuditRow.principles,
            AuditRow.weight,
            AuditRow.answer,
            AuditRow.answer_state,
            AuditRow.conformity,
        )
        .where(AuditRow.audit_id == audit_id)
        .order_by(AuditRow.position)
    )
    return [
        Counted(item, clause, label, tuple(principles), weight, answer, AnswerState(state), conformity)
        for item, clause, label, principles, weight, answer, state, conformity in tx.execute(query)
    ]


def _levels(tx: Session, audit_id: int) -> bool:
    scale = tx.execute(select(Audit.scale).where(Audit.id == audit_id)).scalar_one_or_none()
    return scale is not None and rules.has_levels(one.id for one in Scale.model_validate(scale).answers)


def _before(tx: Session, audit_id: int) -> Before | None:
    this = tx.execute(select(Audit.checklist_id, Audit.started_at).where(Audit.id == audit_id)).one_or_none()
    if this is None or this.started_at is None:
        return None
    query = (
        select(Audit.id, Audit.number, Audit.title, Audit.started_at)
        .where(Audit.checklist_id == this.checklist_id, Audit.started_at < this.started_at, Audit.id != audit_id)
        .order_by(Audit.started_at.desc(), Audit.id.desc())
        .limit(1)
    )
    found = tx.execute(query).one_or_none()
    return Before(*found) if found else None
