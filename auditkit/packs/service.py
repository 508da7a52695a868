"""What people do with packs: look at the draft, build, download.

Building is two steps, so that writing a gigabyte does not keep everybody else from writing to the database: `prepare`
reads and makes the file, `build` records it in a short transaction. tests/slices/packs/test_service.py holds them.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from auditkit.accounts import queries as accounts
from auditkit.accounts.queries import OrganisationView
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_, language_written
from auditkit.base.verbs import verb
from auditkit.content.library import Standards, in_language, shared
from auditkit.content.texts import ENGLISH
from auditkit.documents.own import choosing
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.own.queries import uses
from auditkit.journal.service import record
from auditkit.packs import queries
from auditkit.packs.bag import Sealed
from auditkit.packs.contents import dated
from auditkit.packs.definitions import definition
from auditkit.packs.gathering import Document, Draft, Item, gather, history
from auditkit.packs.gathering.found import Libraries
from auditkit.packs.gathering.outcome import Outcome, outcome
from auditkit.packs.gathering.standing import Standing, Standings
from auditkit.packs.models import Pack
from auditkit.packs.output import cannot_write, lock
from auditkit.packs.queries import BuiltPack
from auditkit.packs.rules import (
    BUILT,
    DOWNLOADED,
    KEY_LOCKED,
    KEY_RENEWED,
    KEY_REVOKED,
    KEY_UNLOCKED,
    Gap,
    check_gaps,
    check_languages,
    check_period,
)
from auditkit.packs.sealing import Acceptance, Wish, seal
from auditkit.packs.signer import Signer
from auditkit.packs.speaking import speaking
from auditkit.packs.verify.layout import WHOLE
from auditkit.packs.writing import OnProgress

SUBJECT = "pack"
KEY = "signing-key"
Counts = Callable[[Callable[[Session], Standings]], Callable[[], Standings]]
"""Given what counts with a session, gives what waits for its answer."""
ORGANISATION, COMPLAINT = "organisation", "complaint"
FOLDER = "packs"
WORK = ".making-"
LOCK = ".at-work"
ABANDONED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class PreparePack:
    """Which pack of whom, over which days (both included), and why it may have gaps.

    `standards` is the organisation's; `by` stands in the pack; `form`: with personal values, or redacted; `languages`:
    of its documents and of what it says of itself, the first in front; `subject`: the audit or complaint that it is
    about; `pdf`: documents as PDF, too; `counts`: begins to count the matrix elsewhere (`building.in_a_fork`), None
    counts it here; `all_read`: called when the records are read and the files begin to be made.
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
    languages: tuple[str, ...] = ("en",)
    subject: str = ""
    pdf: bool = False
    counts: Counts | None = None
    all_read: Callable[[], None] | None = None


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


class SubjectUnfit(BadInput):
    message = N_("Say which audit or complaint the pack is about; a pack about the organisation takes none")


class PackNotKept(NotFound):
    message = N_("This pack was written to a file by the command line and is not kept here. Build it here to get it")


def draft(tx: Session, command: PreparePack, actor: Actor) -> Draft:
    """What the pack would hold, in the language of the moment, with the clause matrix.

    Raises Forbidden, NotFound, NoSuchPack, PeriodReversed.
    """
    _check(command, actor)
    found = _gathered(tx, command, language_written())
    return replace(found, standing=_standing_now(tx, command, found))


def _check(command: PreparePack, actor: Actor) -> None:
    actor.require("packs.build")
    check_period(command.start, command.end)
    check_languages(command.languages)
    about = definition(command.pack_id).about
    if bool(command.subject) is (about == ORGANISATION):
        raise SubjectUnfit
    if about == COMPLAINT:
        actor.require("complaints.read")
        if command.form == WHOLE:
            actor.require("identity.read")


def _gathered(tx: Session, command: PreparePack, language: str) -> Draft:
    """The draft in the language of the moment, which is `language`."""
    spoken = language != ENGLISH
    return gather(
        tx,
        definition(command.pack_id, language),
        command.organisation,
        command.start,
        command.end,
        in_language(command.library(), language) if spoken else command.standards,
        lambda: in_language(command.library(), language),
        command.subject,
    )


def _standing_now(tx: Session, command: PreparePack, found: Draft) -> Standing:
    # Here and not above: who builds packs counts in a fork, so that this process never loads it (decision 0007).
    from auditkit.packs.gathering import matrix

    wanted = matrix.Wanted(
        lambda: in_language(command.library(), found.language),
        found.edition.id,
        found.start,
        found.end,
        dated(found),
        accounts.names(tx),
    )
    return matrix.standing(tx, wanted)


def _standings(tx: Session, command: PreparePack, drafts: Sequence[Draft]) -> Callable[[], Standings]:
    """What gives the matrix in each language of the pack; begun now where it is counted elsewhere."""

    def count(session: Session) -> Standings:
        counted = {}
        for one in drafts:
            with speaking(one.language):
                counted[one.language] = _standing_now(session, command, one)
        return counted

    return command.counts(count) if command.counts is not None else lambda: count(tx)


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
    _check(command, actor)
    found = _drafted(tx, command, instance)
    check_gaps(found.gaps, command.reason)
    standings = _standings(tx, command, [found, *found.further])
    with _work_folder(folder) as work:
        written = target or work / "pack.zip"
        accepted = acceptance if found.gaps else Acceptance()
        wish = Wish(command.form, folder if command.pdf else None)
        last_read = partial(_last_read, tx, command, found)
        sealed = seal(found, accepted, written, work, signer, on_progress, wish, last_read, standings)
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


def _last_read(tx: Session, command: PreparePack, found: Draft) -> Outcome:
    with speaking(found.language):
        told = outcome(tx, found)
    if command.all_read is not None:
        command.all_read()
    return told


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


def _drafted(tx: Session, command: PreparePack, instance: Path) -> Draft:
    """The draft in every language of the pack, joined: all documents, and registers and files of the first."""
    drafts = []
    for language in check_languages(command.languages):
        with speaking(language):
            drafts.append(_gathered(tx, command, language))
    first, *others = drafts
    items = [replace(item, language=first.language) for item in first.items]
    for other in others:
        items += [_in_folder(item, other.language) for item in other.of(Document)]
    templates = _templates(tx, instance, drafts)
    tree = history.tree(tx, command.organisation.id, first.head) if first.head is not None else None
    joined = [replace(one, items=tuple(items), templates=templates, tree=tree) for one in drafts]
    return replace(joined[0], further=tuple(joined[1:]))


def _in_folder(item: Item, language: str) -> Item:
    folder, _slash, name = item.path.rpartition("/")
    return replace(item, path=f"{folder}/{language}/{name}", language=language)


def _templates(tx: Session, instance: Path, drafts: Sequence[Draft]) -> dict[tuple[str, str], Chosen]:
    """The templates in force for the documents of a pack, the organisation's own before the shipped ones."""
    own = uses(tx)
    return {
        (one, draft.language): choosing.chosen(tx, instance, one, draft.language, own)
        for draft in drafts
        for one in (*(part.template for part in draft.definition.documents), "clause-index", "pack-cover")
    }


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
