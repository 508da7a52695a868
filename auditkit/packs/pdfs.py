"""PDF of the documents of a pack. LibreOffice writes other bytes each time, so each is made once and kept by digest.

The name of a kept PDF is the SHA-256 of the Word file that it was made of: the same records give the same Word files,
hence the same PDFs, hence the same pack. Where LibreOffice is absent or fails the pack is built without, and says so.
"""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from auditkit.base.errors import AuditkitError
from auditkit.documents import pdf
from auditkit.packs.making import Made, made_file

FOLDER = "pdf"
AT_A_TIME = 10
"""Documents that one process of LibreOffice converts; their bytes are in memory together."""


def kept(folder: Path, document: Made) -> Path:
    """Where the PDF of a Word file is kept, or would be."""
    return kept_by(folder, document.source.sha256)


def kept_by(folder: Path, sha256: str) -> Path:
    """The same by the digest of the Word file."""
    return folder / FOLDER / f"{sha256}.pdf"


def path_of(document: str) -> str:
    """The path of a document's PDF in the bag."""
    return document.removesuffix(".docx") + ".pdf"


def made(
    folder: Path, documents: Sequence[Made], named: Mapping[str, str], on_progress: Callable[[float], None]
) -> tuple[list[Made], AuditkitError | None]:
    """The PDF of each Word file, and why some are not there (None where all are).

    `folder` is that of the instance's packs; `named`: path of a document -> the path that its PDF is named after, the
    same in both forms of a pack.
    """
    waiting = [one for one in documents if not kept(folder, one).is_file()]
    why: AuditkitError | None = None
    try:
        for start in range(0, len(waiting), AT_A_TIME):
            on_progress(start / len(waiting))
            batch = waiting[start : start + AT_A_TIME]
            for one, content in zip(batch, pdf.convert_all([_bytes(one) for one in batch]), strict=True):
                _keep(kept(folder, one), content)
    except (pdf.PdfUnavailable, pdf.PdfFailed) as refusal:
        why = refusal
    there = [one for one in documents if kept(folder, one).is_file()]
    return [_as_made(one, kept(folder, one), named.get(one.path, one.path)) for one in there], why


def _as_made(document: Made, file: Path, named: str) -> Made:
    path = path_of(named)
    return Made(path, document.title, document.version, document.date, made_file(path, file), None, document.language)


def _bytes(document: Made) -> bytes:
    with document.source.open() as stream:
        return stream.read()


def _keep(target: Path, content: bytes) -> None:
    """Whole or not at all; one that another building kept meanwhile stays."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        if not target.is_file():
            Path(beside).replace(target)
    finally:
        Path(beside).unlink(missing_ok=True)
