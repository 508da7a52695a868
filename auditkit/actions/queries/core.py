"""Reads over actions: the list, one action, the state of what they answer, and the register for packs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from auditkit.accounts.queries import days_of_house, names
from auditkit.actions import models, rules
from auditkit.actions.models import Action, ActionStep
from auditkit.actions.rules import COMPLETION, CORRECTION_FILES, STEP_FILES, VERIFICATION, Kind, State
from auditkit.base.db import Session
from auditkit.base.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action in a list."""

    id: int
    number: str
    kind: Kind
    title: str
    origin: tuple[str, int]
    origin_title: str
    owner_id: int
    due_on: date
    state: State

    def overdue(self, today: date) -> bool:
        """Whether it should have been reported as done before `today`."""
        return rules.overdue(state=self.state, due_on=self.due_on, today=today)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A round that had no effect."""

    round: int
    completed_at: datetime
    completed_by: int
    completion: str
    verified_at: datetime
    verified_by: int
    verification: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action with its earlier rounds. Its files are evidence at (`COMPLETION`, id) and (`VERIFICATION`, id)."""

    id: int
    number: str
    kind: Kind
    title: str
    origin: tuple[str, int]
    origin_title: str
    cause_required: bool
    correction: str
    cause: str
    plan: str
    owner_id: int
    due_on: date
    state: State
    round: int
    opened_at: datetime
    opened_by: int | None
    completed_at: datetime | None
    completed_by: int | None
    completion: str
    verified_at: datetime | None
    verified_by: int | None
    verification: str
    closed_at: datetime | None
    closed_by: int | None
    version: int
    attempts: tuple[Attempt, ...]

    def overdue(self, today: date) -> bool:
        """Whether it should have been reported as done before `today`."""
        return rules.overdue(state=self.state, due_on=self.due_on, today=today)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. `overdue_on` a day: only what was due before it and is still open."""

    owner_id: int | None = None
    state: State | None = None
    overdue_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures for the start page: open actions, those overdue, those waiting for verification, those closed."""

    open: int
    overdue: int
    waiting: int
    closed: int


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """An action as it stands in the register of a pack; people by name, rounds without effect counted."""

    number: str
    kind: Kind
    title: str
    origin_kind: str
    origin_title: str
    correction: str
    cause: str
    plan: str
    owner: str
    due_on: date
    state: State
    opened_at: datetime
    completed_at: datetime | None
    completed_by: str
    completion: str
    verified_at: datetime | None
    verified_by: str
    verification: str
    closed_at: datetime | None
    rounds_without_effect: int


_LINE = (
    Action.id,
    Action.number,
    Action.kind,
    Action.title,
    Action.origin_kind,
    Action.origin_id,
    Action.origin_title,
    Action.owner_id,
    Action.due_on,
    Action.state,
)


def _line(row: Any) -> ActionLine:
    return ActionLine(
        row.id,
        row.number,
        Kind(row.kind),
        row.title,
        (row.origin_kind, row.origin_id),
        row.origin_title,
        row.owner_id,
        row.due_on,
        State(row.state),
    )


def listing(
    tx: Session, wanted: Filter, after: tuple[date, int] | None = None
) -> tuple[list[ActionLine], tuple[date, int] | None]:
    """Actions by due date, at most 50; with the key of the next page, or None at the end."""
    query = select(*_LINE).order_by(Action.due_on, Action.id).limit(PAGE + 1)
    if wanted.owner_id is not None:
        query = query.where(Action.owner_id == wanted.owner_id)
    if wanted.state is not None:
        query = query.where(Action.state == wanted.state)
    if wanted.overdue_on is not None:
        query = query.where(Action.state == State.OPEN, Action.due_on < wanted.overdue_on)
    if after is not None:
        query = query.where(or_(Action.due_on > after[0], and_(Action.due_on == after[0], Action.id > after[1])))
    rows = tx.execute(query).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return [_line(row) for row in rows[:PAGE]], (last.due_on, last.id) if last else None


def counts(tx: Session, today: date, owner_id: int | None = None) -> Counts:
    """Figures for the start page, of one owner or of everybody."""
    query = select(
        func.count().filter(Action.state == State.OPEN),
        func.count().filter(Action.state == State.OPEN, Action.due_on < today),
        func.count().filter(Action.state == State.DONE),
        func.count().filter(Action.state == State.CLOSED),
    ).select_from(Action)
    if owner_id is not None:
        query = query.where(Action.owner_id == owner_id)
    row = tx.execute(query).one()
    return Counts(*row)


def by_number(tx: Session, number: str) -> ActionView:
    """One action. Raises NotFound, also for another organisation's."""
    action = tx.execute(select(Action).where(Action.number == number)).scalar_one_or_none()
    if action is None:
        raise NotFound()
    attempts = tx.execute(
        select(models.ActionAttempt)
        .where(models.ActionAttempt.action_id == action.id)
        .order_by(models.ActionAttempt.round)
    ).scalars()
    return ActionView(
        id=action.id,
        number=action.number,
        kind=Kind(action.kind),
        title=action.title,
        origin=(action.origin_kind, action.origin_id),
        origin_title=action.origin_title,
        cause_required=action.cause_required,
        correction=action.correction,
        cause=action.cause,
        plan=action.plan,
        owner_id=action.owner_id,
        due_on=action.due_on,
        state=State(action.state),
        round=action.round,
        opened_at=action.opened_at,
        opened_by=action.opened_by,
        completed_at=action.completed_at,
        completed_by=action.completed_by,
        completion=action.completion,
        verified_at=action.verified_at,
        verified_by=action.verified_by,
        verification=action.verification,
        closed_at=action.closed_at,
        closed_by=action.closed_by,
        version=action.version,
        attempts=tuple(
            Attempt(
                one.round,
                one.completed_at,
                one.completed_by,
                one.completion,
                one.verified_at,
                one.verified_by,
                one.verification,
            )
            for one in attempts
        ),
    )


def number_of(tx: Session, action_id: int) -> str:
    """The number of an action by its id. Raises NotFound."""
    number = tx.execute(select(Action.number).where(Action.id == action_id)).scalar_one_or_none()
    if number is None:
        raise NotFound()
    return number


def for_origins(tx: Session, kind: str, ids: Iterable[int]) -> dict[int, list[ActionLine]]:
    """The actions that answer each of these origins, by origin id, oldest first; ids without any are left out."""
    found: dict[int, list[ActionLine]] = {}
    query = select(*_LINE).where(Action.origin_kind == kind, Action.origin_id.in_(list(ids))).order_by(Action.id)
    for row in tx.execute(query):
        found.setdefault(row.origin_id, []).append(_line(row))
    return found


def _alive(tx: Session, query: Any, start: date, end: date) -> Any:
    """Only actions that were opened by `end` (inclusive) and not closed before `start`."""
    days = days_of_house(tx, start, end)
    return query.where(Action.opened_at < days.ends, or_(Action.closed_at.is_(None), Action.closed_at >= days.begins))


def register(tx: Session, start: date, end: date) -> Iterator[RegisterRow]:
    """The actions alive between two days (inclusive), by number: opened by the end and not closed before the start."""
    called = names(tx)
    rounds = Action.round
    query = _alive(
        tx,
        select(
            *_LINE,
            Action.correction,
            Action.cause,
            Action.plan,
            Action.opened_at,
            Action.completed_at,
            Action.completed_by,
            Action.completion,
            Action.verified_at,
            Action.verified_by,
            Action.verification,
            Action.closed_at,
            rounds,
        ),
        start,
        end,
    ).order_by(Action.opened_at, Action.id)
    for row in tx.execute(query.execution_options(yield_per=500)):
        yield RegisterRow(
            number=row.number,
            kind=Kind(row.kind),
            title=row.title,
            origin_kind=row.origin_kind,
            origin_title=row.origin_title,
            correction=row.correction,
            cause=row.cause,
            plan=row.plan,
            owner=called.get(row.owner_id, ""),
            due_on=row.due_on,
            state=State(row.state),
            opened_at=row.opened_at,
            completed_at=row.completed_at,
            completed_by=called.get(row.completed_by, ""),
            completion=row.completion,
            verified_at=row.verified_at,
            verified_by=called.get(row.verified_by, ""),
            verification=row.verification,
            closed_at=row.closed_at,
            rounds_without_effect=row.round - 1,
        )


def newest_change(tx: Session, start: date, end: date) -> datetime | None:
    """When an action of `register(start, end)` last changed; None without any."""
    newest: datetime | None = tx.execute(_alive(tx, select(func.max(Action.changed_at)), start, end)).scalar_one()
    return newest


def subjects(tx: Session, start: date, end: date) -> list[tuple[str, int]]:
    """The subjects that evidence of `register(start, end)` is linked to, as the evidence slice names them."""
    ids = tx.execute(_alive(tx, select(Action.id), start, end).order_by(Action.id)).scalars()
    return [(kind, action_id) for action_id in ids for kind in (COMPLETION, VERIFICATION)]


def path_subjects(tx: Session, start: date, end: date, only: frozenset[int] | None = None) -> list[tuple[str, int]]:
    """The subjects of the path of `register(start, end)`: corrections, and the steps of plans. `only`: of these ids."""
    ids = list(tx.execute(_alive(tx, select(Action.id), start, end).order_by(Action.id)).scalars())
    steps = _alive(tx, select(ActionStep.id).join(Action, Action.id == ActionStep.action_id), start, end)
    found = [(CORRECTION_FILES, action_id) for action_id in ids]
    if only is not None:
        found = [one for one in found if one[1] in only]
        steps = steps.where(Action.id.in_(only))
    return found + [(STEP_FILES, step_id) for step_id in tx.execute(steps.order_by(ActionStep.id)).scalars()]
