"""Verbs of a management review: plan, freeze the inputs, invite, note, decide, hold, sign. The journal has each.

Signing opens an action for every decision, in the same transaction; from then on triggers keep the review.
tests/slices/reviews/test_reviews_verbs.py holds them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select

from auditkit.accounts.queries import members, members_with
from auditkit.actions import queries as action_queries
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.base import signing
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput, AgendaShape
from auditkit.insights.freezing import service as freezing
from auditkit.journal.service import record
from auditkit.reviews import minutes, queries, rules
from auditkit.reviews.inputs import computing, customers
from auditkit.reviews.inputs.content import Span, canonical, digest
from auditkit.reviews.models import (
    ManagementReview,
    ReviewDecision,
    ReviewGuest,
    ReviewInput,
    ReviewInterval,
    ReviewNote,
    ReviewSignature,
)
from auditkit.reviews.queries import DECISION, SUBJECT, Head
from auditkit.reviews.rules import Attendance, Proof, State

SERIES = "management-review"


@dataclass(frozen=True)
class PlanReview:
    """`agenda` in the language of the minutes. The chair is invited, as top management."""

    title: str
    planned_on: date
    period_from: date
    period_to: date
    chair_id: int
    agenda: AgendaShape
    place: str = ""


@dataclass(frozen=True)
class ReplanReview:
    """`version` is the review's as the person saw it."""

    number: str
    version: int
    title: str
    planned_on: date
    period_from: date
    period_to: date
    chair_id: int
    place: str = ""


@dataclass(frozen=True)
class FreezeInputs:
    number: str


@dataclass(frozen=True)
class InviteGuest:
    """`person_id` names a member; without one `name` does."""

    number: str
    person_id: int | None = None
    name: str = ""
    function: str = ""
    top_management: bool = False


@dataclass(frozen=True)
class NoteAttendance:
    """`states`: guest id -> (state, why excused). Guests that are left out stay as they are."""

    number: str
    states: dict[int, tuple[Attendance, str]]


@dataclass(frozen=True)
class RemoveGuest:
    number: str
    guest_id: int


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


@dataclass(frozen=True)
class SetInterval:
    every_months: int
    ahead_days: int
    first_on: date | None = None


@verb("reviews.edit", leaves=rules.PLANNED)
def plan(tx: Session, command: PlanReview, now: datetime, actor: Actor) -> str:
    """Plan a review with the agenda as it is; its number.

    Raises TitleMissing, PeriodReversed, PeriodTooLong, PeriodAhead, ChairUnknown.
    """
    rules.check_plan(
        title=command.title, first=command.period_from, last=command.period_to, planned_on=command.planned_on
    )
    chair = _chair(tx, command.chair_id)
    agenda = [one.model_dump(mode="json") for one in command.agenda.items]
    year = command.planned_on.year
    row = ManagementReview(
        number=rules.number(year, next_number(tx, SERIES, year)),
        title=command.title.strip(),
        place=command.place.strip(),
        planned_on=command.planned_on,
        period_from=command.period_from,
        period_to=command.period_to,
        chair_id=command.chair_id,
        agenda_id=command.agenda.id,
        agenda=agenda,
        agenda_digest=digest(rfc8785.dumps(agenda)),
        state=State.PLANNED,
        planned_at=now,
        planned_by=actor.person_id,
        changed_at=now,
        version=1,
    )
    tx.add(row)
    tx.flush()
    _invite(tx, row, person_id=command.chair_id, name=chair, function="", top_management=True)
    _note(tx, rules.PLANNED, row, now, actor, on=command.planned_on.isoformat(), chair=command.chair_id)
    return row.number


@verb("reviews.edit", leaves=rules.REPLANNED)
def replan(tx: Session, command: ReplanReview, now: datetime, actor: Actor) -> None:
    """Change the plan. A new period or day makes the frozen inputs those of another one: they are computed again then.

    Raises NotFound, AlreadyHeld, AlreadySigned, ReviewChanged, and what planning refuses.
    """
    row = _taken(tx, command.number)
    rules.check_plannable(State(row.state))
    if row.version != command.version:
        raise rules.ReviewChanged()
    rules.check_plan(
        title=command.title, first=command.period_from, last=command.period_to, planned_on=command.planned_on
    )
    chair = _chair(tx, command.chair_id)
    wanted: dict[str, Any] = {
        "title": command.title.strip(),
        "place": command.place.strip(),
        "planned_on": command.planned_on,
        "period_from": command.period_from,
        "period_to": command.period_to,
        "chair_id": command.chair_id,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if {"period_from", "period_to"} & set(changed):
        tx.execute(delete(ReviewInput).where(ReviewInput.review_id == row.id))
        row.state, row.frozen_at, row.frozen_by = State.PLANNED, None, None
    if "chair_id" in changed and all(one.person_id != command.chair_id for one in queries.guests(tx, row.id)):
        _invite(tx, row, person_id=command.chair_id, name=chair, function="", top_management=True)
    _touch(row, now)
    _note(tx, rules.REPLANNED, row, now, actor, changed=changed)


@verb("reviews.edit", leaves=rules.FROZEN)
def freeze(tx: Session, command: FreezeInputs, now: datetime, actor: Actor, *, library: Library) -> dict[str, str]:
    """Compute every input of the agenda as of now and keep it; digest by input.

    Done again before the meeting it takes the place of what was frozen. Raises NotFound, AlreadyHeld, AlreadySigned,
    PeriodNotOver.
    """
    row = _taken(tx, command.number)
    rules.check_freeze(State(row.state), last=row.period_to, today=now.date())
    tx.execute(delete(ReviewInput).where(ReviewInput.review_id == row.id))
    tx.flush()
    span = Span(row.period_from, row.period_to, now)
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
    _touch(row, now)
    _note(tx, rules.FROZEN, row, now, actor, digests=digests)
    return digests


def _keep_figures(tx: Session, span: Span, now: datetime, actor: Actor) -> dict[str, int]:
    """Freeze the figures of the register with the complaints behind each; their keys by name."""
    selection = customers.selection(span)
    return {
        customers.name_of(figure): freezing.keep(tx, figure, selection, now, actor)
        for figure in customers.figures(tx, span)
    }


@verb("reviews.edit", leaves=rules.ATTENDED)
def invite(tx: Session, command: InviteGuest, now: datetime, actor: Actor) -> None:
    """Put somebody on the list. Raises NotFound, AlreadySigned, NameMissing, InvitedTwice."""
    row = _taken(tx, command.number)
    rules.check_changeable(State(row.state))
    name = command.name.strip()
    if command.person_id is not None:
        name = {one.person_id: one.name for one in members(tx)}.get(command.person_id, "")
    others = [one.name for one in queries.guests(tx, row.id)]
    rules.check_guest(name=name, state=Attendance.INVITED, note="", others=others)
    _invite(
        tx,
        row,
        person_id=command.person_id,
        name=name,
        function=command.function.strip(),
        top_management=command.top_management,
    )
    _touch(row, now)
    _note(tx, rules.ATTENDED, row, now, actor, guests=len(others) + 1)


@verb("reviews.edit", leaves=rules.ATTENDED)
def attend(tx: Session, command: NoteAttendance, now: datetime, actor: Actor) -> None:
    """Note who came. Raises NotFound, AlreadySigned, ExcuseMissing."""
    row = _taken(tx, command.number)
    rules.check_changeable(State(row.state))
    for guest in _guests(tx, row):
        state, note = command.states.get(guest.id, (Attendance(guest.state), guest.note))
        rules.check_guest(name=guest.name, state=state, note=note, others=())
        guest.state, guest.note = state, note.strip()
    tx.flush()
    if row.state == State.HELD:
        rules.check_attendance(queries.as_guests(queries.by_number(tx, row.number), queries.guests(tx, row.id)))
    counted = {state.value: 0 for state in Attendance}
    for one in queries.guests(tx, row.id):
        counted[one.state.value] += 1
    _touch(row, now)
    _note(tx, rules.ATTENDED, row, now, actor, **counted)


@verb("reviews.edit", leaves=rules.ATTENDED)
def remove_guest(tx: Session, command: RemoveGuest, now: datetime, actor: Actor) -> None:
    """Take somebody off the list before the meeting. Raises NotFound, AlreadyHeld, AlreadySigned, ChairMissing."""
    row = _taken(tx, command.number)
    rules.check_plannable(State(row.state))
    guest = next((one for one in _guests(tx, row) if one.id == command.guest_id), None)
    if guest is None:
        raise NotFound()
    if guest.person_id == row.chair_id:
        raise rules.ChairMissing()
    tx.delete(guest)
    _touch(row, now)
    _note(tx, rules.ATTENDED, row, now, actor, guests=len(_guests(tx, row)))


@verb("reviews.edit", leaves=rules.WRITTEN)
def write(tx: Session, command: WriteNote, now: datetime, actor: Actor) -> None:
    """Write what was said or concluded under an item. Raises NotFound, AlreadySigned, NotOnAgenda, ReviewChanged."""
    row = _taken(tx, command.number)
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
    _note(tx, rules.WRITTEN, row, now, actor, item=command.item_id, characters=len(note.text))


@verb("reviews.edit", leaves=rules.DECIDED)
def decide(tx: Session, command: Decide, now: datetime, actor: Actor) -> int:
    """Write a decision with its owner and day; its number in the review.

    Raises NotFound, AlreadySigned, NotOnAgenda, DecisionTextMissing, DueBeforeReview, OwnerUnknown.
    """
    row = _taken(tx, command.number)
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
    _note(tx, rules.DECIDED, row, now, actor, serial=serial, **facts)
    return serial


@verb("reviews.edit", leaves=rules.UNDECIDED)
def take_back(tx: Session, command: TakeBackDecision, now: datetime, actor: Actor) -> None:
    """Take a decision out of minutes that are not signed. Raises NotFound, AlreadySigned."""
    row = _taken(tx, command.number)
    rules.check_changeable(State(row.state))
    found = next((one for one in queries.decisions(tx, row.id) if one.serial == command.serial), None)
    if found is None:
        raise NotFound()
    tx.execute(delete(ReviewDecision).where(ReviewDecision.id == found.id))
    _note(tx, rules.UNDECIDED, row, now, actor, serial=command.serial, item=found.item_id)


@verb("reviews.edit", leaves=rules.HELD)
def hold(tx: Session, command: HoldReview, now: datetime, actor: Actor) -> None:
    """Note that the review was held; from then on its inputs stand.

    Raises NotFound, AlreadyHeld, AlreadySigned, InputsFirst, HeldInFuture, HeldBeforeInputs, AttendanceOpen,
    TopManagementMissing, ChairMissing.
    """
    row = _taken(tx, command.number)
    head = queries.by_number(tx, row.number)
    rules.check_hold(
        State(row.state),
        queries.as_guests(head, queries.guests(tx, row.id)),
        held_on=command.held_on,
        frozen_on=row.frozen_at.date() if row.frozen_at else None,
        today=now.date(),
    )
    row.state, row.held_on = State.HELD, command.held_on
    _touch(row, now)
    _note(tx, rules.HELD, row, now, actor, on=command.held_on.isoformat())


@verb("reviews.sign", leaves=rules.SIGNED)
def sign(tx: Session, command: SignMinutes, now: datetime, actor: Actor, *, key: Ed25519PrivateKey) -> str:
    """Sign the minutes, open the actions of the decisions, and return the digest that was signed.

    Raises NotFound, AlreadySigned, NotHeld, OnlyTheChair, NameDiffers, AttendanceOpen, TopManagementMissing,
    ChairMissing, ItemsOpen, NothingDecided, OwnerNotMember.
    """
    row = _taken(tx, command.number)
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
    _touch(row, now)
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
    _note(tx, rules.SIGNED, row, now, actor, digest=made.hexdigest(), proof=command.proof.value, actions=opened)
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


@verb("reviews.edit", leaves=rules.REMINDERS_SET)
def set_interval(tx: Session, command: SetInterval, now: datetime, actor: Actor) -> None:
    """Say how often the organisation reviews and how early it is reminded. Raises IntervalUnfit, AheadUnfit."""
    rules.check_reminders(every_months=command.every_months, ahead_days=command.ahead_days)
    row = tx.execute(select(ReviewInterval)).scalar_one_or_none()
    if row is None:
        row = ReviewInterval()
        tx.add(row)
    row.every_months, row.ahead_days, row.first_on = command.every_months, command.ahead_days, command.first_on
    tx.flush()
    facts = {"months": command.every_months, "days": command.ahead_days}
    record(tx, rules.REMINDERS_SET, now=now, actor=actor, subject=("review-interval", row.id), facts=facts)


def _taken(tx: Session, number: str) -> ManagementReview:
    found = tx.execute(
        select(ManagementReview).where(ManagementReview.number == number).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _guests(tx: Session, row: ManagementReview) -> list[ReviewGuest]:
    return list(tx.execute(select(ReviewGuest).where(ReviewGuest.review_id == row.id)).scalars())


def _chair(tx: Session, person_id: int) -> str:
    """The name of somebody who may sign. Raises ChairUnknown."""
    name = {one.person_id: one.name for one in members_with(tx, "reviews.sign")}.get(person_id)
    if name is None:
        raise rules.ChairUnknown()
    return name


def _invite(
    tx: Session, row: ManagementReview, *, person_id: int | None, name: str, function: str, top_management: bool
) -> None:
    tx.add(
        ReviewGuest(
            review_id=row.id,
            person_id=person_id,
            name=name,
            function=function,
            top_management=top_management,
            state=Attendance.INVITED,
            note="",
        )
    )
    tx.flush()


def _on_agenda(tx: Session, row: ManagementReview, item_id: str) -> None:
    if queries.by_number(tx, row.number).item(item_id) is None:
        raise rules.NotOnAgenda()


def _touch(row: ManagementReview, now: datetime) -> None:
    row.changed_at = now
    row.version += 1


def _note(tx: Session, what: Event, row: ManagementReview, now: datetime, actor: Actor, **facts: Any) -> None:
    record(tx, what, now=now, actor=actor, subject=(SUBJECT, row.id), facts={"number": row.number, **facts})
