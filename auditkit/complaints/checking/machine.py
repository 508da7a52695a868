"""Tests that need no judgement, run over every complaint of a part of the register in one statement.

Each test gives a complaint one of four states: passed, exception, not checked (no data to check it with) or not
applicable. Side tables are put together once a statement, never once a row, so that it is fast on any number;
tests/slices/complaints_checking/test_machine.py compares every test with a slow count by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Float, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.complaints.checking.populations import Part, conditions
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

PAGE = 50
PORTION = 20_000
"""So many complaints, by id, are examined between two reports of how far it is."""
SWIFT_MINUTES = 5


class Found(IntEnum):
    """What a test found of one complaint, as the statement numbers it."""

    NOT_APPLICABLE = 0
    PASSED = 1
    EXCEPTION = 2
    NOT_CHECKED = 3


class Check(StrEnum):
    """The machine tests, in the order of the complaint's way."""

    ACKNOWLEDGED_ON_TIME = "acknowledged-on-time"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    ASSESSED_FIRST = "assessed-first"
    OWNED = "owned"
    DECIDED_ON_TIME = "decided-on-time"
    WITHIN_AUTHORITY = "within-authority"
    DECIDER_FREE = "decider-free"
    REASONS = "reasons"
    TOLD = "told"
    WAYS_NAMED = "ways-named"
    REFUSAL_OPEN = "refusal-open"
    DELIVERED = "delivered"
    CLOSED_WITH_GROUND = "closed-with-ground"
    IN_ORDER = "in-order"
    NOT_FILLED_IN_LATER = "not-filled-in-later"


@dataclass(frozen=True)
class About:
    """A test in words: what passes, the clause it belongs to, and what is not checked. All are message ids."""

    title: str
    statement: str
    clause: str
    not_checked: str


ABOUT: dict[Check, About] = {
    Check.ACKNOWLEDGED_ON_TIME: About(
        N_("Acknowledged on time"), N_("Complaints were not acknowledged within their limit"), "7.4",
        N_("no due date is on record")),
    Check.ACKNOWLEDGED: About(
        N_("Acknowledgement on record"), N_("Complaints went on without an acknowledgement on record"), "7.4",
        N_("they are still new")),
    Check.ASSESSED: About(
        N_("Severity assessed"), N_("Complaints were handled without an assessment of their severity"), "7.5",
        N_("they are still new")),
    Check.ASSESSED_FIRST: About(
        N_("Assessed before the investigation"), N_("Complaints were investigated before they were assessed"), "7.5",
        N_("no investigation is on record")),
    Check.OWNED: About(
        N_("Open ones have an owner"), N_("Open complaints have nobody who answers for them"), "7.3", ""),
    Check.DECIDED_ON_TIME: About(
        N_("Decided and told on time"), N_("Complaints were not decided and told within their limit"), "7.8",
        N_("no due date is on record")),
    Check.WITHIN_AUTHORITY: About(
        N_("Remedy within authority"), N_("Remedies were decided above the authority of whoever decided"), "7.7",
        N_("no amount or no limit is on record")),
    Check.DECIDER_FREE: About(
        N_("Decided by somebody not complained about"),
        N_("Complaints were decided by somebody they were about"), "7.6", N_("nobody is named as complained about")),
    Check.REASONS: About(
        N_("Decision has reasons"), N_("Decisions carry no reasons"), "7.8", N_("no decision is on record")),
    Check.TOLD: About(
        N_("Decision was told"), N_("Decisions were not told to the complainant"), "7.8",
        N_("the way of the decision is not on record")),
    Check.WAYS_NAMED: About(
        N_("Further ways named with a refusal or partial remedy"),
        N_("Complainants whose complaint was not upheld in full were not told where they can go next"), "7.8",
        N_("the way of the decision is not on record")),
    Check.REFUSAL_OPEN: About(
        N_("Refused decisions kept open"), N_("Complaints were closed although the decision was refused"), "7.9",
        N_("no answer is on record")),
    Check.DELIVERED: About(
        N_("Remedy delivered by the day promised"), N_("Remedies were not delivered by the day promised"), "7.7",
        N_("no day was promised")),
    Check.CLOSED_WITH_GROUND: About(
        N_("Closed on a ground"), N_("Complaints were closed without a ground"), "7.9", N_("they are open")),
    Check.IN_ORDER: About(
        N_("Dates in order"), N_("Dates of complaints contradict each other"), "7.3", N_("there is one date only")),
    Check.NOT_FILLED_IN_LATER: About(
        N_("Stages not filled in afterwards"),
        N_("Acknowledgement and decision were entered within five minutes of each other"), "7.3",
        N_("one of the two is missing, or only a day is known")),
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What one test found over a part. The share is that of passed among passed and exceptions."""

    test: Check
    passed: int
    exceptions: int
    not_checked: int
    not_applicable: int

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.test,
            self.passed + other.passed,
            self.exceptions + other.exceptions,
            self.not_checked + other.not_checked,
            self.not_applicable + other.not_applicable,
        )

    @property
    def checked(self) -> int:
        """How many could be checked."""
        return self.passed + self.exceptions

    @property
    def share(self) -> float | None:
        """Passed, of those that could be checked, in per cent; None where none could."""
        return 100 * self.passed / self.checked if self.checked else None

    def plain(self) -> dict[str, int]:
        """As plain JSON."""
        return {
            "passed": self.passed,
            "exceptions": self.exceptions,
            "not_checked": self.not_checked,
            "not_applicable": self.not_applicable,
        }


@dataclass(frozen=True)
class Odd:
    """A complaint that a test did not pass."""

    id: int
    reference: str
    subject: str
    stage: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None


Span = tuple[int, int]
"""Complaints by id, first and last included."""


def spans(tx: Session, wanted: Part) -> list[Span]:
    """The part in portions, so that somebody who waits sees how far it is."""
    row = tx.execute(select(func.min(Complaint.id), func.max(Complaint.id)).where(*conditions(tx, wanted))).one()
    if row[0] is None:
        return []
    return [(first, min(first + PORTION - 1, row[1])) for first in range(row[0], row[1] + 1, PORTION)]


def examined(
    tx: Session, wanted: Part, now: datetime, portions: list[Span], progress: Callable[[float], None]
) -> tuple[list[Result], dict[Check, list[str]]]:
    """Every test over the part, portion by portion: the results, and the references of the exceptions, sorted.

    What comes in after `portions` were made is in none of them.
    """
    totals = {test: Result(test, 0, 0, 0, 0) for test in Check}
    found: dict[Check, list[str]] = {test: [] for test in Check}
    for number, span in enumerate(portions, 1):
        for one in run(tx, wanted, now, span):
            totals[one.test] += one
        for test, references in exception_references(tx, wanted, now, span).items():
            found[test] += references
        progress(number / len(portions))
    return list(totals.values()), {test: sorted(references) for test, references in found.items()}


def run(tx: Session, wanted: Part, now: datetime, span: Span | None = None) -> list[Result]:
    """Every test over the part, or over one portion of it, in one statement."""
    states = _states(tx, wanted, now, span).subquery()
    sums = [
        func.coalesce(func.sum(case((states.c[_name(test)] == found.value, 1), else_=0)), 0)
        for test in Check
        for found in Found
    ]
    row = tx.execute(select(*sums)).one()
    kinds = len(Found)
    return [
        _result(test, [int(number) for number in row[place * kinds : (place + 1) * kinds]])
        for place, test in enumerate(Check)
    ]


def _result(test: Check, counted: list[int]) -> Result:
    by = dict(zip(Found, counted, strict=True))
    return Result(test, by[Found.PASSED], by[Found.EXCEPTION], by[Found.NOT_CHECKED], by[Found.NOT_APPLICABLE])


def exceptions(tx: Session, wanted: Part, test: Check, now: datetime, after: int = 0, limit: int = PAGE) -> list[Odd]:
    """Complaints that `test` found an exception in, by id, after the id given."""
    query = _exceptions(tx, wanted, test, now).where(Complaint.id > after).limit(limit)
    return [Odd(*row) for row in tx.execute(query)]


def all_exceptions(tx: Session, wanted: Part, test: Check, now: datetime) -> Iterator[Odd]:
    """All of them, as a stream."""
    for row in tx.execute(_exceptions(tx, wanted, test, now), execution_options={"yield_per": 1_000}):
        yield Odd(*row)


def by_references(tx: Session, references: list[str]) -> dict[str, Odd]:
    """These complaints as they stand now, by reference; what is not there is left out."""
    query = select(
        Complaint.id,
        Complaint.reference,
        Complaint.subject,
        Complaint.stage,
        Complaint.received_at,
        Complaint.acknowledged_at,
        Complaint.decided_at,
        Complaint.closed_at,
    ).where(Complaint.reference.in_(references))
    return {row.reference: Odd(*row) for row in tx.execute(query)}


def exception_references(tx: Session, wanted: Part, now: datetime, span: Span | None = None) -> dict[Check, list[str]]:
    """Check -> references of its exceptions, sorted; in one walk over the part, or over one portion of it."""
    states = _states(tx, wanted, now, span).add_columns(Complaint.reference).subquery()
    odd = or_(*(states.c[_name(test)] == Found.EXCEPTION.value for test in Check))
    found: dict[Check, list[str]] = {test: [] for test in Check}
    lists, is_odd = list(found.values()), Found.EXCEPTION.value
    for *values, reference in tx.execute(select(states).where(odd)):
        for listed, value in zip(lists, values, strict=True):
            if value == is_odd:
                listed.append(reference)
    return {test: sorted(references) for test, references in found.items()}


def _exceptions(tx: Session, wanted: Part, test: Check, now: datetime) -> Select[Any]:
    sides = _Sides(now)
    columns: list[Any] = [
        Complaint.id,
        Complaint.reference,
        Complaint.subject,
        Complaint.stage,
        Complaint.received_at,
        Complaint.acknowledged_at,
        Complaint.decided_at,
        Complaint.closed_at,
    ]
    query = sides.joined(select(*columns), _Sides.NEEDED.get(test, ()))
    return query.where(*conditions(tx, wanted), sides.state(tx, test) == Found.EXCEPTION.value).order_by(Complaint.id)


def _states(tx: Session, wanted: Part, now: datetime, span: Span | None) -> Select[Any]:
    sides = _Sides(now, span)
    columns = [sides.state(tx, test).label(_name(test)) for test in Check]
    query = sides.joined(select(*columns).select_from(Complaint), _Sides.ALL).where(*conditions(tx, wanted))
    return query.where(Complaint.id.between(*span)) if span else query


def _name(test: Check) -> str:
    return "t_" + test.value.replace("-", "_")


class _Sides:
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

    def _delivered(self, _tx: Session) -> tuple[Any, Any, Any]:
        promised, delivered = self.decisions.c.promised_on, self.decisions.c.delivered_on
        over = and_(delivered.is_(None), promised < self.now.date())
        waits = and_(delivered.is_(None), promised >= self.now.date())
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


_NO = literal(False)
