"""What the register shows of a period, and what is settled about handling, in one statement: for the clause matrix.

Counted from the records every time; tests/slices/readiness/test_matrix.py changes records and compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from auditkit.accounts.queries import day_of_house
from auditkit.base.db import Session
from auditkit.complaints.checking.populations import Part, conditions
from auditkit.complaints.clock.models import TimeLimit, TimeLimitSet
from auditkit.complaints.models import (
    Complaint,
    ComplaintAuthority,
    ComplaintDetriment,
    ComplaintInvestigation,
    ComplaintPractice,
)
from auditkit.complaints.privacy.models import RetentionRule
from auditkit.complaints.rules import Channel
from auditkit.complaints.survey.models import ComplaintSurvey

SPOKEN = (Channel.PHONE.value, Channel.IN_PERSON.value)


@dataclass(frozen=True, slots=True)
class Shown:
    """Complaints received in the period, what was done with them, and what is settled.

    `months`: whether any came in within each span that was asked for.
    """

    received: int
    spoken: int
    channels: int
    escalated: int
    causes: int
    surveys_sent: int
    surveys_answered: int
    detriment_checked: int
    last_received: date | None
    last_acknowledged: date | None
    last_decided: date | None
    last_closed: date | None
    months: tuple[bool, ...]
    time_limits: int
    authorities: int
    external_ways: int
    retention_rules: int


def shown(tx: Session, first: date, last: date, months: Sequence[tuple[date, date]], now: datetime) -> Shown:
    """Counts of the complaints received from `first` to `last`, both included; `months` are (first, last) days too."""
    part = conditions(tx, Part(first, last))

    def number(*of: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*of), 1), else_=0)), 0)

    columns: list[Any] = [
        func.count().label("received"),
        number(Complaint.channel.in_(SPOKEN)).label("spoken"),
        func.count(func.nullif(Complaint.channel, "").distinct()).label("channels"),
        number(Complaint.level > 0).label("escalated"),
        _causes(part).label("causes"),
        _surveys(part, ComplaintSurvey.sent_at).label("sent"),
        _surveys(part, ComplaintSurvey.answered_at).label("answered"),
        _looked(part).label("looked"),
        *(
            func.max(getattr(Complaint, f"{name}_at")).label(f"last_{name}")
            for name in ("received", "acknowledged", "decided", "closed")
        ),
        _settled(TimeLimit.id, _sets_in_force(now)).label("time_limits"),
        _settled(ComplaintAuthority.id).label("authorities"),
        _settled(ComplaintPractice.id, ComplaintPractice.external_bodies != "").label("external_ways"),
        _settled(RetentionRule.id, RetentionRule.ended_at.is_(None)).label("retention_rules"),
    ]
    # Along the index, each found at its first complaint: sums over the rows would compare each with every month.
    spans = [_any(conditions(tx, Part(*span))) for span in months]
    row = tx.execute(select(*columns, *spans).select_from(Complaint).where(*part)).one()
    return Shown(
        received=int(row.received),
        spoken=int(row.spoken),
        channels=int(row.channels),
        escalated=int(row.escalated),
        causes=int(row.causes),
        surveys_sent=int(row.sent),
        surveys_answered=int(row.answered),
        detriment_checked=int(row.looked),
        last_received=_day(tx, row.last_received),
        last_acknowledged=_day(tx, row.last_acknowledged),
        last_decided=_day(tx, row.last_decided),
        last_closed=_day(tx, row.last_closed),
        months=tuple(bool(one) for one in row[len(columns) :]),
        time_limits=int(row.time_limits),
        authorities=int(row.authorities),
        external_ways=int(row.external_ways),
        retention_rules=int(row.retention_rules),
    )


def escalated(tx: Session, first: date, last: date, limit: int) -> list[str]:
    """References of complaints received in the period that were taken to a higher level, newest last."""
    query = select(Complaint.reference).where(*conditions(tx, Part(first, last)), Complaint.level > 0)
    return list(tx.execute(query.order_by(Complaint.id).limit(limit)).scalars())


def _any(part: Sequence[Any]) -> Any:
    # Of the model's key: an `exists()` that names nothing would be outside the scope (tests/factories/scoping.py)
    return select(select(Complaint.id).where(*part).correlate(None).exists()).scalar_subquery()


def _causes(part: Sequence[Any]) -> Any:
    ended = select(func.count(ComplaintInvestigation.id)).where(ComplaintInvestigation.ended_at.is_not(None))
    of_part = select(Complaint.id).where(*part).correlate(None)
    return ended.where(ComplaintInvestigation.complaint_id.in_(of_part)).correlate(None).scalar_subquery()


def _looked(part: Sequence[Any]) -> Any:
    of_part = select(Complaint.id).where(*part).correlate(None)
    cases = select(func.count(ComplaintDetriment.complaint_id.distinct()))
    return cases.where(ComplaintDetriment.complaint_id.in_(of_part)).correlate(None).scalar_subquery()


def _surveys(part: Sequence[Any], moment: Any) -> Any:
    of_part = select(Complaint.id).where(*part).correlate(None)
    counted = select(func.count(ComplaintSurvey.id)).where(moment.is_not(None))
    return counted.where(ComplaintSurvey.complaint_id.in_(of_part)).correlate(None).scalar_subquery()


def _sets_in_force(now: datetime) -> Any:
    sets = select(TimeLimitSet.id).where(or_(TimeLimitSet.ended_at.is_(None), TimeLimitSet.ended_at > now))
    return TimeLimit.set_id.in_(sets.correlate(None))


def _settled(key: Any, *of: Any) -> Any:
    return select(func.count(key)).where(*of).correlate(None).scalar_subquery()


def _day(tx: Session, at: datetime | None) -> date | None:
    return day_of_house(tx, at) if at is not None else None
