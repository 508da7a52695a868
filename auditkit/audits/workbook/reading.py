"""A returned workbook (XLSX or ODS): its rows as texts, its formulas by cell. Nothing in it is ever calculated or run.

The file is looked at before it is opened (`base.unpacking`): it must be one of the two kinds, of bearable size, whole,
without password.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from auditkit.audits.workbook.rules import NotOurWorkbook, WorkbookUnreadable
from auditkit.base.text import _
from auditkit.base.unpacking import FAULT_TITLES, Fault, NotOpened, workbook_kind

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 5_000
ABOUT = "auditkit"
CODE, ROW, QUESTION, ANSWER, NOTE = "code", "row", "question", "answer", "note"
_NOT_OURS = (Fault.NO_ARCHIVE, Fault.WORD, Fault.ARCHIVE)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass(frozen=True, slots=True)
class Came:
    """A row as it came back. `place` is where it stands (`Questions 12`), `mark` the id that was written into it."""

    place: str
    mark: str
    question: str
    answer: str
    note: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back: the code of the one handed out, its rows, and the cells that hold formulas."""

    code: str
    rows: tuple[Came, ...]
    formulas: tuple[str, ...]


def read(path: Path) -> Returned:
    """Read a returned workbook. Raises WorkbookUnreadable and NotOurWorkbook, each of which says what to do."""
    kind = _kind(path)
    from python_calamine import CalamineError, CalamineWorkbook  # heavy: only when a workbook comes

    try:
        book = CalamineWorkbook.from_path(str(path))
        about = _about(book)
        title, top, table = _sheet(book, about)
    except CalamineError as error:
        raise WorkbookUnreadable(reason=str(error)) from error
    columns = {name: at for at, heading in enumerate(table[0]) for name, said in about.items() if said == heading}
    missing = [about[name] for name in (ROW, QUESTION, ANSWER, NOTE) if name not in columns]
    if missing:
        raise WorkbookUnreadable(reason=_("the column “%(name)s” is missing", name=missing[0]))
    rows = tuple(_rows(title, top, table, columns))
    return Returned(about[CODE], rows, tuple(_formulas(path, kind, title)))


def _kind(path: Path) -> str:
    """`xlsx` or `ods`."""
    if path.stat().st_size > MAX_BYTES:
        raise WorkbookUnreadable(reason=_("it is larger than %(limit)s MB", limit=MAX_BYTES >> 20))
    try:
        kind = workbook_kind(path, MAX_UNPACKED)
    except NotOpened as refused:
        if refused.fault in _NOT_OURS:
            raise NotOurWorkbook from refused
        if refused.fault is Fault.TOO_LARGE:
            raise WorkbookUnreadable(reason=_("unpacked it is larger than any checklist")) from refused
        raise WorkbookUnreadable(reason=_(FAULT_TITLES[refused.fault])) from refused
    if kind == "xlsb":
        raise NotOurWorkbook
    return kind


def _about(book: "CalamineWorkbook") -> dict[str, str]:
    """What the hidden sheet says: the code, and the headings of the columns as they were written."""
    if ABOUT not in book.sheet_names:
        raise NotOurWorkbook
    rows = book.get_sheet_by_name(ABOUT).to_python()
    said = {text(row[0]): text(row[1]) for row in rows[1:] if len(row) > 1 and text(row[0])}
    if not {CODE, ROW, QUESTION, ANSWER, NOTE} <= said.keys():
        raise NotOurWorkbook
    return said


def _sheet(book: "CalamineWorkbook", about: dict[str, str]) -> tuple[str, int, list[list[Any]]]:
    """(title, number of the heading's line, the lines from the heading on) of the sheet with the questions."""
    for title in book.sheet_names:
        if title == ABOUT:
            continue
        sheet = book.get_sheet_by_name(title)
        if sheet.total_height > MAX_ROWS:
            raise WorkbookUnreadable(reason=_("it has more than %(limit)s lines", limit=MAX_ROWS))
        rows = sheet.to_python(skip_empty_area=False)
        for at, row in enumerate(rows[:10]):
            if about[ROW] in [text(value) for value in row]:
                return title, at + 1, [[text(value) for value in row], *rows[at + 1 :]]
    raise WorkbookUnreadable(reason=_("the column “%(name)s” is missing", name=about[ROW]))


def _rows(title: str, top: int, table: list[list[Any]], columns: dict[str, int]) -> Iterator[Came]:
    for number, row in enumerate(table[1:], start=top + 1):
        cells = {name: text(row[at]) if at < len(row) else "" for name, at in columns.items()}
        if any(cells.values()):
            yield Came(f"{title} {number}", cells[ROW], cells[QUESTION], cells[ANSWER], cells[NOTE])


def text(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, str):
        return value.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


# --- formulas ----------------------------------------------------------------------------------------------------


def _formulas(path: Path, kind: str, title: str) -> Iterator[str]:
    """The cells of the sheet that hold formulas; only their values were read."""
    with zipfile.ZipFile(path) as archive:
        if kind == "ods":
            with archive.open("content.xml") as stream:
                yield from _ods_formulas(stream, title)
            return
        member = _member(archive, title)
        if member is not None:
            with archive.open(member) as stream:
                for element in _elements(stream, f"{_MAIN}c"):
                    if element.find(f"{_MAIN}f") is not None:
                        yield element.get("r", "?")


def _member(archive: zipfile.ZipFile, title: str) -> str | None:
    with archive.open("xl/workbook.xml") as stream:
        named = {one.get("name"): one.get(_RELATION) for one in _elements(stream, f"{_MAIN}sheet")}
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        targets = {one.get("Id"): one.get("Target") for one in _elements(stream, None) if one.get("Target")}
    target = str(targets.get(named.get(title), ""))
    member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return member if member in archive.namelist() else None


def _ods_formulas(stream: IO[bytes], title: str) -> Iterator[str]:
    for table in _elements(stream, f"{_TABLE}table"):
        if table.get(f"{_TABLE}name") != title:
            continue
        line = 0
        for row in table.iter(f"{_TABLE}table-row"):
            column = 0
            for cell in row:
                if cell.get(f"{_TABLE}formula"):
                    yield f"{_letters(column)}{line + 1}"
                column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            line += int(row.get(f"{_TABLE}number-rows-repeated", "1"))


def _elements(stream: IO[bytes], tag: str | None) -> Iterator[Any]:
    from lxml import etree

    try:
        for _event, element in etree.iterparse(
            stream, tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            yield element
            if tag != f"{_MAIN}sheet":
                element.clear(keep_tail=True)
    except etree.XMLSyntaxError as error:
        raise WorkbookUnreadable(reason=_("it is damaged. Save it again")) from error


def _letters(index: int) -> str:
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
