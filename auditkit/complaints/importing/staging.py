"""Uploaded tables between upload and import: each in a folder of its own under the instance, under a secret name.

Not evidence: evidence is never deleted, and these files are full of personal data that the register is about to hold
anyway. The table goes when it was imported or discarded; what is left (result, refused rows) goes after a day.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from auditkit.base.errors import NotFound
from auditkit.base.ids import new_secret
from auditkit.base.text import N_

KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")


class UploadGone(NotFound):
    message = N_("This upload is no longer here: it was imported, discarded, or is older than a day. Upload it again")


@dataclass(frozen=True)
class Staged:
    """One upload. `token` is its secret name in addresses; `name` the file's name as the person gave it."""

    token: str
    name: str
    folder: Path

    @property
    def table(self) -> Path:
        """The uploaded table."""
        return self.folder / "table"

    @property
    def profile(self) -> Path:
        """The uploaded profile, which may not exist."""
        return self.folder / "profile.yaml"

    @property
    def rejects(self) -> Path:
        """The refused rows as CSV, once it was imported."""
        return self.folder / "rejects.csv"

    def keep_result(self, result: Mapping[str, Any]) -> None:
        """Keep what became of the table, and let the table go."""
        _write(self._result, result)
        self.table.unlink(missing_ok=True)
        (self.folder / "look.json").unlink(missing_ok=True)

    def keep_look(self, look: Mapping[str, Any]) -> None:
        """Keep what was seen when the table was looked at."""
        _write(self.folder / "look.json", look)

    @property
    def has_look(self) -> bool:
        """Whether it was looked at."""
        return (self.folder / "look.json").is_file()

    def look(self) -> dict[str, Any]:
        """What was seen. Raises UploadGone when it was not looked at."""
        if not self.has_look:
            raise UploadGone
        found: dict[str, Any] = json.loads((self.folder / "look.json").read_text(encoding="utf-8"))
        return found

    @property
    def _result(self) -> Path:
        return self.folder / "result.json"

    @property
    def has_result(self) -> bool:
        """Whether it was imported."""
        return self._result.is_file()

    def result(self) -> dict[str, Any]:
        """What became of the table. Raises UploadGone when it was not imported."""
        if not self.has_result:
            raise UploadGone
        found: dict[str, Any] = json.loads(self._result.read_text(encoding="utf-8"))
        return found

    def discard(self) -> None:
        """Delete everything of this upload."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _write(path: Path, values: Mapping[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(values), encoding="utf-8")
    part.replace(path)  # whole or not at all


class Staging:
    """The uploads of one organisation."""

    def __init__(self, instance: Path, organisation_id: int) -> None:
        self._folder = instance.resolve() / "uploads" / str(organisation_id)

    def keep(self, name: str, table: IO[bytes], profile: IO[bytes] | None, now: datetime) -> Staged:
        """Store an upload; forgets those of the organisation that are older than a day."""
        self.forget_old(now)
        token = new_secret(24)
        staged = Staged(token, name[:255] or "table", self._folder / token)
        staged.folder.mkdir(parents=True)
        (staged.folder / "name").write_text(staged.name, encoding="utf-8", errors="replace")
        for source, target in ((table, staged.table), (profile, staged.profile)):
            if source is not None:
                with target.open("wb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
        return staged

    def find(self, token: str) -> Staged:
        """The upload of this name. Raises UploadGone, also for another organisation's."""
        folder = self._folder / token
        if not _TOKEN.fullmatch(token) or not (folder / "name").is_file():
            raise UploadGone
        return Staged(token, (folder / "name").read_text(encoding="utf-8"), folder)

    def waiting(self, token: str) -> Staged:
        """The same, if its table still waits to be imported."""
        staged = self.find(token)
        if not staged.table.is_file() or staged.has_result:
            raise UploadGone
        return staged

    def forget_old(self, now: datetime) -> None:
        """Delete uploads older than a day."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - KEPT_FOR:
                shutil.rmtree(folder, ignore_errors=True)
