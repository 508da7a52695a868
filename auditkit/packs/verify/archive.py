"""Reads a ZIP file as if an enemy had made it; nothing is ever unpacked to disk.

Every byte of the file must belong to exactly one member, to the directory or to the end record: so there is no
room for hidden data, and no second reading of the same bytes on which another unpacker could disagree.
Format: PKWARE APPNOTE 6.3.10, of which only stored and deflated members are taken.
"""

import itertools
import os
import stat
import struct
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from auditkit.packs.verify.layout import MAX_MEMBERS
from auditkit.packs.verify.report import N_, Problem, Unusable, problem
from auditkit.packs.verify.structure import Entry, bombs, bytes_of_nobody, twins

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")

STORED, DEFLATED = 0, 8
ENCRYPTED = 0x1 | 0x40 | 0x2000
SIZES_FOLLOW = 0x8
UTF8 = 0x800
KNOWN_FLAGS = 0x1 | 0x6 | SIZES_FOLLOW | 0x40 | UTF8 | 0x2000
ZIP64_EXTRA, UNICODE_PATH_EXTRA = 0x0001, 0x7075
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF

MAX_DIRECTORY = 16 << 20
MAX_NAME = 1024
MAX_PROBLEMS = 100
CHUNK = 256 << 10


class Damaged(Exception):
    """A member's data does not read as its header promises."""

    def __init__(self, found: Problem) -> None:
        self.problem = found
        super().__init__(str(found))


class _Stop(Exception):
    """Nothing more can be read from this archive; what was found stands in `problems`."""


class Archive:
    """An open ZIP file. `entries` by name in the order of the directory; `problems` is what was found wrong with it.

    Entries of an archive with problems must not be read: the members may not be what they seem.
    Raises Unusable when the file cannot be opened or is no ZIP file at all.
    """

    def __init__(self, path: Path) -> None:
        self.problems: list[Problem] = []
        self.entries: dict[str, Entry] = {}
        try:
            self._file = path.open("rb", buffering=0)
            if not stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
                self._file.close()
                raise Unusable(N_("This is not a file"))
        except OSError as error:
            raise Unusable(N_("This file cannot be read: %(reason)s"), reason=error.strerror or str(error)) from error
        self._lock = threading.Lock()
        self.size = os.fstat(self._file.fileno()).st_size
        try:
            self._read_directory()
        except _Stop:
            pass
        except Unusable:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    # Reading bytes

    def _read_into(self, buffer: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):  # not on Windows
            return os.preadv(self._file.fileno(), [buffer], offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.readinto(buffer) or 0

    def _bytes(self, offset: int, length: int) -> bytes:
        buffer = bytearray(length)
        done = 0
        while done < length and (count := self._read_into(memoryview(buffer)[done:], offset + done)):
            done += count
        return bytes(buffer[:done])

    def _packed_chunks(self, entry: Entry, buffer: memoryview) -> Iterator[memoryview]:
        done = 0
        while done < entry.packed:
            count = self._read_into(buffer[: min(len(buffer), entry.packed - done)], entry.start + done)
            if not count:
                raise Damaged(problem("truncated", entry.name, N_("The file ends in the middle of this member")))
            yield buffer[:count]
            done += count

    def chunks(self, entry: Entry, buffer: memoryview) -> Iterator[memoryview | bytes]:
        """The member's content in pieces; at most its promised size, whatever the packed data would unfold to.

        `buffer` is filled again for every piece. Raises Damaged when the data does not unpack to the promised size.
        """
        if entry.method == STORED:
            yield from self._packed_chunks(entry, buffer)
            return
        inflate = zlib.decompressobj(-15)
        left = entry.size
        try:
            for piece in self._packed_chunks(entry, buffer):
                data: bytes | memoryview = piece
                while data and not inflate.eof:
                    out = inflate.decompress(data, min(left + 1, CHUNK))
                    left -= len(out)
                    if left < 0:
                        break
                    yield out
                    data = inflate.unconsumed_tail
        except zlib.error as error:
            raise Damaged(
                problem("bad-data", entry.name, N_("The packed data is damaged and does not unpack"))
            ) from error
        if left or not inflate.eof or inflate.unused_data:
            raise Damaged(
                problem(
                    "bad-size",
                    entry.name,
                    N_("This does not unpack to the %(size)s bytes that the ZIP promises"),
                    size=entry.size,
                )
            )

    def read(self, entry: Entry, limit: int) -> bytes:
        """A small member whole, its CRC-32 checked. Raises Damaged when it is damaged or longer than `limit` bytes."""
        if entry.size > limit:
            raise Damaged(
                problem(
                    "too-large",
                    entry.name,
                    N_("This file is larger than the %(limit)s bytes allowed for it"),
                    limit=limit,
                )
            )
        data = b"".join(bytes(piece) for piece in self.chunks(entry, memoryview(bytearray(CHUNK))))
        if zlib.crc32(data) != entry.crc:
            raise Damaged(bad_crc(entry))
        return data

    # Reading the directory

    def _say(self, code: str, member: str | None, message: str, **params: object) -> None:
        self._add(problem(code, member, message, **params))

    def _add(self, found: Problem) -> None:
        self.problems.append(found)
        if len(self.problems) >= MAX_PROBLEMS:
            self.problems.append(problem("too-many", None, N_("There are more problems; reading stopped here")))
            raise _Stop

    def _stop(self, code: str, message: str, **params: object) -> _Stop:
        self._say(code, None, message, **params)
        return _Stop()

    def _read_directory(self) -> None:
        start, length, count = self._find_directory()
        if count > MAX_MEMBERS:
            raise self._stop(
                "too-many-members",
                N_("The ZIP has %(count)s members; a pack has at most %(limit)s"),
                count=count,
                limit=MAX_MEMBERS,
            )
        if length > MAX_DIRECTORY:
            raise self._stop(
                "directory-too-large",
                N_("The ZIP's directory is %(size)s bytes long, too long for a pack"),
                size=length,
            )
        directory = self._bytes(start, length)
        found: list[Entry] = []
        ends: list[int] = []
        at = 0
        for number in range(1, count + 1):
            if at + CENTRAL.size > len(directory) or directory[at : at + 4] != b"PK\x01\x02":
                raise self._stop(
                    "bad-directory", N_("The ZIP's directory is damaged at entry %(number)s"), number=number
                )
            fields = CENTRAL.unpack_from(directory, at)
            name_end = at + CENTRAL.size + fields[10]
            extra_end = name_end + fields[11]
            if extra_end + fields[12] > len(directory):
                raise self._stop(
                    "bad-directory", N_("The ZIP's directory is damaged at entry %(number)s"), number=number
                )
            raw_name = directory[at + CENTRAL.size : name_end]
            entry, end = self._read_entry(fields, raw_name, directory[name_end:extra_end])
            if entry is not None:
                found.append(entry)
                ends.append(end)
            at = extra_end + fields[12]
        if at != len(directory):
            raise self._stop(
                "bad-directory", N_("The ZIP's directory holds more than its %(count)s entries"), count=count
            )
        checks = [twins(found), bombs(found, self.size)]
        if len(found) == count:
            checks.append(bytes_of_nobody(found, ends, start))
        for one in itertools.chain(*checks):
            self._add(one)
        self.entries = {entry.name: entry for entry in found}

    def _find_directory(self) -> tuple[int, int, int]:
        """Where the directory starts, its length in bytes and its number of entries."""
        head = self._bytes(0, 4)
        tail_start = max(0, self.size - END.size - FULL16)
        tail = self._bytes(tail_start, self.size - tail_start)
        place = tail.rfind(b"PK\x05\x06")
        if place < 0 or place + END.size > len(tail):
            if head[:2] != b"PK":
                raise Unusable(N_("This is not a ZIP file"))
            raise self._stop("truncated", N_("The ZIP is cut off: its directory is missing. Fetch the file again"))
        _, disk, directory_disk, here, count, length, start, comment = END.unpack_from(tail, place)
        at = tail_start + place
        after = self.size - at - END.size
        if comment > after:
            self._say("truncated", None, N_("The ZIP is cut off within its last comment"))
        elif comment and comment == after:
            self._say(
                "comment", None, N_("The ZIP carries a comment of %(size)s bytes that nothing signs"), size=comment
            )
        elif after:
            self._say("data-after", None, N_("%(size)s bytes stand after the end of the ZIP"), size=after)
        if (disk or directory_disk or here != count) and FULL16 not in (disk, directory_disk, here, count):
            raise self._stop("several-parts", N_("The ZIP is one part of several"))
        end = at
        if FULL16 in (here, count) or FULL32 in (length, start):
            start, length, count, end = self._find_directory64(at)
        if start + length != end:
            raise self._stop(
                "bad-directory",
                N_(
                    "The ZIP's directory should end at byte %(end)s but ends at %(found)s: "
                    "bytes were put in before it, or cut out"
                ),
                end=end,
                found=start + length,
            )
        return start, length, count

    def _find_directory64(self, end: int) -> tuple[int, int, int, int]:
        locator_at = end - LOCATOR64.size
        at = locator_at - END64.size
        if at < 0:
            raise self._stop("bad-directory", N_("The ZIP's end record is damaged"))
        locator, disk, offset, disks = LOCATOR64.unpack(self._bytes(locator_at, LOCATOR64.size))
        mark, size, _, _, disk64, directory_disk, here, count, length, start = END64.unpack(self._bytes(at, END64.size))
        if (locator, mark, offset, size) != (b"PK\x06\x07", b"PK\x06\x06", at, END64.size - 12):
            raise self._stop("bad-directory", N_("The ZIP's end record is damaged"))
        if disk or disks != 1 or disk64 or directory_disk or here != count:
            raise self._stop("several-parts", N_("The ZIP is one part of several"))
        return start, length, count, at

    def _read_entry(self, fields: tuple[int, ...], raw_name: bytes, extra: bytes) -> tuple[Entry | None, int]:
        """The entry and where it ends in the file; None when it cannot be understood (a problem says why)."""
        _, made, _, flags, method, _, _, crc, packed, size, _, _, comment, disk, _, attributes, offset = fields
        name = self._name(raw_name, flags)
        if name is None:
            return None, 0
        before = len(self.problems)
        if flags & ENCRYPTED:
            self._say("encrypted", name, N_("This member is protected by a password; a pack never is"))
        if flags & ~KNOWN_FLAGS or method not in (STORED, DEFLATED):
            self._say("method", name, N_("This member is packed in a way that a pack never uses"))
        if comment:
            self._say("comment", name, N_("This member carries a comment that nothing signs"))
        if disk:
            self._say("several-parts", name, N_("The ZIP is one part of several"))
        self._check_kind(name, made >> 8, attributes)
        wide = self._zip64(name, extra, (size, packed, offset))
        if wide is None or len(self.problems) > before:
            return None, 0
        size, packed, offset = wide
        start = self._check_local(name, raw_name, offset, (flags, method, crc, packed, size))
        if start is None:
            return None, 0
        if method == STORED and packed != size:
            self._say("bad-size", name, N_("The ZIP gives this stored member two different sizes"))
            return None, 0
        entry = Entry(name, offset, start, packed, size, crc, method)
        return entry, start + packed + (self._descriptor(entry, extra) if flags & SIZES_FOLLOW else 0)

    def _name(self, raw: bytes, flags: int) -> str | None:
        try:
            name = raw.decode("utf-8" if flags & UTF8 else "ascii")
        except UnicodeDecodeError:
            self._say("name-encoding", raw.decode("utf-8", "backslashreplace"), N_("This name is not marked as UTF-8"))
            return None
        inner = name.removesuffix("/")
        parts = inner.split("/")
        if "\\" in name:
            self._say("name-unsafe", name, N_("This name holds a backslash"))
        elif name.startswith("/") or (len(name) > 1 and name[1] == ":"):
            self._say("name-unsafe", name, N_("This name is an absolute path"))
        elif ".." in parts:
            self._say("name-unsafe", name, N_("This name climbs out of the folder with .."))
        elif not inner or "" in parts or "." in parts or len(raw) > MAX_NAME:
            self._say("name-unsafe", name, N_("This is not a plain path"))
        elif any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
            self._say("name-unsafe", name, N_("This name holds a control character"))
        else:
            return name
        return None

    def _check_kind(self, name: str, system: int, attributes: int) -> None:
        mode = attributes >> 16
        if system == 3 and stat.S_IFMT(mode):  # Unix: the only system whose attributes can say "link"
            if stat.S_ISLNK(mode):
                self._say("link", name, N_("This member is a symbolic link"))
            elif not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                self._say("special-file", name, N_("This member is a device or another special file"))

    def _zip64(self, name: str, extra: bytes, values: tuple[int, ...]) -> tuple[int, ...] | None:
        """`values` (32 bits each); those that are full are replaced from the ZIP64 field, in the format's order."""
        wide = b""
        at = 0
        while at < len(extra):
            if at + 4 > len(extra):
                self._say("bad-extra", name, N_("The ZIP's extra field of this member is damaged"))
                return None
            kind, length = struct.unpack_from("<2H", extra, at)
            at += 4 + length
            if at > len(extra) or kind == UNICODE_PATH_EXTRA:
                self._say(
                    "bad-extra", name, N_("The ZIP's extra field of this member is damaged or gives it a second name")
                )
                return None
            if kind == ZIP64_EXTRA:
                wide = extra[at - length : at]
        result = []
        for value in values:
            if value == FULL32:
                if len(wide) < 8:
                    self._say("bad-extra", name, N_("The ZIP's extra field of this member is damaged"))
                    return None
                value, wide = int.from_bytes(wide[:8], "little"), wide[8:]
            result.append(value)
        return tuple(result)

    def _check_local(self, name: str, raw_name: bytes, offset: int, central: tuple[int, ...]) -> int | None:
        """Where the member's data starts; None when its own header is missing or tells another story."""
        header = self._bytes(offset, LOCAL.size)
        if len(header) < LOCAL.size or header[:4] != b"PK\x03\x04":
            self._say("local-header", name, N_("This member is not where the ZIP's directory says"))
            return None
        fields: tuple[int, ...] = LOCAL.unpack(header)
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
        rest = self._bytes(offset + LOCAL.size, name_length + extra_length)
        wide = self._zip64(name, rest[name_length:], (size, packed))
        if wide is None:
            return None
        size, packed = wide
        told = (flags, method, crc, packed, size)
        later = flags & SIZES_FOLLOW and (crc, packed, size) == (0, 0, 0)
        if rest[:name_length] != raw_name or (told[:2] != central[:2] if later else told != central):
            self._say("local-header", name, N_("This member's own header disagrees with the ZIP's directory"))
            return None
        start = offset + LOCAL.size + name_length + extra_length
        if start + central[3] > self.size:
            self._say("truncated", name, N_("The file ends in the middle of this member"))
            return None
        return start

    def _descriptor(self, entry: Entry, extra: bytes) -> int:
        """Length of the record of sizes after a member that was written as a stream."""
        data = self._bytes(entry.start + entry.packed, 24)
        for mark in (b"PK\x07\x08", b""):
            for sizes in ("<2L", "<2Q"):
                if struct.calcsize(sizes) == 8 and max(entry.packed, entry.size) > FULL32:
                    continue
                record = mark + entry.crc.to_bytes(4, "little") + struct.pack(sizes, entry.packed, entry.size)
                if data.startswith(record):
                    return len(record)
        self._say("local-header", entry.name, N_("This member's own header disagrees with the ZIP's directory"))
        return 0


def bad_crc(entry: Entry) -> Problem:
    """The problem of a member whose CRC-32 is not the ZIP's."""
    return problem("bad-crc", entry.name, N_("This member is damaged: its CRC-32 is not the one in the ZIP"))
