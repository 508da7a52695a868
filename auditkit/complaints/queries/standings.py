"""How a complaint stands, for the gates."""

from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintParty,
    ComplaintReopening,
)
from auditkit.complaints.rules import Stage, Standing


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
