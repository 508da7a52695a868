"""Verbs over evidence: add files, capture records, attach and detach, tag, tell that one was read.

Files come through `intake` first; a verb only writes records. tests/slices/evidence/test_service.py holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.evidence import names, store
from auditkit.evidence.intake import Received
from auditkit.evidence.kinds import KINDS
from auditkit.evidence.models import EvidenceErasure, EvidenceFile, EvidenceLink
from auditkit.evidence.rules import (
    ADDED,
    ADDED_AGAIN,
    CAPTURE,
    CAPTURED,
    ERASED,
    ERASED_NAME,
    LINKED,
    MAX_NOTE_CHARACTERS,
    READ,
    TAGGED,
    UNLINKED,
    UPLOAD,
    NotALink,
    checked_clauses,
    checked_period,
    checked_subject,
)
from auditkit.journal.service import record

Subject = tuple[str, int]


@dataclass(frozen=True)
class Add:
    """Files that `intake` received. `subject` is what they prove something about, as in the journal; None: not yet."""

    received: Sequence[Received]
    subject: Subject | None = None
    note: str = ""
    period: tuple[date | None, date | None] = (None, None)
    clauses: Sequence[str] = ()


@dataclass(frozen=True)
class Link:
    file_id: int
    subject: Subject
    note: str = ""


@dataclass(frozen=True)
class Unlink:
    file_id: int
    subject: Subject


@dataclass(frozen=True)
class Tag:
    """What may change about a file: everything here is replaced."""

    file_id: int
    note: str
    period: tuple[date | None, date | None]
    clauses: Sequence[str]


@dataclass(frozen=True)
class Capture:
    """A record as it stands now: `record` is plain JSON, `kind` the name of its schema (`complaint`).

    `origin` is the record it was taken from, `subject` the place where it is used.
    """

    kind: str
    origin: Subject
    record: dict[str, Any]
    name: str
    subject: Subject | None = None
    period: tuple[date | None, date | None] = (None, None)
    clauses: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Read:
    file_id: int


@dataclass(frozen=True)
class Erase:
    """Erase what a file says; `reason` in a few words without personal data."""

    file_id: int
    reason: str


@verb("evidence.add", leaves=(ADDED, ADDED_AGAIN))
def add(tx: Session, command: Add, now: datetime, actor: Actor) -> list[int]:
    """Record received files, and attach them to the subject; their ids in the order received.

    A file that the organisation has already keeps its first name, note and tags, and is attached all the same.
    Raises PeriodBackwards, ClauseMalformed, and ValueError where nothing was received.
    """
    if not command.received:
        raise ValueError("nothing was received")
    period, clauses = checked_period(*command.period), checked_clauses(command.clauses)
    said = {"note": command.note[:MAX_NOTE_CHARACTERS], "clauses": clauses}
    ids = []
    for one in command.received:
        file, is_new = _file(
            tx,
            now,
            actor,
            digest=one.digest,
            size=one.size,
            kind=one.kind,
            media_type=one.media_type,
            name=one.name,
            source=UPLOAD,
            details=one.details,
            notices=one.notices,
            period_begins=period[0],
            period_ends=period[1],
            **said,
        )
        facts = {"digest": one.digest, "size": one.size, "kind": one.kind} if is_new else {"digest": one.digest}
        _tell(tx, ADDED if is_new else ADDED_AGAIN, file, now, actor, facts, one.name)
        if command.subject is not None:
            _attach(tx, file, command.subject, command.note, now, actor)
        ids.append(file.id)
    return ids


@verb("evidence.add", leaves=CAPTURED)
def capture(tx: Session, command: Capture, now: datetime, actor: Actor) -> int:
    """Keep a record as canonical JSON (RFC 8785), stored like a file; the id of the evidence.

    The same record captured twice is one file. Raises rfc8785.CanonicalizationError for values that are not plain JSON,
    PeriodBackwards, ClauseMalformed, StorageFull, StorageFailed.
    """
    period, clauses = checked_period(*command.period), checked_clauses(command.clauses)
    kind, origin = checked_subject((command.kind, 1))[0], checked_subject(command.origin)
    data = rfc8785.dumps({"kind": kind, "origin": list(origin), "record": command.record})
    digest, _new = store.current().put(data)
    file, _is_new = _file(
        tx,
        now,
        actor,
        digest=digest,
        size=len(data),
        kind="json",
        media_type=KINDS["json"].media_type,
        name=names.kept_name(command.name),
        source=CAPTURE,
        details={"record_kind": kind, "origin": list(origin)},
        notices=[],
        period_begins=period[0],
        period_ends=period[1],
        clauses=clauses,
    )
    _tell(tx, CAPTURED, file, now, actor, {"digest": digest, "origin": list(origin)}, command.name)
    if command.subject is not None:
        _attach(tx, file, command.subject, "", now, actor)
    return int(file.id)


@verb("evidence.add", leaves=LINKED)
def link(tx: Session, command: Link, now: datetime, actor: Actor) -> None:
    """Attach a file to a subject; attached already, a new note replaces the old one. Raises NotFound."""
    _attach(tx, _get(tx, command.file_id), command.subject, command.note, now, actor)


@verb("evidence.add", leaves=UNLINKED)
def unlink(tx: Session, command: Unlink, now: datetime, actor: Actor) -> None:
    """Detach a file from a subject; the file itself stays. Raises NotFound, NotALink."""
    file = _get(tx, command.file_id)
    found = _link_of(tx, file, command.subject)
    if found is None:
        raise NotALink
    tx.delete(found)
    _tell(tx, UNLINKED, file, now, actor, {"digest": file.digest, "subject": list(command.subject)})


@verb("evidence.add", leaves=TAGGED)
def tag(tx: Session, command: Tag, now: datetime, actor: Actor) -> None:
    """Replace a file's note, period and clauses. Raises NotFound, PeriodBackwards, ClauseMalformed."""
    file = _get(tx, command.file_id)
    file.note = command.note[:MAX_NOTE_CHARACTERS]
    file.period_begins, file.period_ends = checked_period(*command.period)
    file.clauses = checked_clauses(command.clauses)
    days = [day.isoformat() if day else None for day in (file.period_begins, file.period_ends)]
    _tell(tx, TAGGED, file, now, actor, {"digest": file.digest, "period": days, "clauses": file.clauses})


@verb("evidence.read", leaves=READ)
def tell_read(tx: Session, command: Read, now: datetime, actor: Actor) -> None:
    """Put on record that the actor downloads a file. Raises NotFound."""
    file = _get(tx, command.file_id)
    _tell(tx, READ, file, now, actor, {"digest": file.digest})


@verb("organisation.manage", leaves=ERASED)
def erase(tx: Session, command: Erase, now: datetime, actor: Actor) -> None:
    """Erase a file's name, details and note; its digest, size and kind stay as proof that it was there.

    The bytes go after the transaction (`erasing.remove_bytes`). Erased already: nothing changes but the journal.
    Raises NotFound.
    """
    file = _get(tx, command.file_id)
    if _erasure(tx, file) is None:
        tx.add(
            EvidenceErasure(file_id=file.id, reason=command.reason[:200], erased_at=now, erased_by_id=actor.person_id)
        )
        tx.flush()
        file.name, file.details, file.notices, file.note = ERASED_NAME, {}, [], ""
        for link in tx.execute(select(EvidenceLink).where(EvidenceLink.file_id == file.id)).scalars():
            link.note = ""
    _tell(tx, ERASED, file, now, actor, {"digest": file.digest})


def _erasure(tx: Session, file: EvidenceFile) -> EvidenceErasure | None:
    return tx.execute(select(EvidenceErasure).where(EvidenceErasure.file_id == file.id)).scalar_one_or_none()


def _by_digest(tx: Session, digest: str) -> EvidenceFile | None:
    return tx.execute(select(EvidenceFile).where(EvidenceFile.digest == digest)).scalar_one_or_none()


def _file(tx: Session, now: datetime, actor: Actor, **values: Any) -> tuple[EvidenceFile, bool]:
    """The organisation's file with the digest of `values`, made where there is none; and whether it was made."""
    found = _by_digest(tx, values["digest"])
    if found is not None:
        _take_back(tx, found, values)
        return found, False
    file = EvidenceFile(added_by_id=actor.person_id, added_at=now, **values)
    try:
        with tx.begin_nested():
            tx.add(file)
    except IntegrityError:  # on PostgreSQL another writer recorded the same bytes at the same moment
        found = _by_digest(tx, values["digest"])
        if found is None:
            raise
        return found, False
    return file, True


def _take_back(tx: Session, file: EvidenceFile, values: dict[str, Any]) -> None:
    """A file that was erased and came in again is there again, under its new name."""
    erasure = _erasure(tx, file)
    if erasure is None:
        return
    file.name, file.details, file.notices = values["name"], values["details"], values["notices"]
    tx.flush()
    tx.delete(erasure)
    tx.flush()


def _get(tx: Session, file_id: int) -> EvidenceFile:
    file = tx.execute(select(EvidenceFile).where(EvidenceFile.id == file_id)).scalar_one_or_none()
    if file is None:
        raise NotFound
    return file


def _link_of(tx: Session, file: EvidenceFile, subject: Subject) -> EvidenceLink | None:
    return tx.execute(
        select(EvidenceLink).where(
            EvidenceLink.file_id == file.id,
            EvidenceLink.subject_kind == subject[0],
            EvidenceLink.subject_id == subject[1],
        )
    ).scalar_one_or_none()


def _attach(tx: Session, file: EvidenceFile, subject: Subject, note: str, now: datetime, actor: Actor) -> None:
    kind, number = checked_subject(subject)
    tx.flush()
    found = _link_of(tx, file, subject)
    if found is None:
        found = EvidenceLink(
            file_id=file.id, subject_kind=kind, subject_id=number, added_by_id=actor.person_id, added_at=now
        )
        tx.add(found)
    elif not note:
        note = found.note
    found.note = note[:MAX_NOTE_CHARACTERS]
    _tell(tx, LINKED, file, now, actor, {"digest": file.digest, "subject": [kind, number]})


def _tell(
    tx: Session, what: Event, file: EvidenceFile, now: datetime, actor: Actor, facts: dict[str, Any], name: str = ""
) -> None:
    tx.flush()
    # A file name often holds a person's name.
    personal = {"name": name} if name else None
    record(tx, what, now=now, actor=actor, subject=("evidence", file.id), facts=facts, personal=personal)
