"""How far the actions of something else have come, in SQL: for lists that filter and page by it."""

from typing import Any

from sqlalchemy import case, func, select

from auditkit.actions.models import Action
from auditkit.actions.rules import State


def furthest_behind(origin_kind: str, origin_id: Any) -> Any:
    """The state of the action furthest behind of a record, as its place in `State`; NULL without actions.

    `origin_id` is the column that holds the record's id in the query around it.
    """
    steps = {state.value: number for number, state in enumerate(State)}
    return (
        select(func.min(case(steps, value=Action.state)))
        .where(Action.origin_kind == origin_kind, Action.origin_id == origin_id)
        .correlate(origin_id.table)
        .scalar_subquery()
    )
