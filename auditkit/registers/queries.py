"""Reads of registers: how they stand, their lists, one entry with everything about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select

from auditkit.accounts.queries import members
from auditkit.base import folding
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.content.shapes import RegisterShape
from auditkit.registers import models, rules
from auditkit.registers.models import RegisterEntry, RegisterMeasurement
from auditkit.registers.rules import SOON, Standing

SUBJECT = "register-entry"
RISKS = "risks"
"""The register of risks and opportunities of the library."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How a register stands: entries in use, and those of them that are overdue, expired, or due soon."""

    entries: int
    overdue: int
    expired: int
    soon: int


@dataclass(frozen=True, slots=True)
class Used:
    """How many entries there are, retired ones too, and what stands or once stood in each field."""

    entries: int
    fields: dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it stands."""

    id: int
    register: str
    serial: int
    number: str
    title: str
    values: dict[str, Any]
    keeper_id: int | None
    review_on: date | None
    expires_on: date | None
    retired_at: datetime | None
    retired_because: str
    written_at: datetime
    written_by: int | None
    changed_at: datetime
    version: int
    standing: Standing


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: words, a standing, entries kept by one person.

    `choices`: field -> the choice, or the id of the person, that stands in it.
    """

    words: str = ""
    standing: Standing | None = None
    choices: Mapping[str, str] | None = None
    keeper_id: int | None = None


@dataclass(frozen=True, slots=True)
class VersionView:
    """What an entry said, and from when."""

    version: int
    values: dict[str, Any]
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A look at an entry."""

    version: int
    outcome: str
    at: datetime
    by_id: int | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class MeasurementView:
    """What an objective came to."""

    on: date
    value: Decimal
    note: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkView:
    """A record that an entry is tied to."""

    id: int
    kind: str
    subject_id: int


_FIELDS = tuple(name for name in EntryView.__dataclass_fields__ if name != "standing")


def _view(row: RegisterEntry, today: date) -> EntryView:
    where = rules.standing(
        retired=row.retired_at is not None, review_on=row.review_on, expires=row.expires_on, today=today
    )
    return EntryView(**{name: getattr(row, name) for name in _FIELDS}, standing=where)


def _is(where: Standing, today: date) -> ColumnElement[bool]:
    """`rules.standing` as a condition; tests/slices/registers/test_registers_verbs.py compares the two."""
    retired = RegisterEntry.retired_at.is_not(None)
    expired = func.coalesce(RegisterEntry.expires_on < today, False)
    overdue = func.coalesce(RegisterEntry.review_on < today, False)
    soon = or_(
        func.coalesce(RegisterEntry.review_on <= today + SOON, False),
        func.coalesce(RegisterEntry.expires_on <= today + SOON, False),
    )
    return {
        Standing.RETIRED: retired,
        Standing.EXPIRED: and_(~retired, expired),
        Standing.OVERDUE: and_(~retired, ~expired, overdue),
        Standing.SOON: and_(~retired, ~expired, ~overdue, soon),
        Standing.CURRENT: and_(~retired, ~expired, ~overdue, ~soon),
    }[where]


def is_late(today: date) -> ColumnElement[bool]:
    """Whether an entry's day has passed: that of its review, or the one on which it expires."""
    return or_(
        func.coalesce(RegisterEntry.expires_on < today, False), func.coalesce(RegisterEntry.review_on < today, False)
    )


def counts(tx: Session, today: date) -> dict[str, Counts]:
    """How each register stands, in one read; registers without an entry are left out."""
    found = tx.execute(
        select(
            RegisterEntry.register,
            func.count(RegisterEntry.id),
            *(
                func.sum(case((_is(where, today), 1), else_=0))
                for where in (Standing.OVERDUE, Standing.EXPIRED, Standing.SOON)
            ),
        )
        .where(RegisterEntry.retired_at.is_(None))
        .group_by(RegisterEntry.register)
    )
    return {name: Counts(*map(int, numbers)) for name, *numbers in found}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The entry of a register that is looked at next, or runs out next: on which day, and who keeps it."""

    number: str
    on: date
    keeper_id: int | None


def next_looked_at(tx: Session) -> dict[str, Waiting]:
    """Register -> the entry in use whose review or end comes first; registers where none has a day are left out."""
    day = case(
        (RegisterEntry.review_on.is_(None), RegisterEntry.expires_on),
        (RegisterEntry.expires_on.is_(None), RegisterEntry.review_on),
        (RegisterEntry.expires_on < RegisterEntry.review_on, RegisterEntry.expires_on),
        else_=RegisterEntry.review_on,
    ).label("day")
    place = func.row_number().over(partition_by=RegisterEntry.register, order_by=(day, RegisterEntry.serial))
    each = (
        select(RegisterEntry.register, RegisterEntry.number, day, RegisterEntry.keeper_id, place.label("place"))
        .where(RegisterEntry.retired_at.is_(None), day.is_not(None))
        .subquery()
    )
    rows = tx.execute(select(each).where(each.c.place == 1))
    return {row.register: Waiting(row.number, row.day, row.keeper_id) for row in rows}


@dataclass(frozen=True, slots=True)
class Stating:
    """What an entry says, as far as documents state it."""

    register: str
    number: str
    title: str
    values: dict[str, Any]
    retired: bool


def stating(tx: Session, registers: Sequence[str]) -> list[Stating]:
    """The entries of these registers, by number, also those taken out of use."""
    asked = (
        select(
            RegisterEntry.register,
            RegisterEntry.number,
            RegisterEntry.title,
            RegisterEntry.values,
            RegisterEntry.retired_at.is_not(None),
        )
        .where(RegisterEntry.register.in_(registers))
        .order_by(RegisterEntry.register, RegisterEntry.serial)
    )
    return [Stating(*row) for row in tx.execute(asked)]


def listing(
    tx: Session, register: str, wanted: Wanted, today: date, after: int = 0, limit: int = PAGE
) -> tuple[list[EntryView], int | None]:
    """Entries by number, from behind the serial `after`; the serial to go on behind, None at the end.

    Retired entries come only where they are asked for.
    """
    asked = _narrowed(select(RegisterEntry).where(RegisterEntry.register == register), wanted, today)
    rows = tx.execute(
        asked.where(RegisterEntry.serial > after).order_by(RegisterEntry.serial).limit(limit + 1)
    ).scalars()
    found = [_view(row, today) for row in rows]
    return found[:limit], found[limit - 1].serial if len(found) > limit else None


def newest_change(tx: Session) -> datetime | None:
    """When an entry of any register last changed; None where there is none."""
    return tx.execute(select(func.max(RegisterEntry.changed_at))).scalar_one()


def every(tx: Session, register: str, today: date, *, retired: bool = True) -> list[EntryView]:
    """All entries by number, for files."""
    return every_of(tx, [register], today, retired=retired)[register]


def every_of(tx: Session, registers: Sequence[str], today: date, *, retired: bool = True) -> dict[str, list[EntryView]]:
    """All entries of several registers, each by number."""
    asked = select(RegisterEntry).where(RegisterEntry.register.in_(registers)).order_by(RegisterEntry.serial)
    if not retired:
        asked = asked.where(RegisterEntry.retired_at.is_(None))
    found: dict[str, list[EntryView]] = {register: [] for register in registers}
    for row in tx.execute(asked).scalars():
        found[row.register].append(_view(row, today))
    return found


def used(tx: Session, register: str) -> Used:
    """What entries say or once said, by field; for a register about to be changed."""
    entries, fields = set[int](), dict[str, set[str]]()
    asked = select(models.RegisterVersion.entry_id, models.RegisterVersion.values)
    held = models.RegisterVersion.entry_id.in_(select(RegisterEntry.id).where(RegisterEntry.register == register))
    for entry, values in tx.execute(asked.where(held)):
        entries.add(entry)
        for name, value in values.items():
            fields.setdefault(name, set()).update(value if isinstance(value, list) else [str(value)])
    return Used(len(entries), fields)


def _narrowed(asked: Select[Any], wanted: Wanted, today: date) -> Select[Any]:
    asked = asked.where(
        _is(wanted.standing, today) if wanted.standing is not None else RegisterEntry.retired_at.is_(None)
    )
    for word in folding.words(wanted.words):
        asked = asked.where(RegisterEntry.folded.contains(word, autoescape=True))
    for name, choice in (wanted.choices or {}).items():
        asked = asked.where(cast(RegisterEntry.values[name].as_string(), String) == choice)
    if wanted.keeper_id is not None:
        asked = asked.where(RegisterEntry.keeper_id == wanted.keeper_id)
    return asked


def entry(tx: Session, register: str, number: str, today: date) -> EntryView:
    """One entry by its number. Raises NotFound."""
    asked = select(RegisterEntry).where(RegisterEntry.register == register, RegisterEntry.number == number)
    row = tx.execute(asked).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(row, today)


def by_id(tx: Session, entry_id: int, today: date) -> EntryView:
    """One entry by its id. Raises NotFound."""
    row = tx.execute(select(RegisterEntry).where(RegisterEntry.id == entry_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(row, today)


def people(tx: Session) -> list[int]:
    """Who may be named in an entry: the members of the organisation."""
    return [one.person_id for one in members(tx)]


def ids_in(register: str) -> Select[Any]:
    """The entries of a register, to be asked for within another question."""
    return select(RegisterEntry.id).where(RegisterEntry.register == register)


def versions(tx: Session, entry_id: int) -> list[VersionView]:
    """What the entry said, the first first."""
    rows = tx.execute(
        select(models.RegisterVersion)
        .where(models.RegisterVersion.entry_id == entry_id)
        .order_by(models.RegisterVersion.version)
    ).scalars()
    return [VersionView(row.version, row.values, row.at, row.by_id) for row in rows]


def reviews(tx: Session, entry_id: int) -> list[ReviewView]:
    """The looks at the entry, the latest first."""
    rows = tx.execute(
        select(models.RegisterReview)
        .where(models.RegisterReview.entry_id == entry_id)
        .order_by(models.RegisterReview.id.desc())
    ).scalars()
    return [ReviewView(row.version, row.outcome, row.at, row.by_id, row.next_on) for row in rows]


def measurements(tx: Session, entry_ids: Sequence[int]) -> dict[int, list[MeasurementView]]:
    """What entries came to, in order of days."""
    rows = tx.execute(
        select(RegisterMeasurement)
        .where(RegisterMeasurement.entry_id.in_(entry_ids))
        .order_by(RegisterMeasurement.on, RegisterMeasurement.id)
    ).scalars()
    found: dict[int, list[MeasurementView]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(MeasurementView(row.on, row.value, row.note, row.by_id, row.at))
    return found


def links(tx: Session, entry_id: int) -> list[LinkView]:
    """What the entry is tied to, in the order it was tied."""
    rows = tx.execute(
        select(models.RegisterLink).where(models.RegisterLink.entry_id == entry_id).order_by(models.RegisterLink.id)
    ).scalars()
    return [LinkView(row.id, row.kind, row.subject_id) for row in rows]


@dataclass(frozen=True, slots=True)
class ImportView:
    """A workbook that was brought in."""

    file_name: str
    digest: str
    written: int
    changed: int
    unchanged: int
    at: datetime
    by_id: int | None


def imports(tx: Session, register: str, limit: int = PAGE) -> list[ImportView]:
    """The workbooks brought into a register, the newest first."""
    columns = [getattr(models.RegisterImport, name) for name in ImportView.__dataclass_fields__]
    asked = (
        select(*columns)
        .where(models.RegisterImport.register == register)
        .order_by(models.RegisterImport.id.desc())
        .limit(limit)
    )
    return [ImportView(*row) for row in tx.execute(asked)]


def tied_to(tx: Session, kind: str, subject_id: int, today: date) -> list[EntryView]:
    """The entries that are tied to a record, for its page."""
    asked = (
        select(RegisterEntry)
        .join(models.RegisterLink, models.RegisterLink.entry_id == RegisterEntry.id)
        .where(models.RegisterLink.kind == kind, models.RegisterLink.subject_id == subject_id)
        .order_by(RegisterEntry.number)
    )
    return [_view(row, today) for row in tx.execute(asked).scalars()]


def folded(shape: RegisterShape, values: Mapping[str, Any]) -> str:
    """The texts of an entry as they are searched, words of choices by their labels."""
    parts: list[str] = []
    for field in shape.fields:
        value = values.get(field.id)
        labels = {choice.id: choice.label for choice in field.choices}
        words: Iterable[Any] = value if isinstance(value, list) else [value]
        if field.kind.value not in ("person", "number"):
            parts += [labels.get(str(word), str(word)) for word in words if word is not None]
    return folding.fold("\n".join(parts))


@dataclass(frozen=True, slots=True)
class Stood:
    """An entry as it stood at a moment, and what had happened to it. `values_before`: at the moment before, if any."""

    id: int
    number: str
    values: dict[str, Any]
    values_before: dict[str, Any] | None
    written_at: datetime
    changed_at: datetime
    retired_at: datetime | None
    review_on: date | None


def stood(tx: Session, register: str, at: datetime, before: datetime) -> list[Stood]:
    """The entries written up to `at`, by number, each as it said then, and as it said at the earlier moment `before`.

    When an entry was taken out of use and when it is looked at again are told as they are now.
    """
    rows = tx.execute(
        select(RegisterEntry)
        .where(RegisterEntry.register == register, RegisterEntry.written_at <= at)
        .order_by(RegisterEntry.serial)
    ).scalars()
    told: dict[int, list[models.RegisterVersion]] = {}
    versions_of = (
        select(models.RegisterVersion)
        .join(RegisterEntry, RegisterEntry.id == models.RegisterVersion.entry_id)
        .where(RegisterEntry.register == register, models.RegisterVersion.at <= at)
        .order_by(models.RegisterVersion.entry_id, models.RegisterVersion.version)
    )
    for version in tx.execute(versions_of).scalars():
        told.setdefault(version.entry_id, []).append(version)
    found = []
    for row in rows:
        said = told[row.id]
        earlier = [one for one in said if one.at <= before]
        retired = row.retired_at if row.retired_at is not None and row.retired_at <= at else None
        found.append(
            Stood(
                row.id,
                row.number,
                said[-1].values,
                earlier[-1].values if earlier else None,
                row.written_at,
                said[-1].at,
                retired,
                row.review_on,
            )
        )
    return found
