"""What a page does with a form that was sent: one verb in one transaction, and what it refuses stands at the form.

tests/slices/web/test_acting.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.web.access import current_actor
from auditkit.web.forms import Form

REFUSALS = (RuleBroken, BadInput, Conflict)
"""What a person can mend, or go on from. That something is not there, or not theirs, is a page of its own."""


@dataclass(frozen=True)
class Done:
    """A verb went through; `gave` is what it returned."""

    gave: Any = None


def done(form: Form, verb: Callable[..., Any], command: Callable[[], Any], **more: Any) -> Done | None:
    """Do what a form asks for, where it was sent and is right: `verb` with the command made then.

    None where it was not sent, is not right or was refused; the form says which. `more` goes to the verb.
    """
    if not form.validate_on_submit():
        return None
    actor = current_actor()
    try:
        with transaction(actor) as tx:
            return Done(verb(tx, command(), clock.now(), actor, **more))
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return None
