"""Where the files of a pack lie in its ZIP, and the ZIP's own headers.

Places are known before a byte is read, because everything is stored unpacked: so files may be copied in any order, by
several at once, and the evidence while documents are still being made (`writing.py`). Stored also because packed bytes
differ from one zlib to the next, and the same records must give the same pack on any machine.
Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (end), 4.5.3 (ZIP64).
"""

import io
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from auditkit.base.errors import AuditkitError
from auditkit.base.ids import digest
from auditkit.base.text import N_, _

VERSION_PLAIN, VERSION_ZIP64 = 20, 45
UTF8_NAME = 0x800
REGULAR_FILE = (0o100644 << 16) & 0xFFFFFFFF
MADE_ON_UNIX = 3 << 8
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the payload: `path` in the bag (below `data/`), `size` in bytes, its stored SHA-256, how to open it.

    `file`: where it lies on this machine, None where only `open` knows.
    """

    path: str
    size: int
    sha256: str
    open: Callable[[], io.RawIOBase | io.BufferedIOBase]
    file: Path | str | None = None

    @classmethod
    def of_bytes(cls, path: str, content: bytes) -> "Source":
        """A payload file that is held in memory, such as a rendered document."""
        return cls(path, len(content), digest(content), lambda: io.BytesIO(content))

    @classmethod
    def of_file(cls, path: str, file: Path | str, size: int, stored_digest: str) -> "Source":
        """A payload file on disk, with the size and digest under which it was stored."""
        return cls(path, size, stored_digest, partial(io.FileIO, file), file)


@dataclass(frozen=True)
class Fault:
    """A payload file that is not as it was stored; `reason` is a message id."""

    path: str
    reason: str
    details: str = ""

    def __str__(self) -> str:
        text = f"{self.path}: {_(self.reason)}"
        return f"{text} ({self.details})" if self.details else text


class SourcesChanged(AuditkitError):
    """Files of the payload are missing or are not those that were stored; nothing was written. `faults` names all."""

    message = N_("The pack was not built: %(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults="; ".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the ZIP: its name in UTF-8, its size in bytes, and its content or where that comes from."""

    name: bytes
    size: int
    source: Source | bytes

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> "Member":
        """A member held in memory."""
        return cls(name.encode(), len(content), content)

    @property
    def header_size(self) -> int:
        """Length of the header before the content."""
        return 30 + len(self.name) + (20 if self.size >= FULL32 else 0)


class ZipLayout:
    """Where every member lies, as soon as it is placed; and the headers."""

    def __init__(self, dated: datetime) -> None:
        self.members: list[Member] = []
        self.offsets: list[int] = []
        self.crcs: list[int] = []
        """Filled in by whoever writes the members."""
        self.directory_at = 0
        self.time, self.date = _dos_time(dated)

    def place(self, members: Iterable[Member]) -> range:
        """Give members their places behind those that have one, in the order of their names; their numbers."""
        first = len(self.members)
        for member in sorted(members, key=lambda member: member.name):
            self.members.append(member)
            self.offsets.append(self.directory_at)
            self.crcs.append(0)
            self.directory_at += member.header_size + member.size
        return range(first, len(self.members))

    def local(self, number: int) -> bytes:
        """The header in front of a member; its CRC-32 must be known."""
        member = self.members[number]
        wide = member.size >= FULL32
        size = FULL32 if wide else member.size
        extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if wide else b""
        return (
            struct.pack(
                "<4s5H3L2H",
                b"PK\x03\x04",
                VERSION_ZIP64 if wide else VERSION_PLAIN,
                UTF8_NAME,
                0,
                self.time,
                self.date,
                self.crcs[number],
                size,
                size,
                len(member.name),
                len(extra),
            )
            + member.name
            + extra
        )

    def directory(self) -> bytes:
        """What ends the ZIP: all members in the order of their names, wherever they lie."""
        in_order = sorted(range(len(self.members)), key=lambda number: self.members[number].name)
        entries = b"".join(map(self._central, in_order))
        count, length, start = len(self.members), len(entries), self.directory_at
        end = b""
        if count >= FULL16 or length >= FULL32 or start >= FULL32:
            versions = (MADE_ON_UNIX | VERSION_ZIP64, VERSION_ZIP64)
            end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, *versions, 0, 0, count, count, length, start)
            end += struct.pack("<4sLQL", b"PK\x06\x07", 0, start + length, 1)
        short = (min(count, FULL16), min(count, FULL16), min(length, FULL32), min(start, FULL32))
        return entries + end + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *short, 0)

    def _central(self, number: int) -> bytes:
        member, offset = self.members[number], self.offsets[number]
        wide = b""
        if member.size >= FULL32:
            wide += struct.pack("<2Q", member.size, member.size)
        if offset >= FULL32:
            wide += struct.pack("<Q", offset)
        extra = struct.pack("<2H", 1, len(wide)) + wide if wide else b""
        version = VERSION_ZIP64 if wide else VERSION_PLAIN
        size = min(member.size, FULL32)
        return (
            struct.pack(
                "<4s6H3L5H2L",
                b"PK\x01\x02",
                MADE_ON_UNIX | version,
                version,
                UTF8_NAME,
                0,
                self.time,
                self.date,
                self.crcs[number],
                size,
                size,
                len(member.name),
                len(extra),
                0,
                0,
                0,
                REGULAR_FILE,
                min(offset, FULL32),
            )
            + member.name
            + extra
        )


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date words of a ZIP member, in UTC; the format begins in 1980 and counts two seconds."""
    utc = moment.astimezone(UTC)
    if utc.year < 1980:
        return 0, (1 << 5) | 1
    return (utc.hour << 11) | (utc.minute << 5) | (utc.second // 2), ((utc.year - 1980) << 9) | (
        utc.month << 5
    ) | utc.day
