"""A ZIP of cases: Word file, JSON, timeline, messages as sent, due dates, files with their digests.

Each case lies in a folder of its own. Members are dated by the making, texts are UTF-8 with the line ends as written.
"""

import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO, Any

from auditkit.base.text import _
from auditkit.complaints.correspondence.rules import KIND_TITLES as LETTER_TITLES
from auditkit.complaints.exporting.document import left_out
from auditkit.complaints.exporting.gathering import FORMAT, Gathered
from auditkit.complaints.exporting.rules import WITHHELD, Extent, member_name, withheld
from auditkit.evidence import store
from auditkit.evidence.queries import File

Bytes = Callable[[str], Iterable[bytes]]


@dataclass(frozen=True)
class CaseFolder:
    """What goes into the folder of one case."""

    gathered: Gathered
    word: bytes
    dues: list[dict[str, Any]]


def write(out: IO[bytes], folders: Iterable[CaseFolder], made_at: datetime, about: Iterable[str] = ()) -> None:
    """Write the archive. `about` are lines of the README at its top. Raises StoredObjectMissing."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(archive, made_at)
        listed = []
        for one in folders:
            _case(writer, one)
            listed.append(one.gathered.reference)
        lines = [*about, _("Made: %(moment)s", moment=made_at.astimezone(UTC).isoformat(timespec="seconds")), *listed]
        writer.text("README.txt", "\n".join(lines) + "\n")
        writer.text("SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sorted(writer.digests.items())))


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, made_at: datetime) -> None:
        self.archive, self.digests = archive, {}  # type: tuple[zipfile.ZipFile, dict[str, str]]
        self.dated = made_at.astimezone(UTC).timetuple()[:6]

    def data(self, name: str, chunks: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, self.dated)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o100644 << 16
        hasher = sha256()
        with self.archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                hasher.update(chunk)
                member.write(chunk)
        self.digests[name] = hasher.hexdigest()

    def text(self, name: str, text: str) -> None:
        self.data(name, [text.encode("utf-8", "replace")])

    def json(self, name: str, value: Any) -> None:
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _case(writer: _Writer, folder: CaseFolder) -> None:
    gathered = folder.gathered
    place = member_name(gathered.reference)
    writer.data(f"{place}/case.docx", [folder.word])
    writer.json(
        f"{place}/case.json",
        {
            "format": FORMAT,
            "reference": gathered.reference,
            "extent": gathered.extent.value,
            "records": gathered.tables,
        },
    )
    writer.json(f"{place}/due-dates.json", folder.dues)
    writer.json(f"{place}/timeline.json", [_entry(gathered, one) for one in gathered.entries])
    for number, message in enumerate(gathered.of("complaint_message"), 1):
        writer.text(f"{place}/messages/{number:04}-{message['direction']}-{message['kind']}.txt", _letter(message))
    for one in gathered.files:
        _file(writer, place, gathered, one)
    missing = [f"{one.what}: {one.reason}" for one in left_out(gathered)]
    if missing:
        writer.text(f"{place}/LEFT-OUT.txt", "\n".join(missing) + "\n")


def _entry(gathered: Gathered, entry: Any) -> dict[str, Any]:
    personal = entry.personal
    if gathered.extent is Extent.REDACTED:
        personal = dict.fromkeys(personal, WITHHELD)
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "event": entry.event,
        "title": _(entry.title),
        "by": entry.actor_id,
        "role": entry.role,
        "facts": entry.facts,
        "personal": personal,
        "hash": entry.hash,
    }


def _letter(message: dict[str, Any]) -> str:
    kinds = {str(kind): title for kind, title in LETTER_TITLES.items()}
    head = [
        (_("What"), _(kinds[message["kind"]])),
        (_("Way"), message["channel"]),
        (_("Written"), message["created_at"]),
        (_("Sent or received"), message["sent_at"] or "–"),
        (_("Subject"), message["subject"]),
    ]
    return "\n".join(f"{name}: {value}" for name, value in head) + f"\n\n{message['text']}\n"


def _file(writer: _Writer, place: str, gathered: Gathered, file: File) -> None:
    kept = file.id not in gathered.erased_files
    if gathered.extent is Extent.WHOLE and kept:
        writer.data(f"{place}/files/{file.id}-{file.download_name}", store.current().open_stream(file.digest))
        return
    copy = gathered.copies.get(file.id)
    if kept and copy is not None:
        name = f"{file.id}-redacted{copy.kind.extensions[0] if copy.kind.extensions else ''}"
        writer.data(f"{place}/files/{name}", store.current().open_stream(copy.digest))
        lines = [
            _("A redacted copy stands for the original."),
            f"{_('SHA-256 of the original')}: {file.digest}",
            f"{_('SHA-256 of the copy')}: {copy.digest}",
        ]
        writer.text(f"{place}/files/{file.id}-stands-for.txt", "\n".join(lines) + "\n")
        return
    why = _("Left out because there is no redacted copy.") if kept else _("Its content was erased.")
    lines = [
        why,
        f"{_('Name')}: {withheld(file.name) if kept else file.name}",
        f"{_('Kind, by its content')}: {_(file.kind.title)}",
        f"{_('Size')}: {file.size}",
        f"{_('SHA-256 of the original')}: {file.digest}",
    ]
    writer.text(f"{place}/files/{file.id}-withheld.txt", "\n".join(lines) + "\n")
