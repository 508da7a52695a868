"""How a complaint stands, for the gates; and what the organisation settled about handling."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.complaints import rules
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintAuthority,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintParty,
    ComplaintPractice,
    ComplaintReopening,
)
from auditkit.complaints.rules import Limit, Stage, Standing


@dataclass(frozen=True)
class Practice:
    """The organisation's settings. Until it has any: a review after 14 days, repeats within 90."""

    currency: str = ""
    external_bodies: str = ""
    review_days: int = 14
    repeat_days: int = 90

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return digest(repr((self.currency, self.external_bodies, self.review_days, self.repeat_days)).encode())[:16]


@dataclass(frozen=True)
class LimitLine:
    """A limit of authority for its page."""

    id: int
    limit: Limit


def _newest(kind: Any, value: Any, *conditions: Any) -> Any:
    query = select(value).where(kind.complaint_id == Complaint.id, *conditions).order_by(kind.id.desc()).limit(1)
    return query.correlate(Complaint).scalar_subquery()


_REOPENED = (
    select(func.max(ComplaintReopening.reopened_at))
    .where(ComplaintReopening.complaint_id == Complaint.id)
    .correlate(Complaint)
    .scalar_subquery()
)
# An investigation of before the case was opened again does not carry the next decision.
_INVESTIGATION = _newest(
    ComplaintInvestigation,
    case((ComplaintInvestigation.ended_at.is_(None), "begun"), else_="ended"),
    or_(_REOPENED.is_(None), ComplaintInvestigation.begun_at >= _REOPENED),
)
_STANDS = ComplaintDecision.state == "decided"
STANDING_COLUMNS: tuple[Any, ...] = (
    Complaint.stage,
    Complaint.answer,
    Complaint.kind,
    Complaint.severity,
    Complaint.outcome,
    _newest(ComplaintAssessment, ComplaintAssessment.complexity).label("complexity"),
    _newest(ComplaintAssessment, ComplaintAssessment.safety).label("safety"),
    exists().where(ComplaintParty.complaint_id == Complaint.id).correlate(Complaint).label("about_member"),
    _INVESTIGATION.label("investigation"),
    _newest(ComplaintDecision, ComplaintDecision.told_at.is_not(None), _STANDS).label("told"),
    _newest(
        ComplaintDecision,
        and_(ComplaintDecision.promised_on.is_not(None), ComplaintDecision.delivered_on.is_(None)),
        _STANDS,
    ).label("remedy_due"),
)


def standing(tx: Session, complaint_id: int) -> Standing:
    """How a complaint stands now. Raises NotFound."""
    row = tx.execute(select(*STANDING_COLUMNS).where(Complaint.id == complaint_id)).one_or_none()
    if row is None:
        raise NotFound
    return standing_of(row)


def standing_of(row: Any) -> Standing:
    """The same of a row with STANDING_COLUMNS."""
    decided = bool(row.outcome)
    return Standing(
        stage=Stage(row.stage),
        answer=row.answer,
        kind=row.kind,
        severity=row.severity,
        complexity=row.complexity or "",
        safety=bool(row.safety),
        about_member=bool(row.about_member),
        investigation=row.investigation or "",
        told=decided and bool(row.told),
        remedy_due=decided and bool(row.remedy_due),
    )


def limit_lines(tx: Session) -> list[LimitLine]:
    """The limits of authority, those of roles first."""
    rows = tx.execute(
        select(
            ComplaintAuthority.id,
            ComplaintAuthority.role,
            ComplaintAuthority.person_id,
            ComplaintAuthority.currency,
            ComplaintAuthority.amount,
        ).order_by(ComplaintAuthority.person_id.is_not(None), ComplaintAuthority.role, ComplaintAuthority.id)
    )
    return [LimitLine(row.id, rules.Limit(row.role, row.person_id, row.currency, row.amount)) for row in rows]


def limits_stamp(tx: Session) -> str:
    """Says whether two people looked at the same limits of authority."""
    return digest(repr(limit_lines(tx)).encode())[:16]


def limits(tx: Session) -> list[Limit]:
    """The limits of authority, for the rules."""
    return [one.limit for one in limit_lines(tx)]


_PRACTICE = select(*(getattr(ComplaintPractice, name) for name in Practice.__dataclass_fields__))


def practice(tx: Session) -> Practice:
    """The organisation's settings of complaint handling."""
    row = tx.execute(_PRACTICE).one_or_none()
    return Practice(**row._mapping) if row is not None else Practice()
