"""Takes uploads in: to disk, hashed, inspected, stored by digest. Before any transaction, because it takes time.

    received = intake.receive_uploads(form.files.data)          # raises UploadsRefused: nothing was stored
    with transaction(actor) as tx:
        service.add(tx, service.Add(received, subject=("audit-answer", 7)), clock.now(), actor)

Where the transaction fails, stored bytes without a record remain; they are harmless and nobody can reach them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from auditkit.evidence import names, store
from auditkit.evidence.inspection import Notice, inspect
from auditkit.evidence.places import Staged
from auditkit.evidence.rules import FileEmpty, FileRefused, UploadsRefused
from auditkit.evidence.store import Store, Stream


class Upload(Protocol):
    """An uploaded file as Werkzeug hands it over."""

    filename: str | None
    stream: Any


@dataclass(frozen=True)
class Received:
    """A file that was inspected and stored, ready for a record. `details` and `notices` are plain JSON."""

    digest: str
    size: int
    kind: str
    media_type: str
    name: str
    details: dict[str, Any] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def receive_uploads(uploads: Iterable[Upload]) -> list[Received]:
    """Receive the files of a form field; fields left empty are passed over. Raises as `receive`."""
    return receive([(upload.stream, upload.filename) for upload in uploads if upload.filename])


def receive(files: Sequence[tuple[Stream, str | None]], into: Store | None = None) -> list[Received]:
    """Store every (stream, name), or none of them: all are checked before the first is kept.

    Raises UploadsRefused, whose `refusals` tell of each file that cannot be taken, StorageFull, StorageFailed,
    StoredObjectDamaged.
    """
    if not files:
        return []
    place = into or store.current()
    place.sweep()
    staged: list[tuple[Staged, Received]] = []
    refusals: list[FileRefused] = []
    try:
        for stream, name in files:
            kept_name = names.kept_name(name)
            try:
                staged.append(_stage(place, stream, kept_name))
            except FileRefused as refusal:
                refusal.place = names.shown_name(kept_name)
                refusals.append(refusal)
        if refusals:
            raise UploadsRefused(refusals)
        for one, _received in staged:
            place.keep(one)
    finally:
        place.discard(one for one, _received in staged)
    return [received for _one, received in staged]


def _stage(place: Store, stream: Stream, name: str) -> tuple[Staged, Received]:
    one = place.stage(stream)
    try:
        if not one.size:
            raise FileEmpty
        seen = inspect(one.path, one.size, name)
    except BaseException:
        place.discard([one])
        raise
    return one, Received(one.digest, one.size, seen.kind.id, seen.kind.media_type, name, seen.details, seen.notices)
