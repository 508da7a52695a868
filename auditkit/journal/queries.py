"""Reading the journal: timelines, the filtered page, the head a pack carries, and the check of a whole chain."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from auditkit.base.db import Session
from auditkit.base.events import registered
from auditkit.journal.models import JournalEntry, JournalHead, JournalPersonal
from auditkit.journal.passed_over import NOT_ABOUT_RECORDS
from auditkit.journal.rules import GENESIS, BadEntry, EntryContent, first_bad

PAGE = 50
PORTION = 500


@dataclass(frozen=True)
class Entry:
    """One entry for reading. `title` is a message id; `personal` holds the values that were not erased."""

    seq: int
    event: str
    title: str
    at: datetime
    actor_id: int | None
    role: str
    subject: tuple[str, int]
    facts: dict[str, Any]
    hash: str
    personal: dict[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What an extract of the journal says of an entry, which names nobody."""

    seq: int
    at: datetime
    event: str
    subject_kind: str
    subject_id: int
    role: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The newest entry of a chain: its number, hash and time."""

    seq: int
    hash: str
    at: datetime


@dataclass(frozen=True)
class ChainCheck:
    """The result of walking a chain: how many entries were read, the first bad one or None, and the head's hash."""

    entries: int
    bad: BadEntry | None
    head: str


# Columns, not entities: pages show hundreds of entries, and entities cost several times as much.
_ENTRY = tuple(
    getattr(JournalEntry, name)
    for name in (
        "id",
        "seq",
        "event",
        "at",
        "actor_id",
        "role",
        "subject_kind",
        "subject_id",
        "facts",
        "hash",
        "personal",
    )
)
_TIMELINE = (
    select(*_ENTRY)
    .where(
        JournalEntry.organisation_id == bindparam("organisation_id"),
        JournalEntry.subject_kind == bindparam("kind"),
        JournalEntry.subject_id == bindparam("number"),
    )
    .order_by(JournalEntry.seq.desc())
    .limit(bindparam("most"))
)


def _entries(tx: Session, query: Select[Any], given: dict[str, Any] | None = None) -> list[Entry]:
    rows = tx.execute(query, given or {}).all()
    personal: dict[int, dict[str, str]] = {}
    named = [row.id for row in rows if row.personal]
    if named:
        for kept in tx.execute(select(JournalPersonal).where(JournalPersonal.entry_id.in_(named))).scalars():
            personal.setdefault(kept.entry_id, {})[kept.name] = kept.value
    known = registered()
    return [
        Entry(
            seq=row.seq,
            event=row.event,
            title=known[row.event].title if row.event in known else row.event,
            at=row.at,
            actor_id=row.actor_id,
            role=row.role,
            subject=(row.subject_kind, row.subject_id),
            facts=row.facts,
            hash=row.hash,
            personal=personal.get(row.id, {}),
        )
        for row in rows
    ]


def timeline(tx: Session, organisation_id: int, subject: tuple[str, int], limit: int = 200) -> list[Entry]:
    """The entries about one subject, newest first, at most `limit`."""
    given = {"organisation_id": organisation_id, "kind": subject[0], "number": subject[1], "most": limit}
    return _entries(tx, _TIMELINE, given)


def actors_of(
    tx: Session,
    organisation_id: int,
    kind: str,
    ids: Sequence[int],
    events: Collection[str],
    until: datetime | None = None,
) -> dict[int, set[int]]:
    """Who (person ids) did one of `events` to subjects of one `kind`, by subject id; subjects of nobody are left out.

    `until`: only what was done up to then.
    """
    found: dict[int, set[int]] = {}
    for start in range(0, len(ids), PORTION):
        query = (
            select(JournalEntry.subject_id, JournalEntry.actor_id)
            .where(
                JournalEntry.organisation_id == organisation_id,
                JournalEntry.subject_kind == kind,
                JournalEntry.subject_id.in_(ids[start : start + PORTION]),
                JournalEntry.event.in_(sorted(events)),
            )
            .distinct()
        )
        if until is not None:
            query = query.where(JournalEntry.at <= until)
        for subject_id, actor_id in tx.execute(query):
            if actor_id is not None:
                found.setdefault(subject_id, set()).add(actor_id)
    return found


def done_since(
    tx: Session, organisation_id: int, subject: tuple[str, int], events: Collection[str], actor_id: int, since: datetime
) -> set[str]:
    """Which of `events` a person did to a subject since then."""
    query = select(JournalEntry.event).where(
        JournalEntry.organisation_id == organisation_id,
        JournalEntry.subject_kind == subject[0],
        JournalEntry.subject_id == subject[1],
        JournalEntry.actor_id == actor_id,
        JournalEntry.event.in_(sorted(events)),
        JournalEntry.at >= since,
    )
    return set(tx.execute(query.distinct()).scalars())


def page(
    tx: Session,
    organisation_id: int,
    *,
    subject_kind: str = "",
    subject_id: int | None = None,
    event: str = "",
    before: int | None = None,
) -> tuple[list[Entry], int | None]:
    """Newest entries first, filtered; with the `before` of the next page, or None at the end."""
    query = select(*_ENTRY).where(JournalEntry.organisation_id == organisation_id)
    if subject_kind:
        query = query.where(JournalEntry.subject_kind == subject_kind)
    if subject_id is not None:
        query = query.where(JournalEntry.subject_id == subject_id)
    if event:
        query = query.where(JournalEntry.event == event)
    if before is not None:
        query = query.where(JournalEntry.seq < before)
    found = _entries(tx, query.order_by(JournalEntry.seq.desc()).limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].seq if len(found) > PAGE else None


def subject_kinds(tx: Session, organisation_id: int) -> list[str]:
    """The kinds of subject this organisation's journal speaks of, sorted."""
    query = select(JournalEntry.subject_kind).where(JournalEntry.organisation_id == organisation_id).distinct()
    return sorted(tx.execute(query).scalars())


def length(tx: Session, organisation_id: int) -> int:
    """How many entries the organisation's chain has, without counting them."""
    query = select(JournalHead.seq).where(JournalHead.organisation_id == organisation_id)
    return int(tx.execute(query).scalar_one_or_none() or 0)


def head_about_records(tx: Session, organisation_id: int, until: datetime | None = None) -> Head | None:
    """The newest entry that tells of a change to records (building or reading a pack does not count), or None."""
    query = select(JournalEntry.seq, JournalEntry.hash, JournalEntry.at).where(
        JournalEntry.organisation_id == organisation_id,
        JournalEntry.event.not_in(sorted(NOT_ABOUT_RECORDS)),
    )
    if until is not None:
        query = query.where(JournalEntry.at <= until)
    found = tx.execute(query.order_by(JournalEntry.seq.desc()).limit(1)).one_or_none()
    return Head(*found) if found else None


def about_records(tx: Session, organisation_id: int, until: int, limit: int) -> list[Line]:
    """The newest entries up to number `until` that tell of a change to records, oldest first, at most `limit`."""
    entry = JournalEntry
    query = (
        select(entry.seq, entry.at, entry.event, entry.subject_kind, entry.subject_id, entry.role, entry.hash)
        .where(
            entry.organisation_id == organisation_id,
            entry.seq <= until,
            entry.event.not_in(sorted(NOT_ABOUT_RECORDS)),
        )
        .order_by(entry.seq.desc())
        .limit(limit)
    )
    return [Line(*row) for row in tx.execute(query)][::-1]


def hashes(tx: Session, organisation_id: int, until: int) -> Iterator[str]:
    """The hash of each entry up to number `until`, in order."""
    query = (
        select(JournalEntry.hash)
        .where(JournalEntry.organisation_id == organisation_id, JournalEntry.seq <= until)
        .order_by(JournalEntry.seq)
        .execution_options(yield_per=5_000)
    )
    return iter(tx.execute(query).scalars())


def hashes_at(tx: Session, organisation_id: int, numbers: Collection[int]) -> dict[int, str]:
    """Number -> hash of these entries."""
    found: dict[int, str] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), PORTION):
        query = select(JournalEntry.seq, JournalEntry.hash).where(
            JournalEntry.organisation_id == organisation_id, JournalEntry.seq.in_(wanted[start : start + PORTION])
        )
        found |= dict(tx.execute(query).all())
    return found


def subjects_of(tx: Session, organisation_id: int, event: str, before: int) -> set[int]:
    """Ids of the subjects that entries of this event with a number below `before` speak of."""
    query = select(JournalEntry.subject_id).where(
        JournalEntry.organisation_id == organisation_id, JournalEntry.event == event, JournalEntry.seq < before
    )
    return set(tx.execute(query).scalars())


def verify(tx: Session, organisation_id: int) -> ChainCheck:
    """Walk the whole chain in order and name the first entry that does not hold."""
    count = 0
    head = tx.execute(
        select(JournalHead.hash).where(JournalHead.organisation_id == organisation_id)
    ).scalar_one_or_none()
    rows = tx.execute(
        select(*JournalEntry.__table__.c)
        .where(JournalEntry.organisation_id == organisation_id)
        .order_by(JournalEntry.seq)
        .execution_options(yield_per=500)
    )

    def walk() -> Iterator[tuple[EntryContent, str]]:
        nonlocal count
        for row in rows:
            count += 1
            values = dict(row._mapping)
            stored = values.pop("hash")
            values.pop("id")
            yield EntryContent(**values), stored

    try:
        bad = first_bad(walk(), head=head or GENESIS)
    finally:
        rows.close()  # the walk ends at the first bad entry, with rows still to come
    return ChainCheck(count, bad, head or GENESIS)
