"""What a file is, by its content and never by its name. Pure but for reading the file.

Raises BadInput for everything that is not a table, in words that say what it is instead.
"""

import gzip
import io
import zlib
from pathlib import Path
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.base.unpacking import Fault, NotOpened, workbook_kind
from auditkit.complaints.importing.limits import MAX_UNPACKED, MAX_WORKBOOK

CSV = "csv"
GZIP = "gzip"
WORKBOOK = "workbook"

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"

NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", N_("This is a PDF document, not a table. Export the complaints as CSV or XLSX")),
    (b"{\\rtf", N_("This is a formatted text (RTF), not a table. Export the complaints as CSV or XLSX")),
    (b"\x89PNG", N_("This is a picture, not a table. Export the complaints as CSV or XLSX")),
    (b"\xff\xd8\xff", N_("This is a picture, not a table. Export the complaints as CSV or XLSX")),
    (b"GIF8", N_("This is a picture, not a table. Export the complaints as CSV or XLSX")),
    (b"Rar!", N_("This is an archive. Unpack it and import the table inside")),
    (b"7z\xbc\xaf", N_("This is an archive. Unpack it and import the table inside")),
    (b"BZh", N_("This is an archive. Unpack it and import the table inside")),
    (b"\xfd7zXZ", N_("This is an archive. Unpack it and import the table inside")),
    (b"SQLite format 3", N_("This is a database, not a table. Export the complaints as CSV or XLSX")),
    (b"MZ", N_("This is a program, not a table")),
    (b"\x7fELF", N_("This is a program, not a table")),
)


def container_of(path: Path) -> str:
    """`CSV`, `GZIP` (of a CSV) or `WORKBOOK`. Raises BadInput naming what the file is when it is no table."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise BadInput(N_("The file cannot be opened (%(reason)s)"), reason=error.strerror or "") from error
    if not head:
        raise BadInput(N_("The file is empty (0 bytes). Export it again and check its size"))
    if head.startswith(_GZIP):
        with open_text_bytes(path, GZIP) as unpacked:
            inside = unpacked.read(4096)
        if not inside:
            raise BadInput(N_("The gzip file is empty inside. Export it again"))
        if inside.startswith((_GZIP, _ZIP)):
            raise BadInput(N_("This gzip file holds another archive. Unpack it and import the table inside"))
        _refuse_other_formats(inside)
        return GZIP
    if head.startswith(_OLE2):
        return WORKBOOK
    if head.startswith(_ZIP):
        _check_workbook(path)
        return WORKBOOK
    _refuse_other_formats(head)
    return CSV


DAMAGED = N_("The workbook is damaged (%(reason)s). Save it again and import the new copy")
REFUSED = {
    Fault.WORD: N_("This is a Word document, not a table. Export the complaints as CSV or XLSX"),
    Fault.ARCHIVE: N_("This is an archive. Unpack it and import the table inside"),
    Fault.TOO_LARGE: N_(
        "The workbook is larger than %(limit)s MB when unpacked. Save the sheet as CSV and import that"
    ),
    Fault.PASSWORD: N_("The workbook is protected by a password. Remove the password and save it again"),
}


def _refuse_other_formats(head: bytes) -> None:
    for magic, message in NOT_TABLES:
        # "MZ" and "BZh" could begin a heading, so those need a byte that no text has
        if head.startswith(magic) and (len(magic) > 3 or _looks_binary(head)):
            raise BadInput(message)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in (b"{", b"[") and text[1:].lstrip()[:1] in (b"{", b'"', b"[", b"}", b"]"):
        raise BadInput(N_("This is JSON, not a table. Export the complaints as CSV or XLSX"))
    if text[:1] == b"<":
        lower = text[:400].lower()
        if lower.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
            raise BadInput(
                N_(
                    "This is a web page, not a table (some programs save one under the name of a table). "
                    "Open it in a spreadsheet program and save it as CSV or XLSX"
                )
            )
        if lower.startswith(b"<?xml"):
            raise BadInput(N_("This is XML, not a table. Export the complaints as CSV or XLSX"))
    if not text:
        raise BadInput(N_("The file holds nothing but blank space. Export it again"))


def _looks_binary(head: bytes) -> bool:
    return any(byte < 9 or 14 <= byte < 32 for byte in head[:64])


def _check_workbook(path: Path) -> None:
    """Raise BadInput unless the zip is a sound workbook of bearable size."""
    try:
        workbook_kind(path, MAX_WORKBOOK)
    except NotOpened as refused:
        message = REFUSED.get(refused.fault, DAMAGED)
        raise BadInput(message, limit=MAX_WORKBOOK >> 20, reason=refused.reason) from refused


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than MAX_UNPACKED bytes, and turns a damaged gzip into BadInput."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._left = MAX_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer will do
        try:
            data = self._inner.read(len(buffer))
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise BadInput(
                N_("The gzip file is damaged or cut off (%(reason)s). Copy it again"), reason=str(error)
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise BadInput(
                N_("The file is larger than %(limit)s MB when unpacked. Split it and import the parts"),
                limit=MAX_UNPACKED >> 20,
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def open_text_bytes(path: Path, container: str) -> io.BufferedReader:
    """The bytes of the text, unpacked on the way; reading raises BadInput for damage and beyond the limit."""
    inner: Any = gzip.open(path, "rb") if container == GZIP else path.open("rb")  # noqa: SIM115 - _Bounded closes it
    return io.BufferedReader(_Bounded(inner), 1 << 18)
