"""What the core and the organisation's settings say about a complaint, as far as its clock needs it. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from auditkit.accounts.queries import organisations
from auditkit.base.calendar import Calendar, kept
from auditkit.base.db import Session
from auditkit.complaints.clock import rules
from auditkit.complaints.clock.models import (
    ComplaintClock,
    PauseLimit,
    TimeLimit,
    TimeLimitSet,
)
from auditkit.complaints.clock.rules import PauseRule, Standing
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintReopening,
)
from auditkit.complaints.rules import WaitsFor


@dataclass(frozen=True)
class Known:
    """What the core says about a complaint that the clock needs; days are those of the organisation."""

    id: int
    reference: str
    standing: Standing
    owner_id: int | None
    deputy_id: int | None
    review_on: date | None
    promised_on: date | None
    decision_number: int


def calendar_at(tx: Session, at: datetime) -> Calendar:
    """The working-day calendar of the session's organisation for a limit that begins at `at`."""
    return kept.current(tx, at, country_of(tx))


def country_of(tx: Session) -> str:
    """The country of the session's organisation, or empty."""
    organisation_id = tx.info["organisation_id"]
    return next((one.country for one in organisations(tx) if one.id == organisation_id), "")


def known(tx: Session, complaint_id: int) -> Known | None:
    """What the core says now; None where there is no such complaint."""
    complaint = tx.execute(select(Complaint).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if complaint is None:
        return None
    assessed = tx.execute(
        select(func.min(ComplaintAssessment.assessed_at)).where(ComplaintAssessment.complaint_id == complaint_id)
    ).scalar_one()
    reopened = tx.execute(
        select(func.max(ComplaintReopening.reopened_at)).where(ComplaintReopening.complaint_id == complaint_id)
    ).scalar_one()
    decision = tx.execute(
        select(
            ComplaintDecision.number,
            ComplaintDecision.promised_on,
            ComplaintDecision.delivered_on,
            ComplaintDecision.told_at,
        )
        .where(ComplaintDecision.complaint_id == complaint_id, ComplaintDecision.state == "decided")
        .order_by(ComplaintDecision.number.desc())
        .limit(1)
    ).one_or_none()
    if complaint.decided_at is None:
        decision = None  # it was of a round before the case was opened again
    delivered = decision.delivered_on if decision else None
    standing = Standing(
        kind=complaint.kind,
        channel=complaint.channel,
        category=complaint.category,
        severity=complaint.severity,
        priority=complaint.priority,
        stage=complaint.stage,
        received_at=complaint.received_at,
        received_is_day=complaint.received_is_day,
        round=complaint.reopened + 1,
        reopened_at=reopened,
        acknowledged_at=complaint.acknowledged_at,
        assessed_at=assessed,
        decided_at=complaint.decided_at,
        told_at=decision.told_at if decision else None,
        answered_at=complaint.answered_at,
        answer=complaint.answer,
        delivered_at=calendar_at(tx, complaint.received_at).start_of_day(delivered) if delivered else None,
        closed_at=complaint.closed_at,
    )
    return Known(
        id=complaint.id,
        reference=complaint.reference,
        standing=standing,
        owner_id=complaint.owner_id,
        deputy_id=complaint.deputy_id,
        review_on=complaint.review_on,
        promised_on=decision.promised_on if decision else None,
        decision_number=decision.number if decision else 0,
    )


def just_recorded(tx: Session, complaint_id: int, at: datetime) -> bool:
    """Whether the complaint was recorded at this very moment, and not brought in from a file."""
    query = select(Complaint.recorded_at).where(Complaint.id == complaint_id, Complaint.import_run_id.is_(None))
    return bool(tx.execute(query).scalar_one_or_none() == at)


def limits_in_force(tx: Session, at: datetime) -> list[tuple[TimeLimit, TimeLimitSet]]:
    """The limits that complaints get which come in at `at`."""
    query = select(TimeLimit, TimeLimitSet).join(TimeLimitSet, TimeLimitSet.id == TimeLimit.set_id)
    for model in (TimeLimit, TimeLimitSet):
        query = query.where(model.added_at <= at, or_(model.ended_at.is_(None), model.ended_at > at))
    return [(limit, limit_set) for limit, limit_set in tx.execute(query.order_by(TimeLimit.id))]


def pause_rules(tx: Session) -> dict[WaitsFor, PauseRule]:
    """The organisation's rules of pauses, where it has none of its own the given ones."""
    own = {
        WaitsFor(row.waits_for): PauseRule(row.holds, row.max_days, row.max_count)
        for row in tx.execute(select(PauseLimit)).scalars()
    }
    return {**rules.PAUSE_RULES, **own}


def clock_of(tx: Session, complaint_id: int) -> ComplaintClock | None:
    """The row of a complaint whose time is kept."""
    return tx.execute(select(ComplaintClock).where(ComplaintClock.complaint_id == complaint_id)).scalar_one_or_none()
