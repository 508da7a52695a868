"""Reads of surveys: one case's, what is due, the figures of a period, and complaints that came back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    DateTime,
    Interval,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar.spans import Span
from auditkit.base.db import UNSCOPED, Session
from auditkit.complaints.correspondence.models import ComplaintBounce
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import asked_first
from auditkit.complaints.rules import Kind
from auditkit.complaints.survey.models import ComplaintSurvey, SurveySettings
from auditkit.complaints.survey.rules import HIGHEST, LOWEST, WINDOWS, Mean, Practice, Share, State, mean

LISTED = 10
SURVEY = asked_first(ComplaintSurvey.__tablename__)


@dataclass(frozen=True)
class SurveyView:
    """The survey of a case. `bounced`: an invitation came back."""

    id: int
    complaint_id: int
    state: str
    why: str
    language: str
    planned_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    expires_at: datetime | None
    remind_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    process_score: int | None
    outcome_score: int | None
    accepted: str
    may_contact: bool
    comment: str
    bounced: bool = False


@dataclass(frozen=True)
class Again:
    """A later complaint that makes an earlier one a recurrence. `days` after its closing."""

    reference: str
    received_at: datetime
    days: int
    same_person: bool


@dataclass(frozen=True)
class Recurrence:
    """Of the cases closed in a period: how many came back within so many days, by the same cause and also person."""

    days: int
    cause: Share
    person_and_cause: Share


@dataclass(frozen=True)
class Figures:
    """The surveys of cases closed in a period. `closed` is what the others are of."""

    closed: int
    waiting: int
    sent: int
    answered: int
    bounced: int
    not_sent: dict[str, int]
    without_survey: int
    process: Mean
    outcome: Mean
    accepted: dict[str, int]
    recurrences: tuple[Recurrence, ...]

    @property
    def response(self) -> Share:
        """Of those asked whose invitation did not come back, how many answered."""
        return Share(self.answered, max(self.sent - self.bounced, self.answered))


_VIEW = [name for name in SurveyView.__dataclass_fields__ if name != "bounced"]


def practice(tx: Session) -> Practice:
    """The organisation's settings, the defaults where nothing was set."""
    row = tx.execute(select(SurveySettings)).scalar_one_or_none()
    if row is None:
        return Practice()
    return Practice(row.switched_on, row.wait_days, row.valid_days, row.remind_days, row.fewest)


def of_case(tx: Session, complaint_id: int) -> SurveyView | None:
    """The survey of a case, None where none was planned."""
    row = tx.execute(select(ComplaintSurvey).where(ComplaintSurvey.complaint_id == complaint_id)).scalar_one_or_none()
    if row is None:
        return None
    return SurveyView(**{name: getattr(row, name) for name in _VIEW}, bounced=has_bounced(tx, row))


def has_bounced(tx: Session, row: ComplaintSurvey) -> bool:
    """Whether a mail server refused the invitation or the reminder for good."""
    ids = [one for one in (row.message_id, row.reminder_id) if one is not None]
    query = select(ComplaintBounce.id).where(ComplaintBounce.message_id.in_(ids), ComplaintBounce.action == "failed")
    return bool(ids) and tx.execute(query.limit(1)).first() is not None


def by_digest(tx: Session, digest: str) -> SurveyView | None:
    """The survey whose link this is, None for none."""
    row = tx.execute(select(ComplaintSurvey).where(ComplaintSurvey.secret_digest == digest)).scalar_one_or_none()
    return SurveyView(**{name: getattr(row, name) for name in _VIEW}) if row else None


def answer_on_record(tx: Session, complaint_id: int) -> bool:
    """Whether the complainant's answer to the decision is known already."""
    return bool(tx.execute(select(Complaint.answer).where(Complaint.id == complaint_id)).scalar_one_or_none())


def houses_with_due(session: Session, now: datetime) -> list[int]:
    """Organisations with an invitation or a reminder that is due. Across organisations, a plain read."""
    query = select(ComplaintSurvey.organisation_id).where(_due(now)).distinct()
    return sorted(session.execute(query.execution_options(**{UNSCOPED: True})).scalars())


def due(tx: Session, now: datetime, limit: int) -> list[int]:
    """Surveys whose invitation or reminder is due, by key."""
    query = select(ComplaintSurvey.id).where(_due(now)).order_by(ComplaintSurvey.id).limit(limit)
    return list(tx.execute(query).scalars())


def _due(now: datetime) -> Any:
    return or_(
        and_(ComplaintSurvey.due_at.is_not(None), ComplaintSurvey.due_at <= now),
        and_(ComplaintSurvey.remind_at.is_not(None), ComplaintSurvey.remind_at <= now),
    )


# Recurrence


def again(tx: Session, complaint_id: int, days: int = WINDOWS[-1]) -> list[Again]:
    """Complaints received within `days` after this one was closed, of the same cause; at most LISTED, oldest first.

    Cause: the same category and product. Person: the same e-mail address or telephone number.
    """
    return [
        Again(row.reference, row.received_at, (row.received_at - row.closed_at).days, bool(row.same_person))
        for row in tx.execute(_again(), {"closed_case": complaint_id})
        if row.received_at - row.closed_at <= timedelta(days=days)
    ]


@cache
def _again() -> Select[*tuple[Any, ...]]:
    """Made once: two aliases of so wide a table cost more than all the rest of a case's page."""
    first, later = aliased(Complaint), aliased(Complaint)
    return (
        select(later.reference, later.received_at, first.closed_at, _same_person(first, later).label("same_person"))
        .select_from(first)
        .join(later, and_(later.organisation_id == first.organisation_id, _same_cause(first, later)))
        .where(
            first.id == bindparam("closed_case"),
            first.closed_at.is_not(None),
            later.received_at > first.closed_at,
        )
        .order_by(later.received_at, later.id)
        .limit(LISTED)
    )


def _same_cause(first: Any, later: Any) -> Any:
    return and_(
        later.category == first.category,
        later.product == first.product,
        first.category != "",
        later.kind.in_((Kind.COMPLAINT.value, Kind.DISPUTE.value)),
        later.id != first.id,
    )


def _same_person(first: Any, later: Any) -> Any:
    return or_(
        and_(
            first.complainant_email != "",
            func.lower(later.complainant_email) == func.lower(first.complainant_email),
        ),
        and_(first.complainant_phone != "", later.complainant_phone == first.complainant_phone),
    )


def _after(first: Any, later: Any, days: int, dialect: str) -> Any:
    """Received after the closing and within so many days of it, the last moment included."""
    if dialect == "sqlite":
        # As text of fixed width, like every moment here; so the comparison can run along the index.
        then = func.strftime("%Y-%m-%dT%H:%M:%fZ", first.closed_at, f"+{days} days")
        return and_(later.received_at > first.closed_at, later.received_at <= then)
    closed = type_coerce(first.closed_at, DateTime(timezone=True))
    end = closed + literal(timedelta(days=days), Interval())
    return and_(later.received_at > first.closed_at, type_coerce(later.received_at, DateTime(timezone=True)) <= end)


# Figures


def figures(tx: Session, closed_from: date, closed_to: date) -> Figures:
    """The figures of cases closed in the days given (both included)."""
    kept = practice(tx)
    period = Span(closed_from, closed_to, zone_of_house(tx)).covers(Complaint.closed_at)
    joined = select(ComplaintSurvey).join(Complaint, Complaint.id == ComplaintSurvey.complaint_id).where(period)
    closed = int(tx.execute(select(func.count()).select_from(Complaint).where(period)).scalar_one())
    states = _counted(tx, joined, ComplaintSurvey.state)
    bounced = tx.execute(
        joined.with_only_columns(func.count()).where(
            ComplaintSurvey.state == State.SENT.value,
            exists().where(
                ComplaintBounce.action == "failed",
                ComplaintBounce.message_id.in_((ComplaintSurvey.message_id, ComplaintSurvey.reminder_id)),
            ),
        )
    ).scalar_one()
    answered = states.get(State.ANSWERED.value, 0)
    return Figures(
        closed=closed,
        waiting=states.get(State.WAITING.value, 0),
        sent=states.get(State.SENT.value, 0) + answered,
        answered=answered,
        bounced=int(bounced),
        not_sent=_counted(tx, joined.where(ComplaintSurvey.state == State.NOT_SENT.value), ComplaintSurvey.why),
        without_survey=closed - sum(states.values()),
        process=mean(_scores(tx, joined, ComplaintSurvey.process_score), kept.fewest),
        outcome=mean(_scores(tx, joined, ComplaintSurvey.outcome_score), kept.fewest),
        accepted=_counted(tx, joined.where(ComplaintSurvey.accepted != ""), ComplaintSurvey.accepted),
        recurrences=tuple(_recurrence(tx, period, days) for days in WINDOWS),
    )


def _counted(tx: Session, query: Any, column: Any) -> dict[str, int]:
    rows = tx.execute(query.with_only_columns(column, func.count()).group_by(column))
    return {str(word): int(number) for word, number in rows}


def _scores(tx: Session, query: Any, column: Any) -> list[int]:
    found = tx.execute(query.with_only_columns(column, func.count()).where(column.is_not(None)).group_by(column))
    counts = {int(score): int(number) for score, number in found}
    return [counts.get(score, 0) for score in range(LOWEST, HIGHEST + 1)]


def _recurrence(tx: Session, period: Any, days: int) -> Recurrence:
    later = aliased(Complaint)
    dialect = tx.get_bind().dialect.name
    here = and_(
        later.organisation_id == Complaint.organisation_id,
        _same_cause(Complaint, later),
        _after(Complaint, later, days, dialect),
    )
    cause = exists().where(here)
    person = exists().where(here, _same_person(Complaint, later))
    row = tx.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((cause, 1), else_=0)), 0),
            func.coalesce(func.sum(case((person, 1), else_=0)), 0),
        )
        .select_from(Complaint)
        .where(period, Complaint.category != "")
    ).one()
    whole = int(row[0])
    return Recurrence(days, Share(int(row[1]), whole), Share(int(row[2]), whole))
