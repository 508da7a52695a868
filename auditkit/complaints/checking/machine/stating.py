"""The state of each complaint under each test, in SQL.

Side tables are put together once a statement, never once a row, so that it is fast on any number.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from auditkit.accounts.queries import today_of_house
from auditkit.base.db import Session
from auditkit.complaints.checking.machine.telling import Check, Found
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintParty,
)
from auditkit.complaints.rules import OUT_OF_REFUSAL, WITHOUT_DECISION, Answer, Outcome, Stage

SWIFT_MINUTES = 5
Span = tuple[int, int]
"""Complaints by id, first and last included."""
_NO = literal(False)


class Sides:
    """What stands beside the complaints, each put together once, and the states made of it."""

    ALL = ("dues", "assessments", "investigations", "decisions", "parties")
    NEEDED = {
        Check.ACKNOWLEDGED_ON_TIME: ("dues",),
        Check.DECIDED_ON_TIME: ("dues",),
        Check.ASSESSED: (),
        Check.ASSESSED_FIRST: ("assessments", "investigations"),
        Check.WITHIN_AUTHORITY: ("decisions",),
        Check.DECIDER_FREE: ("decisions", "parties"),
        Check.TOLD: ("decisions",),
        Check.WAYS_NAMED: ("decisions",),
        Check.DELIVERED: ("decisions",),
    }

    def __init__(self, now: datetime, span: Span | None = None) -> None:
        self.now, self.span = now, span
        self.dues = self._dues()
        self.assessments = (
            select(ComplaintAssessment.complaint_id, func.min(ComplaintAssessment.assessed_at).label("first_at"))
            .where(*self._within(ComplaintAssessment))
            .group_by(ComplaintAssessment.complaint_id)
            .subquery("a")
        )
        self.investigations = (
            select(ComplaintInvestigation.complaint_id, func.min(ComplaintInvestigation.begun_at).label("begun_at"))
            .where(*self._within(ComplaintInvestigation))
            .group_by(ComplaintInvestigation.complaint_id)
            .subquery("i")
        )
        self.decisions = self._decisions()
        self.parties = self._parties()

    def _within(self, model: Any) -> list[Any]:
        """Only what stands beside the portion: the whole is not put together for each portion anew."""
        return [model.complaint_id.between(*self.span)] if self.span else []

    def _dues(self) -> Any:
        """For each complaint: whether a due date of a target was late or is over, and whether one was met or runs."""
        due = ComplaintDue
        counts = due.state.in_((Ended.MET.value, Ended.RUNNING.value))
        late = or_(and_(due.state == Ended.MET.value, due.late.is_(True)),
                   and_(due.state == Ended.RUNNING.value, due.due_at < self.now))  # fmt: skip
        met = and_(due.state == Ended.MET.value, due.late.is_(False))

        def any_of(*asked: Any) -> Any:
            return func.max(case((and_(*asked), 1), else_=0))

        columns = []
        for name, targets in (("ack", (Target.ACKNOWLEDGE,)), ("dec", (Target.DECIDE, Target.DECIDE_LATEST))):
            of = due.target.in_([target.value for target in targets])
            columns += [any_of(of, counts, late).label(f"{name}_late"), any_of(of, counts, met).label(f"{name}_met")]
        query = select(due.complaint_id, *columns).where(*self._within(due))
        return query.group_by(due.complaint_id).subquery("d")

    def _decisions(self) -> Any:
        """The newest decision that stands, one a complaint."""
        later = aliased(ComplaintDecision)
        newest = select(func.max(later.id)).where(later.state == "decided", *self._within(later))
        newest = newest.group_by(later.complaint_id)
        one = ComplaintDecision
        return (
            select(
                one.complaint_id, one.amount, one.limit_amount, one.proposed_by, one.settled_by, one.told_at,
                one.options, one.promised_on, one.delivered_on,
            )
            .where(one.id.in_(newest), *self._within(one))
            .subquery("e")
        )  # fmt: skip

    def _parties(self) -> Any:
        """Complaints decided by somebody they are about, and complaints somebody is named in at all."""
        settled = and_(
            ComplaintDecision.complaint_id == ComplaintParty.complaint_id,
            ComplaintDecision.settled_by == ComplaintParty.person_id,
            ComplaintDecision.state == "decided",
        )
        return (
            select(
                ComplaintParty.complaint_id,
                func.max(case((ComplaintDecision.id.is_not(None), 1), else_=0)).label("decided_own"),
            )
            .outerjoin(ComplaintDecision, settled)
            .where(*self._within(ComplaintParty))
            .group_by(ComplaintParty.complaint_id)
            .subquery("p")
        )

    def joined(self, query: Select[Any], names: tuple[str, ...]) -> Select[Any]:
        """The statement with the sides it needs."""
        for name in names:
            side = getattr(self, name)
            query = query.outerjoin(side, side.c.complaint_id == Complaint.id)
        return query

    def state(self, tx: Session, test: Check) -> Any:
        """The state of a complaint under a test: the first that holds of not applicable, not checked, exception."""
        not_applicable, not_checked, exception = getattr(self, "_" + test.value.replace("-", "_"))(tx)
        return case(
            (not_applicable, Found.NOT_APPLICABLE.value),
            (not_checked, Found.NOT_CHECKED.value),
            (exception, Found.EXCEPTION.value),
            else_=Found.PASSED.value,
        )

    # Each gives (not applicable, not checked, exception).

    def _on_time(self, name: str) -> tuple[Any, Any, Any]:
        late, met = self.dues.c[f"{name}_late"], self.dues.c[f"{name}_met"]
        return _NO, func.coalesce(late + met, 0) == 0, late == 1

    def _acknowledged_on_time(self, _tx: Session) -> tuple[Any, Any, Any]:
        return self._on_time("ack")

    def _decided_on_time(self, _tx: Session) -> tuple[Any, Any, Any]:
        return self._on_time("dec")

    def _acknowledged(self, _tx: Session) -> tuple[Any, Any, Any]:
        without = Complaint.closing_ground.in_([ground.value for ground in WITHOUT_DECISION])
        return without, Complaint.stage == Stage.RECEIVED.value, Complaint.acknowledged_at.is_(None)

    def _assessed(self, _tx: Session) -> tuple[Any, Any, Any]:
        new = Complaint.stage.in_((Stage.RECEIVED.value, Stage.ACKNOWLEDGED.value))
        without = Complaint.closing_ground.in_([ground.value for ground in WITHOUT_DECISION])
        return without, new, Complaint.severity == ""

    def _assessed_first(self, _tx: Session) -> tuple[Any, Any, Any]:
        first, begun = self.assessments.c.first_at, self.investigations.c.begun_at
        return _NO, begun.is_(None), or_(first.is_(None), first > begun)

    def _owned(self, _tx: Session) -> tuple[Any, Any, Any]:
        return Complaint.stage == Stage.CLOSED.value, _NO, Complaint.owner_id.is_(None)

    def _within_authority(self, _tx: Session) -> tuple[Any, Any, Any]:
        one = self.decisions.c
        unknown = or_(one.amount.is_(None), one.limit_amount.is_(None))
        alone = or_(one.proposed_by.is_(None), one.settled_by == one.proposed_by)
        return one.complaint_id.is_(None), unknown, and_(one.amount > one.limit_amount, alone)

    def _decider_free(self, _tx: Session) -> tuple[Any, Any, Any]:
        own = self.parties.c.decided_own
        return self.decisions.c.complaint_id.is_(None), own.is_(None), own == 1

    def _reasons(self, _tx: Session) -> tuple[Any, Any, Any]:
        return _NO, Complaint.outcome == "", Complaint.decision == ""

    def _told(self, _tx: Session) -> tuple[Any, Any, Any]:
        return Complaint.outcome == "", self.decisions.c.complaint_id.is_(None), self.decisions.c.told_at.is_(None)

    def _ways_named(self, _tx: Session) -> tuple[Any, Any, Any]:
        no_need = Complaint.outcome.in_(("", Outcome.UPHELD.value))
        return no_need, self.decisions.c.complaint_id.is_(None), self.decisions.c.options == ""

    def _refusal_open(self, _tx: Session) -> tuple[Any, Any, Any]:
        out = Complaint.closing_ground.in_([ground.value for ground in OUT_OF_REFUSAL])
        closed = and_(Complaint.stage == Stage.CLOSED.value, ~out)
        return Complaint.answer == Answer.ACCEPTED.value, Complaint.answer == "", closed

    def _delivered(self, tx: Session) -> tuple[Any, Any, Any]:
        promised, delivered = self.decisions.c.promised_on, self.decisions.c.delivered_on
        today = today_of_house(tx, self.now)
        over = and_(delivered.is_(None), promised < today)
        waits = and_(delivered.is_(None), promised >= today)
        return or_(self.decisions.c.complaint_id.is_(None), waits), promised.is_(None), or_(over, delivered > promised)

    def _closed_with_ground(self, _tx: Session) -> tuple[Any, Any, Any]:
        return _NO, Complaint.stage != Stage.CLOSED.value, Complaint.closing_ground == ""

    def _in_order(self, _tx: Session) -> tuple[Any, Any, Any]:
        dates = (Complaint.acknowledged_at, Complaint.decided_at, Complaint.closed_at)
        alone = and_(*(one.is_(None) for one in dates))
        received = Complaint.received_at
        backwards = [
            and_(Complaint.received_is_day.is_(False), Complaint.acknowledged_at < received),
            and_(Complaint.received_is_day.is_(False), Complaint.decided_at < received),
            Complaint.closes_before_received.is_(True),
            and_(
                Complaint.closed_is_day.is_(False), Complaint.reopened == 0, Complaint.closed_at < Complaint.decided_at
            ),
            Complaint.decided_at < Complaint.acknowledged_at,
        ]
        return _NO, alone, func.coalesce(or_(*(func.coalesce(one, False) for one in backwards)), False)

    def _not_filled_in_later(self, tx: Session) -> tuple[Any, Any, Any]:
        acknowledged, decided = Complaint.acknowledged_at, Complaint.decided_at
        if tx.get_bind().dialect.name == "sqlite":
            minutes = (func.julianday(decided) - func.julianday(acknowledged)) * 1440.0
        else:
            minutes = cast(func.extract("epoch", decided - acknowledged), Float) / 60.0
        unknown = or_(acknowledged.is_(None), decided.is_(None))
        return _NO, unknown, and_(minutes >= 0, minutes < SWIFT_MINUTES)
