"""Where the bytes lie: every object once, under its SHA-256, never overwritten (decision 7).

On disk by default (`evidence/objects/ab/abcd...` in the instance), in a bucket where AUDITKIT_EVIDENCE_URL says so.
What comes in is written beside the objects first, hashed on the way, forced to disk, and then given its name in one
step: a crash leaves a `.part` file that is swept later, never half an object. tests/slices/evidence/test_store.py.
"""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import unquote, urlsplit

import obstore
from flask import current_app
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore

from auditkit.base import clock
from auditkit.base.errors import AuditkitError
from auditkit.base.ids import new_secret
from auditkit.base.settings import Settings
from auditkit.evidence.rules import (
    MAX_FILE_BYTES,
    MIB,
    FileTooLarge,
    StorageFailed,
    StorageFull,
    StoredObjectDamaged,
    StoredObjectMissing,
    is_digest,
)

CHUNK = MIB
ABANDONED_AFTER = timedelta(days=1)
CREATE_UP_TO = 8 * MIB
"""A bucket takes "create only" for one request, which is held in memory; above this size it is head, then parts."""

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Stream(Protocol):
    """What an upload can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True)
class Staged:
    """Bytes that came in whole and lie on disk without a name yet."""

    path: Path
    digest: str
    size: int


def storage_error(error: OSError) -> AuditkitError:
    """What to tell a person about a fault of the disk."""
    return StorageFull() if error.errno in _FULL else StorageFailed(reason=error.strerror or type(error).__name__)


class Store:
    """The objects. `root` is their folder where they lie on this machine's disk, None where they lie in a bucket."""

    def __init__(self, objects: ObjectStore, incoming: Path, root: Path | None) -> None:
        self.objects, self.incoming, self.root = objects, incoming, root

    @classmethod
    def open(cls, settings: Settings) -> "Store":
        """The store that the settings name. Raises ValueError for an address that obstore does not know."""
        folder = settings.instance.resolve() / "evidence"
        url = urlsplit(settings.evidence_url)
        if url.scheme == "file":
            folder = Path(unquote(url.path))
        if url.scheme in ("", "file"):
            root = folder / "objects"
            return cls(LocalStore(root, mkdir=True), folder / "incoming", root)
        return cls(obstore.store.from_url(settings.evidence_url), folder / "incoming", None)

    # --- coming in ---------------------------------------------------------------------------------------------

    def stage(self, stream: Stream, limit: int = MAX_FILE_BYTES) -> Staged:
        """Write `stream` to disk while hashing it; at most one chunk of it is in memory.

        Raises FileTooLarge as soon as more than `limit` bytes came, StorageFull, StorageFailed; nothing remains then.
        """
        path = self.incoming / f"{new_secret(16)}.part"
        hasher, size = hashlib.sha256(), 0
        try:
            self._make_folder(self.incoming)
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
            if self.root is not None:
                return self._keep_on_disk(staged, self.root)
            return self._keep_in_bucket(staged)
        except OSError as error:
            raise storage_error(error) from error
        except BaseError as error:
            raise StorageFailed(reason=type(error).__name__) from error
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

    def _keep_on_disk(self, staged: Staged, root: Path) -> bool:
        final = root / _key(staged.digest)
        if not final.parent.is_dir():
            self._make_folder(final.parent)
            _sync_folder(root)
        staged.path.chmod(0o400)
        try:
            # A hard link is the one step that gives a name and fails where the name is taken.
            os.link(staged.path, final)
        except FileExistsError:
            self.require_intact(staged.digest)
            return False
        _sync_folder(final.parent)
        return True

    def _keep_in_bucket(self, staged: Staged) -> bool:
        key = _key(staged.digest)
        if staged.size <= CREATE_UP_TO:
            try:
                obstore.put(self.objects, key, staged.path, mode="create")
            except AlreadyExistsError:
                return False
            return True
        if self.size(staged.digest) == staged.size:
            return False
        obstore.put(self.objects, key, staged.path, chunk_size=CREATE_UP_TO, max_concurrency=2)
        return True

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

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
        try:
            obstore.delete(self.objects, _key(digest))
        except FileNotFoundError:
            return

    # --- going out ---------------------------------------------------------------------------------------------

    def size(self, digest: str) -> int | None:
        """Size in bytes of the stored object, None where there is none."""
        try:
            return int(obstore.head(self.objects, _key(digest))["size"])
        except FileNotFoundError:
            return None

    def open_stream(self, digest: str) -> Iterator[bytes]:
        """The bytes of an object in chunks of about 1 MiB. Raises StoredObjectMissing, before the first chunk."""
        try:
            found = obstore.get(self.objects, _key(digest))
        except FileNotFoundError as error:
            raise StoredObjectMissing(digest=digest) from error
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))

    def local_path(self, digest: str) -> Path | None:
        """The object as a file to read, never to write; None where the store is not on this disk.

        Raises StoredObjectMissing where it should be here and is not.
        """
        if self.root is None:
            return None
        path = self.root / _key(digest)
        if not path.is_file():
            raise StoredObjectMissing(digest=digest)
        return path

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


def _key(digest: str) -> str:
    if not is_digest(digest):
        raise ValueError(f"{digest!r} is no SHA-256")
    return f"{digest[:2]}/{digest}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
