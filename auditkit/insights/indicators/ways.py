"""How each figure that is a number of cases, or a share of cases, is counted. The content says what to beware of.

Each is a pair of conditions over the register: who belongs to it, and who of them counts. From the same pair come the
number, the list behind it and the frozen figure, so that they cannot differ. tests/slices/insights/test_indicators.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from auditkit.actions.models import Action, ActionEffect
from auditkit.base.text import N_
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.improving.models import ComplaintGathered, ComplaintGathering
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintEscalation,
    ComplaintInvestigation,
    ComplaintLink,
    ComplaintPause,
    ComplaintReferral,
)
from auditkit.complaints.rules import CAUSE_NOT_FOUND, Answer, Ground, Outcome, Relation
from auditkit.insights.indicators.frame import (
    ACKNOWLEDGE,
    COUNTS,
    DECIDE,
    DUES,
    Conditions,
    Frame,
    due,
    kept,
    missed,
    overdue_at,
)

Asked = Callable[[Frame], Conditions]
Counted = Callable[[Frame], ColumnElement[bool]]

NO_DUE = N_("no due date is on record")
STILL_RUNNING = N_("the limit has not passed yet")
DAY_UNKNOWN = N_("closed on a day that is not known")


@dataclass(frozen=True)
class Share:
    """Cases that count, of all that belong. `counted` None: a plain number, there is nothing it is a share of.

    `left_out`: cases that one would look for here, by the reason (message id) for which they cannot be counted.
    `empty`: said where nothing belongs, if that means that the register cannot tell.
    """

    name: str
    indicator: str
    title: str
    of: Asked
    counted: Counted | None = None
    better: str = "neither"
    left_out: dict[str, Asked] = field(default_factory=dict)
    empty: str = ""


def _received(frame: Frame) -> Conditions:
    return [*frame.selected, frame.within(Complaint.received_at)]


def _decided(frame: Frame) -> Conditions:
    return [*frame.selected, Complaint.outcome != "", frame.within(Complaint.decided_at)]


def _closed(frame: Frame) -> Conditions:
    return [*frame.selected, frame.within(Complaint.closed_at)]


# Columns of what hangs on a complaint. The complaint is scoped, and so is what hangs on it; a scope of their own would
# let SQLite, which has no statistics, walk all records of the organisation for each complaint (see frame.due).
_ASSESSMENTS, _DECISIONS = ComplaintAssessment.__table__, ComplaintDecision.__table__.c
_ESCALATIONS, _INVESTIGATIONS = ComplaintEscalation.__table__.c, ComplaintInvestigation.__table__.c
_LINKS, _MESSAGES = ComplaintLink.__table__.c, ComplaintMessage.__table__.c
_PAUSES, _REFERRALS = ComplaintPause.__table__.c, ComplaintReferral.__table__.c


def _about(columns: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(columns.id).where(columns.complaint_id == Complaint.id, *conditions))


def _with(of: Asked, *conditions: Callable[[Frame], ColumnElement[bool]]) -> Asked:
    return lambda frame: [*of(frame), *(one(frame) for one in conditions)]


# 2 and 3: on time


def acknowledged_late(frame: Frame) -> ColumnElement[bool]:
    """Whether a limit of the acknowledgement is over and was not kept."""
    return missed(ACKNOWLEDGE, frame.now, Complaint.acknowledged_at)


def acknowledged_in_time(frame: Frame) -> ColumnElement[bool]:
    """Whether a limit of the acknowledgement was kept."""
    return kept(ACKNOWLEDGE, frame.now)


def _acknowledgement_counts(frame: Frame) -> ColumnElement[bool]:
    return or_(acknowledged_late(frame), acknowledged_in_time(frame))


def _automatic(_frame: Frame) -> ColumnElement[bool]:
    """The mail that a machine sends when a complaint comes in."""
    return _about(_MESSAGES, _MESSAGES.automatic.is_(True), _MESSAGES.kind == "acknowledgement")


def undecided_at_end(frame: Frame) -> ColumnElement[bool]:
    """Open at the end of the period, and not decided by then."""
    ends = frame.window.ends
    return and_(frame.open_at_end, or_(Complaint.decided_at.is_(None), Complaint.decided_at >= ends))


def _decided_or_overdue(frame: Frame) -> Conditions:
    decided = and_(Complaint.outcome != "", frame.within(Complaint.decided_at), due(DECIDE, COUNTS))
    overdue = and_(undecided_at_end(frame), overdue_at(DECIDE, frame.window.ends))
    return [*frame.selected, or_(decided, overdue)]


def _decided_in_time(frame: Frame) -> ColumnElement[bool]:
    return and_(frame.within(Complaint.decided_at), ~missed(DECIDE, frame.now, Complaint.decided_at))


# 5: backlog


def _open(frame: Frame) -> Conditions:
    return [*frame.selected, frame.open_at_end]


def _closed_on_unknown_day(frame: Frame) -> Conditions:
    return [*frame.selected, Complaint.closed_date_unknown.is_(True), Complaint.received_at < frame.window.ends]


def _age(first: int, last: int | None) -> Counted:
    """Open for so many days at the end, both included."""

    def between(frame: Frame) -> ColumnElement[bool]:
        age = frame.seconds(Complaint.received_at, frame.end) / 86_400
        return and_(age >= first, age < last + 1) if last is not None else age >= first

    return between


def _waits(frame: Frame) -> ColumnElement[bool]:
    ends = frame.window.ends
    still = or_(_PAUSES.ended_at.is_(None), _PAUSES.ended_at >= ends)
    return _about(_PAUSES, _PAUSES.began_at < ends, still)


# 6: first contact


def _at_first_contact(frame: Frame) -> ColumnElement[bool]:
    return and_(
        Complaint.closing_ground == Ground.ACCEPTED.value,
        Complaint.level == 0,
        Complaint.reopened == 0,
        frame.same_day(Complaint.received_at, Complaint.answered_at),
    )


# 7: assessed by two


def _assessed_by_two(_frame: Frame) -> ColumnElement[bool]:
    return _pair_of_assessments(lambda _first, _second: true())


def _assessed_otherwise(_frame: Frame) -> ColumnElement[bool]:
    return _pair_of_assessments(lambda first, second: first.priority != second.priority)


def _pair_of_assessments(holds: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    first, second = _ASSESSMENTS.alias().c, _ASSESSMENTS.alias().c
    return exists(
        select(first.id).where(
            first.complaint_id == Complaint.id,
            second.complaint_id == Complaint.id,
            second.id > first.id,
            second.assessed_by != first.assessed_by,
            holds(first, second),
        )
    )


# 10: repeats


def _cause_known(_frame: Frame) -> ColumnElement[bool]:
    return _about(_INVESTIGATIONS, _INVESTIGATIONS.cause.not_in(("", CAUSE_NOT_FOUND)))


def _repeats(frame: Frame) -> ColumnElement[bool]:
    """Linked as a repeat, or of a cause that a complaint had which came in before it within the window.

    Those of a cause stand in the order in which they came, so that one pass compares each with the one before.
    """
    its, one = aliased(ComplaintInvestigation), aliased(Complaint)
    caused = (
        select(its.cause, one.id, one.received_at)
        .join(one, one.id == its.complaint_id)
        .where(its.cause.not_in(("", CAUSE_NOT_FOUND)))
        .subquery()
    ).c
    before, who = (
        func.lag(column).over(partition_by=caused.cause, order_by=(caused.received_at, caused.id))
        for column in (caused.received_at, caused.id)
    )
    beside = select(caused.id, caused.received_at, before.label("before"), who.label("who")).subquery().c
    # Investigated twice with one cause, a complaint stands beside itself; the first of the two beside another.
    recent = and_(
        beside.who != beside.id, frame.seconds(beside.before, beside.received_at) <= frame.repeat_days * 86_400
    )
    linked = _about(_LINKS, _LINKS.relation.in_((Relation.REPEAT.value, Relation.SAME_CAUSE.value)))
    return or_(linked, Complaint.id.in_(select(beside.id).where(recent)))


# 9 and 11: what became of decisions


def _refused(_frame: Frame) -> ColumnElement[bool]:
    refused = _about(_DECISIONS, _DECISIONS.answer == Answer.REFUSED.value)
    return or_(Complaint.answer == Answer.REFUSED.value, refused)


def _escalated(_frame: Frame) -> ColumnElement[bool]:
    return or_(Complaint.level > 0, _about(_ESCALATIONS, _ESCALATIONS.state == "done"))


def _referred(_frame: Frame) -> ColumnElement[bool]:
    return _about(_REFERRALS)


def _decided_outside(_frame: Frame) -> ColumnElement[bool]:
    return _about(_REFERRALS, _REFERRALS.ended_on.is_not(None))


def _overturned(_frame: Frame) -> ColumnElement[bool]:
    return _about(_REFERRALS, _REFERRALS.overturned.is_(True))


# 14: learning


def _upheld(_frame: Frame) -> ColumnElement[bool]:
    return Complaint.outcome.in_((Outcome.UPHELD.value, Outcome.PARTLY.value))


def _with_action(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an action answers the complaint: its own, that of a selection it is in, or of its category."""
    own = and_(Action.origin_kind == "complaint", Action.origin_id == Complaint.id)
    chosen = select(ComplaintGathered.gathering_id).where(ComplaintGathered.complaint_id == Complaint.id)
    category = select(ComplaintGathering.id).where(
        ComplaintGathering.category != "", ComplaintGathering.category == Complaint.category
    )
    gathered = and_(
        Action.origin_kind == "complaints", or_(Action.origin_id.in_(chosen), Action.origin_id.in_(category))
    )
    return exists(select(Action.id).where(or_(own, gathered), *conditions))


def _action_raised(_frame: Frame) -> ColumnElement[bool]:
    return _with_action()


def _action_judged(_frame: Frame) -> ColumnElement[bool]:
    return _with_action(exists(select(ActionEffect.id).where(_last_effect(), ActionEffect.effective.is_not(None))))


def _action_effective(_frame: Frame) -> ColumnElement[bool]:
    return _with_action(exists(select(ActionEffect.id).where(_last_effect(), ActionEffect.effective.is_(True))))


def _last_effect() -> ColumnElement[bool]:
    return and_(ActionEffect.action_id == Action.id, ActionEffect.round == Action.round)


def _outcome(outcome: Outcome) -> Counted:
    return lambda _frame: Complaint.outcome == outcome.value


SHARES = (
    Share("received", "received", N_("Complaints received"), _received),
    Share(
        "acknowledged-on-time",
        "acknowledged-on-time",
        N_("Acknowledged on time"),
        _with(_received, _acknowledgement_counts),
        lambda frame: ~acknowledged_late(frame),
        better="higher",
        left_out={
            NO_DUE: _with(_received, lambda _frame: ~due(ACKNOWLEDGE, DUES.state != "dropped")),
            STILL_RUNNING: _with(
                _received,
                lambda frame: and_(
                    due(ACKNOWLEDGE, DUES.state != "dropped"), ~_acknowledgement_counts(frame)
                ),
            ),
        },
        empty=N_("not checked because no complaint of the period has a due date for its acknowledgement"),
    ),
    Share(
        "acknowledged-automatically",
        "acknowledged-on-time",
        N_("Answered at once by a machine"),
        _received,
        _automatic,
    ),
    Share(
        "decided-on-time",
        "decided-on-time",
        N_("Decided on time"),
        _decided_or_overdue,
        _decided_in_time,
        better="higher",
        left_out={NO_DUE: _with(_decided, lambda _frame: ~due(DECIDE, COUNTS))},
        empty=N_("not checked because no decision of the period has a due date"),
    ),
    Share(
        "backlog",
        "backlog",
        N_("Open at the end"),
        _open,
        better="lower",
        left_out={DAY_UNKNOWN: _closed_on_unknown_day},
    ),
    Share("backlog-0-7", "backlog", N_("Open for 0 to 7 days"), _with(_open, _age(0, 7))),
    Share("backlog-8-30", "backlog", N_("Open for 8 to 30 days"), _with(_open, _age(8, 30))),
    Share("backlog-31-60", "backlog", N_("Open for 31 to 60 days"), _with(_open, _age(31, 60)), better="lower"),
    Share("backlog-over-60", "backlog", N_("Open for more than 60 days"), _with(_open, _age(61, None)), better="lower"),
    Share("backlog-waiting", "backlog", N_("Open, and waiting for information"), _with(_open, _waits)),
    Share(
        "first-contact", "first-contact", N_("Settled at first contact"), _closed, _at_first_contact, better="higher"
    ),
    Share(
        "wrongly-prioritised",
        "wrongly-prioritised",
        N_("Given another priority by a second person"),
        _with(_received, _assessed_by_two),
        _assessed_otherwise,
        better="lower",
        empty=N_("not checked because no complaint of the period was assessed by a second person"),
    ),
    Share("upheld", "upheld", N_("Upheld"), _decided, _outcome(Outcome.UPHELD)),
    Share("partly-upheld", "upheld", N_("Partly upheld"), _decided, _outcome(Outcome.PARTLY)),
    Share("not-upheld", "upheld", N_("Rejected"), _decided, _outcome(Outcome.REJECTED)),
    Share(
        "reopened",
        "reopened-refused",
        N_("Opened again"),
        _decided,
        lambda _frame: Complaint.reopened > 0,
        better="lower",
    ),
    Share("refused", "reopened-refused", N_("Decision refused"), _decided, _refused, better="lower"),
    Share(
        "repeated",
        "repeated",
        N_("Repeats of an earlier complaint"),
        _with(_received, _cause_known),
        _repeats,
        better="lower",
        empty=N_("not checked because no complaint of the period has a cause on record"),
    ),
    Share("escalated", "escalated", N_("Escalated"), _decided, _escalated, better="lower"),
    Share("referred", "escalated", N_("Taken to an external body"), _decided, _referred, better="lower"),
    Share(
        "overturned",
        "escalated",
        N_("Decided outside against us"),
        _with(_decided, _decided_outside),
        _overturned,
        better="lower",
        empty=N_("not checked because no external body has decided a case of the period"),
    ),
    Share(
        "cause-known",
        "causes-and-actions",
        N_("Upheld, with a known cause"),
        _with(_decided, _upheld),
        _cause_known,
        better="higher",
    ),
    Share(
        "action-raised",
        "causes-and-actions",
        N_("Cause known, with an action"),
        _with(_decided, _upheld, _cause_known),
        _action_raised,
        better="higher",
    ),
    Share(
        "action-effective",
        "causes-and-actions",
        N_("Action judged, and effective"),
        _with(_decided, _upheld, _cause_known, _action_judged),
        _action_effective,
        better="higher",
        empty=N_("not checked because the effect of no action has been judged"),
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in SHARES}
