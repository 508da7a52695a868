"""Indicators counted from the records, complaint by complaint: who is in the numerator, the denominator, and left out.

The formulas are those of checklists/presets/indicators.yaml. Nothing is taken from kept figures: whoever checks a
reported figure counts by another way than whoever reported it. tests/slices/complaints_checking/test_indicators.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.complaints.checking import measures
from auditkit.complaints.checking.counting import Counted
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintInvestigation
from auditkit.complaints.rules import CAUSE_NOT_FOUND, Answer, Outcome
from auditkit.complaints.survey.models import ComplaintSurvey


class Indicator(StrEnum):
    """Indicators that the register alone can give."""

    RECEIVED = "received"
    ACKNOWLEDGED_ON_TIME = "acknowledged-on-time"
    DECIDED_ON_TIME = "decided-on-time"
    BACKLOG = "backlog"
    UPHELD = "upheld"
    REOPENED = "reopened"
    REFUSED = "refused"
    ESCALATED = "escalated"
    CAUSE_KNOWN = "cause-known"
    TIME_TO_ACKNOWLEDGE = "time-to-acknowledge"
    TIME_TO_DECIDE = "time-to-decide"
    TIME_TO_CLOSE = "time-to-close"
    SATISFACTION_PROCESS = "satisfaction-process"
    SATISFACTION_OUTCOME = "satisfaction-outcome"
    SURVEY_RESPONSE = "survey-response"


class Unit(StrEnum):
    """What a figure is: so many complaints, a share of them in per cent, days, or a score from 1 to 5."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    SCORE = "score"


UNIT_TITLES = {
    Unit.COUNT: N_("complaints"),
    Unit.SHARE: N_("per cent"),
    Unit.DAYS: N_("days"),
    Unit.SCORE: N_("of 5"),
}


@dataclass(frozen=True)
class About:
    """What an indicator is called, how it is counted here, and which entry of the presets it belongs to."""

    preset: str
    title: str
    formula: str
    unit: Unit = Unit.SHARE

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share in per cent."""
        return self.unit is Unit.SHARE

    @property
    def is_measure(self) -> bool:
        """Whether each case has a figure of its own, and the indicator is made of them."""
        return self.unit in (Unit.DAYS, Unit.SCORE)


_KAPLAN_MEIER = N_(
    "Within how many days of receipt half come so far, after Kaplan and Meier: of those received in the period, open "
    "ones counted with the time they waited"
)
_MEAN = N_("Mean of the answers that came in within the period")
ABOUT = {
    Indicator.RECEIVED: About(
        "received", N_("Complaints received"), N_("All complaints received in the period"), Unit.COUNT),
    Indicator.ACKNOWLEDGED_ON_TIME: About(
        "acknowledged-on-time", N_("Acknowledged on time"),
        N_("Acknowledged by their due date, of those received in the period whose limit was met or has passed")),
    Indicator.DECIDED_ON_TIME: About(
        "decided-on-time", N_("Decided on time"),
        N_("Decided and told by their due date, of those decided in the period and those open beyond their due date "
           "at its end")),
    Indicator.BACKLOG: About(
        "backlog", N_("Open at the end of the period"),
        N_("Received up to the end of the period and not closed by then"), Unit.COUNT),
    Indicator.UPHELD: About(
        "upheld", N_("Upheld"), N_("Decided as upheld, of those decided in the period")),
    Indicator.REOPENED: About(
        "reopened-refused", N_("Opened again"), N_("Opened again at any time, of those decided in the period")),
    Indicator.REFUSED: About(
        "reopened-refused", N_("Decision refused"),
        N_("Decision refused by the complainant, of those decided in the period")),
    Indicator.ESCALATED: About(
        "escalated", N_("Escalated"), N_("At a higher level, of those decided in the period")),
    Indicator.CAUSE_KNOWN: About(
        "causes-and-actions", N_("Cause known"), N_("With a cause on record, of those decided as upheld or partly "
        "upheld in the period")),
    Indicator.TIME_TO_ACKNOWLEDGE: About(
        "time-to-decide", N_("Median time to acknowledge"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.TIME_TO_DECIDE: About("time-to-decide", N_("Median time to decide"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.TIME_TO_CLOSE: About("time-to-decide", N_("Median time to close"), _KAPLAN_MEIER, Unit.DAYS),
    Indicator.SATISFACTION_PROCESS: About(
        "satisfaction", N_("Satisfaction with the handling"), _MEAN, Unit.SCORE),
    Indicator.SATISFACTION_OUTCOME: About(
        "satisfaction", N_("Satisfaction with the outcome"), _MEAN, Unit.SCORE),
    Indicator.SURVEY_RESPONSE: About(
        "satisfaction", N_("Answers to the survey"), N_("Answered until the end of the period, of those asked in it")),
}  # fmt: skip
NO_DUE = N_("no due date is on record")
STILL_RUNNING = N_("the limit has not passed yet")
NOT_DUE = N_("open, and not yet due at the end of the period")


def count(tx: Session, indicator: Indicator, first: date, last: date, now: datetime) -> Counted:
    """The indicator over the days from `first` to `last`, both included (UTC), as the records say `now`."""
    begins = datetime.combine(first, time(), UTC)
    ends = min(datetime.combine(last, time(), UTC) + timedelta(days=1), now)
    counted = _WAYS[indicator](tx, begins, ends)
    for listed in (counted.numerator, counted.denominator, *counted.excluded.values()):
        listed.sort()
    return counted


def _received(tx: Session, begins: datetime, ends: datetime) -> Counted:
    query = select(Complaint.reference).where(Complaint.received_at >= begins, Complaint.received_at < ends)
    return Counted(numerator=list(tx.execute(query).scalars()))


def _backlog(tx: Session, _begins: datetime, ends: datetime) -> Counted:
    """A complaint known to be closed on a day that is not known says nothing about its being open then."""
    open_then = or_(Complaint.closed_at >= ends, and_(Complaint.closed_at.is_(None), Complaint.stage != "closed"))
    query = select(Complaint.reference).where(Complaint.received_at < ends, open_then)
    unknown = select(Complaint.reference).where(Complaint.received_at < ends, Complaint.closed_date_unknown.is_(True))
    counted = Counted(numerator=list(tx.execute(query).scalars()))
    for reference in tx.execute(unknown).scalars():
        counted.leave_out(N_("closed on a day that is not known"), reference)
    return counted


def _acknowledged_on_time(tx: Session, begins: datetime, ends: datetime) -> Counted:
    late, met = _dues(ends)
    dues = select(ComplaintDue.complaint_id, late, met).where(
        ComplaintDue.target == Target.ACKNOWLEDGE.value, ComplaintDue.state.in_(_COUNT)
    )
    side = dues.group_by(ComplaintDue.complaint_id).subquery()
    query = (
        select(Complaint.reference, side.c.complaint_id, side.c.late, side.c.met)
        .outerjoin(side, side.c.complaint_id == Complaint.id)
        .where(Complaint.received_at >= begins, Complaint.received_at < ends)
    )
    counted = Counted()
    for row in tx.execute(query):
        if row.complaint_id is None:
            counted.leave_out(NO_DUE, row.reference)
        elif not row.late and not row.met:
            counted.leave_out(STILL_RUNNING, row.reference)
        else:
            counted.take(row.reference, good=not row.late)
    return counted


def _decided_on_time(tx: Session, begins: datetime, ends: datetime) -> Counted:
    late, met = _dues(ends)
    targets = (Target.DECIDE.value, Target.DECIDE_LATEST.value)
    dues = select(ComplaintDue.complaint_id, late, met).where(
        ComplaintDue.target.in_(targets), ComplaintDue.state.in_(_COUNT)
    )
    side = dues.group_by(ComplaintDue.complaint_id).subquery()
    decided = and_(Complaint.decided_at >= begins, Complaint.decided_at < ends)
    undecided = and_(Complaint.received_at < ends, or_(Complaint.decided_at.is_(None), Complaint.decided_at >= ends))
    query = (
        select(Complaint.reference, side.c.complaint_id, side.c.late, side.c.met, decided.label("decided"))
        .outerjoin(side, side.c.complaint_id == Complaint.id)
        .where(or_(decided, and_(undecided, Complaint.stage != "closed")))
    )
    counted = Counted()
    for row in tx.execute(query):
        if row.complaint_id is None:
            counted.leave_out(NO_DUE, row.reference)
        elif row.decided:
            counted.take(row.reference, good=not row.late)
        elif row.late:
            counted.take(row.reference, good=False)
        else:
            counted.leave_out(NOT_DUE, row.reference)
    return counted


_COUNT = (Ended.MET.value, Ended.RUNNING.value)


def _dues(ends: datetime) -> tuple[Any, Any]:
    """(whether one was late, or was over at the end of the period and not met by then; whether one was met in time)."""
    missed = or_(
        and_(ComplaintDue.state == Ended.MET.value, ComplaintDue.late.is_(True)),
        and_(ComplaintDue.state == Ended.RUNNING.value, ComplaintDue.due_at < ends),
    )
    in_time = and_(ComplaintDue.state == Ended.MET.value, ComplaintDue.late.is_(False))
    return (
        func.max(case((missed, 1), else_=0)).label("late"),
        func.max(case((in_time, 1), else_=0)).label("met"),
    )


def _share_of_decided(good: Callable[[], Any]) -> Callable[[Session, datetime, datetime], Counted]:
    def count_them(tx: Session, begins: datetime, ends: datetime) -> Counted:
        query = select(Complaint.reference, case((good(), 1), else_=0).label("good")).where(
            Complaint.decided_at >= begins, Complaint.decided_at < ends
        )
        counted = Counted()
        for row in tx.execute(query):
            counted.take(row.reference, good=bool(row.good))
        undated = select(Complaint.reference).where(
            Complaint.outcome != "", Complaint.decided_at.is_(None),
            Complaint.received_at >= begins, Complaint.received_at < ends,
        )  # fmt: skip
        for reference in tx.execute(undated).scalars():
            counted.leave_out(N_("decided on a day that is not known"), reference)
        return counted

    return count_them


def _cause_known(tx: Session, begins: datetime, ends: datetime) -> Counted:
    known = exists().where(
        ComplaintInvestigation.complaint_id == Complaint.id,
        ComplaintInvestigation.cause.not_in(("", CAUSE_NOT_FOUND)),
    )
    query = select(Complaint.reference, case((known, 1), else_=0).label("known")).where(
        Complaint.decided_at >= begins,
        Complaint.decided_at < ends,
        Complaint.outcome.in_((Outcome.UPHELD.value, Outcome.PARTLY.value)),
    )
    counted = Counted()
    for row in tx.execute(query):
        counted.take(row.reference, good=bool(row.known))
    return counted


def _refused() -> Any:
    refused = select(ComplaintDecision.complaint_id).where(ComplaintDecision.answer == Answer.REFUSED.value)
    return or_(Complaint.answer == Answer.REFUSED.value, Complaint.id.in_(refused))


_WAYS: dict[Indicator, Callable[[Session, datetime, datetime], Counted]] = {
    Indicator.RECEIVED: _received,
    Indicator.BACKLOG: _backlog,
    Indicator.ACKNOWLEDGED_ON_TIME: _acknowledged_on_time,
    Indicator.DECIDED_ON_TIME: _decided_on_time,
    Indicator.UPHELD: _share_of_decided(lambda: Complaint.outcome == Outcome.UPHELD.value),
    Indicator.REOPENED: _share_of_decided(lambda: Complaint.reopened > 0),
    Indicator.REFUSED: _share_of_decided(_refused),
    Indicator.ESCALATED: _share_of_decided(lambda: Complaint.level > 0),
    Indicator.CAUSE_KNOWN: _cause_known,
    Indicator.TIME_TO_ACKNOWLEDGE: measures.time_to(Complaint.acknowledged_at),
    Indicator.TIME_TO_DECIDE: measures.time_to(Complaint.decided_at),
    Indicator.TIME_TO_CLOSE: measures.time_to(Complaint.closed_at),
    Indicator.SATISFACTION_PROCESS: measures.mean_score(ComplaintSurvey.process_score),
    Indicator.SATISFACTION_OUTCOME: measures.mean_score(ComplaintSurvey.outcome_score),
    Indicator.SURVEY_RESPONSE: measures.responded,
}
