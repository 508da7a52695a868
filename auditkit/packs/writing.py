"""Writes the files of a pack into their places: the evidence by a process beside, while the rest is being made.

Each file is read once and hashed against the digest it was stored under. What that process has not copied when the rest
is made, this one copies with it; a small pack, or a system that cannot hand over an open file, is written by threads.
Memory stays at a buffer for each. tests/slices/packs/test_copying.py holds it.
"""

import json
import os
import subprocess
import sys
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from auditkit.base.text import N_
from auditkit.packs import copying
from auditkit.packs.copying import BUFFER, WriteFailed, copied
from auditkit.packs.output import Output, written_whole
from auditkit.packs.zipping import Fault, Member, Source, SourcesChanged, ZipLayout

THREADS = 2
BESIDE_FROM = 16 << 20
"""Bytes of evidence from which a process beside is worth starting: that takes as long as copying some 15 MB."""
BATCHES, FILES_AT_ONCE, SHARES, SMALLEST, LARGEST = 2, 64, 8, 1 << 20, 16 << 20
"""How many batches the process is given before it has answered one, and how large they are, in files, in parts of what
is left, and in bytes: this process may be slow to hear an answer, and that one must not wait for it."""
KEPT_FROM_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")

OnProgress = Callable[[float], None]
"""Told what share (0 to 1) is done, from any thread; what it raises ends the work."""


class Progress:
    """Two kinds of work that go on side by side, each half of the whole: what is told never goes back."""

    def __init__(self, tell: OnProgress | None) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._made = self._copied = 0.0

    def made(self, share: float) -> None:
        """`share` of what is to be made for the pack is made."""
        self._move(made=share)

    def copied(self, share: float) -> None:
        """`share` of the pack's bytes is written."""
        self._move(copied=share)

    def _move(self, made: float = 0.0, copied: float = 0.0) -> None:
        if self._tell is not None:
            with self._lock:
                self._made, self._copied = max(self._made, made), max(self._copied, copied)
                self._tell((self._made + self._copied) / 2)


@contextmanager
def begun(
    target: Path, dated: datetime, members: Sequence[Member] = (), progress: Progress | None = None
) -> Iterator["Writing"]:
    """Begin the ZIP `target` with what is known of it already; `Writing.finish` must be called before the end.

    `members` come to lie in front. They are written beside what is done within, where they weigh enough.
    Raises CannotWrite; the file is removed when anything is raised.
    """
    with written_whole(target) as output:
        writing = Writing(output, dated, progress or Progress(None))
        try:
            writing.begin(members)
            yield writing
        finally:
            writing.close()


class Writing:
    """A ZIP that is being written."""

    def __init__(self, output: Output, dated: datetime, progress: Progress) -> None:
        self.layout = ZipLayout(dated)
        self._output = output
        self._progress = progress
        self._lock = threading.Lock()
        self._total = self._left = 0
        self._in_files: deque[int] = deque()
        self._others: deque[int] = deque()
        self._faults: list[Fault] = []
        self._closed = False
        self._pool = ThreadPoolExecutor(THREADS)
        self._beside: Future[None] | None = None

    def begin(self, members: Sequence[Member]) -> None:
        """Place members, and begin to copy those that lie in files, where that is worth a process."""
        self._place(members)
        self._output.reserve(self.layout.directory_at)
        weight = sum(member.size for member in members if _in_file(member))
        if weight >= BESIDE_FROM and sys.executable and hasattr(os, "pwrite"):
            self._beside = self._pool.submit(self._copy_beside)

    def check(self) -> None:
        """Raise now what `finish` would raise for what is already written: CannotWrite, or what progress raised."""
        if self._beside is not None and self._beside.done():
            self._beside.result()

    def finish(self, members: Iterable[Member]) -> int:
        """Place the other members and write all; the size of the ZIP in bytes.

        Raises SourcesChanged naming every bad source, and OSError.
        """
        self._place(members)
        beside = [self._beside] if self._beside is not None and not self._beside.done() else []
        here = [self._pool.submit(self._copy_here) for _ in range(THREADS - len(beside))]
        for work in (*here, *beside):
            work.result()
        self.check()
        self._copy_here()  # what a process left that died meanwhile
        if self._faults:
            raise SourcesChanged(sorted(self._faults, key=lambda fault: fault.path))
        directory = self.layout.directory()
        self._output.write_at(directory, self.layout.directory_at)
        return self.layout.directory_at + len(directory)

    def close(self) -> None:
        """End what still goes on."""
        self._closed = True
        self._pool.shutdown(wait=True)

    def _place(self, members: Iterable[Member]) -> None:
        of_size = self.layout.members
        # The largest first, so that all who copy end at about the same time.
        for number in sorted(self.layout.place(members), key=lambda number: -of_size[number].size):
            (self._in_files if _in_file(of_size[number]) else self._others).append(number)
            self._total += of_size[number].size
            self._left += of_size[number].size

    def _next(self, waiting: deque[int]) -> int | None:
        """The number of a member that nobody else will write; None where none waits, or all is to end."""
        try:
            return None if self._closed else waiting.popleft()
        except IndexError:
            return None

    def _moved(self, count: int) -> None:
        self._output.note(count)
        with self._lock:
            self._left -= count
        self._progress.copied(1 - self._left / self._total if self._total else 1)

    # Copying in this process

    def _copy_here(self) -> None:
        buffer = memoryview(bytearray(BUFFER))
        for waiting in (self._in_files, self._others):
            while (number := self._next(waiting)) is not None:
                member = self.layout.members[number]
                if isinstance(member.source, bytes):
                    self.layout.crcs[number] = zlib.crc32(member.source)
                    self._output.write_at(self.layout.local(number) + member.source, self.layout.offsets[number])
                    self._moved(member.size)
                else:
                    self._copy(number, member, member.source, buffer)

    def _copy(self, number: int, member: Member, source: Source, buffer: memoryview) -> None:
        def write(piece: memoryview, offset: int) -> None:
            self._output.write_at(piece, offset)
            self._moved(len(piece))

        start = self.layout.offsets[number]
        try:
            with source.open() as file:
                crc = copied(file.readinto, write, member.size, source.sha256, start + member.header_size, buffer)
        except WriteFailed:
            raise
        except OSError as error:
            self._unread(member, error)
            return
        if crc is None:
            self._altered(member)
            return
        self.layout.crcs[number] = crc
        self._output.write_at(self.layout.local(number), start)

    def _unread(self, member: Member, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            self._fault(member, N_("the stored file is missing"))
        else:
            self._fault(member, N_("the stored file cannot be read"), error.strerror or str(error))

    def _altered(self, member: Member) -> None:
        self._fault(member, N_("the stored file was altered: its SHA-256 is no longer the one it was stored under"))

    def _fault(self, member: Member, reason: str, details: str = "") -> None:
        assert isinstance(member.source, Source)  # noqa: S101 - what is in memory cannot change
        self._faults.append(Fault(member.source.path, reason, details))

    # Copying in a process beside

    def _copy_beside(self) -> None:
        """Have a process copy what lies in files, batch by batch, until nothing waits any more.

        Where it cannot be started or dies, what it was asked for is left to this one.
        """
        asked: deque[list[int]] = deque()
        try:
            with _started(self._output.descriptor) as process:
                try:
                    while True:
                        while len(asked) < BATCHES and (batch := self._batch()):
                            asked.append(batch)
                            _ask(process, [self._job(number) for number in batch])
                        if not asked or not (answer := _answer(process)):
                            return
                        self._heard(answer)
                        asked.popleft()
                finally:
                    process.kill()
        except (BrokenPipeError, CannotStart):
            return
        finally:
            self._in_files.extend(number for batch in asked for number in batch)

    def _batch(self) -> list[int]:
        """Numbers of what to copy next: ever less towards the end, so that all who copy end together."""
        most = min(max(self._left // SHARES, SMALLEST), LARGEST)
        batch: list[int] = []
        weight = 0
        while weight < most and len(batch) < FILES_AT_ONCE and (number := self._next(self._in_files)) is not None:
            batch.append(number)
            weight += self.layout.members[number].size
        return batch

    def _job(self, number: int) -> list[Any]:
        member = self.layout.members[number]
        source = member.source
        assert isinstance(source, Source)  # noqa: S101 - it lies in a file; for the type checker
        header = self.layout.local(number).hex()
        return [number, str(source.file), member.size, source.sha256, self.layout.offsets[number], header]

    def _heard(self, answer: list[Any]) -> None:
        """Note what the process copied. Raises WriteFailed where it could not write."""
        if answer and not isinstance(answer[0], list):
            raise WriteFailed(*answer)
        moved = 0
        for number, crc, *error in answer:
            member = self.layout.members[number]
            moved += member.size
            if crc is not None:
                self.layout.crcs[number] = crc
            elif error[0]:
                self._unread(member, OSError(*error))
            else:
                self._altered(member)
        self._moved(moved)


def _in_file(member: Member) -> bool:
    return isinstance(member.source, Source) and member.source.file is not None


class CannotStart(OSError):
    """The process beside cannot be started; nothing is lost by it but time."""


def _started(output: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", "-S", "-B", copying.__file__, str(output)]
    environment = {name: os.environ[name] for name in KEPT_FROM_ENVIRONMENT if name in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            pass_fds=[output],
            process_group=0,  # an interrupt at the keyboard is for this process, which ends that one
        )
    except OSError as error:
        raise CannotStart from error


def _ask(process: "subprocess.Popen[bytes]", jobs: list[list[Any]]) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe
    process.stdin.write(json.dumps(jobs).encode() + b"\n")
    process.stdin.flush()


def _answer(process: "subprocess.Popen[bytes]") -> list[Any]:
    """Its next answer; empty where it died."""
    assert process.stdout is not None  # noqa: S101 - a pipe
    line = process.stdout.readline()
    return json.loads(line) if line.endswith(b"\n") else []
