"""ZIP files: names, sizes, checksums and first bytes of every member, read once, nothing unpacked to disk.

The directory's size is checked before it is read into memory, the declared sizes before anything is inflated, and no
member is read beyond what it declares; so neither a bomb nor a lie costs more than the limits in `rules`.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditkit.base.text import _
from auditkit.evidence.inspection import signatures
from auditkit.evidence.kinds import DOCUMENT_EXTENSIONS
from auditkit.evidence.names import extension, shown_name
from auditkit.evidence.rules import (
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MIB,
    RATIO_FROM_BYTES,
    ArchiveBomb,
    ArchiveDamaged,
    ArchiveLocked,
    ArchiveTooLarge,
    ArchiveTooMany,
    MemberDamaged,
    MemberIsArchive,
    MemberIsLink,
    MemberIsProgram,
    MemberMisplaced,
    MemberPackedOddly,
    MemberTwice,
    TwoInOne,
)

MAX_DIRECTORY_BYTES = 2 * MIB
LISTED_MEMBERS = 200
"""So many names are kept with the file for its page."""

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR_SIZE = 20
_END64_SIZE = 56
_CHUNK = 256 * 1024
_HEAD = 512
_DRIVE = re.compile(r"[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000


@dataclass(frozen=True)
class Ending:
    """What the end of the archive says about its directory."""

    members: int
    directory_bytes: int
    at: int


@dataclass(frozen=True)
class Contents:
    """What was found inside. `heads` are first bytes of the members asked for; `documents` are office documents."""

    members: list[tuple[str, int]]
    documents: int
    heads: dict[str, bytes]

    @property
    def names(self) -> list[str]:
        """Every member's name."""
        return [name for name, _size in self.members]

    def details(self) -> dict[str, Any]:
        """For the file's page: how many members, and the first of them as [name, bytes]."""
        return {"member_count": len(self.members), "members": [list(one) for one in self.members[:LISTED_MEMBERS]]}


def ending(path: Path, size: int) -> Ending | None:
    """The end-of-directory record, None where there is none that reaches the end of the file."""
    with path.open("rb") as file:
        start = max(0, size - 65_535 - _END_SIZE)
        file.seek(start)
        tail = file.read()
        at = len(tail)
        while (at := tail.rfind(_END, 0, at)) >= 0:
            record = tail[at : at + _END_SIZE]
            if len(record) == _END_SIZE:
                members, length, _offset, comment = struct.unpack("<10xHIIH", record)
                if at + _END_SIZE + comment == len(tail):
                    if members == 0xFFFF or length == 0xFFFFFFFF:
                        members, length = _large(tail[max(0, at - _LOCATOR_SIZE) : at], path) or (members, length)
                    return Ending(members, length, start + at)
    return None


def _large(locator: bytes, path: Path) -> tuple[int, int] | None:
    """Members and directory length from the ZIP64 record that `locator` points to."""
    if len(locator) != _LOCATOR_SIZE or not locator.startswith(b"PK\x06\x07"):
        return None
    with path.open("rb") as file:
        offset = struct.unpack("<8xQ4x", locator)[0]
        file.seek(min(offset, 2**62))
        record = file.read(_END64_SIZE)
    if len(record) != _END64_SIZE or not record.startswith(b"PK\x06\x06"):
        return None
    members, length = struct.unpack("<32xQQ8x", record)
    return members, length


def read(path: Path, size: int, wanted: Sequence[str] = (), *, nested: bool = False) -> Contents:
    """Check every member of the ZIP at `path`; `nested` allows archives inside (office documents embed workbooks).

    Raises the `Archive...` and `Member...` refusals of `rules`.
    """
    end = ending(path, size)
    if end is None:
        raise ArchiveDamaged
    if end.members > MAX_MEMBERS or end.directory_bytes > MAX_DIRECTORY_BYTES:
        raise ArchiveTooMany(count=end.members, limit=MAX_MEMBERS)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check_directory(infos, size)
            return _read_members(archive, infos, wanted, nested)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise ArchiveDamaged from error


def _check_directory(infos: list[zipfile.ZipInfo], size: int) -> None:
    if not infos:
        raise ArchiveDamaged
    if len(infos) > MAX_MEMBERS:
        raise ArchiveTooMany(count=len(infos), limit=MAX_MEMBERS)
    if min(info.header_offset for info in infos) != 0:
        raise TwoInOne(kind=_("other data"))
    seen: set[str] = set()
    for info in infos:
        _check_entry(info)
        if info.filename in seen:
            raise MemberTwice(member=shown_name(info.filename))
        seen.add(info.filename)
    unpacked = sum(info.file_size for info in infos)
    ratio = unpacked // size
    if unpacked > RATIO_FROM_BYTES and ratio > MAX_RATIO:
        raise ArchiveBomb(ratio=ratio, limit=MAX_RATIO)
    if unpacked > MAX_UNPACKED_BYTES:
        raise ArchiveTooLarge(size=unpacked // MIB, limit=MAX_UNPACKED_BYTES // MIB)


def _check_entry(info: zipfile.ZipInfo) -> None:
    name, member = info.orig_filename, shown_name(info.orig_filename)
    parts = name.split("/")
    if "\\" in name or "\x00" in name or name.startswith("/") or ".." in parts or _DRIVE.match(name) or not name:
        raise MemberMisplaced(member=member)
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise MemberIsLink(member=member)
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveLocked(member=member)
    if info.compress_type not in _METHODS:
        raise MemberPackedOddly(member=member)


def _read_members(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], wanted: Sequence[str], nested: bool
) -> Contents:
    members, documents, heads = [], 0, {}
    for info in infos:
        head = _read_member(archive, info, MIB if info.filename in wanted else _HEAD)
        if info.filename in wanted:
            heads[info.filename] = head
        documents += _check_head(info, head, nested)
        members.append((info.filename, info.file_size))
    return Contents(members, documents, heads)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, keep: int) -> bytes:
    """Inflate a member to its end, so that its checksum is compared; the first `keep` bytes."""
    head = b""
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                if len(head) < keep:
                    head += chunk[: keep - len(head)]
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise MemberDamaged(member=shown_name(info.filename)) from error
    return head


def _check_head(info: zipfile.ZipInfo, head: bytes, nested: bool) -> bool:
    """Refuse a program or an archive; True for an office document, whose inside was not looked at."""
    member = shown_name(info.filename)
    what = signatures.program(head)
    if what:
        raise MemberIsProgram(member=member, what=_(what))
    if nested:
        return False
    if signatures.archive(head):
        raise MemberIsArchive(member=member)
    if signatures.is_zip(head):
        if extension(info.filename) not in DOCUMENT_EXTENSIONS:
            raise MemberIsArchive(member=member)
        return True
    return False
