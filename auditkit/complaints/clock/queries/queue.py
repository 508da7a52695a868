"""What is due next: everybody's or one person's, a page at a time by key, and the same for rows of the register.

Each part of the queue runs along one index of `complaint_clock`; tests/slices/complaints_clock/test_queue.py looks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from auditkit.base.db import SCOPE, NoScope, Session, UtcDateTime
from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.clock.models import ComplaintClock, ComplaintUntimed
from auditkit.complaints.clock.rules import State, Target
from auditkit.complaints.models import Complaint

PAGE_ROWS = 50
COUNTED_UP_TO = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATES = (State.OVERDUE.value, State.WARNED.value)
_CURSOR = re.compile(r"(-?[0-9]{1,17})\.([0-9]{1,18})")


class PlaceUnreadable(BadInput):
    message = N_("The address of this page of the list is damaged. Start again from its first page")


@dataclass(frozen=True)
class QueueWanted:
    """Which part: `person_id` None for everybody's, `unowned` what nobody owns; `state` of STATES or "".

    `standing_in_for`: whose cases are the person's too while they are away. `channels`: of what nobody owns, only what
    came in by these.
    """

    person_id: int | None = None
    unowned: bool = False
    state: str = ""
    standing_in_for: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class NextDue:
    """What is due next in a case."""

    target: Target
    due_at: datetime
    state: State
    paused: bool


@dataclass(frozen=True)
class QueueRow:
    """One case of the queue."""

    id: int
    reference: str
    subject: str
    product: str
    severity: str
    stage: str
    answer: str
    owner_id: int | None
    deputy_id: int | None
    channel: str
    due: NextDue


@dataclass(frozen=True)
class Load:
    """What one member owns (None: nobody does): cases in which anything is due, of these overdue, and due by a day."""

    owner_id: int | None
    open: int
    overdue: int
    soon: int


@dataclass(frozen=True)
class Queue:
    """A page of the queue; `next` is the cursor of the page that follows, None at the end."""

    rows: list[QueueRow]
    next: str | None


_NEXT = "SELECT complaint_id, next_target, next_warn_at, next_due_at, next_very_at, paused_until FROM complaint_clock"
_COLUMNS = (
    Complaint.id,
    Complaint.reference,
    Complaint.subject,
    Complaint.product,
    Complaint.severity,
    Complaint.stage,
    Complaint.answer,
    ComplaintClock.owner_id,
    ComplaintClock.deputy_id,
    Complaint.channel,
    ComplaintClock.next_target,
    ComplaintClock.next_warn_at,
    ComplaintClock.next_due_at,
    ComplaintClock.next_very_at,
    ComplaintClock.paused_until,
)


def queue(tx: Session, wanted: QueueWanted, now: datetime, cursor: str = "") -> Queue:
    """At most PAGE_ROWS cases, what is due first on top. Raises PlaceUnreadable."""
    after = _place(cursor)
    found: dict[int, Any] = {}
    for condition in _whose(wanted):
        columns: Any = select(*_COLUMNS)
        query = _narrowed(columns.join(Complaint, Complaint.id == ComplaintClock.complaint_id), wanted, now)
        query = query.where(ComplaintClock.next_due_at.is_not(None), *condition)
        if after:
            place = tuple_(literal(after[0], UtcDateTime()), after[1])
            query = query.where(tuple_(ComplaintClock.next_due_at, ComplaintClock.complaint_id) > place)
        query = query.order_by(ComplaintClock.next_due_at, ComplaintClock.complaint_id).limit(PAGE_ROWS + 1)
        found.update((row.id, row) for row in tx.execute(query))
    rows = sorted(found.values(), key=lambda row: (row.next_due_at, row.id))
    page = [_row(row, now) for row in rows[:PAGE_ROWS]]
    return Queue(page, _cursor(page[-1]) if len(rows) > PAGE_ROWS else None)


def counts(tx: Session, wanted: QueueWanted, now: datetime) -> dict[str, int]:
    """State -> number of cases in it; more than COUNTED_UP_TO are not counted on (`counted` says so)."""
    numbers = {}
    for state in STATES:
        part = replace(wanted, state=state)
        ids: set[int] = set()
        for condition in _whose(wanted):
            query = _narrowed(select(ComplaintClock.complaint_id), part, now)
            query = query.where(ComplaintClock.next_due_at.is_not(None), *condition).limit(COUNTED_UP_TO + 1)
            ids.update(tx.execute(query).scalars())
        numbers[state] = len(ids)
    return numbers


def loads(tx: Session, now: datetime, until: datetime) -> list[Load]:
    """What each member has to do, who has most of it overdue first; along the index of owners."""
    due = ComplaintClock.next_due_at
    query = (
        select(
            ComplaintClock.owner_id,
            func.count(),
            func.sum(case((due < now, 1), else_=0)),
            func.sum(case((and_(due >= now, due < until), 1), else_=0)),
        )
        .where(due.is_not(None))
        .group_by(ComplaintClock.owner_id)
    )
    found = [Load(owner_id, number, int(late), int(soon)) for owner_id, number, late, soon in tx.execute(query)]
    return sorted(found, key=lambda one: (-one.overdue, -one.soon, -one.open, one.owner_id or 0))


def counted(number: int) -> str:
    """A number of `counts` as it is shown: "1,000+" where it was not counted on."""
    return f"{COUNTED_UP_TO:,}+" if number > COUNTED_UP_TO else str(number)


def next_dues(tx: Session, complaint_ids: Iterable[int], now: datetime) -> dict[int, NextDue]:
    """Complaint -> what is due next, for those where anything is; for the rows of a list.

    Written out and straight to the driver, because the register asks for it with every page.
    """
    numbers = ", ".join(str(int(number)) for number in complaint_ids)
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("what is due needs transaction(actor) or reading(actor)")
    if not numbers:
        return {}
    statement = f"{_NEXT} WHERE organisation_id = {int(organisation_id)} AND complaint_id IN ({numbers})"
    rows = tx.connection().exec_driver_sql(f"{statement} AND next_due_at IS NOT NULL")
    return {
        number: _due(target, _moment(warn), _moment(due), _moment(very), _moment(paused), now)
        for number, target, warn, due, very, paused in rows
    }


def without_clock(tx: Session) -> int:
    """How many open complaints have no clock; more than COUNTED_UP_TO are not counted on."""
    query = select(ComplaintUntimed.complaint_id).limit(COUNTED_UP_TO + 1)
    return int(tx.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _whose(wanted: QueueWanted) -> list[tuple[ColumnElement[bool], ...]]:
    """The parts of which the queue is put together, each along an index of its own."""
    if wanted.unowned:
        return [(ComplaintClock.owner_id.is_(None), *_came_by(wanted.channels))]
    if wanted.person_id is None:
        return [()]
    owners = (wanted.person_id, *wanted.standing_in_for)
    return [*((ComplaintClock.owner_id == one,) for one in owners), (ComplaintClock.deputy_id == wanted.person_id,)]


def _came_by(channels: tuple[str, ...]) -> tuple[ColumnElement[bool], ...]:
    if not channels:
        return ()
    its = aliased(Complaint)  # the query around it may name the complaint too
    return (exists().where(its.id == ComplaintClock.complaint_id, its.channel.in_(channels)),)


def _narrowed(query: Select[Any], wanted: QueueWanted, now: datetime) -> Select[Any]:
    if wanted.state == State.OVERDUE:
        return query.where(ComplaintClock.next_due_at < now)
    if wanted.state == State.WARNED:
        return query.where(and_(ComplaintClock.next_due_at >= now, ComplaintClock.next_warn_at <= now))
    return query


def _row(row: Any, now: datetime) -> QueueRow:
    return QueueRow(
        row.id,
        row.reference,
        row.subject,
        row.product,
        row.severity,
        row.stage,
        row.answer,
        row.owner_id,
        row.deputy_id,
        row.channel,
        _next(row, now),
    )


def _next(row: Any, now: datetime) -> NextDue:
    return _due(row.next_target, row.next_warn_at, row.next_due_at, row.next_very_at, row.paused_until, now)


def _due(target: str, warn: Any, due: Any, very: Any, paused_until: Any, now: datetime) -> NextDue:
    state = State.ON_TIME
    if now > due:
        state = State.VERY_OVERDUE if now > very else State.OVERDUE
    elif now >= warn:
        state = State.WARNED
    return NextDue(Target(target), due, state, now <= due and paused_until is not None and now < paused_until)


def _moment(value: Any) -> datetime | None:
    """A moment as the driver gives it: text on SQLite."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _cursor(row: QueueRow) -> str:
    return f"{(row.due.due_at - EPOCH) // timedelta(microseconds=1)}.{row.id}"


def _place(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    parts = _CURSOR.fullmatch(cursor)
    if not parts:
        raise PlaceUnreadable
    try:
        return EPOCH + timedelta(microseconds=int(parts[1])), int(parts[2])
    except OverflowError as error:
        raise PlaceUnreadable from error
