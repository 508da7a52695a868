"""Where the bytes lie: every object once, under its SHA-256, never overwritten (decision 7).

On disk by default (`evidence/objects/ab/abcd...` in the instance), in a bucket where AUDITKIT_EVIDENCE_URL says so.
What comes in is written beside the objects first, hashed on the way, forced to disk, and then given its name in one
step: a crash leaves a `.part` file that is swept later, never half an object. tests/slices/evidence/test_store.py.
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import unquote, urlsplit

from flask import current_app

from auditkit.base import clock
from auditkit.base.errors import AuditkitError
from auditkit.base.ids import new_secret
from auditkit.base.settings import Settings
from auditkit.evidence.places import Disk, Place, Staged, make_folder
from auditkit.evidence.rules import (
    MAX_FILE_BYTES,
    MIB,
    FileTooLarge,
    StorageFailed,
    StorageFull,
    StoredObjectDamaged,
    StoredObjectMissing,
)

CHUNK = MIB
ABANDONED_AFTER = timedelta(days=1)

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Stream(Protocol):
    """What an upload can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


def storage_error(error: OSError) -> AuditkitError:
    """What to tell a person about a fault of the disk."""
    return StorageFull() if error.errno in _FULL else StorageFailed(reason=error.strerror or type(error).__name__)


class Store:
    """The objects in their place, and the folder beside them where bytes come in."""

    def __init__(self, place: Place, incoming: Path) -> None:
        self.place, self.incoming = place, incoming

    @classmethod
    def open(cls, settings: Settings) -> "Store":
        """The store that the settings name. Raises ValueError for an address that obstore does not know."""
        folder = settings.instance.resolve() / "evidence"
        url = urlsplit(settings.evidence_url)
        if url.scheme == "file":
            folder = Path(unquote(url.path))
        if url.scheme in ("", "file"):
            return cls(Disk(folder / "objects"), folder / "incoming")
        from auditkit.evidence.bucket import Bucket  # with its library 9 MB, which a store on disk does without

        return cls(Bucket.at(settings.evidence_url), folder / "incoming")

    # --- coming in ---------------------------------------------------------------------------------------------

    def stage(self, stream: Stream, limit: int = MAX_FILE_BYTES) -> Staged:
        """Write `stream` to disk while hashing it; at most one chunk of it is in memory.

        Raises FileTooLarge as soon as more than `limit` bytes came, StorageFull, StorageFailed; nothing remains then.
        """
        path = self.incoming / f"{new_secret(16)}.part"
        hasher, size = hashlib.sha256(), 0
        try:
            make_folder(self.incoming)
            with path.open("xb") as file:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise FileTooLarge(limit=limit // MIB)
                    hasher.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise storage_error(error) from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Staged(path, hasher.hexdigest(), size)

    def keep(self, staged: Staged) -> bool:
        """Give staged bytes their name; True when they are new here.

        Bytes that are here already are compared by digest, so that a damaged object is noticed rather than relied on.
        Raises StoredObjectDamaged, StorageFull, StorageFailed. The staged file is gone afterwards in every case.
        """
        try:
            new = self.place.keep(staged)
        except OSError as error:
            raise storage_error(error) from error
        else:
            if not new:
                self.require_intact(staged.digest)
            return new
        finally:
            staged.path.unlink(missing_ok=True)

    def discard(self, staged: Iterable[Staged]) -> None:
        """Drop staged bytes."""
        for one in staged:
            one.path.unlink(missing_ok=True)

    def put(self, data: bytes) -> tuple[str, bool]:
        """Store bytes that are in memory already; their digest, and whether they are new here. Raises as `keep`."""
        staged = self.stage(_Bytes(data))
        return staged.digest, self.keep(staged)

    def sweep(self) -> int:
        """Remove what killed uploads left more than a day ago; returns how many."""
        if not self.incoming.is_dir():
            return 0
        oldest = (clock.now() - ABANDONED_AFTER).timestamp()
        left = [path for path in self.incoming.glob("*.part") if path.stat().st_mtime < oldest]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def remove(self, digest: str) -> None:
        """Remove an object whose record was erased by law, the only reason why one ever goes. None there: nothing."""
        self.place.remove(digest)

    # --- going out ---------------------------------------------------------------------------------------------

    def size(self, digest: str) -> int | None:
        """Size in bytes of the stored object, None where there is none."""
        return self.place.size(digest)

    def open_stream(self, digest: str) -> Iterator[bytes]:
        """The bytes of an object in chunks of about 1 MiB. Raises StoredObjectMissing, before the first chunk."""
        try:
            return self.place.stream(digest, CHUNK)
        except FileNotFoundError as error:
            raise StoredObjectMissing(digest=digest) from error

    def local_path(self, digest: str) -> Path | None:
        """The object as a file to read, never to write; None where the store is not on this disk.

        Raises StoredObjectMissing where it should be here and is not.
        """
        path = self.place.path(digest)
        if path is not None and not path.is_file():
            raise StoredObjectMissing(digest=digest)
        return path

    def file_of(self, digest: str) -> str | None:
        """Where the object lies on this disk, whether or not it is there; None where the store is not on this disk."""
        return self.place.file(digest)

    def is_intact(self, digest: str) -> bool:
        """Whether the stored bytes still have their digest. Raises StoredObjectMissing."""
        hasher = hashlib.sha256()
        for chunk in self.open_stream(digest):
            hasher.update(chunk)
        return hasher.hexdigest() == digest

    def require_intact(self, digest: str) -> None:
        """Raises StoredObjectDamaged, StoredObjectMissing."""
        if not self.is_intact(digest):
            raise StoredObjectDamaged(digest=digest)


def current() -> Store:
    """The store of the running application, opened at first use."""
    store = current_app.extensions.get("auditkit.evidence")
    if store is None:
        store = current_app.extensions["auditkit.evidence"] = Store.open(current_app.extensions["auditkit.settings"])
    return cast("Store", store)


class _Bytes:
    """Bytes in memory as a stream."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = memoryview(data), 0

    def read(self, size: int = -1, /) -> bytes:
        chunk = self.data[self.at :] if size < 0 else self.data[self.at : self.at + size]
        self.at += len(chunk)
        return bytes(chunk)
