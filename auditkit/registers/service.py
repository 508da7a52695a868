"""What people do with registers: write, change, review, measure, tie, take out of use. The journal has each.

tests/slices/registers/test_registers_verbs.py holds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.content.shapes import RegisterShape
from auditkit.journal.service import record
from auditkit.registers import queries, rules, targets
from auditkit.registers.models import RegisterEntry, RegisterLink, RegisterMeasurement, RegisterReview, RegisterVersion

SUBJECT = queries.SUBJECT
WITHOUT_YEAR = 0
"""Numbers of entries go on over the years."""


@dataclass(frozen=True)
class WriteEntry:
    """`values` by field id, typed or as text; `keeper_id` is reminded of reviews, the writer where nobody is named."""

    shape: RegisterShape
    values: Mapping[str, Any]
    keeper_id: int | None = None
    review_on: date | None = None
    """The first review; by the register's interval where none is given."""


@dataclass(frozen=True)
class ChangeEntry:
    """`version` is the entry's as the person saw it. `review_on` may be changed with it."""

    shape: RegisterShape
    number: str
    version: int
    values: Mapping[str, Any]
    keeper_id: int | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class ReviewEntry:
    """A look at an entry: what was found, its values as they are now, and the day of the next look."""

    shape: RegisterShape
    number: str
    version: int
    outcome: str
    values: Mapping[str, Any]
    next_on: date | None


@dataclass(frozen=True)
class MeasureEntry:
    shape: RegisterShape
    number: str
    on: date
    value: Decimal
    note: str = ""


@dataclass(frozen=True)
class RetireEntry:
    register: str
    number: str
    reason: str


@dataclass(frozen=True)
class RestoreEntry:
    shape: RegisterShape
    number: str


@dataclass(frozen=True)
class TieEntry:
    """`name` is what people call the record: a complaint's reference, a finding's number."""

    register: str
    number: str
    kind: str
    name: str


@dataclass(frozen=True)
class UntieEntry:
    register: str
    number: str
    link_id: int


@verb("registers.edit", leaves=rules.WRITTEN)
def write(tx: Session, command: WriteEntry, now: datetime, actor: Actor) -> str:
    """Write an entry; its number. Raises EntryRefused."""
    shape = command.shape
    values = rules.values_of(shape, command.values, queries.people(tx))
    serial = next_number(tx, f"register:{shape.id}", WITHOUT_YEAR)
    row = RegisterEntry(
        register=shape.id,
        serial=serial,
        number=rules.number(shape.series, serial),
        keeper_id=command.keeper_id or actor.person_id,
        review_on=command.review_on or rules.next_review(shape, today_of_house(tx, now)),
        written_at=now,
        written_by=actor.person_id,
        version=0,
        retired_because="",
    )
    tx.add(row)
    _say(tx, row, shape, values, now, actor)
    record(tx, rules.WRITTEN, now=now, actor=actor, subject=(SUBJECT, row.id), facts=_facts(row))
    return row.number


@verb("registers.edit", leaves=rules.CHANGED)
def change(tx: Session, command: ChangeEntry, now: datetime, actor: Actor) -> None:
    """Change an entry; what it said before stays. Raises NotFound, EntryRetired, EntryChanged, EntryRefused."""
    row = _held(tx, command.shape.id, command.number, command.version)
    before = row.values
    named = {*queries.people(tx), *rules.people_in(command.shape, before)}
    values = rules.values_of(command.shape, command.values, named)
    row.keeper_id = command.keeper_id or row.keeper_id
    if command.review_on != row.review_on:
        _look_again(row, command.review_on)
    _say(tx, row, command.shape, values, now, actor)
    facts = _facts(row) | {"fields": rules.differences(before, values)}
    record(tx, rules.CHANGED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


@verb("registers.edit", leaves=rules.REVIEWED)
def review(tx: Session, command: ReviewEntry, now: datetime, actor: Actor) -> None:
    """Note a look at an entry, with what it says after it.

    Raises NotFound, EntryRetired, EntryChanged, EntryRefused, OutcomeMissing, ReviewTooEarly.
    """
    row = _held(tx, command.shape.id, command.number, command.version)
    outcome = rules.check_outcome(command.outcome, today_of_house(tx, now), command.next_on)
    before = row.values
    named = {*queries.people(tx), *rules.people_in(command.shape, before)}
    values = rules.values_of(command.shape, command.values, named)
    if values != before:
        _say(tx, row, command.shape, values, now, actor)
    _look_again(row, command.next_on)
    tx.add(
        RegisterReview(
            entry_id=row.id,
            version=row.version,
            outcome=outcome,
            at=now,
            by_id=actor.person_id,
            next_on=command.next_on,
        )
    )
    facts = _facts(row) | {
        "fields": rules.differences(before, values),
        "next": command.next_on.isoformat() if command.next_on else None,
    }
    record(tx, rules.REVIEWED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


@verb("registers.edit", leaves=rules.MEASURED)
def measure(tx: Session, command: MeasureEntry, now: datetime, actor: Actor) -> None:
    """Note what an objective came to. Raises NotFound, EntryRetired, NotMeasured, MeasuredInFuture."""
    if command.shape.measured is None:
        raise rules.NotMeasured()
    if command.on > today_of_house(tx, now):
        raise rules.MeasuredInFuture()
    row = _held(tx, command.shape.id, command.number)
    tx.add(
        RegisterMeasurement(
            entry_id=row.id,
            on=command.on,
            value=command.value,
            note=command.note.strip(),
            at=now,
            by_id=actor.person_id,
        )
    )
    facts = _facts(row) | {"on": command.on.isoformat(), "value": format(command.value.normalize(), "f")}
    record(tx, rules.MEASURED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


@verb("registers.edit", leaves=rules.RETIRED)
def retire(tx: Session, command: RetireEntry, now: datetime, actor: Actor) -> None:
    """Take an entry out of use; it stays to be read. Raises NotFound, EntryRetired, ReasonMissing."""
    row = _held(tx, command.register, command.number)
    row.retired_because = rules.check_reason(command.reason)
    row.retired_at = row.changed_at = now
    _look_again(row, None)
    record(tx, rules.RETIRED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=_facts(row))


@verb("registers.edit", leaves=rules.RESTORED)
def restore(tx: Session, command: RestoreEntry, now: datetime, actor: Actor) -> None:
    """Bring an entry back into use. Raises NotFound, NotRetired."""
    row = _found(tx, command.shape.id, command.number)
    if row.retired_at is None:
        raise rules.NotRetired()
    row.retired_at, row.retired_because, row.changed_at = None, "", now
    _look_again(row, rules.next_review(command.shape, today_of_house(tx, now)))
    record(tx, rules.RESTORED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=_facts(row))


@verb("registers.edit", leaves=rules.LINKED)
def tie(tx: Session, command: TieEntry, now: datetime, actor: Actor) -> None:
    """Tie an entry to another record. Raises NotFound, EntryRetired, NothingByThatName, LinkedAlready."""
    row = _held(tx, command.register, command.number)
    target = targets.known().get(command.kind)
    if target is None or not actor.may(target.permission):
        raise NotFound()
    subject_id = target.find(tx, command.name.strip())
    if subject_id is None:
        raise rules.NothingByThatName(kind=target.title, name=command.name.strip())
    if any((one.kind, one.subject_id) == (command.kind, subject_id) for one in queries.links(tx, row.id)):
        raise rules.LinkedAlready(label=target.show(tx, subject_id).label)
    tx.add(
        RegisterLink(entry_id=row.id, kind=command.kind, subject_id=subject_id, made_at=now, made_by=actor.person_id)
    )
    facts = _facts(row) | {"kind": command.kind, "id": subject_id}
    record(tx, rules.LINKED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


@verb("registers.edit", leaves=rules.UNLINKED)
def untie(tx: Session, command: UntieEntry, now: datetime, actor: Actor) -> None:
    """Take a tie away again; the journal keeps that it was there. Raises NotFound."""
    row = _found(tx, command.register, command.number)
    link = next((one for one in queries.links(tx, row.id) if one.id == command.link_id), None)
    if link is None:
        raise NotFound()
    tx.execute(delete(RegisterLink).where(RegisterLink.id == link.id))
    facts = _facts(row) | {"kind": link.kind, "id": link.subject_id}
    record(tx, rules.UNLINKED, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)


def _found(tx: Session, register: str, number: str) -> RegisterEntry:
    asked = select(RegisterEntry).where(RegisterEntry.register == register, RegisterEntry.number == number)
    row = tx.execute(asked.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


def _held(tx: Session, register: str, number: str, version: int | None = None) -> RegisterEntry:
    """The entry, in use and as the person saw it."""
    row = _found(tx, register, number)
    if row.retired_at is not None:
        raise rules.EntryRetired()
    if version is not None and row.version != version:
        raise rules.EntryChanged()
    return row


def _say(
    tx: Session, row: RegisterEntry, shape: RegisterShape, values: dict[str, Any], now: datetime, actor: Actor
) -> None:
    """Store what the entry says from now on."""
    row.title, row.values = values[shape.fields[0].id], values
    row.folded = queries.folded(shape, values)
    row.expires_on = rules.expires_on(shape, values)
    row.changed_at = now
    row.version += 1
    tx.flush()
    tx.add(RegisterVersion(entry_id=row.id, version=row.version, values=values, at=now, by_id=actor.person_id))


def _look_again(row: RegisterEntry, day: date | None) -> None:
    row.review_on, row.reminded_at, row.reminders = day, None, 0


def _facts(row: RegisterEntry) -> dict[str, Any]:
    return {"register": row.register, "number": row.number, "version": row.version}
