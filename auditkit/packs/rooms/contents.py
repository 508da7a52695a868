"""What a room shows comes out of the sealed pack itself, never out of the records, which go on changing."""

import json
import mimetypes
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from auditkit.packs.rooms.rules import NotInThePack, PackUnreadable
from auditkit.packs.verify import layout

CHUNK = 1 << 20


@dataclass(frozen=True)
class Item:
    """A document, register, record or file that the pack shows for a clause. `withheld`: why it is not in this form.

    Of what is withheld neither day nor digest nor size is told.
    """

    path: str
    title: str
    newest: date | None
    sha256: str
    size: int
    withheld: str


@dataclass(frozen=True)
class Clause:
    """A clause of the pack's index."""

    ref: str
    number: str
    title: str
    state: str
    why: str
    items: tuple[Item, ...]

    def item(self, path: str) -> Item:
        """One item of it. Raises NotInThePack."""
        found = next((one for one in self.items if one.path == path), None)
        if found is None:
            raise NotInThePack
        return found

    def neighbours(self, path: str) -> tuple[Item | None, Item | None]:
        """The items before and after one of it."""
        place = [one.path for one in self.items].index(path)
        return self.items[place - 1] if place else None, (*self.items, None)[place + 1]


class SealedPack:
    """A pack's file, opened for reading."""

    def __init__(self, file: Path, bag: str) -> None:
        self.file = file
        self.bag = bag

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        """The file, checked as far as it is read. Raises PackUnreadable where it is not what was sealed."""
        try:
            with zipfile.ZipFile(self.file) as archive:
                yield archive
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise PackUnreadable from error

    def _json(self, path: str) -> Any:
        with self._opened() as archive:
            return json.loads(archive.read(f"{self.bag}/{path}"))

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clause index, in the order printed."""
        return [
            Clause(one["clause"], one["number"], one["title"], one["state"], one["why"], _items(one["files"]))
            for one in self._json("clause-index.json")
        ]

    def clause(self, ref: str) -> Clause:
        """One clause. Raises NotInThePack."""
        found = next((one for one in self.clauses if one.ref == ref), None)
        if found is None:
            raise NotInThePack
        return found

    @cached_property
    def digests(self) -> dict[str, str]:
        """Path -> SHA-256 of every file of the payload."""
        with self._opened() as archive:
            lines = archive.read(f"{self.bag}/{layout.MANIFEST}").decode().splitlines()
        return {path: digest for digest, _blank, path in (line.partition("  ") for line in lines)}

    @cached_property
    def omissions(self) -> dict[str, Any]:
        """What is missing or withheld, as the pack says."""
        found: dict[str, Any] = self._json("omissions.json")
        return found

    def media_type(self, path: str) -> str:
        """What a file of the payload is handed out as. Raises NotInThePack."""
        if path not in self.digests:
            raise NotInThePack
        return mimetypes.guess_type(path)[0] or "application/octet-stream"

    def size(self, path: str) -> int:
        """Bytes of a file of the payload."""
        with self._opened() as archive:
            return archive.getinfo(f"{self.bag}/{path}").file_size

    def stream(self, path: str) -> Iterator[bytes]:
        """The bytes of a file of the payload.

        What was altered on disk is noticed by its CRC-32 at the end: the answer is cut off before its last piece, so
        that no browser takes it for whole.
        """
        with self._opened() as archive, archive.open(f"{self.bag}/{path}") as member:
            piece = member.read(CHUNK)
            while piece:
                following = member.read(CHUNK)
                yield piece
                piece = following


def _items(files: list[dict[str, Any]]) -> tuple[Item, ...]:
    """Of the entries of the index, each file once."""
    found = {}
    for one in files:
        newest = one.get("date")
        found[one["path"]] = Item(
            one["path"],
            one["title"],
            date.fromisoformat(newest) if newest else None,
            one.get("sha256", ""),
            one.get("size", 0),
            one.get("withheld", ""),
        )
    return tuple(found.values())
