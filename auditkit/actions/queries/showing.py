"""What the actions of a period show, in one statement: for the clause matrix. tests/slices/readiness/test_matrix.py."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from auditkit.accounts.queries import day_of_house, days_of_house
from auditkit.actions.models import Action
from auditkit.actions.rules import State
from auditkit.base.db import Session


class Lack(StrEnum):
    """What an action may lack."""

    CAUSE = "cause"
    TIME = "time"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class Shown:
    """Actions alive in the period: opened by its end, not closed before its start."""

    alive: int
    cause_needed: int
    without_cause: int
    overdue: int
    done: int
    unverified: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An action that is not settled: open (`overdue` on the last day), or `done` and its effect not verified yet."""

    number: str
    title: str
    overdue: bool
    done: bool


def waiting(tx: Session, origin_kind: str, first: date, last: date) -> dict[int, list[Waiting]]:
    """The actions alive from `first` to `last` and not settled that answer records of a kind, by the record's id."""
    query = (
        select(Action.origin_id, Action.number, Action.title, Action.due_on, Action.state)
        .where(
            _alive(tx, first, last),
            Action.origin_kind == origin_kind,
            Action.state.in_((State.OPEN.value, State.DONE.value)),
        )
        .order_by(Action.id)
    )
    found: dict[int, list[Waiting]] = {}
    for row in tx.execute(query):
        done = row.state == State.DONE.value
        overdue = not done and row.due_on < last
        found.setdefault(row.origin_id, []).append(Waiting(row.number, row.title, overdue, done))
    return found


def shown(tx: Session, first: date, last: date) -> Shown:
    """How the actions alive from `first` to `last` stand; what is overdue is so on `last`."""

    def number(*of: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*of), 1), else_=0)), 0)

    row = tx.execute(
        select(
            func.count(Action.id).label("alive"),
            number(Action.cause_required).label("cause_needed"),
            number(_lacks(Lack.CAUSE, last)).label("without_cause"),
            number(_lacks(Lack.TIME, last)).label("overdue"),
            number(Action.state != State.OPEN.value).label("done"),
            number(_lacks(Lack.VERIFICATION, last)).label("unverified"),
            func.max(Action.changed_at).label("newest"),
        ).where(_alive(tx, first, last))
    ).one()
    return Shown(
        int(row.alive),
        int(row.cause_needed),
        int(row.without_cause),
        int(row.overdue),
        int(row.done),
        int(row.unverified),
        day_of_house(tx, row.newest) if row.newest else None,
    )


def lacking(tx: Session, lack: Lack, first: date, last: date, limit: int) -> list[str]:
    """Numbers of the actions alive in the period that lack it."""
    query = select(Action.number).where(_alive(tx, first, last), _lacks(lack, last)).order_by(Action.id).limit(limit)
    return list(tx.execute(query).scalars())


def _alive(tx: Session, first: date, last: date) -> ColumnElement[bool]:
    days = days_of_house(tx, first, last)
    return and_(Action.opened_at < days.ends, or_(Action.closed_at.is_(None), Action.closed_at >= days.begins))


def _lacks(lack: Lack, on: date) -> ColumnElement[bool]:
    if lack is Lack.CAUSE:
        return and_(Action.cause_required, Action.cause == "")
    if lack is Lack.TIME:
        return and_(Action.state == State.OPEN.value, Action.due_on < on)
    return Action.state == State.DONE.value
