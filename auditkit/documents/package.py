"""The zip around an Office file: refuses what is not an honest one, copies members without recompressing, and
writes the same bytes for the same members.

Runs in the child process for templates that came from outside. Times in the zip are fixed, so that the output says
nothing about the clock. Compression is zlib's at one level: the same on every machine with the same zlib.
Checked by tests/rules/test_documents_package.py.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from auditkit.documents.faults import Fault, Refused

MEMBERS_AT_MOST = 2_000
UNPACKED_AT_MOST = 100 * 1024 * 1024
RATIO_AT_MOST = 200
RATIO_COUNTS_FROM = 1024 * 1024
ENCRYPTED = 0x1
UTF8_NAME = 0x800
# 1980-01-01 00:00, the earliest a zip can say.
DOS_TIME, DOS_DATE = 0, (1 << 5) | 1
# Level 1 to 3 take a third of the time of the usual 6 on document XML and give files about a tenth larger.
LEVEL = 3
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class Member:
    """One member as it lies in a zip: compressed bytes, and what the directory says of them."""

    name: str
    packed: bytes
    method: int
    crc: int
    size: int

    def unpacked(self) -> bytes:
        """The content. Raises Refused where it is not what the directory promised."""
        if self.method == zipfile.ZIP_STORED:
            content = self.packed
        else:
            unpacker = zlib.decompressobj(-15)
            try:
                # One byte over the promise is enough to see a lie without unpacking all of it.
                content = unpacker.decompress(self.packed, self.size + 1)
            except zlib.error as error:
                raise Refused(Fault("zip-damaged", {"member": self.name})) from error
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise Refused(Fault("zip-damaged", {"member": self.name}))
        return content


def deflated(name: str, content: bytes) -> Member:
    """A member made of `content`."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return Member(name, packed, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content))


def read(content: bytes) -> list[Member]:
    """The members of an Office file, in its order, after the checks named in decision 9.

    Raises Refused: not a zip, damaged, encrypted, too many or too large members, absurd compression, names that
    climb out or occur twice.
    """
    if not content:
        raise Refused(Fault("empty"))
    if content.startswith(_OLE):
        raise Refused(Fault("old-or-encrypted"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError) as error:
        raise Refused(Fault("not-a-zip")) from error
    _check(infos, len(content))
    return [_member(info, content) for info in infos if not info.is_dir()]


def _check(infos: list[zipfile.ZipInfo], file_bytes: int) -> None:
    if len(infos) > MEMBERS_AT_MOST:
        raise Refused(Fault("zip-many", {"count": len(infos), "most": MEMBERS_AT_MOST}))
    if sum(info.file_size for info in infos) > UNPACKED_AT_MOST:
        raise Refused(Fault("zip-large", {"mebibytes": UNPACKED_AT_MOST // (1024 * 1024)}))
    # Members that share their bytes add up to more than the file holds.
    if sum(info.compress_size for info in infos) > file_bytes:
        raise Refused(Fault("not-a-zip"))
    seen: set[str] = set()
    for info in infos:
        where = {"member": info.filename}
        if climbs(info.orig_filename):
            raise Refused(Fault("zip-climbs", where))
        if info.filename.casefold() in seen:
            raise Refused(Fault("zip-twice", where))
        seen.add(info.filename.casefold())
        if info.flag_bits & ENCRYPTED:
            raise Refused(Fault("zip-encrypted", where))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(Fault("zip-method", where))
        if info.file_size > RATIO_COUNTS_FROM and info.file_size > RATIO_AT_MOST * max(info.compress_size, 1):
            raise Refused(Fault("zip-bomb", where))


def climbs(name: str) -> bool:
    """Whether a member's name could lead outside the folder it is unpacked to, on any system."""
    plain = name.replace("\\", "/")
    return bool(
        "\x00" in name or "\\" in name or plain.startswith("/") or re.match(r"[A-Za-z]:", plain)
        or ".." in plain.split("/")
    )  # fmt: skip


def _member(info: zipfile.ZipInfo, content: bytes) -> Member:
    """The raw bytes of a member: the local header is read again, since only it says where they begin."""
    start = info.header_offset
    if content[start : start + 4] != b"PK\x03\x04" or start + _LOCAL.size > len(content):
        raise Refused(Fault("zip-damaged", {"member": info.filename}))
    fields = _LOCAL.unpack_from(content, start)
    name_length, extra_length = fields[9], fields[10]
    begin = start + _LOCAL.size + name_length + extra_length
    packed = content[begin : begin + info.compress_size]
    if len(packed) != info.compress_size:
        raise Refused(Fault("zip-damaged", {"member": info.filename}))
    return Member(info.filename, packed, info.compress_type, info.CRC, info.file_size)


class Writer:
    """Writes members to a stream in one pass, with fixed times; `close` writes the directory.

    Members are known whole when they are added, except through `stream`, which needs a seekable `out`.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._directory: list[bytes] = []

    def add(self, member: Member) -> None:
        """Write one whole member."""
        name = member.name.encode("utf-8")
        offset = self._at
        self._put(_local(name, member.method, member.crc, len(member.packed), member.size))
        self._put(member.packed)
        self._register(name, member.method, member.crc, len(member.packed), member.size, offset)

    def stream(self, name: str, chunks: Iterator[bytes]) -> None:
        """Deflate `chunks` into a member without holding it; its header is completed afterwards."""
        raw = name.encode("utf-8")
        start, offset = self._out.tell(), self._at
        self._put(_local(raw, zipfile.ZIP_DEFLATED, 0, 0, 0))
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        crc = size = packed_size = 0
        for chunk in chunks:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            packed = packer.compress(chunk)
            packed_size += len(packed)
            self._put(packed)
        packed = packer.flush()
        packed_size += len(packed)
        self._put(packed)
        if size > 0xFFFFFFFF or packed_size > 0xFFFFFFFF:
            raise OverflowError("a sheet of over 4 GiB does not fit into a workbook")
        end = self._out.tell()
        self._out.seek(start)
        self._out.write(_local(raw, zipfile.ZIP_DEFLATED, crc, packed_size, size))
        self._out.seek(end)
        self._register(raw, zipfile.ZIP_DEFLATED, crc, packed_size, size, offset)

    def close(self) -> None:
        """Write the directory of members."""
        directory = b"".join(self._directory)
        count = len(self._directory)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), self._at, 0)
        self._put(directory)
        self._put(end)

    def _put(self, content: bytes) -> None:
        self._out.write(content)
        self._at += len(content)

    def _register(self, name: bytes, method: int, crc: int, packed: int, size: int, offset: int) -> None:
        header = (
            b"PK\x01\x02",
            20,
            20,
            _flags(name),
            method,
            DOS_TIME,
            DOS_DATE,
            crc,
            packed,
            size,
            len(name),
        )
        self._directory.append(_CENTRAL.pack(*header, 0, 0, 0, 0, 0, offset) + name)


def _local(name: bytes, method: int, crc: int, packed: int, size: int) -> bytes:
    header = (b"PK\x03\x04", 20, _flags(name), method, DOS_TIME, DOS_DATE, crc, packed, size, len(name), 0)
    return _LOCAL.pack(*header) + name


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else UTF8_NAME
