"""Holding a review and signing its minutes, which opens the actions of its decisions."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.actions import queries as action_queries
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.base import signing
from auditkit.base.actor import Actor
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.reviews import minutes, queries, rules
from auditkit.reviews.models import ReviewDecision, ReviewSignature
from auditkit.reviews.queries import DECISION, Head
from auditkit.reviews.rules import Proof, State
from auditkit.reviews.service.taking import note_down, taken, touch


@dataclass(frozen=True)
class HoldReview:
    number: str
    held_on: date


@dataclass(frozen=True)
class SignMinutes:
    """`typed_name` as the person typed it; `proof` is how they showed who they are."""

    number: str
    typed_name: str
    proof: Proof


@verb("reviews.edit", leaves=rules.HELD)
def hold(tx: Session, command: HoldReview, now: datetime, actor: Actor) -> None:
    """Note that the review was held; from then on its inputs stand.

    Raises NotFound, AlreadyHeld, AlreadySigned, InputsFirst, HeldInFuture, HeldBeforeInputs, AttendanceOpen,
    TopManagementMissing, ChairMissing.
    """
    row = taken(tx, command.number)
    head = queries.by_number(tx, row.number)
    rules.check_hold(
        State(row.state),
        queries.as_guests(head, queries.guests(tx, row.id)),
        held_on=command.held_on,
        frozen_on=day_of(row.frozen_at, zone_of_house(tx)) if row.frozen_at else None,
        today=today_of_house(tx, now),
    )
    row.state, row.held_on = State.HELD, command.held_on
    touch(row, now)
    note_down(tx, rules.HELD, row, now, actor, on=command.held_on.isoformat())


@verb("reviews.sign", leaves=rules.SIGNED)
def sign(tx: Session, command: SignMinutes, now: datetime, actor: Actor, *, key: Ed25519PrivateKey) -> str:
    """Sign the minutes, open the actions of the decisions, and return the digest that was signed.

    Raises NotFound, AlreadySigned, NotHeld, OnlyTheChair, NameDiffers, AttendanceOpen, TopManagementMissing,
    ChairMissing, ItemsOpen, NothingDecided, OwnerNotMember.
    """
    row = taken(tx, command.number)
    head = queries.by_number(tx, row.number)
    decided = queries.decisions(tx, row.id)
    rules.check_sign(
        State(row.state),
        is_chair=actor.person_id == row.chair_id,
        typed_name=command.typed_name,
        name=actor.name,
        guests=queries.as_guests(head, queries.guests(tx, row.id)),
        items=queries.standings(head, queries.notes(tx, row.id), decided),
    )
    opened = _open_actions(tx, head, decided, now, actor)
    row.state, row.signed_at = State.SIGNED, now
    touch(row, now)
    tx.flush()
    content = minutes.canonical(tx, row.number)
    made = hashlib.sha256(content)
    tx.add(
        ReviewSignature(
            review_id=row.id,
            person_id=actor.person_id,
            typed_name=command.typed_name.strip(),
            proof=command.proof,
            content=content.decode(),
            digest=made.hexdigest(),
            signature=key.sign(made.digest()).hex(),
            key_fingerprint=signing.fingerprint(key),
            public_key=signing.public_pem(key).decode(),
            signed_at=now,
        )
    )
    note_down(tx, rules.SIGNED, row, now, actor, digest=made.hexdigest(), proof=command.proof.value, actions=opened)
    return made.hexdigest()


def _open_actions(
    tx: Session, head: Head, decided: Iterable[queries.DecisionView], now: datetime, actor: Actor
) -> list[str]:
    """Open what each decision asks for; the numbers in the order of the decisions."""
    opened = []
    for one in decided:
        command = actions.OpenAction(
            kind=Kind.IMPROVEMENT,
            title=one.text.splitlines()[0][:200],
            origin=(DECISION, one.id),
            origin_title=f"{one.label}: {one.text}"[:400],
            owner_id=one.owner_id,
            due_on=one.due_on,
            plan=one.text,
        )
        number = actions.open_action(tx, command, now, actor)
        row = tx.execute(select(ReviewDecision).where(ReviewDecision.id == one.id)).scalar_one()
        row.action_id = action_queries.by_number(tx, number).id
        opened.append(number)
    return opened
