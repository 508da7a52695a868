"""Documents: what a ZIP is (an archive or an office file), what an old Office file is, what a PDF carries.

Old Office files and Outlook messages are small file systems (MS-CFB); only the directory of names is read.
"""

import re
import struct
from pathlib import Path
from typing import BinaryIO

from auditkit.base.text import N_, _
from auditkit.evidence.inspection import archives
from auditkit.evidence.inspection.findings import Inspected, found
from auditkit.evidence.kinds import KINDS
from auditkit.evidence.rules import DocumentLocked, FileDamaged, KindRefused, MacrosRefused, MemberIsArchive

_TYPES = "[Content_Types].xml"
_OOXML_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_ODF_TYPES = {KINDS[name].media_type: name for name in ("odt", "ods", "odp", "odg")}
_ODF_MACROS = ("Basic/", "Scripts/")

_COMPOUND_STREAMS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
    "__properties_version1.0": "msg",
}
_COMPOUND_MACROS = {"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}
_MAX_DIRECTORY_SECTORS = 4_096
_NO_SECTOR = 0xFFFFFFFA  # this and above mark ends and free places

_PDF_WORDS = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|Encrypt)\b")
_PDF_CHUNK = 1024 * 1024


def zipped(path: Path, size: int) -> Inspected:
    """A ZIP: an office document where its own parts say so, else an archive. Raises the refusals of both."""
    with path.open("rb") as file:
        looks_like_document = b"[Content_Types].xml" in (head := file.read(4096)) or head[30:38] == b"mimetype"
    try:
        contents = archives.read(path, size, (_TYPES, "mimetype"))
    except MemberIsArchive:
        if not looks_like_document:
            raise
        contents = archives.read(path, size, (_TYPES, "mimetype"), nested=True)
        if _document_kind(contents) is None:
            raise
    kind = _document_kind(contents)
    if kind is None:
        result = found("zip", **contents.details())
        if contents.documents:
            result.notices.append({"code": "members-unchecked"})
        return result
    if _has_macros(contents):
        raise MacrosRefused
    return found(kind)


def _document_kind(contents: archives.Contents) -> str | None:
    if _TYPES in contents.heads:
        for folder, kind in _OOXML_FOLDERS.items():
            if any(name.startswith(folder) for name in contents.names):
                return kind
    declared = contents.heads.get("mimetype", b"").decode("ascii", "replace").strip()
    return _ODF_TYPES.get(declared.removesuffix("-template"))


def _has_macros(contents: archives.Contents) -> bool:
    names = contents.names
    return (
        any(name.lower().endswith("vbaproject.bin") for name in names)
        or b"macroenabled" in contents.heads.get(_TYPES, b"").lower()
        or any(name.startswith(_ODF_MACROS) and not name.endswith("/") for name in names)
    )


def compound(file: BinaryIO, size: int) -> Inspected:
    """An old Office document or an Outlook message, by the names in its directory.

    Raises MacrosRefused, DocumentLocked, FileDamaged, and KindRefused for other things of this format (installers).
    """
    try:
        names = _compound_names(file, size)
    except struct.error as error:
        raise FileDamaged(kind=_("Office document"), offset=file.tell()) from error
    if "EncryptedPackage" in names:
        raise DocumentLocked
    kinds = [kind for name, kind in _COMPOUND_STREAMS.items() if name in names]
    if not kinds:
        raise KindRefused(what=_(N_("a container of Windows, perhaps an installer")))
    # A message may carry an old document with macros as attachment; that shows in the same directory.
    if names & _COMPOUND_MACROS:
        raise MacrosRefused
    return found("msg" if "msg" in kinds else kinds[0])


def _compound_names(file: BinaryIO, size: int) -> set[str]:
    file.seek(0)
    header = file.read(512)
    shift = struct.unpack("<30xH", header[:32])[0]
    if shift not in (9, 12):
        raise struct.error
    sector_bytes = 1 << shift
    per_sector = sector_bytes // 4
    first = struct.unpack("<48xI", header[:52])[0]
    table = struct.unpack("<109I", header[76:512])

    def sector(number: int) -> bytes:
        at = (number + 1) * sector_bytes
        if at >= size:
            raise struct.error
        file.seek(at)
        return file.read(sector_bytes)

    def following(number: int) -> int:
        index, place = divmod(number, per_sector)
        # Beyond 109 tables (7 MB in small sectors) the list of tables goes on elsewhere; the directory lies near the
        # beginning in practice, so the walk ends there.
        if index >= len(table) or table[index] >= _NO_SECTOR:
            return _NO_SECTOR
        return int(struct.unpack_from("<I", sector(table[index]), 4 * place)[0])

    names: set[str] = set()
    number, seen = first, set[int]()
    while number < _NO_SECTOR and number not in seen and len(seen) < _MAX_DIRECTORY_SECTORS:
        seen.add(number)
        data = sector(number)
        for at in range(0, len(data) - 127, 128):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if 2 < length <= 64:
                names.add(data[at : at + length - 2].decode("utf-16-le", "replace"))
        number = following(number)
    return names


def pdf(file: BinaryIO, size: int) -> Inspected:
    """Words that tell of scripts, programs to start, files inside and encryption, as far as they are not compressed."""
    words: set[str] = set()
    file.seek(0)
    kept = b""
    while chunk := file.read(_PDF_CHUNK):
        words.update(word.decode() for word in _PDF_WORDS.findall(kept + chunk))
        kept = chunk[-20:]
    result = found("pdf")
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read(2048):
        result.notices.append({"code": "cut-off"})
    if active := sorted(words - {"Encrypt"}):
        result.notices.append({"code": "active-pdf", "what": ", ".join(active)})
    if "Encrypt" in words:
        result.notices.append({"code": "encrypted-pdf"})
    return result
