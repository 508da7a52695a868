"""Figures over the actions: ageing of what is not closed, causes by category, cost, how often the effect failed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.actions.models import Action, ActionPath, ActionStep, CauseCategory
from auditkit.actions.rules import State, StepState
from auditkit.base.db import Session

BANDS = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days since an action was opened, both included."""


@dataclass(frozen=True, slots=True)
class Band:
    """Actions of an age: how many, and how many of them are overdue."""

    first: int
    last: int | None
    number: int
    overdue: int


@dataclass(frozen=True, slots=True)
class CauseBar:
    """A category of causes: how many actions, and the share of this and all before it in percent."""

    category_id: int | None
    title: str
    number: int
    cumulative: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Hundredths of a currency: planned in all, and of steps done."""

    currency: str
    planned: int
    spent: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Actions whose effect was judged at least once, and how many of them ever opened again."""

    judged: int
    reopened: int


def ageing(tx: Session, now: datetime, today: date) -> list[Band]:
    """Actions that are not closed by the days since they were opened."""
    query = select(Action.opened_at, Action.state, Action.due_on).where(Action.state != State.CLOSED)
    rows = [((now - row.opened_at).days, row.state == State.OPEN and row.due_on < today) for row in tx.execute(query)]
    found = []
    for first, last in BANDS:
        ages = [late for age, late in rows if first <= age and (last is None or age <= last)]
        found.append(Band(first, last, len(ages), sum(ages)))
    return found


def causes(tx: Session) -> list[CauseBar]:
    """The categories of causes, most frequent first; last those whose cause has no category (title empty)."""
    query = (
        select(ActionPath.category_id, CauseCategory.title)
        .join(Action, Action.id == ActionPath.action_id)
        .outerjoin(CauseCategory, CauseCategory.id == ActionPath.category_id)
        .where(Action.cause != "")
    )
    counted = Counter((row.category_id, row.title or "") for row in tx.execute(query))
    ordered = sorted(counted.items(), key=lambda one: (one[0][0] is None, -one[1], one[0][1]))
    total, running, bars = sum(counted.values()), 0, []
    for (category_id, title), number in ordered:
        running += number
        bars.append(CauseBar(category_id, title, number, 100 * running / total))
    return bars


def costs(tx: Session) -> list[Cost]:
    """What the steps cost, by currency; dropped steps cost nothing."""
    query = (
        select(
            ActionStep.currency,
            func.sum(ActionStep.cost).label("planned"),
            func.coalesce(func.sum(ActionStep.cost).filter(ActionStep.state == StepState.DONE), 0).label("spent"),
        )
        .where(ActionStep.cost.is_not(None), ActionStep.state != StepState.DROPPED)
        .group_by(ActionStep.currency)
        .order_by(ActionStep.currency)
    )
    return [Cost(row.currency, int(row.planned), int(row.spent)) for row in tx.execute(query)]


def effects(tx: Session) -> Effects:
    """How many actions were judged, and how many opened again at least once."""
    reopened = func.coalesce(ActionPath.reopened, 0) > 0
    judged = (Action.state.in_((State.VERIFIED, State.CLOSED))) | reopened
    query = (
        select(func.count().filter(judged), func.count().filter(reopened))
        .select_from(Action)
        .outerjoin(ActionPath, ActionPath.action_id == Action.id)
    )
    return Effects(*tx.execute(query).one())
