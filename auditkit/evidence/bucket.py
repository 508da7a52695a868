"""Objects in a bucket (S3, GCS, Azure), through obstore, which is loaded for nothing else."""

from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, from_url

from auditkit.evidence.places import Staged, key_of
from auditkit.evidence.rules import MIB, StorageFailed

CREATE_UP_TO = 8 * MIB
"""A bucket takes "create only" for one request, which is held in memory; above this size it is head, then parts."""


class Bucket:
    """A place that is no folder of this machine."""

    def __init__(self, objects: ObjectStore) -> None:
        self.objects = objects

    @classmethod
    def at(cls, address: str) -> "Bucket":
        """The bucket at an address such as `s3://records/evidence`. Raises ValueError for an unknown kind."""
        return cls(from_url(address))

    def keep(self, staged: Staged) -> bool:
        """Store staged bytes under their name; False where the name is taken. Raises StorageFailed."""
        key = key_of(staged.digest)
        try:
            if staged.size <= CREATE_UP_TO:
                obstore.put(self.objects, key, staged.path, mode="create")
                return True
            if self.size(staged.digest) == staged.size:
                return False
            obstore.put(self.objects, key, staged.path, chunk_size=CREATE_UP_TO, max_concurrency=2)
        except AlreadyExistsError:
            return False
        except BaseError as error:
            raise StorageFailed(reason=type(error).__name__) from error
        return True

    def remove(self, digest: str) -> None:
        """Remove an object; none there: nothing."""
        try:
            obstore.delete(self.objects, key_of(digest))
        except FileNotFoundError:
            return

    def size(self, digest: str) -> int | None:
        """Size in bytes, None where there is no such object."""
        try:
            return int(obstore.head(self.objects, key_of(digest))["size"])
        except FileNotFoundError:
            return None

    def stream(self, digest: str, chunk: int) -> Iterator[bytes]:
        """The bytes in chunks of about `chunk`. Raises FileNotFoundError at once."""
        found = obstore.get(self.objects, key_of(digest))
        return (bytes(part) for part in found.stream(min_chunk_size=chunk))

    def path(self, digest: str) -> Path | None:
        """None: a bucket is no file of this machine."""
        return None

    def file(self, digest: str) -> str | None:
        """None, too."""
        return None
