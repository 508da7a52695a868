"""What people do with packs: look at the draft, build, download.

Building is two steps, so that writing a gigabyte does not keep everybody else from writing to the database: `prepare`
reads and makes the file, `build` records it in a short transaction. tests/slices/packs/test_service.py holds them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.base.verbs import verb
from auditkit.journal.service import record
from auditkit.packs import queries
from auditkit.packs.bag import Sealed
from auditkit.packs.definitions import definition
from auditkit.packs.gathering import Draft
from auditkit.packs.gathering.draft import dated
from auditkit.packs.models import Pack
from auditkit.packs.output import cannot_write, lock
from auditkit.packs.queries import BuiltPack
from auditkit.packs.reading import COMPLAINT, Here, PreparePack, Records, check, gathered, standing
from auditkit.packs.rules import (
    BUILT,
    DOWNLOADED,
    KEY_LOCKED,
    KEY_RENEWED,
    KEY_REVOKED,
    KEY_UNLOCKED,
    Gap,
    check_gaps,
)
from auditkit.packs.sealing import Acceptance, Wish, seal
from auditkit.packs.signer import Signer
from auditkit.packs.writing import OnProgress

SUBJECT = "pack"
KEY = "signing-key"
FOLDER = "packs"
WORK = ".making-"
LOCK = ".at-work"
ABANDONED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Prepared:
    """A pack that is written but not recorded. `entry`: the journal's head in it; `stored` when the instance keeps it.

    `left_out` is what was not there and need not be; `reason` why the `gaps` were accepted, empty without any.
    """

    definition: str
    title: str
    start: date
    end: date
    dated: datetime | None
    entry: int | None
    gaps: tuple[Gap, ...]
    left_out: tuple[Gap, ...]
    reason: str
    form: str
    sealed: Sealed
    stored: bool
    languages: tuple[str, ...] = ("en",)
    subject: str = ""


@dataclass(frozen=True)
class BuildPack:
    """The act of building, to be recorded."""

    prepared: Prepared


@dataclass(frozen=True)
class DownloadPack:
    pack_id: int


@dataclass(frozen=True)
class NoteKey:
    """The key with this fingerprint was retired, or revoked since a day; another signs from now on. `why`: the words
    of whoever did it."""

    fingerprint: str
    signs_now: str
    why: str
    revoked_since: date | None = None


@dataclass(frozen=True)
class NoteLock:
    """The file of the key with this fingerprint got a passphrase, or another one; or has none any more."""

    fingerprint: str
    locked: bool


class PackNotKept(NotFound):
    message = N_("This pack was written to a file by the command line and is not kept here. Build it here to get it")


def draft(tx: Session, command: PreparePack, actor: Actor) -> Draft:
    """What the pack would hold, in the language of the moment, with the clause matrix.

    Raises NotFound and what `reading.check` does.
    """
    check(command, actor)
    found = gathered(tx, command)
    return replace(found, standing=standing(tx, command, dated(found)))


def prepare(
    tx: Session,
    command: PreparePack,
    actor: Actor,
    instance: Path,
    signer: Signer,
    target: Path | None = None,
    on_progress: OnProgress | None = None,
    records: Records | None = None,
) -> Prepared:
    """Write the pack to `target`, or into the instance; the same records and reason give the same bytes.

    `records` reads for the pack, None has `tx` read here. Raises PackHasGaps, EvidenceLost, SourcesChanged,
    DocumentFailed, CannotWrite, DiskFull, NotFound and what `reading.check` does; nothing is left behind then.
    """
    folder = packs_folder(instance)
    _remove_left_overs(folder)
    check(command, actor)
    records = records or Here(tx, command, instance)
    found = records.draft()
    check_gaps(found.gaps, command.reason)
    accepted = Acceptance(command.reason, command.by) if found.gaps else Acceptance()
    with _work_folder(folder) as work:
        written = target or work / "pack.zip"
        wish = Wish(command.form, folder if command.pdf else None)
        sealed = seal(found, accepted, written, work, signer, on_progress, wish, records)
        if target is None:
            kept = folder / f"{sealed.root}.zip"
            written.replace(kept)
    return Prepared(
        definition=found.definition.id,
        title=definition(command.pack_id).title,
        start=found.start,
        end=found.end,
        dated=found.dated,
        entry=found.head.seq if found.head else None,
        gaps=tuple(found.gaps),
        left_out=tuple(found.left_out),
        reason=command.reason.strip() if found.gaps else "",
        form=command.form,
        sealed=sealed,
        stored=target is None,
        languages=found.languages,
        subject=found.subject,
    )


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """An empty folder for what is made on the way, gone afterwards. Raises CannotWrite, DiskFull.

    A locked file in it says that somebody is at work; where the process was killed, nobody is.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=WORK, dir=folder) as name:
            work = Path(name)
            descriptor = os.open(work / f"{LOCK}-new", os.O_CREAT | os.O_RDWR, 0o600)
            try:
                lock(descriptor)
                (work / f"{LOCK}-new").replace(work / LOCK)
                yield work
            finally:
                os.close(descriptor)
    except OSError as error:
        raise cannot_write(folder, error) from error


@verb("packs.build", leaves=BUILT)
def build(tx: Session, command: BuildPack, now: datetime, actor: Actor) -> int:
    """Record that a pack was built; the id of its record."""
    prepared = command.prepared
    sealed = prepared.sealed
    pack = Pack(
        definition=prepared.definition,
        title=prepared.title,
        period_start=prepared.start,
        period_end=prepared.end,
        dated=prepared.dated,
        bag=sealed.bag,
        root=sealed.root,
        size=sealed.size,
        files=sealed.files,
        payload_bytes=sealed.payload_bytes,
        signing_key=sealed.signing_key,
        form=prepared.form,
        shared_root=sealed.shared_root,
        journal_entry=prepared.entry,
        gaps=[asdict(gap) | {"clauses": list(gap.clauses)} for gap in prepared.gaps],
        gap_count=len(prepared.gaps),
        reason=prepared.reason,
        stored=prepared.stored,
        built_at=now,
        built_by_id=actor.person_id,
        languages=" ".join(prepared.languages),
        subject=prepared.subject,
    )
    tx.add(pack)
    tx.flush()
    facts = {
        "pack": prepared.definition,
        "from": prepared.start.isoformat(),
        "to": prepared.end.isoformat(),
        "form": prepared.form,
        "languages": list(prepared.languages),
        "subject": prepared.subject,
        "root": sealed.root,
        "files": sealed.files,
        "gaps": len(prepared.gaps),
    }
    record(tx, BUILT, now=now, actor=actor, subject=(SUBJECT, pack.id), facts=facts)
    if definition(prepared.definition).about == COMPLAINT:
        # Here and not above: who writes a pack does not record it, and must not load this (decision 0007).
        from auditkit.complaints.exporting import service as exporting
        from auditkit.complaints.privacy.queries import cases

        case = cases.subject(tx, prepared.subject)
        exporting.export(
            tx, exporting.Export(case.id, prepared.form, "pack", reason=prepared.reason or prepared.title), now, actor
        )
    return pack.id


@verb("packs.read", leaves=DOWNLOADED)
def download(tx: Session, command: DownloadPack, now: datetime, actor: Actor) -> BuiltPack:
    """Note that a pack was taken away. Raises NotFound, PackNotKept."""
    pack = queries.by_id(tx, command.pack_id)
    if not pack.stored:
        raise PackNotKept
    facts = {"root": pack.root}
    record(tx, DOWNLOADED, now=now, actor=actor, subject=(SUBJECT, pack.id), facts=facts)
    return pack


@verb("organisation.manage", leaves=(KEY_RENEWED, KEY_REVOKED))
def note_key(tx: Session, command: NoteKey, now: datetime, actor: Actor) -> None:
    """Note for one organisation what happened to the installation's key, and why."""
    facts = {"key": command.fingerprint, "signs_now": command.signs_now, "why": command.why}
    if command.revoked_since is not None:
        facts["since"] = command.revoked_since.isoformat()
    happened = KEY_RENEWED if command.revoked_since is None else KEY_REVOKED
    record(tx, happened, now=now, actor=actor, subject=(KEY, actor.organisation_id), facts=facts)


@verb("organisation.manage", leaves=(KEY_LOCKED, KEY_UNLOCKED))
def note_lock(tx: Session, command: NoteLock, now: datetime, actor: Actor) -> None:
    """Note for one organisation that the passphrase of the installation's key was set, changed or removed."""
    happened = KEY_LOCKED if command.locked else KEY_UNLOCKED
    facts = {"key": command.fingerprint}
    record(tx, happened, now=now, actor=actor, subject=(KEY, actor.organisation_id), facts=facts)


def packs_folder(instance: Path) -> Path:
    """Where the instance keeps packs, made when it is missing. Raises CannotWrite."""
    folder = instance.resolve() / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def kept_file(instance: Path, root: str) -> Path:
    """The file of a stored pack. Raises NotFound where it was taken out of the instance."""
    path = packs_folder(instance) / f"{root}.zip"
    if not path.is_file():
        raise NotFound(N_("The file of this pack is no longer in the instance. Build the pack again"))
    return path


def _remove_left_overs(folder: Path) -> None:
    """What a killed building left: at once where its lock is free, after a day where it has none yet."""
    oldest = (clock.now() - ABANDONED_AFTER).timestamp()
    for path in folder.iterdir():
        if path.name.startswith(WORK) and (_abandoned(path) or path.stat().st_mtime < oldest):
            shutil.rmtree(path, ignore_errors=True)


def _abandoned(work: Path) -> bool:
    if os.name == "nt":
        return False  # nothing can be locked there, and open files cannot be removed
    try:
        descriptor = os.open(work / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        lock(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
