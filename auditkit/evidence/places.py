"""A place for objects, each under its SHA-256: what every place can do, and the disk of this machine.

A bucket is the other place (`bucket.py`). tests/slices/evidence/test_store.py runs the same tests on both.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from auditkit.evidence.rules import is_digest


@dataclass(frozen=True)
class Staged:
    """Bytes that came in whole and lie on disk without a name yet."""

    path: Path
    digest: str
    size: int


class Place(Protocol):
    """Where objects lie. Only `keep` writes, and it never overwrites."""

    def keep(self, staged: Staged) -> bool:
        """Give staged bytes their name; False where the name is taken. Raises OSError, StorageFailed."""

    def remove(self, digest: str) -> None:
        """Remove an object; none there: nothing."""

    def size(self, digest: str) -> int | None:
        """Size in bytes, None where there is no such object."""

    def stream(self, digest: str, chunk: int) -> Iterator[bytes]:
        """The bytes in chunks of about `chunk`. Raises FileNotFoundError before the first."""

    def path(self, digest: str) -> Path | None:
        """Where the object is, or would be, as a file of this machine; None where it is none."""

    def file(self, digest: str) -> str | None:
        """The same as text, which takes a fifth of the time: packs ask for thousands."""


def key_of(digest: str) -> str:
    """`ab/abcd…`: the name of an object. Raises ValueError for what is no SHA-256."""
    if not is_digest(digest):
        raise ValueError(f"{digest!r} is no SHA-256")
    return f"{digest[:2]}/{digest}"


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and those above it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


class Disk:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, staged: Staged) -> bool:
        """Give staged bytes their name, in one step that is forced to disk."""
        final = self.path(staged.digest)
        if not final.parent.is_dir():
            make_folder(final.parent)
            _sync_folder(self.root)
        staged.path.chmod(0o400)
        try:
            # A hard link is the one step that gives a name and fails where the name is taken.
            os.link(staged.path, final)
        except FileExistsError:
            return False
        _sync_folder(final.parent)
        return True

    def remove(self, digest: str) -> None:
        """Remove an object; none there: nothing."""
        self.path(digest).unlink(missing_ok=True)

    def size(self, digest: str) -> int | None:
        """Size in bytes, None where there is no such object."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def stream(self, digest: str, chunk: int) -> Iterator[bytes]:
        """The bytes in chunks. Raises FileNotFoundError at once."""
        return _chunks(self.path(digest).open("rb", buffering=0), chunk)

    def path(self, digest: str) -> Path:
        """Where the object is, or would be."""
        return self.root / key_of(digest)

    def file(self, digest: str) -> str:
        """The same as text."""
        return f"{self.root}/{key_of(digest)}"


def _chunks(file: FileIO, chunk: int) -> Iterator[bytes]:
    with file:
        while data := file.read(chunk):
            yield data


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
