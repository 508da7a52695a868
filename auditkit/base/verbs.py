"""What every verb of a service has in common: it needs a permission and leaves a journal entry (decision 2).

`@verb` makes both a fact rather than a habit; a test finds service functions that change records without it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from auditkit.base.actor import Actor
from auditkit.base.db import Session, use_scope
from auditkit.base.events import Event

Verb = TypeVar("Verb", bound=Callable[..., Any])


class VerbLeftNoEntry(RuntimeError):
    """A verb returned without its journal entry: a defect of the verb, so the transaction must not stand."""


def verb(permission: str | None, *, leaves: Event | tuple[Event, ...]) -> Callable[[Verb], Verb]:
    """Decorate `verb(tx, command, now, actor)`.

    The actor must carry `permission` (None: anybody, for public verbs), the session is scoped to the actor's
    organisation, and after the call one of `leaves` must have been journalled in this transaction.
    Raises Forbidden before, VerbLeftNoEntry after.
    """
    wanted = {one.name for one in (leaves if isinstance(leaves, tuple) else (leaves,))}

    def decorate(function: Verb) -> Verb:
        @wraps(function)
        def wrapper(tx: Session, command: Any, now: Any, actor: Actor, **more: Any) -> Any:
            if permission is not None:
                actor.require(permission)
            use_scope(tx, actor.organisation_id)
            journalled: list[str] = tx.info.setdefault("journalled", [])
            before = len(journalled)
            result = function(tx, command, now, actor, **more)
            if not wanted.intersection(journalled[before:]):
                raise VerbLeftNoEntry(f"{function.__module__}.{function.__name__} left none of {sorted(wanted)}")
            return result

        wrapper.permission = permission  # type: ignore[attr-defined]  # read by the guards and the docs
        wrapper.leaves = wanted  # type: ignore[attr-defined]  # read by the guards and the docs
        return wrapper  # type: ignore[return-value]  # the same signature as `function`

    return decorate
