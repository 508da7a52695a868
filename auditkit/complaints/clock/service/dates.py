"""Verbs over the due dates of one complaint that a person asks for; all others follow from the verbs of the core."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.complaints.clock import keeping, knowing, rules
from auditkit.complaints.clock.keeping import Keeper
from auditkit.complaints.clock.knowing import Known
from auditkit.complaints.models import Complaint
from auditkit.journal import service as journal


@dataclass(frozen=True)
class Recompute:
    """Set the due dates by the limits, the calendar and the holidays in force now, with the reason for it."""

    reference: str
    reason: str


@dataclass(frozen=True)
class Extend:
    """The complainant was told, with reasons, that the decision takes longer."""

    reference: str
    reason: str


@verb("complaints.handle", leaves=(rules.DUE_SET, rules.DUE_MOVED))
def recompute(tx: Session, command: Recompute, now: datetime, actor: Actor) -> None:
    """Compute the due dates of a complaint anew, or for the first time (one from a file has none until then).

    Raises NotFound, ReasonMissing, ClosedHasNoDueDates, NoLimitsInForce or NothingToMove.
    """
    if not command.reason.strip():
        raise rules.ReasonMissing
    found = _found(tx, command.reference)
    if found.standing.closed:
        raise rules.ClosedHasNoDueDates
    clock = knowing.clock_of(tx, found.id)
    if clock is None:
        if not keeping.begin(tx, found, now, actor, command.reason):
            raise rules.NoLimitsInForce
        return
    keeper = Keeper(tx, clock, found, now, actor)
    keeper.choose_anew()
    if not keeper.choice:
        raise rules.NoLimitsInForce
    if not keeper.advance(reason=command.reason, why=rules.Why.BY_HAND):
        raise rules.NothingToMove


@verb("complaints.handle", leaves=rules.DUE_EXTENDED)
def extend(tx: Session, command: Extend, now: datetime, actor: Actor) -> None:
    """Put the decision off to its latest date. Raises NotFound, ReasonMissing or NothingToExtend."""
    if not command.reason.strip():
        raise rules.ReasonMissing
    found = _found(tx, command.reference)
    clock = knowing.clock_of(tx, found.id)
    if clock is None:
        raise rules.NothingToExtend
    clock.news_at = now
    keeper = Keeper(tx, clock, found, now, actor)
    given_way = keeper.extend()
    if not given_way:
        raise rules.NothingToExtend
    journal.record(
        tx,
        rules.DUE_EXTENDED,
        now=now,
        actor=actor,
        subject=("complaint", found.id),
        facts={"reference": found.reference, "dues": [due.id for due in given_way]},
        personal={"reason": command.reason},
    )
    keeper.advance()


def _found(tx: Session, reference: str) -> Known:
    query = select(Complaint.id).where(Complaint.reference == reference).with_for_update()
    complaint_id = tx.execute(query).scalar_one_or_none()
    found = knowing.known(tx, complaint_id) if complaint_id is not None else None
    if found is None:
        raise NotFound
    return found
