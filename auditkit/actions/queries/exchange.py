"""Reads for the table of actions that leaves and comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from auditkit.accounts.queries import names
from auditkit.actions.models import Action, ActionPath, CauseCategory
from auditkit.actions.queries.boards import Wanted, narrowed
from auditkit.actions.rules import Grade, Kind, State
from auditkit.base.db import Session


@dataclass(frozen=True, slots=True)
class TableRow:
    """An action as it stands in a table; people by name."""

    number: str
    version: int
    kind: Kind
    grade: Grade
    title: str
    origin_title: str
    owner_id: int
    owner: str
    due_on: date
    state: State
    correction: str
    cause: str
    category: str
    plan: str
    opened_at: datetime
    completed_at: datetime | None
    completion: str
    verified_at: datetime | None
    verification: str
    closed_at: datetime | None
    reopened: int


def table(tx: Session, wanted: Wanted) -> list[TableRow]:
    """The actions that are wanted, by number."""
    return _rows(tx, narrowed(_query(), wanted))


def table_of(tx: Session, numbers: Iterable[str]) -> dict[str, TableRow]:
    """These actions, by number; those that are not there are left out."""
    kept = list(numbers)
    found: dict[str, TableRow] = {}
    for start in range(0, len(kept), 500):
        for row in _rows(tx, _query().where(Action.number.in_(kept[start : start + 500]))):
            found[row.number] = row
    return found


def _query() -> Select[Any]:
    columns: list[Any] = [Action, ActionPath.grade, ActionPath.reopened, CauseCategory.title]
    query = select(*columns).outerjoin(ActionPath, ActionPath.action_id == Action.id)
    return query.outerjoin(CauseCategory, CauseCategory.id == ActionPath.category_id)


_SAME = [
    name
    for name in TableRow.__dataclass_fields__
    if name not in ("kind", "grade", "owner", "state", "category", "reopened")
]


def _rows(tx: Session, query: Select[Any]) -> list[TableRow]:
    called = names(tx)
    return [
        TableRow(
            **{name: getattr(action, name) for name in _SAME},
            kind=Kind(action.kind),
            grade=Grade(grade or ""),
            owner=called.get(action.owner_id, ""),
            state=State(action.state),
            category=category or "",
            reopened=reopened or 0,
        )
        for action, grade, reopened, category in tx.execute(query.order_by(Action.id)).all()
    ]
