"""Turns a draft into a pack: renders its documents once each, writes its tables, index, and seals it all (decision 10).

Made files lie in a folder of their own until the ZIP is whole, so that memory stays flat whatever the registers weigh.
The texts of a pack are in the language of its documents; callers open `translated_by` around `gather` and this.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, render
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.pack import (
    ClauseIndex,
    IndexedClause,
    IndexedFile,
    IndexedStandard,
    Omission,
    PackContent,
    PackCover,
    PackFacts,
    Seal,
)
from auditkit.documents.tables import write_xlsx
from auditkit.evidence import store
from auditkit.evidence.queries import File
from auditkit.evidence.rules import StoredObjectMissing
from auditkit.packs.bag import Sealed, as_json, write_pack
from auditkit.packs.definitions import DocumentPart
from auditkit.packs.gathering import ClauseLine, Document, Draft, Item, Register, Seen, clause_lines
from auditkit.packs.gathering.found import NOT_STATED, day, number_of
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState, EvidenceLost, Gap, check_gaps
from auditkit.packs.signer import Signer
from auditkit.packs.verify import layout
from auditkit.packs.zipping import OnProgress, Source

COVER, INDEX = "data/documents/pack-cover.docx", "data/documents/clause-index.docx"
FOLDERS = {
    Document: ("documents", N_("Policy, plans, reports and registers as documents")),
    Register: ("registers", N_("Registers as tables")),
    Seen: ("evidence", N_("Files that records point to")),
}
HOW_TO_CHECK = N_("""HOW TO CHECK THIS PACK

This folder is a BagIt bag (RFC 8493). Nothing in it needs auditkit to be read or checked.

1. That no file was changed, with any computer that has sha256sum. In this folder:
     sha256sum -c manifest-sha256.txt
     sha256sum -c tagmanifest-sha256.txt

2. That the list of files is the one that was signed (Ed25519). In this folder, with OpenSSL 3:
     openssl pkeyutl -verify -rawin -pubin -inkey public-key.pem \\
       -sigfile ../signature/tagmanifest-sha256.txt.sig -in tagmanifest-sha256.txt

3. Whose key it is. A key inside a pack proves nothing by itself: compare its fingerprint with the one the
   organisation gave you by another way. The fingerprint is the SHA-256 of the key:
     openssl pkey -pubin -in public-key.pem -outform DER | sha256sum
   It must be:
     %(key)s

4. All of it at once, and the ZIP too, with Python and its package cryptography:
     python -m auditkit.packs.verify FILE.zip --public-key the-key-you-were-given.pem

What the signature says: these files are the ones that the holder of the key put together. What it does not say: when
that was (the date in the pack is the pack's own statement), and whether what the documents tell is true.

omissions.json lists what is missing and why. clause-index.json lists, clause by clause, what is shown for it.
""")
HOW_TO_REDRAW = N_(
    "To draw a sample of complaints again, with nothing but Python, in %(folder)s: python redraw.py SAMPLE.json "
    "(the files whose names end in -S1.json, -S2.json ...); it ends with “agrees” three times."
)


@dataclass(frozen=True)
class Acceptance:
    """Why a pack is built although something is missing, and who says so. Empty where nothing is missing."""

    reason: str = ""
    by: str = ""


class DocumentFailed(AuditkitError):
    """A document could not be rendered; nothing is put in its place."""

    message = N_("%(title)s could not be written: %(reason)s")


@dataclass(frozen=True)
class _Made:
    """A file of the payload with what the index says of it."""

    path: str
    title: str
    version: str
    date: date | None
    source: Source

    @property
    def facts(self) -> dict[str, Any]:
        """What the machine-readable index says."""
        return {
            "path": self.path,
            "title": self.title,
            "version": self.version,
            "date": self.date.isoformat() if self.date else None,
            "sha256": self.source.sha256,
            "size": self.source.size,
        }


def seal(
    draft: Draft,
    acceptance: Acceptance,
    target: Path,
    work: Path,
    signer: Signer,
    on_progress: OnProgress | None = None,
) -> Sealed:
    """Write the pack to `target`; `work` is an empty folder for the files made on the way.

    Making the files counts as half of the progress, writing the ZIP as the other half. The same draft and acceptance
    give the same bytes. Raises EvidenceLost, PackHasGaps, SourcesChanged (evidence altered on disk), DocumentFailed,
    CannotWrite; nothing is left behind then.
    """
    if draft.lost:
        raise EvidenceLost(draft.lost)
    check_gaps(draft.gaps, acceptance.reason)
    tell = on_progress or _tell_nobody
    made = []
    for number, item in enumerate(draft.items):
        tell(number / len(draft.items) / 2)
        made.append(_make(item, work))
    by_path = {one.path: one for one in made}
    lines = clause_lines(draft)
    own = [
        *(
            _Made(path, script.title, "", None, Source.of_bytes(path, script.content))
            for path, script in sorted(draft.scripts.items())
        ),
        _document("clause-index", INDEX, _("Clause index"), _index(draft, lines, by_path), work),
        _document("pack-cover", COVER, _("Cover"), _cover(draft, acceptance, signer), work),
    ]
    return write_pack(
        target,
        bag=draft.bag,
        dated=_dated(draft),
        about=_about(draft, [*made, *own]),
        info={
            "Source-Organization": draft.organisation.name,
            "External-Description": f"{draft.definition.title}, {draft.start.isoformat()} to {draft.end.isoformat()}",
            "Bag-Software-Agent": f"auditkit {version('auditkit')}",
        },
        tag_files={
            "clause-index.json": as_json(_index_facts(lines, by_path)),
            "omissions.json": as_json(_omissions(draft, acceptance)),
            layout.JOURNAL_HEAD: as_json(_head(draft)),
            "HOW-TO-CHECK.txt": _how_to_check(draft, signer).encode(),
        },
        payload=[one.source for one in (*made, *own)],
        signer=signer,
        on_progress=lambda share: tell(0.5 + share / 2),
    )


def _how_to_check(draft: Draft, signer: Signer) -> str:
    text = _(HOW_TO_CHECK, key=signer.fingerprint)
    for path in sorted(draft.scripts):
        text += "\n" + _(HOW_TO_REDRAW, folder=path.rpartition("/")[0]) + "\n"
    return text


def _tell_nobody(_share: float) -> None:
    return None


def _dated(draft: Draft) -> datetime:
    """The newest record's time; of a pack without records, the beginning of its last day."""
    return draft.dated or datetime.combine(draft.end, time(), UTC)


# Files


def _make(item: Item, work: Path) -> _Made:
    content = item.content
    if isinstance(content, Seen):
        source = _stored(item.path, content.file)
        return _Made(item.path, item.title, "", item.newest.date() if item.newest else None, source)
    if isinstance(content, Document):
        assert isinstance(item.part, DocumentPart)  # noqa: S101 - documents come from no other part
        made = _document(item.part.template, item.path, item.title, content.context, work)
    else:
        file = work / Path(item.path).name
        write_xlsx(file, content.sheets(), title=item.title, created=item.newest)
        made = _Made(item.path, item.title, "", None, _made_file(item.path, file))
    return _Made(made.path, made.title, item.version, item.newest.date() if item.newest else None, made.source)


def _document(template: str, path: str, title: str, context: catalogue.Context, work: Path) -> _Made:
    file = work / Path(path).name
    try:
        render.render(catalogue.entry(template).file, catalogue.data_of(context), file)
    except AuditkitError as error:
        raise DocumentFailed(title=title, reason=str(error)) from error
    return _Made(path, title, "", None, _made_file(path, file))


def _made_file(path: str, file: Path) -> Source:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Source.of_file(path, file, file.stat().st_size, digest)


def _stored(path: str, file: File) -> Source:
    held = store.current()  # now: the threads that will open it are outside the application's context

    def open_it() -> io.RawIOBase:
        try:
            local = held.local_path(file.digest)
            return local.open("rb", buffering=0) if local else _Chunks(held.open_stream(file.digest))
        except StoredObjectMissing as error:
            raise FileNotFoundError(path) from error

    return Source(path, file.size, file.digest, open_it)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as an unbuffered file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill as much of `buffer` as the present chunk gives."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


# What the pack says of itself


def _reference(draft: Draft) -> str:
    return f"{draft.definition.id} {draft.start.isoformat()}/{draft.end.isoformat()}"


def _index(draft: Draft, lines: list[ClauseLine], by_path: dict[str, _Made]) -> ClauseIndex:
    return ClauseIndex(
        organisation=Organisation(draft.organisation.name),
        document=DocumentFacts(_reference(draft), "1", day(_dated(draft).date())),
        standard=IndexedStandard(draft.edition.name),
        totals=tuple(
            Count(_(CLAUSE_STATE_TITLES[state]), sum(line.state is state for line in lines)) for state in ClauseState
        ),
        clauses=tuple(
            IndexedClause(
                number=line.number,
                title=line.title,
                state=_(CLAUSE_STATE_TITLES[line.state]),
                note=line.why,
                files=tuple(
                    IndexedFile(
                        title=item.title,
                        file=item.path.removeprefix("data/"),
                        version=item.version,
                        date=day(by_path[item.path].date),
                        digest=by_path[item.path].source.sha256[:8],
                    )
                    for item in line.items
                ),
            )
            for line in lines
        ),
        left_out=(
            LeftOut(_("Annexes and clauses 1 to 3"), _("They hold nothing that records could show")),
            LeftOut(
                _("Who complained, and what they wrote"),
                _("Personal data; the register lists complaints by reference"),
            ),
        ),
    )


def _cover(draft: Draft, acceptance: Acceptance, signer: Signer) -> PackCover:
    counts: dict[str, tuple[str, int]] = {}
    for kind, (folder, description) in FOLDERS.items():
        extra = {Document: 2, Seen: len(draft.scripts)}.get(kind, 0)  # cover and index themselves; scripts
        counts[folder] = (_(description), len(draft.of(kind)) + extra)
    missing = [Omission(gap.what, _because(gap, acceptance), acceptance.by) for gap in draft.gaps]
    missing += [Omission(gap.what, gap.why, "") for gap in draft.left_out]
    return PackCover(
        organisation=Organisation(draft.organisation.name),
        document=DocumentFacts(_reference(draft), "1", day(_dated(draft).date())),
        pack=PackFacts(
            title=draft.definition.title,
            standard=draft.edition.name,
            scope=draft.definition.purpose,
            start=day(draft.start),
            end=day(draft.end),
            prepared_by=draft.organisation.name,
            contact=_(NOT_STATED),
        ),
        contents=tuple(PackContent(folder, text, files) for folder, (text, files) in counts.items() if files),
        omissions=tuple(missing),
        seal=Seal(
            key_fingerprint=signer.fingerprint,
            journal_head=draft.head.hash if draft.head else "",
            journal_entry=draft.head.seq if draft.head else 0,
        ),
    )


def _because(gap: Gap, acceptance: Acceptance) -> str:
    return _("%(why)s. Accepted: %(reason)s", why=gap.why, reason=acceptance.reason.strip())


def _about(draft: Draft, made: list[_Made]) -> dict[str, Any]:
    by_path = {item.path: item for item in draft.items}
    return {
        "pack": draft.definition.id,
        "title": draft.definition.title,
        "organisation": draft.organisation.name,
        "organisation_short_name": draft.organisation.slug,
        "period": {"start": draft.start.isoformat(), "end": draft.end.isoformat()},
        "standard": {"id": draft.edition.id, "name": draft.edition.name, "digest": draft.edition.digest},
        "gaps_accepted": len(draft.gaps),
        "files": [one.facts | _evidence_facts(by_path.get(one.path)) for one in sorted(made, key=lambda one: one.path)],
        "stale": sorted(item.path for item in draft.items if draft.is_stale(item)),
    }


def _evidence_facts(item: Item | None) -> dict[str, Any]:
    if item is None or not isinstance(item.content, Seen):
        return {}
    file = item.content.file
    return {
        "original_name": file.name,
        "media_type": file.media_type,
        "added": file.added_at.astimezone(UTC).isoformat(),
        "shown_for": item.content.uses,
        "note": file.note,
    }


def _index_facts(lines: list[ClauseLine], by_path: dict[str, _Made]) -> list[dict[str, Any]]:
    return [
        {
            "clause": line.ref,
            "number": line.number,
            "title": line.title,
            "state": line.state.value,
            "why": line.why,
            "files": [by_path[item.path].facts for item in line.items],
        }
        for line in lines
    ]


def _omissions(draft: Draft, acceptance: Acceptance) -> dict[str, Any]:
    def facts(gap: Gap) -> dict[str, Any]:
        return {
            "part": gap.part,
            "what": gap.what,
            "why": gap.why,
            "clauses": [number_of(clause) for clause in gap.clauses],
        }

    return {
        "missing": [facts(gap) for gap in draft.gaps],
        "accepted": {"reason": acceptance.reason.strip(), "by": acceptance.by} if draft.gaps else None,
        "not_required": [facts(gap) for gap in draft.left_out],
        "withheld": [
            {
                "what": _("Who complained, and what they wrote"),
                "why": _("Personal data; the register lists complaints by reference"),
            }
        ],
    }


def _head(draft: Draft) -> dict[str, Any]:
    if draft.head is None:
        return {"entry": None, "why": _("The pack holds no record, so there is no entry about one")}
    return {
        "entry": draft.head.seq,
        "hash": draft.head.hash,
        "at": draft.head.at.astimezone(UTC).isoformat(),
        "meaning": _(
            "Hash of the newest journal entry about records at the pack's own date. Every entry carries the hash of "
            "the one before it, so an earlier entry cannot be changed without changing this hash"
        ),
    }
