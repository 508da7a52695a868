"""The file that a pack is written to: at given places by several threads, whole or not at all."""

import errno
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.packs.copying import WriteFailed, written

EVERY = 32 << 20
"""Bytes after which the system is asked to put on the disk what was written, so that little is left for the end."""


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


class Output:
    """A file written at given places by several threads, and by other processes that have its `descriptor`."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._lock = threading.Lock()
        self._putting: _Putting | None = None

    def reserve(self, size: int) -> None:
        """Take room for `size` bytes on the disk now. Raises OSError where there is none.

        Less work for the disk than finding a place for each piece, and a full disk is known before the work is done.
        """
        if size and hasattr(os, "posix_fallocate"):  # not on macOS and Windows
            try:
                os.posix_fallocate(self.descriptor, 0, size)
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):
                    raise

    def write_at(self, data: bytes | memoryview, offset: int) -> None:
        """Write all of `data` at `offset`. Raises WriteFailed."""
        if hasattr(os, "pwrite"):  # not on Windows
            written(self.descriptor, memoryview(data), offset)
            return
        rest = memoryview(data)
        try:
            with self._lock:
                os.lseek(self.descriptor, offset, os.SEEK_SET)
                while rest:
                    rest = rest[os.write(self.descriptor, rest) :]
        except OSError as error:
            raise WriteFailed(error.errno, error.strerror) from error

    def note(self, count: int) -> None:
        """`count` more bytes were written, here or by another process."""
        if self._putting is None:
            self._putting = _Putting(self.descriptor)
        self._putting.note(count)

    def put_on_disk(self) -> None:
        """Return when all of it is on the disk. Raises OSError."""
        self.rest()
        os.fsync(self.descriptor)

    def rest(self) -> None:
        """Stop putting things on the disk meanwhile. Raises OSError where that failed."""
        putting, self._putting = self._putting, None
        if putting is not None:
            putting.end()


class _Putting:
    """Has the system put on the disk what was written, beside the writing, whenever `EVERY` bytes came together."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = 0
        self._over = False
        self._changed = threading.Condition()
        self._failed: OSError | None = None
        self._thread: threading.Thread | None = None

    def note(self, count: int) -> None:
        with self._changed:
            self._waiting += count
            if self._waiting < EVERY:
                return
            if self._thread is None:  # most packs are smaller than to need one
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        if self._failed is not None:  # the system tells it once only
            raise self._failed

    def _run(self) -> None:
        put = getattr(os, "fdatasync", os.fsync)  # the former is not on macOS and Windows
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over or self._waiting >= EVERY)
                if self._over:
                    return
                self._waiting = 0
            try:
                put(self._descriptor)
            except OSError as error:
                self._failed = error
                return


@contextmanager
def written_whole(target: Path) -> Iterator[Output]:
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
    output = Output(descriptor)
    try:
        lock(descriptor)
        yield output
        output.put_on_disk()
        os.close(descriptor)
        descriptor = -1
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        if descriptor >= 0:
            with suppress(OSError):  # what went wrong first is what is told
                output.rest()
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
