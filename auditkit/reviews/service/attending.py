"""Who is invited to a review, who came, and who is taken off the list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.queries import members
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.reviews import queries, rules
from auditkit.reviews.models import ManagementReview, ReviewGuest
from auditkit.reviews.rules import Attendance, State
from auditkit.reviews.service.taking import note_down, taken, touch


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


@verb("reviews.edit", leaves=rules.ATTENDED)
def invite(tx: Session, command: InviteGuest, now: datetime, actor: Actor) -> None:
    """Put somebody on the list. Raises NotFound, AlreadySigned, NameMissing, InvitedTwice."""
    row = taken(tx, command.number)
    rules.check_changeable(State(row.state))
    name = command.name.strip()
    if command.person_id is not None:
        name = {one.person_id: one.name for one in members(tx)}.get(command.person_id, "")
    others = [one.name for one in queries.guests(tx, row.id)]
    rules.check_guest(name=name, state=Attendance.INVITED, note="", others=others)
    guest = invited(
        row,
        person_id=command.person_id,
        name=name,
        function=command.function.strip(),
        top_management=command.top_management,
    )
    tx.add(guest)
    tx.flush()
    touch(row, now)
    note_down(tx, rules.ATTENDED, row, now, actor, guests=len(others) + 1)


@verb("reviews.edit", leaves=rules.ATTENDED)
def attend(tx: Session, command: NoteAttendance, now: datetime, actor: Actor) -> None:
    """Note who came. Raises NotFound, AlreadySigned, ExcuseMissing."""
    row = taken(tx, command.number)
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
    touch(row, now)
    note_down(tx, rules.ATTENDED, row, now, actor, **counted)


@verb("reviews.edit", leaves=rules.ATTENDED)
def remove_guest(tx: Session, command: RemoveGuest, now: datetime, actor: Actor) -> None:
    """Take somebody off the list before the meeting. Raises NotFound, AlreadyHeld, AlreadySigned, ChairMissing."""
    row = taken(tx, command.number)
    rules.check_plannable(State(row.state))
    guest = next((one for one in _guests(tx, row) if one.id == command.guest_id), None)
    if guest is None:
        raise NotFound()
    if guest.person_id == row.chair_id:
        raise rules.ChairMissing()
    tx.delete(guest)
    touch(row, now)
    note_down(tx, rules.ATTENDED, row, now, actor, guests=len(_guests(tx, row)))


def _guests(tx: Session, row: ManagementReview) -> list[ReviewGuest]:
    return list(tx.execute(select(ReviewGuest).where(ReviewGuest.review_id == row.id)).scalars())


def invited(
    row: ManagementReview, *, person_id: int | None, name: str, function: str, top_management: bool
) -> ReviewGuest:
    """A place on the list for somebody whose name is checked (`rules.check_guest`)."""
    return ReviewGuest(
        review_id=row.id,
        person_id=person_id,
        name=name,
        function=function,
        top_management=top_management,
        state=Attendance.INVITED,
        note="",
    )
