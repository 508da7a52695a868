"""The texts of an action as they are searched: folded as everywhere, kept in step with the action by the ORM itself.

tests/slices/actions/test_action_searching.py holds it.
"""

from typing import Any

from sqlalchemy import Connection, ForeignKey, Text, event, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.models.core import Action
from auditkit.base.db import Key, Model, OfOrganisation
from auditkit.base.folding import fold


class ActionSearch(OfOrganisation, Model):
    """`folded` is number, title, origin and cause."""

    __tablename__ = "action_search"

    action_id: Mapped[int] = mapped_column(Key, ForeignKey("action.id"), primary_key=True, autoincrement=False)
    folded: Mapped[str] = mapped_column(Text)


def folded(number: str, title: str, origin_title: str, cause: str) -> str:
    """What is searched of an action."""
    return fold("\n".join((number, title, origin_title, cause)))


def _values(action: Action) -> dict[str, Any]:
    return {"folded": folded(action.number, action.title, action.origin_title, action.cause or "")}


@event.listens_for(Action, "after_insert")
def _written(_mapper: object, connection: Connection, action: Action) -> None:
    values = {"action_id": action.id, "organisation_id": action.organisation_id, **_values(action)}
    connection.execute(insert(ActionSearch).values(values))


@event.listens_for(Action, "after_update")
def _changed(_mapper: object, connection: Connection, action: Action) -> None:
    mine = ActionSearch.action_id == action.id
    connection.execute(update(ActionSearch).where(mine).values(_values(action)))
