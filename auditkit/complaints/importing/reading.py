"""Opening a table of any kind: container, encoding, delimiter, header, and then its rows as a stream.

`open_table` decides and announces; `Table.rows` reads the file again from the start, so that nothing is kept in memory.
Checked by tests/rules/test_importing_reading.py against every file of the shared bad inputs.
"""

import codecs
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.importing.announcements import Announcement, Fault, Row, fault, guess, question, warning
from auditkit.complaints.importing.containers import GZIP, WORKBOOK, container_of, open_text_bytes
from auditkit.complaints.importing.delimited import Record, best_delimiter, numbered, records
from auditkit.complaints.importing.encodings import CERTAIN, UNSURE, EncodingGuess, judge
from auditkit.complaints.importing.headers import LOOKED_AT, choose_header, display_names
from auditkit.complaints.importing.limits import MAX_COLUMNS
from auditkit.complaints.importing.sheets import open_sheet, rows_of
from auditkit.documents.tables import unguard
from auditkit.web.languages import listed

_BLOCK = 1 << 18
_LOST = re.compile("[\udc80-\udcff\ufffd]")
_SAMPLE_CHARACTERS = 1 << 17
_DELIMITER_NAMES = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("vertical bar")}

NO_HEADER: Literal["none"] = "none"


@dataclass(frozen=True)
class Hints:
    """What a profile says about the file, each instead of a guess; `header` is a line number, or "none"."""

    encoding: str | None = None
    delimiter: str | None = None
    header: int | Literal["none"] | None = None
    sheet: str | None = None
    guarded: bool = False


@dataclass
class Table:
    """A table that was understood. `columns` are unique names to show; `sha256` is of the file as it is on disk."""

    path: Path
    container: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_line: int | None
    columns: list[str]
    original_names: list[str]
    announcements: list[Announcement]
    sha256: str
    blank_rows: int = field(default=0)
    is_guarded: bool = False
    may_be_damaged: bool = False

    def rows(self) -> Iterator[Row]:
        """The data rows in order; rows that cannot be trusted carry a fault. `blank_rows` counts those passed over."""
        width = len(self.columns)
        number = self.blank_rows = 0
        with ExitStack() as stack:
            for line, cells, problem, nul in self._records(stack):
                if self.header_line is not None and line <= self.header_line:
                    continue
                if problem is None:
                    if len(cells) == width:
                        if not "".join(cells).strip():
                            self.blank_rows += 1
                            continue
                    elif not any(cell.strip() for cell in cells):
                        self.blank_rows += 1
                        continue
                    else:
                        problem = _width_fault(len(cells), width)
                    if problem is None and self._damaged(cells):
                        problem = fault(
                            N_("The row has bytes that are not %(encoding)s; save the file again in one encoding"),
                            encoding=EncodingGuess(self.encoding or "", CERTAIN).name,
                        )
                if self.is_guarded:
                    cells = [unguard(cell) for cell in cells]
                number += 1
                remark = fault(N_("NUL characters were taken out of the row")) if nul else None
                yield Row(number, line, cells, problem, remark)

    def head(self, count: int) -> list[Row]:
        """The first `count` data rows."""
        return list(islice(self.rows(), count))

    def _records(self, stack: ExitStack) -> Iterator[Record]:
        if self.container == WORKBOOK:
            return numbered(rows_of(open_sheet(self.path, self.sheet)[0]))
        stream = stack.enter_context(_text_stream(self.path, self.container, self.encoding or "utf-8"))
        return records(stream, self.delimiter or ",")

    def _damaged(self, cells: list[str]) -> bool:
        """Whether bytes of the row did not fit the encoding; a file that was found to fit as a whole is not asked."""
        return self.may_be_damaged and any(not cell.isascii() and _LOST.search(cell) is not None for cell in cells)


def _width_fault(found: int, wanted: int) -> Fault:
    if found < wanted:
        message = N_(
            "%(found)s cells where the table has %(wanted)s columns: cells are missing, so none can be trusted"
        )
    else:
        message = N_(
            "%(found)s cells where the table has %(wanted)s columns: there are cells too many, so none can be trusted. "
            "A text with the delimiter in it needs quotation marks around it"
        )
    return fault(message, found=found, wanted=wanted)


def _text_stream(path: Path, container: str, encoding: str) -> io.TextIOWrapper:
    # Bytes that do not fit become marks that rows() finds: one bad byte must not end the import
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(open_text_bytes(path, container), encoding=encoding, errors=errors, newline="")


def open_table(path: Path, hints: Hints = Hints(), is_known: Callable[[str], bool] = lambda _name: False) -> Table:
    """Understand the file, taking from `hints` what a profile fixes; `is_known` recognises names of columns.

    Raises BadInput with what to do for files that hold no table. What is doubtful but workable is announced; what only
    a person can decide is announced as a question.
    """
    container = container_of(path)
    said: list[Announcement] = []
    if container == WORKBOOK:
        sheet, names = open_sheet(path, hints.sheet)
        if len(names) > 1:
            said.append(
                guess(
                    "sheet",
                    N_("The workbook has %(count)s sheets with cells (%(names)s); %(chosen)s is read"),
                    count=len(names),
                    names=listed(names),
                    chosen=names[0],
                )
            )
        table = Table(path, container, None, None, sheet.name, None, [], [], said, _sha256(path))
        first = list(islice(numbered(rows_of(sheet)), LOOKED_AT))
    else:
        encoding, may_be_damaged = _encoding(path, container, hints, said)
        with _text_stream(path, container, encoding) as stream:
            sample = stream.read(_SAMPLE_CHARACTERS)
        delimiter = _delimiter(sample, hints, said)
        table = Table(path, container, encoding, delimiter, None, None, [], [], said, _sha256(path))
        table.may_be_damaged = may_be_damaged
        first = list(islice(records(io.StringIO(sample, newline=""), delimiter), LOOKED_AT))
    table.is_guarded = hints.guarded
    _header(table, first, hints, is_known)
    return table


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(path: Path, container: str, hints: Hints, said: list[Announcement]) -> tuple[str, bool]:
    """(the codec, whether some bytes may not fit it)."""
    if hints.encoding is not None:
        try:
            codec = codecs.lookup(hints.encoding)
        except LookupError as error:
            raise BadInput(N_("The profile names an unknown encoding: %(name)s"), name=hints.encoding) from error
        if not codec._is_text_encoding:
            raise BadInput(N_("The profile names an unknown encoding: %(name)s"), name=hints.encoding)
        # A mark at the start is never part of a name
        return "utf-8-sig" if codec.name == "utf-8" else codec.name, True
    with open_text_bytes(path, container) as stream:
        judged = judge(iter(lambda: stream.read(_BLOCK), b""))
    if judged.certainty == UNSURE:
        said.append(
            question(
                "encoding",
                N_(
                    "The encoding of the text is doubtful: it may be %(name)s. Look at the rows shown; "
                    "name it in a profile (encoding: …) or save the file as UTF-8"
                ),
                name=judged.name,
            )
        )
    else:
        said.append(guess("encoding", N_("The text is read as %(name)s"), name=judged.name))
    if judged.broken:
        said.append(
            warning(
                "encoding",
                N_("%(count)s bytes are not %(name)s; the rows that have them are refused"),
                count=judged.broken,
                name=judged.name,
            )
        )
    return judged.codec, judged.codec != "utf-8" or bool(judged.broken)


def _delimiter(sample: str, hints: Hints, said: list[Announcement]) -> str:
    if hints.delimiter is not None:
        return hints.delimiter
    delimiter, doubtful = best_delimiter(sample)
    said.append(
        guess(
            "delimiter",
            N_("Cells are taken to end at each %(name)s, though another delimiter fits nearly as well")
            if doubtful
            else N_("Cells end at each %(name)s"),
            name=_DELIMITER_NAMES[delimiter],
        )
    )
    return delimiter


def _header(table: Table, first: list[Record], hints: Hints, is_known: Callable[[str], bool]) -> None:
    """Set `columns` and `header_line`, and say which row was taken."""
    usable = [(line, cells) for line, cells, problem, _nul in first if problem is None]
    if hints.header == NO_HEADER:
        choice_index, width, sure = None, max((len(cells) for _line, cells in usable), default=0), True
    elif hints.header is not None:
        found = [index for index, (line, _cells) in enumerate(usable) if line == hints.header]
        if not found:
            raise BadInput(
                N_("No row begins in line %(line)s, where the profile says the header is"), line=hints.header
            )
        choice_index, width, sure = found[0], len(usable[found[0]][1]), True
    else:
        choice = choose_header([cells for _line, cells in usable], is_known)
        choice_index, width, sure = choice.index, choice.width, choice.sure
    if width == 0:
        raise BadInput(N_("The file has no rows. Export it again and check what it holds"))
    if width > MAX_COLUMNS:
        raise BadInput(
            N_("The table has %(count)s columns; at most %(limit)s are read. Export fewer columns"),
            count=width,
            limit=MAX_COLUMNS,
        )
    header = usable[choice_index][1] if choice_index is not None else []
    table.columns = display_names(header, width)
    table.original_names = [*header, *[""] * (width - len(header))]
    table.header_line = usable[choice_index][0] if choice_index is not None else None
    if hints.header is not None:
        return
    _tell_header(table, sure)


def _tell_header(table: Table, sure: bool) -> None:
    if table.header_line is None:
        table.announcements.append(
            question(
                "header",
                N_(
                    "The table has no row of column names: the first row looks like data. Columns are called "
                    "Column 1 to Column %(count)s; map them by position in a profile (header: none)"
                ),
                count=len(table.columns),
            )
        )
        return
    message = N_("Line %(line)s is taken as the row of column names")
    if not sure:
        message = N_("Line %(line)s is taken as the row of column names, though none of the names is known")
    table.announcements.append(guess("header", message, line=table.header_line))
    if table.header_line > 1:
        table.announcements.append(
            guess("header", N_("Lines 1 to %(last)s are titles and left out"), last=table.header_line - 1)
        )


__all__ = ["GZIP", "Hints", "Table", "open_table"]
