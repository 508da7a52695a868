"""The promises of a period as they were recorded, and the policy that is in force now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from auditkit.base.calendar import Calendar, Limit, Pause, Unit, kept
from auditkit.base.db import Session
from auditkit.complaints.checking.recomputing import counted_pause
from auditkit.complaints.clock.knowing import limits_in_force
from auditkit.complaints.clock.models import ClockHold, ComplaintClock, ComplaintDue, TimeLimit
from auditkit.complaints.clock.rules import Ended, LimitRule, Starts, Target
from auditkit.complaints.models import Complaint
from auditkit.insights.indicators.frame import Frame, frame
from auditkit.insights.rules import Selection
from auditkit.insights.whatif.rules import Promise, Terms

MOST = 20_000
"""Promises replayed at once, for each is counted day by day. Of more, one in two, three, … is; the page says so."""
COUNTED = (Ended.MET.value, Ended.RUNNING.value)
MANY = 500
MOST_PRIORITIES = 50
_SPREAD, _WHOLE = 2_654_435_761, 4_294_967_296
_RUNS = ComplaintDue.state == Ended.RUNNING.value


@dataclass(frozen=True)
class InForce:
    """A limit in force now, with its set's title."""

    rule: LimitRule
    terms: Terms
    set_title: str


@dataclass(frozen=True)
class Further:
    """What the promises are narrowed by beside the selection, as the register is. `owner` 0: nobody."""

    priority: str = ""
    owner: int | None = None
    level: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a complaint must be."""
        found: list[ColumnElement[bool]] = []
        if self.priority:
            found.append(Complaint.priority == self.priority)
        if self.owner is not None:
            found.append(Complaint.owner_id == self.owner if self.owner else Complaint.owner_id.is_(None))
        if self.level is not None:
            found.append(Complaint.level == self.level)
        return found


@dataclass(frozen=True)
class Recorded:
    """The promises that began in a period, or one in `every` of them, by their keys and so by chance.

    `of` is how many there are and `missed` how many of all were missed, both counted in full; `ended`: how many more
    were dropped or put off.
    """

    promises: tuple[Promise, ...]
    calendars: dict[int, Calendar]
    of: int
    missed: int
    every: int
    ended: int


def in_force(tx: Session, now: datetime) -> list[InForce]:
    """The limits that complaints get now."""
    return [
        InForce(
            LimitRule(limit.id, limit.set_id, Target(limit.target), Starts(limit.starts), tuple(limit.severities),
                      tuple(limit.priorities)),
            _terms(limit),
            owner.title,
        )
        for limit, owner in limits_in_force(tx, now)
    ]  # fmt: skip


def recorded(
    tx: Session, selection: Selection, now: datetime, further: Further = Further(), most: int = MOST
) -> Recorded:
    """The promises of the selection whose time began in its period, at most about `most` of them."""
    of, narrowed = frame(tx, selection, now), further.conditions()
    late = or_(ComplaintDue.late.is_(True), and_(_RUNS, ComplaintDue.due_at < now))
    counting = select(func.count(), func.coalesce(func.sum(case((late, 1), else_=0)), 0))
    counting = counting.select_from(ComplaintDue).join(Complaint).where(*narrowed)
    number, missed = tx.execute(counting.where(*_asked(of))).one()
    every = max(ceil(number / most), 1)
    query = (
        select(ComplaintDue, TimeLimit, Complaint.reference, ComplaintClock.priority)
        .join(Complaint, Complaint.id == ComplaintDue.complaint_id)
        .join(ComplaintClock, ComplaintClock.complaint_id == ComplaintDue.complaint_id)
        .outerjoin(TimeLimit, TimeLimit.id == ComplaintDue.limit_id)
        .where(*_asked(of), *narrowed, _sampled(every))
        .order_by(ComplaintDue.starts_at.desc(), ComplaintDue.id.desc())
    )
    rows = tx.execute(query).all()
    holds = _holds(tx, {due.complaint_id for due, *_rest in rows})
    promises = tuple(
        _promise(due, limit, reference, priority, holds.get(due.complaint_id, []))
        for due, limit, reference, priority in rows
    )
    calendars = {key: kept.frozen(tx, key) for key in {one.calendar_id for one in promises}}
    ended = counting.where(*of.selected, of.within(ComplaintDue.starts_at), ComplaintDue.state.not_in(COUNTED))
    return Recorded(promises, calendars, int(number), int(missed), every, int(tx.execute(ended).one()[0]))


def _sampled(every: int) -> ColumnElement[bool]:
    """One in so many, spread evenly by a multiplicative hash of the key (Knuth, volume 3, 6.4).

    Every third key by itself would be the same promise of each complaint, where each has three.
    """
    return ComplaintDue.id * _SPREAD % _WHOLE < _WHOLE // every


def priorities(tx: Session) -> list[str]:
    """The priorities that complaints have, and that limits in force are chosen by."""
    query = select(Complaint.priority).distinct().where(Complaint.priority != "").limit(MOST_PRIORITIES)
    return sorted(tx.execute(query).scalars())


def _asked(of: Frame) -> list[ColumnElement[bool]]:
    return [*of.selected, of.within(ComplaintDue.starts_at), ComplaintDue.state.in_(COUNTED)]


def _terms(limit: TimeLimit) -> Terms:
    return Terms(Limit(limit.amount, Unit(limit.unit), limit.working), limit.pausable)


def _promise(
    due: ComplaintDue, limit: TimeLimit | None, reference: str, priority: str, holds: list[ClockHold]
) -> Promise:
    pauses: tuple[Pause, ...] = tuple(found for hold in holds if (found := counted_pause(hold, due.ended_at)))
    return Promise(
        reference,
        due.set_id,
        due.set_title,
        Target(due.target),
        due.starts_at,
        due.explanation.get("limit", {}).get("severity", ""),
        priority,
        _terms(limit) if limit else None,
        due.calendar_id,
        pauses,
        due.due_at,
        due.ended_at if due.state == Ended.MET.value else None,
    )


def _holds(tx: Session, complaint_ids: Iterable[int]) -> dict[int, list[ClockHold]]:
    """The pauses that held, by complaint, asked for in few statements."""
    found: dict[int, list[ClockHold]] = {}
    ids = sorted(complaint_ids)
    for first in range(0, len(ids), MANY):
        query = select(ClockHold).where(
            ClockHold.complaint_id.in_(ids[first : first + MANY]), ClockHold.holds_until.is_not(None)
        )
        for hold in tx.execute(query).scalars():
            found.setdefault(hold.complaint_id, []).append(hold)
    return found
