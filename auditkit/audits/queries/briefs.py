"""Every audit in a few words, for pages that look at all of them; what was answered, for the plan of a gap analysis."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from auditkit.accounts.queries import day_of_house
from auditkit.audits.models import Audit, AuditRow
from auditkit.audits.rules import AuditKind, State
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class Brief:
    """An audit in a few words. `reported_on` in UTC; `answered` of `rows` questions."""

    id: int
    number: str
    title: str
    kind: AuditKind
    checklist_id: str
    state: State
    planned_from: date
    planned_to: date
    reported_on: date | None
    rows: int
    answered: int

    @property
    def ended(self) -> bool:
        """Whether its report is out."""
        return self.state in (State.REPORTED, State.CLOSED)


def briefs(tx: Session) -> list[Brief]:
    """Every audit, latest planned first."""
    query = select(
        Audit.id,
        Audit.number,
        Audit.title,
        Audit.kind,
        Audit.checklist_id,
        Audit.state,
        Audit.planned_from,
        Audit.planned_to,
        Audit.reported_at,
        Audit.rows_total,
        Audit.rows_answered,
        Audit.rows_excluded,
        Audit.rows_not_covered,
    ).order_by(Audit.planned_from.desc(), Audit.id.desc())
    return [
        Brief(
            row.id,
            row.number,
            row.title,
            AuditKind(row.kind),
            row.checklist_id,
            State(row.state),
            row.planned_from,
            row.planned_to,
            day_of_house(tx, row.reported_at) if row.reported_at else None,
            row.rows_total,
            row.rows_answered + row.rows_excluded + row.rows_not_covered,
        )
        for row in tx.execute(query)
    ]


def answers(tx: Session, audit_id: int) -> list[tuple[str, str]]:
    """(question, answer) by their ids, in the order asked; an empty answer where none was given."""
    query = select(AuditRow.item_id, AuditRow.answer).where(AuditRow.audit_id == audit_id).order_by(AuditRow.position)
    return [(row.item_id, row.answer) for row in tx.execute(query)]
