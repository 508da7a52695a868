"""What a workbook that somebody sends would unpack to, looked at before any library opens it.

Every reader of .xlsx and .ods files asks here first. Each member is unpacked once and thrown away, and the bytes are
counted as they come: what the archive says of its own sizes and of its end is not believed, because libraries differ
in which of its statements they follow. tests/slices/base/test_unpacking.py holds it against archives that lie.
"""

import zipfile
import zlib
from collections.abc import Collection
from copy import copy
from enum import StrEnum
from pathlib import Path
from typing import IO

from auditkit.base.text import N_

MOST_MEMBERS = 2_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PIECE = 1 << 16
_ENCRYPTED = 1


class Fault(StrEnum):
    """Why a file is not opened."""

    NO_ARCHIVE = "no-archive"
    WORD = "word"
    """A Word document."""
    ARCHIVE = "archive"
    """An archive of something else than a workbook."""
    ODD_PARTS = "odd-parts"
    """Parts that no spreadsheet program writes: too many, two of one name, packed in a strange way."""
    PASSWORD = "password"  # noqa: S105 - the name of a fault
    TOO_LARGE = "too-large"
    DAMAGED = "damaged"


FAULT_TITLES = {
    Fault.NO_ARCHIVE: N_("it is no workbook, or one with a password"),
    Fault.WORD: N_("it is a Word document"),
    Fault.ARCHIVE: N_("it is an archive of other files"),
    Fault.ODD_PARTS: N_("it holds parts that no spreadsheet program writes"),
    Fault.PASSWORD: N_("it is protected by a password. Save it without one"),
    Fault.TOO_LARGE: N_("unpacked it is larger than is bearable"),
    Fault.DAMAGED: N_("it is damaged. Save it again"),
}
"""Each completes a sentence about the file."""


class NotOpened(Exception):
    """The file is not to be opened; who asked says so in the words of what it reads."""

    def __init__(self, fault: Fault, reason: str = "") -> None:
        super().__init__(fault, reason)
        self.fault, self.reason = fault, reason


def workbook_kind(file: Path | IO[bytes], most: int) -> str:
    """`xlsx`, `xlsb` or `ods`, of a sound workbook that unpacks to at most `most` bytes. Raises NotOpened.

    A stream is left at an unknown place.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if any(one.flag_bits & _ENCRYPTED for one in members):
                raise NotOpened(Fault.PASSWORD)
            kind = _kind(archive, {one.filename for one in members})
            _look_at(archive, members, most)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        fault = Fault.DAMAGED if zipfile.is_zipfile(file) else Fault.NO_ARCHIVE
        raise NotOpened(fault, str(error)) from error


def _kind(archive: zipfile.ZipFile, names: Collection[str]) -> str:
    for kind in ("xlsx", "xlsb"):
        if f"xl/workbook.{'xml' if kind == 'xlsx' else 'bin'}" in names:
            return kind
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as stream:
            if stream.read(len(_SPREADSHEET)) == _SPREADSHEET:
                return "ods"
    raise NotOpened(Fault.WORD if "word/document.xml" in names else Fault.ARCHIVE)


def _look_at(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], most: int) -> None:
    same_names = len({one.filename for one in members}) != len(members)
    if same_names or len(members) > MOST_MEMBERS or any(one.compress_type not in _METHODS for one in members):
        raise NotOpened(Fault.ODD_PARTS)
    if sum(one.file_size for one in members) > most:
        raise NotOpened(Fault.TOO_LARGE)
    left = most
    for member in members:
        size = _unpacked_size(archive, member, left)
        left -= size
        if left < 0:
            raise NotOpened(Fault.TOO_LARGE)
        if size != member.file_size:
            raise zipfile.BadZipFile(f"{member.filename} is not of the size that is stated")


def _unpacked_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """How many bytes there are in truth, counted until they are more than `most`."""
    endless = copy(member)
    endless.file_size = most + _PIECE  # else reading stops at the size that is stated, and what follows is not seen
    size = 0
    with archive.open(endless) as stream:
        while size <= most and (piece := stream.read(_PIECE)):
            size += len(piece)
    return size
