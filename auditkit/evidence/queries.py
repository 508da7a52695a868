"""Reads over evidence: a subject's files, a period's files, one file and where it is used, and the bytes.

Everything is the session's organisation's. Another's digest or id answers NotFound, also where the bytes exist.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, or_, select

from auditkit.accounts.queries import day_of_house, days_of_house
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.prepared import Prepared
from auditkit.base.text import _
from auditkit.evidence import names, store
from auditkit.evidence.kinds import KINDS, Kind
from auditkit.evidence.models import EvidenceErasure, EvidenceFile, EvidenceLink
from auditkit.evidence.rules import NOTICES

PAGE = 50


@dataclass(frozen=True)
class File:
    """One file for reading. `name` as it was sent; show `shown_name`, hand out `download_name`."""

    id: int
    digest: str
    size: int
    kind: Kind
    media_type: str
    name: str
    source: str
    details: dict[str, Any]
    notices: tuple[dict[str, Any], ...]
    added_by_id: int | None
    added_at: datetime
    note: str
    period: tuple[date | None, date | None]
    clauses: tuple[str, ...]

    @property
    def shown_name(self) -> str:
        """The name with hidden characters written out."""
        return names.shown_name(self.name)

    @property
    def download_name(self) -> str:
        """The name that every system can keep, its extension fitting the content."""
        return names.download_name(self.name, self.kind.extensions)

    def told(self) -> list[str]:
        """What a person is told about the file, in the language of the page."""
        return told(self.notices)


@dataclass(frozen=True)
class Use:
    """Where a file is used."""

    subject: tuple[str, int]
    note: str
    added_by_id: int | None
    added_at: datetime


@dataclass(frozen=True)
class Attached:
    """A file at a subject, with the note given there."""

    file: File
    note: str
    subject: tuple[str, int]
    added_by_id: int | None
    added_at: datetime


# Columns, not entities: a pack reads thousands of these, and entities cost several times as much.
_FILE = (
    EvidenceFile.id,
    EvidenceFile.digest,
    EvidenceFile.size,
    EvidenceFile.kind,
    EvidenceFile.media_type,
    EvidenceFile.name,
    EvidenceFile.source,
    EvidenceFile.details,
    EvidenceFile.notices,
    EvidenceFile.added_by_id,
    EvidenceFile.added_at,
    EvidenceFile.note,
    EvidenceFile.period_begins,
    EvidenceFile.period_ends,
    EvidenceFile.clauses,
)


def told(notices: Iterable[dict[str, Any]]) -> list[str]:
    """The texts of notices, in the language of the page."""
    texts = []
    for notice in notices:
        params = {name: value for name, value in notice.items() if name != "code"}
        if "kind" in params:
            params["kind"] = _(KINDS[params["kind"]].title)
        texts.append(_(NOTICES[notice["code"]], **params))
    return texts


def page(
    tx: Session, *, kind: str = "", unused: bool = False, before: int | None = None
) -> tuple[list[File], int | None]:
    """The organisation's files, newest first, with the `before` of the next page, or None at the end.

    `unused`: only those that are attached nowhere.
    """
    query = select(*_FILE)
    if kind:
        query = query.where(EvidenceFile.kind == kind)
    if unused:
        used = select(EvidenceLink.id).where(EvidenceLink.file_id == EvidenceFile.id).exists()
        query = query.where(~used)
    if before is not None:
        query = query.where(EvidenceFile.id < before)
    found = _files(tx, query.order_by(EvidenceFile.id.desc()).limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def kinds_held(tx: Session) -> list[Kind]:
    """The kinds of file that the organisation holds."""
    held = tx.execute(select(EvidenceFile.kind).distinct()).scalars()
    return [KINDS[name] for name in sorted(held)]


def file(tx: Session, file_id: int) -> File:
    """One file. Raises NotFound."""
    return _one(tx, EvidenceFile.id == file_id)


def files(tx: Session, file_ids: Sequence[int]) -> dict[int, File]:
    """File id -> file, for a few hundred at most; what is not there is left out."""
    if not file_ids:
        return {}
    return {one.id: one for one in _files(tx, select(*_FILE).where(EvidenceFile.id.in_(file_ids)))}


def by_digest(tx: Session, digest: str) -> File:
    """The organisation's file with this digest. Raises NotFound, also where only others hold these bytes."""
    return _one(tx, EvidenceFile.digest == digest)


@dataclass(frozen=True)
class Erasure:
    """Why and when the content of a file was erased."""

    reason: str
    erased_at: datetime
    erased_by_id: int | None


def erasure(tx: Session, file_id: int) -> Erasure | None:
    """How a file was erased, None where it was not."""
    found = tx.execute(select(EvidenceErasure).where(EvidenceErasure.file_id == file_id)).scalar_one_or_none()
    return Erasure(found.reason, found.erased_at, found.erased_by_id) if found else None


def uses(tx: Session, file_id: int) -> list[Use]:
    """Where a file is attached, oldest first."""
    query = select(EvidenceLink).where(EvidenceLink.file_id == file_id).order_by(EvidenceLink.id)
    return [
        Use((row.subject_kind, row.subject_id), row.note, row.added_by_id, row.added_at)
        for row in tx.execute(query).scalars()
    ]


def for_subject(tx: Session, subject: tuple[str, int]) -> list[Attached]:
    """The files attached to one subject, in the order attached."""
    return for_subjects(tx, subject[0], [subject[1]]).get(subject[1], [])


def for_subjects(tx: Session, kind: str, ids: Sequence[int]) -> dict[int, list[Attached]]:
    """The files attached to subjects of one kind, by subject id: one query for a whole list."""
    if not ids:
        return {}
    link = (EvidenceLink.subject_id, EvidenceLink.note, EvidenceLink.added_by_id, EvidenceLink.added_at)
    rows = tx.execute(
        select(*link, *_FILE)
        .join(EvidenceFile, EvidenceFile.id == EvidenceLink.file_id)
        .where(EvidenceLink.subject_kind == kind, EvidenceLink.subject_id.in_(ids))
        .order_by(EvidenceLink.id)
    )
    found: dict[int, list[Attached]] = {}
    for subject_id, note, by, at, *file in rows:
        found.setdefault(subject_id, []).append(Attached(_view(file), note, (kind, subject_id), by, at))
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """A file at a subject, as a list of names needs it."""

    digest: str
    name: str

    @property
    def shown_name(self) -> str:
        """The name with hidden characters written out."""
        return names.shown_name(self.name)


def named_among(
    kind: str, ids: Select[*tuple[Any, ...]]
) -> Callable[[Session, Mapping[str, Any]], dict[int, list[Named]]]:
    """What reads names and digests of the files attached to the subjects that a statement selects, by subject id.

    It takes the values of the statement's `bindparam`s; put together once, and a third of `for_subjects`.
    """
    prepared = Prepared(_named(kind).where(EvidenceLink.subject_id.in_(ids)))
    return lambda tx, values: _by_subject(prepared.rows(tx, values))


def _named(kind: str) -> Select[*tuple[Any, ...]]:
    return (
        select(EvidenceLink.subject_id, EvidenceFile.digest, EvidenceFile.name)
        .join(EvidenceFile, EvidenceFile.id == EvidenceLink.file_id)
        .where(EvidenceLink.subject_kind == kind)
        .order_by(EvidenceLink.id)
    )


def _by_subject(rows: Iterable[Any]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = {}
    for subject_id, digest, name in rows:
        found.setdefault(subject_id, []).append(Named(digest, name))
    return found


_OF_SUBJECT = Prepared(
    select(EvidenceFile.digest, EvidenceFile.name)
    .join(EvidenceLink, EvidenceLink.file_id == EvidenceFile.id)
    .where(EvidenceLink.subject_kind == bindparam("kind"), EvidenceLink.subject_id == bindparam("subject"))
    .order_by(EvidenceLink.id)
)


def named_of_subject(tx: Session, subject: tuple[str, int]) -> list[Named]:
    """Names and digests of the files attached to one subject."""
    return [Named(*row) for row in _OF_SUBJECT.rows(tx, {"kind": subject[0], "subject": subject[1]})]


def count_for_subject(tx: Session, subject: tuple[str, int]) -> int:
    """How many files are attached to a subject."""
    query = select(func.count(EvidenceLink.id)).where(
        EvidenceLink.subject_kind == subject[0], EvidenceLink.subject_id == subject[1]
    )
    return tx.execute(query).scalar_one()


def of_period(tx: Session, begins: date, ends: date) -> list[File]:
    """The files that speak of days between `begins` and `ends` (inclusive), for packs; in a fixed order (by id).

    A file without a period counts by the day it was added.
    """
    return _files(tx, select(*_FILE).where(_speaks_of(tx, begins, ends)).order_by(EvidenceFile.id))


def _speaks_of(tx: Session, begins: date, ends: date) -> ColumnElement[bool]:
    dated = or_(EvidenceFile.period_begins.is_not(None), EvidenceFile.period_ends.is_not(None))
    overlaps = and_(
        or_(EvidenceFile.period_begins.is_(None), EvidenceFile.period_begins <= ends),
        or_(EvidenceFile.period_ends.is_(None), EvidenceFile.period_ends >= begins),
    )
    added = days_of_house(tx, begins, ends).covers(EvidenceFile.added_at)
    return or_(and_(dated, overlaps), and_(~dated, added))


@dataclass(frozen=True, slots=True)
class Tagged:
    """Files that name the same clauses: how many, and the last day that one of them speaks of."""

    clauses: tuple[str, ...]
    number: int
    newest: date


def tagged(tx: Session, begins: date, ends: date) -> list[Tagged]:
    """The files that name clauses and speak of days of the period, by the clauses they name; a count in the database.

    A file without a period counts by the day it was added.
    """
    named = cast(EvidenceFile.clauses, Text)
    added = func.max(EvidenceFile.added_at)
    rows = tx.execute(
        select(named.label("named"), func.count(EvidenceFile.id), func.max(EvidenceFile.period_ends), added)
        .where(_speaks_of(tx, begins, ends), named != "[]")
        .group_by(named)
        .order_by(named)
    )
    return [
        Tagged(tuple(json.loads(clauses)), int(number), min(last or day_of_house(tx, at), ends))
        for clauses, number, last, at in rows
    ]


def tagged_with(tx: Session, clauses: Collection[str], begins: date, ends: date) -> list[File]:
    """The files of `tagged` that name one of these clauses."""
    named = cast(EvidenceFile.clauses, Text)
    query = select(*_FILE).where(_speaks_of(tx, begins, ends), named != "[]").order_by(EvidenceFile.id)
    return [one for one in _files(tx, query) if set(clauses).intersection(one.clauses)]


def open_stream(tx: Session, digest: str) -> Iterator[bytes]:
    """The bytes of the organisation's file in chunks. Raises NotFound, StoredObjectMissing."""
    return store.current().open_stream(by_digest(tx, digest).digest)


def local_path(tx: Session, digest: str) -> Path | None:
    """The organisation's file as a path to read, None where the store is not on this disk.

    Raises NotFound, StoredObjectMissing.
    """
    return store.current().local_path(by_digest(tx, digest).digest)


def is_intact(tx: Session, digest: str) -> bool:
    """Whether the stored bytes still have their digest. Raises NotFound, StoredObjectMissing."""
    return store.current().is_intact(by_digest(tx, digest).digest)


def _one(tx: Session, condition: ColumnElement[bool]) -> File:
    found = _files(tx, select(*_FILE).where(condition))
    if not found:
        raise NotFound
    return found[0]


def _files(tx: Session, query: Select[Any]) -> list[File]:
    return [_view(row) for row in tx.execute(query)]


def _view(row: Sequence[Any]) -> File:
    """A file out of `_FILE`."""
    number, digest, size, kind, media_type, name, source, details, notices, by, at, note, begins, ends, clauses = row
    return File(
        number, digest, size, KINDS[kind], media_type, name, source, details, tuple(notices), by, at, note,
        (begins, ends), tuple(clauses),
    )  # fmt: skip
