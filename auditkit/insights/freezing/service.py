"""Freezing a figure, and computing a frozen one again."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.accounts.queries import zone_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.insights.freezing import queries, rules
from auditkit.insights.freezing.models import FrozenFigure
from auditkit.insights.freezing.rules import FROZEN, RECOMPUTED
from auditkit.insights.indicators import computing
from auditkit.insights.rules import Figure, Selection
from auditkit.journal.service import record


@dataclass(frozen=True)
class Freeze:
    """Freeze the figure of this name over this selection; `currency` where there is one of each."""

    name: str
    selection: Selection
    currency: str = ""


@dataclass(frozen=True)
class Recompute:
    """Compute a frozen figure again from the records as they are now."""

    frozen_id: int


@verb("organisation.manage", leaves=FROZEN)
def freeze(tx: Session, command: Freeze, now: datetime, actor: Actor) -> int:
    """Freeze a figure by itself; returns its key. Raises NotFound, TooManyRecords."""
    found = computing.compute_named(tx, command.name, command.selection, now)
    for figure in found:
        if figure.currency == command.currency:
            return keep(tx, figure, command.selection, now, actor)
    raise NotFound


def keep(tx: Session, figure: Figure, selection: Selection, now: datetime, actor: Actor) -> int:
    """Freeze a figure that was computed in this transaction at `now`, for a report or a review; returns its key.

    Whoever calls it checks the permission. Raises TooManyRecords.
    """
    behind = queries.behind(tx, figure, selection, now) if figure.opens else None
    row = FrozenFigure(
        name=figure.name,
        currency=figure.currency,
        selection=selection.fixed(),
        zone=zone_of_house(tx).key,
        stated=rules.stated(figure),
        counted_digest=rules.digest(behind.counted) if behind else None,
        of_digest=rules.digest(behind.of) if behind else None,
        records=rules.packed(behind) if behind else None,
        frozen_at=now,
        frozen_by=actor.person_id,
    )
    tx.add(row)
    tx.flush()
    facts = {
        "name": figure.name,
        "selection": row.selection,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "counted": row.counted_digest,
        "of": row.of_digest,
    }
    record(tx, FROZEN, now=now, actor=actor, subject=("frozen-figure", row.id), facts=facts)
    return row.id


@verb("complaints.read", leaves=RECOMPUTED)
def recompute(tx: Session, command: Recompute, now: datetime, actor: Actor) -> queries.Again:
    """Compute it again and leave in the journal whether it is the same. Raises NotFound."""
    again = queries.again(tx, command.frozen_id)
    facts = {
        "same": again.same,
        "came": len(again.changes.came),
        "went": len(again.changes.went),
        "changed": len(again.changes.changed),
    }
    record(tx, RECOMPUTED, now=now, actor=actor, subject=("frozen-figure", command.frozen_id), facts=facts)
    return again
