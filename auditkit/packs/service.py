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

from auditkit.accounts.queries import OrganisationView
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, spoken, translated_by
from auditkit.base.verbs import verb
from auditkit.content.library import Standards, shared
from auditkit.documents.own import choosing
from auditkit.documents.own.choosing import Chosen
from auditkit.journal.service import record
from auditkit.packs import queries
from auditkit.packs.bag import Sealed
from auditkit.packs.definitions import definition
from auditkit.packs.gathering import Draft, gather, history
from auditkit.packs.gathering.found import Libraries
from auditkit.packs.gathering.outcome import outcome
from auditkit.packs.models import Pack
from auditkit.packs.queries import BuiltPack
from auditkit.packs.rules import BUILT, DOWNLOADED, Gap, check_period
from auditkit.packs.sealing import Acceptance, seal
from auditkit.packs.signer import Signer
from auditkit.packs.verify.layout import WHOLE
from auditkit.packs.zipping import OnProgress, cannot_write, lock

SUBJECT = "pack"
FOLDER = "packs"
WORK = ".making-"
LOCK = ".at-work"
ABANDONED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class PreparePack:
    """Which pack of whom, over which days (both included), and why it may have gaps.

    `standards` is the organisation's; `by` stands in the pack; `form`: with personal values, or redacted.
    """

    pack_id: str
    organisation: OrganisationView
    standards: Standards
    start: date
    end: date
    reason: str = ""
    by: str = ""
    form: str = WHOLE
    library: Libraries = shared
    """Gives the organisation's whole library; asked for by packs that need more of it than the standards."""


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


@dataclass(frozen=True)
class BuildPack:
    """The act of building, to be recorded."""

    prepared: Prepared


@dataclass(frozen=True)
class DownloadPack:
    pack_id: int


class PackNotKept(NotFound):
    message = N_("This pack was written to a file by the command line and is not kept here. Build it here to get it")


def draft(tx: Session, command: PreparePack, actor: Actor) -> Draft:
    """What the pack would hold, in the language of the moment. Raises Forbidden, NoSuchPack, PeriodReversed."""
    actor.require("packs.build")
    check_period(command.start, command.end)
    return gather(
        tx,
        definition(command.pack_id),
        command.organisation,
        command.start,
        command.end,
        command.standards,
        command.library,
    )


def prepare(
    tx: Session,
    command: PreparePack,
    actor: Actor,
    instance: Path,
    signer: Signer,
    target: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Prepared:
    """Write the pack to `target`, or into the instance; the same records and reason give the same bytes.

    Raises Forbidden, NoSuchPack, PeriodReversed, PackHasGaps, EvidenceLost, SourcesChanged, DocumentFailed,
    CannotWrite, DiskFull; nothing is left behind then. A killed one leaves what the next removes, and no pack.
    """
    acceptance = Acceptance(command.reason, command.by)
    folder = packs_folder(instance)
    _remove_left_overs(folder)
    with (
        spoken("en"),
        translated_by(str),
    ):  # the shipped templates are English; what is sealed must not depend on who looks
        found = draft(tx, command, actor)
        if found.head is not None:
            found = replace(found, tree=history.tree(tx, command.organisation.id, found.head))
        found = replace(found, templates=_templates(tx, instance, found))
        with _work_folder(folder) as work:
            written = target or work / "pack.zip"
            accepted = acceptance if found.gaps else Acceptance()
            told = outcome(tx, found)
            sealed = seal(found, accepted, written, work, signer, on_progress, command.form, told)
            if target is None:
                kept = folder / f"{sealed.root}.zip"
                written.replace(kept)
    return Prepared(
        definition=found.definition.id,
        title=found.definition.title,
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


def _templates(tx: Session, instance: Path, draft: Draft) -> dict[str, Chosen]:
    """The templates in force for the documents of a pack, the organisation's own before the shipped ones."""
    wanted = (*(one.template for one in draft.definition.documents), "clause-index", "pack-cover")
    return {one: choosing.chosen(tx, instance, one) for one in wanted}


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
    )
    tx.add(pack)
    tx.flush()
    facts = {
        "pack": prepared.definition,
        "from": prepared.start.isoformat(),
        "to": prepared.end.isoformat(),
        "form": prepared.form,
        "root": sealed.root,
        "files": sealed.files,
        "gaps": len(prepared.gaps),
    }
    record(tx, BUILT, now=now, actor=actor, subject=(SUBJECT, pack.id), facts=facts)
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
