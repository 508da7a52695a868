"""Writes the ZIP around a pack in a single pass over the evidence, whole or not at all.

Each file is read once, hashed against the digest it was stored under, and written; two threads do that side by side
into places that are known beforehand, because everything is stored unpacked. Stored also because packed bytes differ
from one zlib to the next, and the same records must give the same pack on any machine. Memory stays at two buffers.
Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (end), 4.5.3 (ZIP64).
"""

import errno
import io
import os
import struct
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue

from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.ids import digest
from auditkit.base.text import N_, _

THREADS = 2
BUFFER = 256 << 10
VERSION_PLAIN, VERSION_ZIP64 = 20, 45
UTF8_NAME = 0x800
OnProgress = Callable[[float], None]
"""Told what share (0 to 1) is done, from any thread; what it raises ends the work."""

REGULAR_FILE = (0o100644 << 16) & 0xFFFFFFFF
MADE_ON_UNIX = 3 << 8
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the payload: `path` in the bag (below `data/`), `size` in bytes, its stored SHA-256, how to open it."""

    path: str
    size: int
    sha256: str
    open: Callable[[], io.RawIOBase | io.BufferedIOBase]

    @classmethod
    def of_bytes(cls, path: str, content: bytes) -> "Source":
        """A payload file that is held in memory, such as a rendered document."""
        return cls(path, len(content), digest(content), lambda: io.BytesIO(content))

    @classmethod
    def of_file(cls, path: str, file: Path, size: int, stored_digest: str) -> "Source":
        """A payload file on disk, with the size and digest under which it was stored."""
        return cls(path, size, stored_digest, lambda: file.open("rb", buffering=0))


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


class CannotWrite(BadInput):
    """The pack's file cannot be written; nothing of it was left behind."""

    message = N_("The pack cannot be written: %(reason)s")


class DiskFull(CannotWrite):
    message = N_(
        "There is no room for the pack on the disk (%(reason)s). Nothing of it was left behind and no record was "
        "changed. Make room, then build it again"
    )


NO_ROOM = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)  # Windows has no quotas


def cannot_write(place: Path, error: OSError) -> CannotWrite:
    """The refusal that tells what `error` came to at `place`."""
    kind = DiskFull if error.errno in NO_ROOM else CannotWrite
    return kind(place=str(place), reason=error.strerror or str(error))


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
    """Where every member will lie: known before a byte is read, since nothing is packed."""

    def __init__(self, members: list[Member], dated: datetime) -> None:
        self.members = sorted(members, key=lambda member: member.name)
        self.offsets: list[int] = []
        at = 0
        for member in self.members:
            self.offsets.append(at)
            at += member.header_size + member.size
        self.directory_at = at
        self.time, self.date = _dos_time(dated)
        self.crcs = [0] * len(self.members)
        self.size = at + len(self._directory())

    def write(self, output: "Output", on_progress: OnProgress | None = None) -> None:
        """Write all members from two threads, then the directory. Raises SourcesChanged naming every bad source."""
        meter = _Meter(self.size, on_progress)
        waiting: SimpleQueue[int] = SimpleQueue()
        for number in sorted(range(len(self.members)), key=lambda number: -self.members[number].size):
            waiting.put(number)  # the largest first, so that both threads end at about the same time

        def work() -> list[Fault]:
            buffer = memoryview(bytearray(BUFFER))
            found: list[Fault] = []
            while True:
                try:
                    fault = self._write_member(waiting.get_nowait(), output, buffer, meter)
                except Empty:
                    return found
                if fault is not None:
                    found.append(fault)

        with ThreadPoolExecutor(THREADS) as pool:
            workers = [pool.submit(work) for _ in range(THREADS)]
            faults = [fault for worker in workers for fault in worker.result()]
        if faults:
            raise SourcesChanged(sorted(faults, key=lambda fault: fault.path))
        output.write_at(self._directory(), self.directory_at)

    def _write_member(self, number: int, output: "Output", buffer: memoryview, meter: "_Meter") -> Fault | None:
        member = self.members[number]
        start = self.offsets[number]
        if isinstance(member.source, bytes):
            self.crcs[number] = zlib.crc32(member.source)
            output.write_at(self._local(number) + member.source, start)
            meter.add(member.size)
            return None
        source = member.source
        hashing, crc, done = sha256(), 0, 0
        try:
            with source.open() as file:
                while count := file.readinto(buffer):
                    piece = buffer[:count]
                    done += count
                    if done > member.size:
                        break
                    hashing.update(piece)
                    crc = zlib.crc32(piece, crc)
                    output.write_at(piece, start + member.header_size + done - count)
                    meter.add(count)
        except FileNotFoundError:
            return Fault(source.path, N_("the stored file is missing"))
        except OSError as error:
            if isinstance(error, WriteFailed):
                raise
            return Fault(source.path, N_("the stored file cannot be read"), error.strerror or str(error))
        if done != member.size or hashing.hexdigest() != source.sha256:
            return Fault(
                source.path, N_("the stored file was altered: its SHA-256 is no longer the one it was stored under")
            )
        self.crcs[number] = crc
        output.write_at(self._local(number), start)
        return None

    def _local(self, number: int) -> bytes:
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

    def _directory(self) -> bytes:
        entries = b"".join(self._central(number) for number in range(len(self.members)))
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


class _Meter:
    """Adds up what the threads have written, and tells."""

    def __init__(self, total: int, tell: OnProgress | None) -> None:
        self.total, self.tell, self.done = total, tell, 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """`count` more bytes are written."""
        if self.tell is not None:
            with self._lock:
                self.done += count
                self.tell(self.done / self.total)


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date words of a ZIP member, in UTC; the format begins in 1980 and counts two seconds."""
    utc = moment.astimezone(UTC)
    if utc.year < 1980:
        return 0, (1 << 5) | 1
    return (utc.hour << 11) | (utc.minute << 5) | (utc.second // 2), ((utc.year - 1980) << 9) | (
        utc.month << 5
    ) | utc.day


# The output file


class WriteFailed(OSError):
    """Writing failed, as against reading a source."""


class Output:
    """A file written at given places by several threads."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._lock = threading.Lock()

    def write_at(self, data: bytes | memoryview, offset: int) -> None:
        """Write all of `data` at `offset`. Raises WriteFailed."""
        rest = memoryview(data)
        try:
            while rest:
                count = self._write(rest, offset)
                rest, offset = rest[count:], offset + count
        except OSError as error:
            raise WriteFailed(error.errno, error.strerror) from error

    def _write(self, data: memoryview, offset: int) -> int:
        if hasattr(os, "pwrite"):  # not on Windows
            return os.pwrite(self.descriptor, data, offset)
        with self._lock:
            os.lseek(self.descriptor, offset, os.SEEK_SET)
            return os.write(self.descriptor, data)


@contextmanager
def written_whole(target: Path, size: int) -> Iterator[Output]:
    """A file beside `target` that takes its name only when all of it is on disk; else it is removed.

    A killed build leaves `.NAME.xxxx.part`, which no tool takes for a ZIP and the next build of NAME removes.
    """
    prefix = f".{target.name}."
    try:
        _remove_left_overs(target.parent, prefix)
        descriptor, name = tempfile.mkstemp(".part", prefix, target.parent)
        part = Path(name)
    except OSError as error:
        raise cannot_write(target, error) from error
    try:
        lock(descriptor)
        os.truncate(descriptor, size)
        yield Output(descriptor)
        os.fsync(descriptor)
        os.close(descriptor)
        descriptor = -1
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        if descriptor >= 0:
            os.close(descriptor)
        part.unlink(missing_ok=True)


def lock(descriptor: int) -> None:
    """Say that this process is at work on the file; the system takes that back when it ends, however it ends.

    Raises OSError where another process is at work on it.
    """
    try:
        import fcntl
    except ImportError:  # Windows: an open file cannot be removed there, which is lock enough
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove_left_overs(folder: Path, prefix: str) -> None:
    for path in folder.iterdir():
        if path.name.startswith(prefix) and path.suffix == ".part":
            # One that another process is writing is locked (or, on Windows, cannot be removed): leave it.
            with suppress(OSError):
                descriptor = os.open(path, os.O_RDWR)
                try:
                    lock(descriptor)
                    path.unlink()
                finally:
                    os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
