"""Computing the inputs of a review and keeping them as they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput
from auditkit.insights.freezing import service as freezing
from auditkit.reviews import queries, rules
from auditkit.reviews.inputs import computing, customers
from auditkit.reviews.inputs.content import Span, canonical, digest
from auditkit.reviews.models import ReviewInput
from auditkit.reviews.rules import State
from auditkit.reviews.service.taking import note_down, taken, touch


@dataclass(frozen=True)
class FreezeInputs:
    number: str


@verb("reviews.edit", leaves=rules.FROZEN)
def freeze(tx: Session, command: FreezeInputs, now: datetime, actor: Actor, *, library: Library) -> dict[str, str]:
    """Compute every input of the agenda as of now and keep it; digest by input.

    Done again before the meeting it takes the place of what was frozen. Raises NotFound, AlreadyHeld, AlreadySigned,
    PeriodNotOver.
    """
    row = taken(tx, command.number)
    rules.check_freeze(State(row.state), last=row.period_to, today=today_of_house(tx, now))
    tx.execute(delete(ReviewInput).where(ReviewInput.review_id == row.id))
    tx.flush()
    span = Span(row.period_from, row.period_to, now, zone_of_house(tx).key)
    digests: dict[str, str] = {}
    kept = _keep_figures(tx, span, now, actor)
    for item in queries.by_number(tx, row.number).items:
        for name in item.inputs:
            content = canonical(computing.compute(tx, name, span, library))
            digests[name.value] = digest(content)
            tx.add(
                ReviewInput(
                    review_id=row.id,
                    name=name.value,
                    content=content.decode(),
                    digest=digests[name.value],
                    figures=kept if name is AgendaInput.COMPLAINTS else {},
                    computed_at=now,
                )
            )
    row.state, row.frozen_at, row.frozen_by = State.PREPARED, now, actor.person_id
    touch(row, now)
    note_down(tx, rules.FROZEN, row, now, actor, digests=digests)
    return digests


def _keep_figures(tx: Session, span: Span, now: datetime, actor: Actor) -> dict[str, int]:
    """Freeze the figures of the register with the complaints behind each; their keys by name."""
    selection = customers.selection(span)
    return {
        customers.name_of(figure): freezing.keep(tx, figure, selection, now, actor)
        for figure in customers.figures(tx, span)
    }
