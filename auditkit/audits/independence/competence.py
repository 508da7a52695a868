"""Reads of who is competent, for which audits, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.audits.independence import rules
from auditkit.audits.independence.models import AuditorCompetence
from auditkit.audits.independence.rules import Asked, Days
from auditkit.audits.rules import AuditKind
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class CompetenceView:
    """A competence record for its page."""

    id: int
    person_id: int
    audit_kind: str
    standard: str
    what: str
    evidence: str
    valid_from: date
    valid_until: date
    recorded_at: datetime
    recorded_by: int | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


_COMPETENCE = tuple(getattr(AuditorCompetence, name) for name in CompetenceView.__dataclass_fields__)


def competences(tx: Session) -> list[CompetenceView]:
    """All competence records, by person and end of validity."""
    query = select(*_COMPETENCE).order_by(AuditorCompetence.person_id, AuditorCompetence.valid_until.desc())
    return [CompetenceView(*row) for row in tx.execute(query)]


def uncovered(tx: Session, asked: Asked, person_ids: Iterable[int]) -> dict[int, date]:
    """The first day of the audit without a valid competence record, by person; competent people are left out."""
    wanted = list(person_ids)
    if asked.kind is AuditKind.OUTSIDE or not wanted:
        return {}
    rows = tx.execute(
        select(*_COMPETENCE).where(AuditorCompetence.person_id.in_(wanted), AuditorCompetence.withdrawn_at.is_(None))
    ).all()
    valid: dict[int, list[Days]] = {person: [] for person in wanted}
    for row in rows:
        if rules.applies(row.audit_kind, row.standard, asked.kind, asked.edition_id):
            valid[row.person_id].append(Days(row.valid_from, row.valid_until))
    found = {person: rules.first_uncovered(asked.days, spans) for person, spans in valid.items()}
    return {person: day for person, day in found.items() if day is not None}
