"""Findings with their state, which is derived from the actions that answer them, and never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from auditkit.actions import queries as actions
from auditkit.actions.queries import ActionLine
from auditkit.audits.models import Audit, Finding
from auditkit.audits.rules import FindingState, Grade, Origin, finding_state
from auditkit.base.db import Session
from auditkit.base.errors import NotFound

SUBJECT = "finding"


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding, the audit it belongs to, the actions that answer it and the state that follows from them."""

    id: int
    number: str
    audit_id: int
    audit_number: str
    audit_title: str
    row_id: int | None
    grade: Grade
    statement: str
    criterion: str
    clause: str
    edition_name: str
    strength: str
    evidence: str
    raised_at: datetime
    raised_by: int | None
    changed_at: datetime
    version: int
    origin: Origin
    origin_id: int | None
    origin_text: str
    gap: str
    grade_reason: str
    principles: list[str]
    actions: tuple[ActionLine, ...]
    state: FindingState

    @property
    def clause_number(self) -> str:
        """`7.4`; empty for a finding against no clause."""
        return self.clause.rpartition(":")[2]


def find(tx: Session, *conditions: ColumnElement[bool]) -> list[FindingView]:
    """The findings that fit, which may be asked of their audit too; by audit, in the order raised."""
    found = tx.execute(
        select(
            Finding.id,
            Finding.number,
            Finding.audit_id,
            Audit.number.label("audit_number"),
            Audit.title.label("audit_title"),
            Finding.row_id,
            Finding.grade,
            Finding.statement,
            Finding.criterion,
            Finding.clause,
            Finding.edition_name,
            Finding.strength,
            Finding.evidence,
            Finding.raised_at,
            Finding.raised_by,
            Finding.changed_at,
            Finding.version,
            Finding.origin,
            Finding.origin_id,
            Finding.origin_text,
            Finding.gap,
            Finding.grade_reason,
            Finding.principles,
        )
        .join(Audit, Audit.id == Finding.audit_id)
        .where(*conditions)
        .order_by(Finding.audit_id, Finding.serial)
    ).all()
    answers = actions.for_origins(tx, SUBJECT, [row.id for row in found]) if found else {}
    return [_view(row, answers.get(row.id, [])) for row in found]


def _view(row: Any, answered_by: list[ActionLine]) -> FindingView:
    values = {**row._mapping, "grade": Grade(row.grade), "origin": Origin(row.origin)}
    state = finding_state(values["grade"], [action.state for action in answered_by])
    return FindingView(**values, actions=tuple(answered_by), state=state)


def of_audit(tx: Session, audit_id: int) -> list[FindingView]:
    """The findings of one audit, in the order raised."""
    return find(tx, Finding.audit_id == audit_id)


def of_audits(tx: Session, audit_ids: Sequence[int]) -> list[FindingView]:
    """The findings of several audits, by audit, in the order raised."""
    return find(tx, Finding.audit_id.in_(audit_ids))


def by_number(tx: Session, number: str) -> FindingView:
    """One finding. Raises NotFound, also for another organisation's."""
    found = find(tx, Finding.number == number)
    if not found:
        raise NotFound()
    return found[0]


def by_id(tx: Session, finding_id: int) -> FindingView:
    """One finding by its id. Raises NotFound, also for another organisation's."""
    found = find(tx, Finding.id == finding_id)
    if not found:
        raise NotFound()
    return found[0]


def by_ids(tx: Session, finding_ids: Sequence[int]) -> list[FindingView]:
    """These findings, by audit, in the order raised; another organisation's are left out."""
    return find(tx, Finding.id.in_(finding_ids)) if finding_ids else []


def unsettled(tx: Session) -> list[FindingView]:
    """Every finding whose state still asks for work, oldest first."""
    waiting = (FindingState.OPEN, FindingState.PLANNED, FindingState.DONE)
    return [one for one in find(tx) if one.state in waiting]
