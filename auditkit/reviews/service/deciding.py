"""What was said and what was decided under the items of the agenda."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from auditkit.accounts.queries import members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.reviews import queries, rules
from auditkit.reviews.models import ManagementReview, ReviewDecision, ReviewNote
from auditkit.reviews.rules import State
from auditkit.reviews.service.taking import note_down, taken


@dataclass(frozen=True)
class WriteNote:
    """`version` is the note's as the person saw it, 0 where there was none."""

    number: str
    item_id: str
    text: str
    version: int


@dataclass(frozen=True)
class Decide:
    number: str
    item_id: str
    text: str
    owner_id: int
    due_on: date


@dataclass(frozen=True)
class TakeBackDecision:
    number: str
    serial: int


@verb("reviews.edit", leaves=rules.WRITTEN)
def write(tx: Session, command: WriteNote, now: datetime, actor: Actor) -> None:
    """Write what was said or concluded under an item. Raises NotFound, AlreadySigned, NotOnAgenda, ReviewChanged."""
    row = taken(tx, command.number)
    rules.check_changeable(State(row.state))
    _on_agenda(tx, row, command.item_id)
    asked = select(ReviewNote).where(ReviewNote.review_id == row.id, ReviewNote.item_id == command.item_id)
    note = tx.execute(asked).scalar_one_or_none()
    if (note.version if note else 0) != command.version:
        raise rules.ReviewChanged()
    if note is None:
        note = ReviewNote(review_id=row.id, item_id=command.item_id, version=0)
        tx.add(note)
    note.text, note.changed_at, note.changed_by = command.text.strip(), now, actor.person_id
    note.version += 1
    note_down(tx, rules.WRITTEN, row, now, actor, item=command.item_id, characters=len(note.text))


@verb("reviews.edit", leaves=rules.DECIDED)
def decide(tx: Session, command: Decide, now: datetime, actor: Actor) -> int:
    """Write a decision with its owner and day; its number in the review.

    Raises NotFound, AlreadySigned, NotOnAgenda, DecisionTextMissing, DueBeforeReview, OwnerUnknown.
    """
    row = taken(tx, command.number)
    rules.check_changeable(State(row.state))
    _on_agenda(tx, row, command.item_id)
    rules.check_decision(text=command.text, due_on=command.due_on, since=row.held_on or row.planned_on)
    if command.owner_id not in {one.person_id for one in members_with(tx, "actions.edit")}:
        raise rules.OwnerUnknown()
    serial = max((one.serial for one in queries.decisions(tx, row.id)), default=0) + 1
    tx.add(
        ReviewDecision(
            review_id=row.id,
            serial=serial,
            item_id=command.item_id,
            text=command.text.strip(),
            owner_id=command.owner_id,
            due_on=command.due_on,
            decided_at=now,
            decided_by=actor.person_id,
        )
    )
    facts = {"item": command.item_id, "owner": command.owner_id, "due": command.due_on.isoformat()}
    note_down(tx, rules.DECIDED, row, now, actor, serial=serial, **facts)
    return serial


@verb("reviews.edit", leaves=rules.UNDECIDED)
def take_back(tx: Session, command: TakeBackDecision, now: datetime, actor: Actor) -> None:
    """Take a decision out of minutes that are not signed. Raises NotFound, AlreadySigned."""
    row = taken(tx, command.number)
    rules.check_changeable(State(row.state))
    found = next((one for one in queries.decisions(tx, row.id) if one.serial == command.serial), None)
    if found is None:
        raise NotFound()
    tx.execute(delete(ReviewDecision).where(ReviewDecision.id == found.id))
    note_down(tx, rules.UNDECIDED, row, now, actor, serial=command.serial, item=found.item_id)


def _on_agenda(tx: Session, row: ManagementReview, item_id: str) -> None:
    if queries.by_number(tx, row.number).item(item_id) is None:
        raise rules.NotOnAgenda()
