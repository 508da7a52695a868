"""Indicators counted from the records, complaint by complaint: who is in the numerator, the denominator, and left out.

The formulas are those of checklists/presets/indicators.yaml, and so are those of the figures (`insights.indicators`):
the same days, the same complaints, the same numerator and denominator. Only the way is another, on purpose: whoever
checks a reported figure does not count by the statements that it was made by. Figures count in SQL and cut times to
whole hours or days; this reads the cases and decides in Python, to the second. Beside a score figures put how many
were asked, this how many answered. tests/slices/insights/test_recounting.py
holds both against each other on one register, case by case; tests/slices/complaints_checking/test_indicators.py counts
small ones by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy import case as when

from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.complaints.checking import measures
from auditkit.complaints.checking.counting import Counted
from auditkit.complaints.checking.days import Days, days
from auditkit.complaints.checking.measures import COMPLAINTS
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintEscalation, ComplaintInvestigation
from auditkit.complaints.rules import CAUSE_NOT_FOUND, Answer, Outcome, Stage
from auditkit.complaints.survey.models import ComplaintSurvey

NO_DUE = N_("no due date is on record")
STILL_RUNNING = N_("the limit has not passed yet")
NOT_DUE = N_("open, and not yet due at the end of the period")


def count(tx: Session, indicator: Indicator, first: date, last: date, now: datetime) -> Counted:
    """The indicator over the organisation's days from `first` to `last`, both included, as the records say `now`."""
    counted = _WAYS[indicator](tx, days(tx, first, last, now))
    for listed in (counted.numerator, counted.denominator, *counted.excluded.values()):
        listed.sort()
    return counted


def _received(tx: Session, of: Days) -> Counted:
    query = select(Complaint.reference, Complaint.received_at).where(COMPLAINTS, of.near(Complaint.received_at))
    return Counted(numerator=[row.reference for row in tx.execute(query) if of.hold(row.received_at)])


def _backlog(tx: Session, of: Days) -> Counted:
    """A complaint known to be closed on a day that is not known says nothing about its being open then."""
    query = select(Complaint).where(COMPLAINTS, Complaint.received_at < of.ends)
    counted = Counted()
    for case in tx.execute(query.where(or_(_NOT_CLOSED, Complaint.closed_at >= of.ends, _DAY_UNKNOWN))).scalars():
        if _open_at_end(case, of):
            counted.numerator.append(case.reference)
        elif case.closed_date_unknown:
            counted.leave_out(N_("closed on a day that is not known"), case.reference)
    return counted


_NOT_CLOSED = Complaint.stage != Stage.CLOSED.value
_DAY_UNKNOWN = Complaint.closed_date_unknown.is_(True)


def _open_at_end(case: Complaint, of: Days) -> bool:
    still = case.stage != Stage.CLOSED.value
    if case.received_at >= of.ends:
        return False
    return still if of.reach_now else (case.closed_at >= of.ends if case.closed_at else still)


@dataclass
class _Promised:
    """A case with its due dates for one of its promises."""

    case: Complaint
    dues: list[ComplaintDue]

    def counting(self) -> list[ComplaintDue]:
        """Those that were met or run."""
        return [one for one in self.dues if one.state in (Ended.MET.value, Ended.RUNNING.value)]

    def missed(self, done: datetime | None, now: datetime) -> bool:
        """Whether one was over and not kept; of one that was moved its first day counts."""
        return any(
            one.due_at < now
            and (
                one.state == Ended.RUNNING.value
                or one.late
                or (one.state == Ended.EXTENDED.value and one.due_at < (done or now))
            )
            for one in self.dues
        )

    def kept(self, now: datetime) -> bool:
        """Whether one was met in time."""
        met = [one for one in self.dues if one.state == Ended.MET.value and not one.late]
        return any(one.ended_at is not None and one.ended_at < now for one in met)

    def overdue_at(self, moment: datetime) -> bool:
        """Whether at that moment one was over, and what it asks for not done."""
        return any(
            one.due_at < moment
            and (one.state == Ended.RUNNING.value or (one.ended_at is not None and one.ended_at >= moment))
            for one in self.counting()
        )


def _promised(tx: Session, targets: tuple[str, ...], where: Any) -> Iterator[_Promised]:
    query = (
        select(Complaint, ComplaintDue)
        .outerjoin(ComplaintDue, and_(ComplaintDue.complaint_id == Complaint.id, ComplaintDue.target.in_(targets)))
        .where(COMPLAINTS, where)
        .order_by(Complaint.id)
    )
    for _case_id, rows in groupby(tx.execute(query), key=lambda row: row[0].id):
        listed = list(rows)
        yield _Promised(listed[0][0], [row[1] for row in listed if row[1] is not None])


def _acknowledged_on_time(tx: Session, of: Days) -> Counted:
    counted = Counted()
    for one in _promised(tx, (Target.ACKNOWLEDGE.value,), of.near(Complaint.received_at)):
        case = one.case
        if not of.hold(case.received_at):
            continue
        late = one.missed(case.acknowledged_at, of.now)
        if late or one.kept(of.now):
            counted.take(case.reference, good=not late)
        elif any(due.state != Ended.DROPPED.value for due in one.dues):
            counted.leave_out(STILL_RUNNING, case.reference)
        else:
            counted.leave_out(NO_DUE, case.reference)
    return counted


def _decided_on_time(tx: Session, of: Days) -> Counted:
    open_then = and_(Complaint.received_at < of.ends, or_(_NOT_CLOSED, Complaint.closed_at >= of.ends))
    counted = Counted()
    for one in _promised(tx, _DECIDE, or_(of.near(Complaint.decided_at), open_then)):
        case = one.case
        decided = case.outcome != "" and of.hold(case.decided_at)
        undecided = _open_at_end(case, of) and (case.decided_at is None or case.decided_at >= of.ends)
        if not decided and not undecided:
            continue
        if not one.counting():
            counted.leave_out(NO_DUE, case.reference)
        elif decided:
            counted.take(case.reference, good=not one.missed(case.decided_at, of.now))
        elif one.overdue_at(of.ends):
            counted.take(case.reference, good=False)
        else:
            counted.leave_out(NOT_DUE, case.reference)
    return counted


_DECIDE = (Target.DECIDE.value, Target.DECIDE_LATEST.value)


def _share_of_decided(good: Callable[[], Any], *conditions: ColumnElement[bool]) -> measures.Count:
    def count_them(tx: Session, of: Days) -> Counted:
        columns = Complaint.reference, Complaint.decided_at, when((good(), 1), else_=0).label("good")
        query = select(*columns).where(COMPLAINTS, Complaint.outcome != "", *conditions)
        counted = Counted()
        for row in tx.execute(query.where(of.near(Complaint.decided_at))):
            if of.hold(row.decided_at):
                counted.take(row.reference, good=bool(row.good))
        undated = select(Complaint.reference, Complaint.received_at).where(
            COMPLAINTS, Complaint.outcome != "", *conditions, Complaint.decided_at.is_(None)
        )
        for row in tx.execute(undated.where(of.near(Complaint.received_at))):
            if of.hold(row.received_at):
                counted.leave_out(N_("decided on a day that is not known"), row.reference)
        return counted

    return count_them


def _cause_known() -> Any:
    return exists().where(
        ComplaintInvestigation.complaint_id == Complaint.id,
        ComplaintInvestigation.cause.not_in(("", CAUSE_NOT_FOUND)),
    )


def _refused() -> Any:
    refused = select(ComplaintDecision.complaint_id).where(ComplaintDecision.answer == Answer.REFUSED.value)
    return or_(Complaint.answer == Answer.REFUSED.value, Complaint.id.in_(refused))


def _escalated() -> Any:
    done = select(ComplaintEscalation.complaint_id).where(ComplaintEscalation.state == "done")
    return or_(Complaint.level > 0, Complaint.id.in_(done))


_UPHELD = Complaint.outcome.in_((Outcome.UPHELD.value, Outcome.PARTLY.value))
_WAYS: dict[Indicator, measures.Count] = {
    Indicator.RECEIVED: _received,
    Indicator.BACKLOG: _backlog,
    Indicator.ACKNOWLEDGED_ON_TIME: _acknowledged_on_time,
    Indicator.DECIDED_ON_TIME: _decided_on_time,
    Indicator.UPHELD: _share_of_decided(lambda: Complaint.outcome == Outcome.UPHELD.value),
    Indicator.REOPENED: _share_of_decided(lambda: Complaint.reopened > 0),
    Indicator.REFUSED: _share_of_decided(_refused),
    Indicator.ESCALATED: _share_of_decided(_escalated),
    Indicator.CAUSE_KNOWN: _share_of_decided(_cause_known, _UPHELD),
    Indicator.TIME_TO_ACKNOWLEDGE: measures.time_to(
        Complaint.acknowledged_at, lambda case: case.stage != Stage.RECEIVED.value
    ),
    Indicator.TIME_TO_DECIDE: measures.time_to(
        Complaint.decided_at, lambda case: case.outcome != "" or case.stage == Stage.CLOSED.value
    ),
    Indicator.TIME_TO_CLOSE: measures.time_to(Complaint.closed_at, lambda case: case.stage == Stage.CLOSED.value),
    Indicator.SATISFACTION_PROCESS: measures.mean_score(ComplaintSurvey.process_score),
    Indicator.SATISFACTION_OUTCOME: measures.mean_score(ComplaintSurvey.outcome_score),
    Indicator.SURVEY_RESPONSE: measures.responded,
}
