"""Reads over many actions: the list with its filters and orders, and the board with a column for each phase."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from auditkit.actions import rules
from auditkit.actions.models import Action, ActionPath, ActionSearch, ActionStep
from auditkit.actions.rules import Grade, Kind, Phase, ReviewState, State, StepState
from auditkit.base import folding
from auditkit.base.db import Session
from auditkit.registers import queries as registers

ROWS = 50
COLUMN = 40
CLOSED_SHOWN = timedelta(days=30)


class Order(StrEnum):
    """In which order the list comes; each is exact, since the key decides between equals."""

    DUE = "due"
    NEWEST = "newest"
    CHANGED = "changed"


@dataclass(frozen=True)
class Wanted:
    """What is shown. `mine`: owned by that person, or with a step of theirs. `overdue_on`: open and due before it."""

    owner_id: int | None = None
    mine: int | None = None
    state: State | None = None
    kind: Kind | None = None
    grade: Grade | None = None
    origin: str = ""
    category_id: int | None = None
    overdue_on: date | None = None
    text: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Row:
    """An action in the list or on the board. `steps` and `steps_open` leave dropped ones out."""

    id: int
    number: str
    kind: Kind
    title: str
    origin_kind: str
    origin_title: str
    owner_id: int
    due_on: date
    state: State
    opened_at: datetime
    changed_at: datetime
    grade: Grade
    review: ReviewState
    reopened: int
    phase: Phase
    steps: int
    steps_open: int

    def overdue(self, today: date) -> bool:
        """Whether it should have been reported as done before `today`."""
        return rules.overdue(state=self.state, due_on=self.due_on, today=today)


_KEPT = and_(ActionStep.action_id == Action.id, ActionStep.state != StepState.DROPPED)
_STEPS = select(func.count()).select_from(ActionStep).where(_KEPT).correlate(Action).scalar_subquery()
_OPEN = (
    select(func.count())
    .select_from(ActionStep)
    .where(ActionStep.action_id == Action.id, ActionStep.state == StepState.OPEN)
    .correlate(Action)
    .scalar_subquery()
)
_PLAIN = (
    Action.id,
    Action.number,
    Action.kind,
    Action.title,
    Action.origin_kind,
    Action.origin_title,
    Action.owner_id,
    Action.due_on,
    Action.state,
    Action.opened_at,
    Action.changed_at,
)


def _query() -> Select[Any]:
    columns: list[Any] = [
        *_PLAIN,
        Action.plan,
        func.coalesce(ActionPath.grade, "").label("grade"),
        func.coalesce(ActionPath.review, "").label("review"),
        func.coalesce(ActionPath.reopened, 0).label("reopened"),
        func.coalesce(ActionPath.needs, "").label("needs"),
        ActionPath.plan_ready_at,
        _STEPS.label("steps"),
        _OPEN.label("steps_open"),
    ]
    return select(*columns).outerjoin(ActionPath, ActionPath.action_id == Action.id)


def _row(row: Any) -> Row:
    state = State(row.state)
    phase = rules.phase(
        state=state,
        needs=bool(row.needs),
        plan_ready=row.plan_ready_at is not None,
        planned=bool(row.plan.strip()) or row.steps > 0,
    )
    values = {column.key: getattr(row, column.key) for column in _PLAIN}
    values.update(kind=Kind(row.kind), state=state, grade=Grade(row.grade), review=ReviewState(row.review))
    return Row(**values, reopened=row.reopened, phase=phase, steps=row.steps, steps_open=row.steps_open)


def narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """`query` over actions and their paths with what is wanted."""
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal: list[tuple[Any, Any]] = [
        (Action.owner_id, wanted.owner_id),
        (Action.state, wanted.state),
        (Action.kind, wanted.kind),
        (ActionPath.grade, wanted.grade),
        (ActionPath.category_id, wanted.category_id),
    ]
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.origin:
        found.append(_from(wanted.origin))
    if wanted.mine is not None:
        step = exists().where(
            ActionStep.action_id == Action.id, ActionStep.owner_id == wanted.mine, ActionStep.state == StepState.OPEN
        )
        found.append(or_(Action.owner_id == wanted.mine, step))
    if wanted.overdue_on is not None:
        found += [Action.state == State.OPEN, Action.due_on < wanted.overdue_on]
    for word in folding.words(wanted.text)[:8]:
        holds = ActionSearch.folded.contains(word, autoescape=True)
        found.append(exists().where(ActionSearch.action_id == Action.id, holds))
    return found


def _from(origin: str) -> ColumnElement[bool]:
    """What an action answers. A risk is one told in words, or an entry of the register of risks."""
    if origin != "risk":
        return Action.origin_kind == origin
    entered = and_(Action.origin_kind == registers.SUBJECT, Action.origin_id.in_(registers.ids_in(registers.RISKS)))
    return or_(Action.origin_kind == origin, entered)


Key = tuple[str, int]


def page(tx: Session, wanted: Wanted, order: Order, after: Key | None = None) -> tuple[list[Row], Key | None]:
    """At most 50 actions in this order, and the key after which the next page begins; None at the end."""
    column: Any = {Order.DUE: Action.due_on, Order.NEWEST: Action.opened_at, Order.CHANGED: Action.changed_at}[order]
    query = narrowed(_query(), wanted).limit(ROWS + 1)
    falling = order is not Order.DUE
    query = query.order_by(column.desc() if falling else column, Action.id.desc() if falling else Action.id)
    if after is not None:
        value = _value(order, after[0])
        if falling:
            query = query.where(or_(column < value, and_(column == value, Action.id < after[1])))
        else:
            query = query.where(or_(column > value, and_(column == value, Action.id > after[1])))
    rows = [_row(one) for one in tx.execute(query)]
    last = rows[ROWS - 1] if len(rows) > ROWS else None
    return rows[:ROWS], _key(order, last) if last else None


def key_fits(order: Order, text: str) -> bool:
    """Whether a key that came in an address is one of this order."""
    try:
        found = _value(order, text)
    except ValueError:
        return False
    return not isinstance(found, datetime) or found.tzinfo is not None


def _value(order: Order, text: str) -> date | datetime:
    return date.fromisoformat(text) if order is Order.DUE else datetime.fromisoformat(text)


def _key(order: Order, row: Row) -> Key:
    value = {Order.DUE: row.due_on, Order.NEWEST: row.opened_at, Order.CHANGED: row.changed_at}[order]
    return value.isoformat(), row.id


def every(tx: Session, wanted: Wanted) -> list[Row]:
    """All of them, by number; for leaving in a table."""
    return [_row(one) for one in tx.execute(narrowed(_query(), wanted).order_by(Action.id))]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: the rows shown, and how many there are."""

    phase: Phase
    rows: tuple[Row, ...]
    number: int


def board(tx: Session, wanted: Wanted, now: datetime) -> list[Column]:
    """The columns in the order of the path; of closed actions those of the last thirty days."""
    query = narrowed(_query(), wanted).where(or_(Action.state != State.CLOSED, Action.closed_at >= now - CLOSED_SHOWN))
    found: dict[Phase, list[Row]] = {phase: [] for phase in Phase}
    for one in tx.execute(query.order_by(Action.due_on, Action.id)):
        row = _row(one)
        found[row.phase].append(row)
    return [Column(phase, tuple(rows[:COLUMN]), len(rows)) for phase, rows in found.items()]
