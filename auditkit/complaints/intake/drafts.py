"""Files of a form that was not sent yet, or of a message: checked as they come, kept while the person mends the rest.

They are no evidence: evidence is never deleted, and these may never become part of a complaint. They lie in the
instance's folder under the digest of the form's ticket. The worker sweeps what is older than a day.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from flask import current_app

from auditkit.base import jobs
from auditkit.base.clock import now as current_time
from auditkit.complaints.intake.rules import FORM_LIFE, MAX_FILE_BYTES, MAX_FILES, TooManyFiles
from auditkit.evidence import names
from auditkit.evidence.inspection import inspect
from auditkit.evidence.rules import FileEmpty, FileRefused, FileTooLarge, StorageFull
from auditkit.evidence.store import storage_error

CHUNK, MIB = 1 << 20, 1 << 20
MOST_WAITING = 5 << 30
"""Bytes that all forms together may hold: whoever sends files and never a complaint fills no disk."""


class Upload(Protocol):
    """An uploaded file as Werkzeug hands it over."""

    filename: str | None
    stream: Any


@dataclass(frozen=True)
class DraftFile:
    """A file that waits for its form. `number` tells it from the others."""

    number: int
    name: str
    size: int
    path: Path

    @property
    def shown_name(self) -> str:
        """The name with hidden characters written out."""
        return names.shown_name(self.name)


class Draft:
    """The files of one form."""

    def __init__(self, ticket_id: str) -> None:
        self.folder = _place() / hashlib.sha256(ticket_id.encode()).hexdigest()[:40]

    def files(self) -> list[DraftFile]:
        """What waits, in the order it came."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
            except FileNotFoundError:  # the button was pressed twice, and the other one is done
                continue
            found.append(DraftFile(int(path.stem), told["name"], told["size"], path.with_suffix(".file")))
        return found

    def add(self, uploads: Iterable[Upload]) -> list[Exception]:
        """Check and keep files; a refusal for each that cannot be taken, naming it, or where there is no room."""
        refusals: list[Exception] = []
        for upload in uploads:
            if not upload.filename:
                continue
            waiting = self.files()
            if len(waiting) >= MAX_FILES:
                return [*refusals, TooManyFiles(most=MAX_FILES)]
            name = names.kept_name(upload.filename)
            if _waiting_bytes() > MOST_WAITING:
                return [*refusals, StorageFull()]
            try:
                self._keep(max((file.number for file in waiting), default=0) + 1, name, upload.stream)
            except FileRefused as refusal:
                refusal.place = names.shown_name(name)
                refusals.append(refusal)
            except OSError as error:
                return [*refusals, storage_error(error)]
        return refusals

    def _keep(self, number: int, name: str, stream: Any) -> None:
        path, begun = self._begin(number)
        try:
            size = 0
            with begun as file:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > MAX_FILE_BYTES:
                        raise FileTooLarge(limit=MAX_FILE_BYTES // MIB)
                    file.write(chunk)
            if not size:
                raise FileEmpty
            inspect(path, size, name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        # Only a file with its description counts, so the description comes last.
        path.with_suffix(".json").write_text(json.dumps({"name": name, "size": size}), encoding="utf-8")

    def _begin(self, number: int) -> tuple[Path, IO[bytes]]:
        """A new file under this number, or the next one that nobody took at the same moment."""
        self.folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = self.folder / f"{number:03}.file"
            try:
                return path, path.open("xb")
            except FileExistsError:
                number += 1

    def drop(self, numbers: Iterable[str]) -> None:
        """Take files out again."""
        for file in self.files():
            if str(file.number) in set(numbers):
                file.path.with_suffix(".json").unlink(missing_ok=True)
                file.path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Forget all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(now: datetime) -> int:
    """Delete the files of forms that can no longer be sent; how many forms there were."""
    swept = 0
    for folder in _place().iterdir() if _place().is_dir() else ():
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - FORM_LIFE:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


@jobs.watch
def sweep_old_drafts() -> None:
    """What the worker does by itself."""
    sweep(current_time())


def _waiting_bytes() -> int:
    found = 0
    for path in _place().glob("*/*.file"):
        with suppress(FileNotFoundError):  # sent or swept meanwhile
            found += path.stat().st_size
    return found


def _place() -> Path:
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return instance.resolve() / "uploads" / "forms"
