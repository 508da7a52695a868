"""Makes the files of a pack, each in its whole and its redacted form, and tells both digests (decision 0011).

One of the two forms goes into the ZIP; the digest of the other enters the leaves. What names nobody is made once.
Made files lie in a folder of their own until the ZIP is whole, so that memory stays flat whatever the registers weigh.
"""

import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextvars import copy_context
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, render
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.tables import Cell, Sheet, write_xlsx
from auditkit.evidence import store
from auditkit.evidence.queries import File
from auditkit.evidence.rules import CAPTURE, StoredObjectMissing
from auditkit.evidence.sharing.rules import Sharing
from auditkit.packs.definitions import DocumentPart
from auditkit.packs.gathering import Document, Draft, Item, Register, Seen
from auditkit.packs.rules import member_paths
from auditkit.packs.speaking import speaking
from auditkit.packs.veiling import BothForms, Veil
from auditkit.packs.verify import layout
from auditkit.packs.zipping import Source
from auditkit.web.languages import day_there


class DocumentFailed(AuditkitError):
    """A document could not be rendered; nothing is put in its place."""

    message = N_("%(title)s could not be written: %(reason)s")


AHEAD = 2
"""Documents that are made ready while one is rendered; their data are in memory until then."""
NOBODY_DECIDED = N_("Nobody has decided what of this file an outsider may see")


@dataclass(frozen=True)
class FromTemplate:
    """Which template made a document: whose, which version of theirs (None: the shipped one), its SHA-256."""

    document: str
    origin: str
    version: int | None
    language: str
    sha256: str

    @classmethod
    def of(cls, chosen: Chosen, digest: str) -> "FromTemplate":
        """What is said of a template that was used."""
        return cls(chosen.entry.id, chosen.origin.value, chosen.version, chosen.language, digest)


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the payload with what the indexes say of it."""

    path: str
    title: str
    version: str
    date: date | None
    source: Source
    template: FromTemplate | None = None
    language: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the machine-readable index says."""
        facts: dict[str, Any] = {
            "path": self.path,
            "title": self.title,
            "version": self.version,
            "date": self.date.isoformat() if self.date else None,
            "sha256": self.source.sha256,
            "size": self.source.size,
        }
        if self.template is not None:
            facts["template"] = asdict(self.template)
        if self.language:
            facts["language"] = self.language
        return facts


@dataclass(frozen=True, slots=True)
class Withheld:
    """A file that the redacted form does not hold, and why; `original` is its digest."""

    path: str
    title: str
    why: str
    original: str


_Forms = tuple[Source, Source | None, FromTemplate | None]
"""A file in its whole and its redacted form, None where that holds none; and its template."""


class Maker:
    """Makes the items of a draft in the form asked for; documents are rendered by a thread of `renders`."""

    def __init__(self, draft: Draft, work: Path, veil: Veil, form: str, renders: Executor) -> None:
        self.work = work
        self._renders = renders
        self._names: set[str] = set()
        self.veil = veil
        self.redacted = form == layout.REDACTED
        self.both: list[BothForms] = []
        self._paths = _redacted_paths(draft, veil)
        self._draft = draft

    def make(self, items: Iterable[Item]) -> Iterator[tuple[str, Made | Withheld]]:
        """Documents and registers in the form asked for, by their path in the draft. Raises DocumentFailed.

        While one document is rendered the next are made ready: most of a rendering is waiting for its process.
        """
        begun: deque[tuple[Item, Callable[[], _Forms]]] = deque()
        for item in items:
            with speaking(item.language):  # rows of registers are written now, whatever the screen's language
                begun.append((item, self._begin(item)))
            if len(begun) > AHEAD:
                yield self._made(*begun.popleft())
        while begun:
            yield self._made(*begun.popleft())

    def seen(self, item: Item) -> Made | Withheld:
        """A stored file in the form asked for."""
        assert isinstance(item.content, Seen)  # noqa: S101 - the others are made by `make`
        return self._chosen(item, *self._seen(item.path, self._paths[item.path], item.content), None)

    def _begin(self, item: Item) -> Callable[[], _Forms]:
        content = item.content
        path = self._paths[item.path]
        if isinstance(content, Document):
            assert isinstance(item.part, DocumentPart)  # noqa: S101 - documents come from no other part
            return self._document(item, item.part, path, content)
        assert isinstance(content, Register)  # noqa: S101 - files are made by `seen`
        register = self._register(item, path, content)
        return lambda: (*register, None)

    def _made(self, item: Item, forms: Callable[[], _Forms]) -> tuple[str, Made | Withheld]:
        with speaking(item.language):
            return item.path, self._chosen(item, *forms())

    def _chosen(
        self, item: Item, whole: Source, hidden: Source | None, template: FromTemplate | None
    ) -> Made | Withheld:
        content = item.content
        path = self._paths[item.path]
        language = "" if isinstance(content, Seen) else item.language
        self.both.append(BothForms(item.path, whole.sha256, path, hidden.sha256 if hidden else None))
        title = self.veil.hide(item.title)
        newest = day_there(item.newest) if item.newest else None
        if not self.redacted:
            return Made(item.path, item.title, item.version, newest, whole, template, language)
        if hidden is not None:
            return Made(path, title, item.version, newest, hidden, template, language)
        assert isinstance(content, Seen)  # noqa: S101 - only files are withheld
        return Withheld(path, title, _why(content), whole.sha256)

    def _document(self, item: Item, part: DocumentPart, path: str, content: Document) -> Callable[[], _Forms]:
        chosen = self._draft.template(part.template, item.language)
        data = catalogue.data_of(content.context)
        hidden_data = self.veil.hide_in(data if content.redacted is None else catalogue.data_of(content.redacted))
        same = hidden_data == data
        whole = self._rendered(chosen, item.path, item.title, data, goes_in=same or not self.redacted)
        hidden = whole if same else self._rendered(chosen, path, item.title, hidden_data, goes_in=self.redacted)

        def forms() -> _Forms:
            (source, digest), (hidden_source, _digest) = whole.result(), hidden.result()
            return source, hidden_source, FromTemplate.of(chosen, digest)

        return forms

    def _rendered(
        self, chosen: Chosen, path: str, title: str, data: Any, *, goes_in: bool
    ) -> Future[tuple[Source, str]]:
        """A document; of one for the other form of the pack only its digest is wanted, and it is not kept."""
        file = self._new_file(path)
        dressed = self._draft.dressed(data)

        def render_it() -> tuple[Source, str]:
            content, digest = filled(chosen, dressed, title)
            if goes_in:
                return kept(path, file, [content]), digest
            return Source.of_file(path, file, len(content), hashlib.sha256(content).hexdigest()), digest

        # In the context of now: what is said of a template that fails is said in the language of the pack.
        return self._renders.submit(copy_context().run, render_it)

    def _register(self, item: Item, path: str, content: Register) -> tuple[Source, Source]:
        watched = _Watched(self.veil)
        whole = self._workbook(item, item.path, map(watched.sheet, content.sheets()))
        if not watched.names_somebody:
            return whole, whole
        return whole, self._workbook(item, path, map(watched.hidden, content.sheets()))

    def _workbook(self, item: Item, path: str, sheets: Iterator[Sheet]) -> Source:
        file = self._new_file(path)
        write_xlsx(file, sheets, title=item.title, created=item.newest)
        return made_file(path, file)

    def _seen(self, whole_path: str, path: str, content: Seen) -> tuple[Source, Source | None]:
        whole = stored(whole_path, content.file)
        if content.file.source == CAPTURE:
            text = b"".join(store.current().open_stream(content.file.digest)).decode()
            hidden = self.veil.hide(text)
            return whole, replace(whole, path=path) if hidden == text else Source.of_bytes(path, hidden.encode())
        decided = content.decided
        if decided is not None and decided.sharing is Sharing.AS_IT_IS:
            return whole, replace(whole, path=path)
        if decided is not None and decided.copy is not None:
            return whole, stored(path, decided.copy)
        return whole, None

    def _new_file(self, path: str) -> Path:
        own = name = path.rpartition("/")[2]
        number = 1
        while name in self._names:
            number += 1
            name = f"{number}-{own}"
        self._names.add(name)
        return self.work / name


def filled(chosen: Chosen, data: Any, title: str) -> tuple[bytes, str]:
    """A filled template, and the template's SHA-256. Raises DocumentFailed."""
    document = io.BytesIO()
    try:
        digest = render.render(chosen.entry.file, data, document, chosen.language)
    except AuditkitError as error:
        raise DocumentFailed(title=title, reason=str(error)) from error
    return document.getvalue(), digest


class _Watched:
    """Sheets as they are, noticing whether they name somebody; and sheets with marks."""

    def __init__(self, veil: Veil) -> None:
        self.veil = veil
        self.names_somebody = False

    def sheet(self, sheet: Sheet) -> Sheet:
        """The sheet as it is; its rows are watched as they are read."""
        return replace(sheet, rows=map(self._seen, sheet.rows))

    def hidden(self, sheet: Sheet) -> Sheet:
        """The sheet with marks."""
        return replace(sheet, rows=(self._hide(row) for row in sheet.rows))

    def _seen(self, row: Sequence[Cell]) -> Sequence[Cell]:
        if not self.names_somebody:
            self.names_somebody = any(self.veil.hide(cell) != cell for cell in row if isinstance(cell, str))
        return row

    def _hide(self, row: Sequence[Cell]) -> Sequence[Cell]:
        return [self.veil.hide(cell) if isinstance(cell, str) else cell for cell in row]


def _redacted_paths(draft: Draft, veil: Veil) -> dict[str, str]:
    """Path in the whole form -> path in the redacted form: the names of files name people, too."""
    folders_and_names = []
    for item in draft.items:
        folder, _slash, name = item.path.rpartition("/")
        if isinstance(item.content, Seen) and item.content.decided and item.content.decided.copy:
            name = f"E-{item.content.file.id:05d} {item.content.decided.copy.download_name}"
        folders_and_names.append((folder, veil.hide(name)))
    return dict(zip((item.path for item in draft.items), member_paths(folders_and_names), strict=True))


def _why(content: Seen) -> str:
    return content.decided.note if content.decided is not None else _(NOBODY_DECIDED)


def made_file(path: str, file: Path) -> Source:
    """A file that was made for the pack, hashed now."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Source.of_file(path, file, file.stat().st_size, digest)


def kept(path: str, file: Path, pieces: Iterable[bytes]) -> Source:
    """What comes in pieces as a file of the pack, written to `file` and hashed on the way."""
    hashing, size = hashlib.sha256(), 0
    with file.open("xb") as stream:
        for piece in pieces:
            hashing.update(piece)
            size += stream.write(piece)
    return Source.of_file(path, file, size, hashing.hexdigest())


def stored(path: str, file: File) -> Source:
    """A file of the evidence store; its digest is compared while the ZIP is written."""
    held = store.current()  # now: the threads that will open it are outside the application's context
    if (local := held.file_of(file.digest)) is not None:
        return Source.of_file(path, local, file.size, file.digest)

    def open_it() -> io.RawIOBase:
        try:
            return _Chunks(held.open_stream(file.digest))
        except StoredObjectMissing as error:
            raise FileNotFoundError(path) from error

    return Source(path, file.size, file.digest, open_it)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as an unbuffered file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill as much of `buffer` as the present chunk gives."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
