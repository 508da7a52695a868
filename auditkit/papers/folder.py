"""Many documents at once, as a ZIP: each with the template in force, PDF by one process for all of them.

The ZIP lies in the instance until it is fetched or a week is over. What cannot be made is named in a file of the ZIP.
Checked by tests/slices/papers/test_papers_folder.py.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.base import clock
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, pdf
from auditkit.documents.own import making
from auditkit.documents.own.rules import Kind
from auditkit.documents.whole_file import written_whole
from auditkit.evidence.names import download_name
from auditkit.papers.building import Asked, build
from auditkit.papers.rules import OF_LIBRARY, PAPERS

FOLDER = "documents"
KEPT_SECONDS = 7 * 24 * 3600
MISSING = "not-made.txt"
GONE = N_("These documents are not kept any more. Make them again")
_NAME = re.compile(r"[A-Za-z0-9_-]{20,80}")


@dataclass(frozen=True)
class Wanted:
    """A document of the batch: which, about what, and what it is called."""

    paper_id: str
    subject: str
    title: str


def wanted(subjects: Mapping[str, list[tuple[str, str]]], permissions: Callable[[str], bool]) -> list[Wanted]:
    """Every document somebody may see, about everything of the organisation's own it can be about."""
    found = []
    for paper in PAPERS.values():
        if not all(map(permissions, paper.needs)):
            continue
        title = _(catalogue.title(paper.id))
        about = subjects.get(paper.id)
        if about is None:
            found.append(Wanted(paper.id, "", title))
            continue
        own = [(key, text) for key, text in about if not key.startswith(OF_LIBRARY)]
        found += [Wanted(paper.id, key, f"{title} {text}") for key, text in own]
    return found


@dataclass(frozen=True)
class Batch:
    """What came of it: the documents made, with their titles, and why others were not."""

    made: list[tuple[str, making.Made]]
    missing: list[tuple[str, str]]


def make(asked: Callable[[str], Asked], which: list[Wanted], tell: Callable[[float], None]) -> Batch:
    """Make the Word files; `asked(subject)` gives what a builder needs. Progress counts to a half."""
    batch = Batch([], [])
    for number, one in enumerate(which):
        tell(number / len(which) / 2)
        try:
            request = asked(one.subject)
            context = build(one.paper_id, request)
            made = making.make(request.tx, one.paper_id, context, request.language)
        except AuditkitError as refusal:
            batch.missing.append((one.title, str(refusal)))
        else:
            batch.made.append((one.title, made))
    return batch


def write(target: Path, batch: Batch, kind: Kind, tell: Callable[[float], None]) -> None:
    """Write the ZIP whole or not at all; for PDF one process converts all. Raises PdfUnavailable, PdfFailed."""
    contents = [made.content for _title, made in batch.made]
    if kind is Kind.PDF:
        contents = pdf.convert_all(contents, lambda share: tell(0.5 + share / 2))
    target.parent.mkdir(parents=True, exist_ok=True)
    _tidy(target.parent)
    suffix = f".{kind.value}"
    with written_whole(target) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number, ((title, _made), content) in enumerate(zip(batch.made, contents, strict=True), start=1):
            archive.writestr(f"{number:02} {download_name(f'{title}{suffix}', (suffix,))}", content)
        if batch.missing:
            lines = [f"{title}: {why}" for title, why in batch.missing]
            archive.writestr(MISSING, "\n".join([_("These documents were not made:"), *lines, ""]))


def _tidy(folder: Path) -> None:
    for file in folder.glob("*.zip"):
        if clock.now().timestamp() - file.stat().st_mtime > KEPT_SECONDS:
            file.unlink(missing_ok=True)


def place(instance: Path, slug: str, name: str) -> Path:
    """Where a batch lies. Raises NotFound for a name that is none of ours."""
    if not _NAME.fullmatch(name):
        raise NotFound(GONE)
    return instance / FOLDER / slug / f"{name}.zip"


def fetched(instance: Path, slug: str, name: str) -> bytes:
    """The ZIP of a batch. Raises NotFound where it is not kept any more."""
    file = place(instance, slug, name)
    if not file.is_file():
        raise NotFound(GONE)
    return file.read_bytes()


def listed(instance: Path, slug: str, name: str) -> tuple[list[str], list[str]]:
    """The documents in a batch, and those not made with the reason. Raises NotFound."""
    with zipfile.ZipFile(io.BytesIO(fetched(instance, slug, name))) as archive:
        made = [one for one in archive.namelist() if one != MISSING]
        missing = archive.read(MISSING).decode() if MISSING in archive.namelist() else ""
    return made, missing.strip().splitlines()[1:]
