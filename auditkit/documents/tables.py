"""Registers as XLSX and CSV, streamed from an iterator, safe to open in a spreadsheet, the same bytes every time.

**No formula ever.** A text that a spreadsheet might run (it begins with `=`, `+`, `-`, `@`, their full-width forms, a
tab or a line break; blanks before are ignored) is written to XLSX as a text cell with Excel's "quote prefix", which
survives editing, and to CSV with an apostrophe before it.

**The apostrophe is reversible.** `guard` adds one to a text that, after any number of apostrophes, would run;
`unguard` takes one away from a text that, after at least one apostrophe, would run. So `unguard(guard(text)) == text`
for every text, and text that never needed a guard is never touched: `+995 555 123456` leaves as `'+995 555 123456` and
comes back as it was. An importer must call `unguard` only for files auditkit wrote (its import profile says so), and
announce it: in anybody else's file an apostrophe is part of the text.

Numbers, dates and truth values of Python are written as such; a phone number is a text and stays one.
Written here rather than with xlsxwriter because that takes about four times the floor of writing the same XML
(performance.md). Checked by tests/slices/documents/test_documents_tables.py.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from auditkit.base.text import _
from auditkit.documents.package import Writer, deflated
from auditkit.documents.whole_file import written_whole

Cell = str | int | float | Decimal | bool | date | None

_RUNS = "[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
_NEEDS_GUARD = re.compile(f"'*(?:{_RUNS})")
_GUARDED = re.compile(f"'+(?:{_RUNS})")

ROWS_IN_A_SHEET = 1_048_576
# Excel's own limit; a longer text makes it call the file damaged.
CHARACTERS_IN_A_CELL = 32_767
# Above this a spreadsheet rounds whole numbers.
EXACT_INTEGER = 10**15
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_DATE = date(1900, 3, 1)
# One class in front, along which the search skips: a choice between it and `_x0041_` takes three times as long.
_SPECIAL = re.compile("[&<>_\x00-\x08\x0b\x0c\r\x0e-\x1f\ud800-\udfff\ufffe\uffff](?:(?<!_)|x[0-9A-Fa-f]{4}_)")
_BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_TEXT, _GUARD, _HEADER, _DATE, _MOMENT, _NUMBER, _INPUT, _GUARDED_INPUT = 1, 2, 3, 4, 5, 6, 7, 8
_BATCH = 500


@dataclass(frozen=True)
class Column:
    """A heading and the width of its column in characters.

    In a locked sheet only `editable` columns take input, texts one of `choices` (a range such as `lists!$A$2:$A$7`).
    """

    title: str
    width: int = 20
    editable: bool = False
    choices: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table: rows may be a generator and are read once, in order.

    `locked` protects it from slips of the hand (there is no password); the first sheet must not be `hidden`.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    locked: bool = False
    hidden: bool = False


@dataclass
class Written:
    """What was written: rows without headings, and cells whose text was cut to Excel's limit (each says so itself)."""

    rows: int = 0
    cut: int = 0


def guard(text: str) -> str:
    """The text as CSV may hold it; see the module's rule."""
    return f"'{text}" if _NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv(
    out: Path | BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, delimiter: str = ","
) -> Written:
    """Write UTF-8 with a byte order mark (Excel needs it) and CR LF; dates as ISO 8601, aware times in UTC."""
    written = Written()
    with _target(out) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", "replace", newline="", write_through=True)
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([guard(column.title) for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(cell) for cell in row])
            written.rows += 1
        text.flush()
        text.detach()
    return written


def write_xlsx(
    out: Path | BinaryIO,
    sheets: Iterable[Sheet],
    *,
    title: str = "",
    created: datetime | None = None,
    right_to_left: bool = False,
) -> Written:
    """Write a workbook: headings repeated on every printed page and frozen, filter, A4 landscape.

    `out` must be seekable. A table of more than 1,048,575 rows goes on in a further sheet. The workbook carries no
    time but `created`. Aware times are written in UTC, since a spreadsheet knows no zones.
    """
    written = Written()
    with _target(out) as stream:
        writer = Writer(stream)
        writer.add(deflated("_rels/.rels", _PACKAGE_RELATIONS.encode()))
        writer.add(deflated("docProps/core.xml", _core(title, created)))
        writer.add(deflated("xl/styles.xml", _STYLES.encode()))
        titles: list[str] = []
        hidden: list[bool] = []
        for sheet in sheets:
            for part in _sheets_of(sheet):
                titles.append(_unique(part.title, titles))
                hidden.append(part.hidden)
                pieces = _sheet(part, written, right_to_left, first=len(titles) == 1)
                writer.stream(f"xl/worksheets/sheet{len(titles)}.xml", pieces)
        if not titles:
            raise ValueError("a workbook needs at least one sheet")
        writer.add(deflated("xl/workbook.xml", _workbook(titles, hidden)))
        writer.add(deflated("xl/_rels/workbook.xml.rels", _workbook_relations(len(titles))))
        writer.add(deflated("[Content_Types].xml", _content_types(len(titles))))
        writer.close()
    return written


@contextmanager
def _target(out: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(out, Path):
        with written_whole(out) as stream:
            yield stream
    else:
        yield out


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return guard(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return _in_utc(cell).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _sheets_of(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, or as many as its rows need."""
    rows = iter(sheet.rows)
    yield replace(sheet, rows=islice(rows, ROWS_IN_A_SHEET - 1))
    for following in rows:
        yield replace(sheet, rows=chain([following], islice(rows, ROWS_IN_A_SHEET - 2)))


def _unique(title: str, taken: Sequence[str]) -> str:
    """A sheet's title as Excel accepts it: 31 characters, some signs not, and no two alike."""
    plain = _BAD_IN_TITLE.sub(" ", title).strip().strip("'")[:31] or _("Sheet")
    folded = {one.casefold() for one in taken}
    candidate, number = plain, 1
    while candidate.casefold() in folded:
        number += 1
        ending = f" ({number})"
        candidate = plain[: 31 - len(ending)] + ending
    return candidate


def _sheet(sheet: Sheet, written: Written, right_to_left: bool, *, first: bool) -> Iterator[bytes]:
    letters = [_letters(index) for index in range(len(sheet.columns))]
    yield _sheet_head(sheet, right_to_left, first).encode()
    headings = "".join(
        f'<c r="{letter}1" t="inlineStr" s="{_HEADER}"><is><t xml:space="preserve">{_escape(column.title)}</t></is></c>'
        for letter, column in zip(letters, sheet.columns, strict=True)
    )
    yield f'<sheetData><row r="1">{headings}</row>'.encode()
    number = 1
    batch: list[str] = []
    unlocked = {at for at, column in enumerate(sheet.columns) if column.editable} if sheet.locked else set()
    for number, row in enumerate(sheet.rows, start=2):
        if len(row) > len(letters):
            raise ValueError(f"row {number} has {len(row)} cells for {len(letters)} columns")
        cells = [
            "" if cell is None else _cell(cell, f"{letter}{number}", written)
            for letter, cell in zip(letters, row, strict=False)
        ]
        if unlocked:
            cells = [
                _unlocked(one, f"{letters[at]}{number}") if at in unlocked else one for at, one in enumerate(cells)
            ]
        batch.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(batch) == _BATCH:
            yield "".join(batch).encode("utf-8")
            batch.clear()
    written.rows += number - 1
    last = f"{letters[-1]}{number}" if letters else "A1"
    guarded = _LOCKED if sheet.locked else ""
    offered = _choices(sheet.columns, letters, number)
    yield f'{"".join(batch)}</sheetData>{guarded}<autoFilter ref="A1:{last}"/>{offered}{_SHEET_END}'.encode()


def _unlocked(cell: str, reference: str) -> str:
    """A text cell in the style that takes input, also where it is empty."""
    if not cell:
        return f'<c r="{reference}" s="{_INPUT}"/>'
    return cell.replace(f' s="{_GUARD}">', f' s="{_GUARDED_INPUT}">').replace(f' s="{_TEXT}">', f' s="{_INPUT}">')


def _choices(columns: Sequence[Column], letters: Sequence[str], rows: int) -> str:
    lists = [
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{letter}2:{letter}{max(rows, 2)}">'
        f"<formula1>{_escape(column.choices)}</formula1></dataValidation>"
        for letter, column in zip(letters, columns, strict=True)
        if column.choices
    ]
    return f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else ""


def _cell(cell: str | float | Decimal | bool | date, reference: str, written: Written) -> str:
    if isinstance(cell, str):
        if len(cell) > CHARACTERS_IN_A_CELL:
            cell = _cut(cell, written)
        return _text_cell(cell, reference, _GUARD if _NEEDS_GUARD.match(cell) else _TEXT)
    if isinstance(cell, bool):
        return f'<c r="{reference}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        return _date_cell(cell, reference)
    if not (abs(cell) < EXACT_INTEGER if isinstance(cell, int) else math.isfinite(cell)):
        return _text_cell(str(cell), reference, _TEXT)
    return f'<c r="{reference}" s="{_NUMBER}"><v>{cell}</v></c>'


def _text_cell(text: str, reference: str, style: int) -> str:
    return f'<c r="{reference}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{_escape(text)}</t></is></c>'


def _cut(text: str, written: Written) -> str:
    written.cut += 1
    note = _(" [cut here: the text has %(count)s characters, a cell holds %(most)s]", count=len(text),
             most=CHARACTERS_IN_A_CELL)  # fmt: skip
    return text[: CHARACTERS_IN_A_CELL - len(note)] + note


def _date_cell(value: date, reference: str) -> str:
    moment = _in_utc(value) if isinstance(value, datetime) else None
    day = moment.date() if moment else value
    if day < _FIRST_DATE:
        # Excel counts a 29 February 1900 that never was; before it, text is the only honest form.
        return _text_cell(_csv_cell(value), reference, _TEXT)
    serial: float = day.toordinal() - _EPOCH
    if moment is None:
        return f'<c r="{reference}" s="{_DATE}"><v>{serial}</v></c>'
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f'<c r="{reference}" s="{_MOMENT}"><v>{serial + seconds / 86400:.15g}</v></c>'


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character in _ENTITIES:
        return _ENTITIES[character]
    if len(character) > 1:  # a text that looks like Excel's own escape
        return f"_x005F{character}"
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return f"_x{ord(character):04X}_"


_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_escape = partial(_SPECIAL.sub, _escaped)


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _sheet_head(sheet: Sheet, right_to_left: bool, first: bool) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"'
        f"{_HIDDEN_COLUMN if column.hidden else ''}/>"
        for number, column in enumerate(sheet.columns, start=1)
    )
    direction = ' rightToLeft="1"' if right_to_left else ""
    selected = ' tabSelected="1"' if first else ""
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"{direction}{selected}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols>"
    )


_LOCKED = (
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
)
_SHEET_END = (
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
)


def _workbook(titles: Sequence[str], hidden: Sequence[bool]) -> bytes:
    sheets = "".join(
        f'<sheet name="{_escape(title).replace(chr(34), "&quot;")}" sheetId="{number}"'
        f'{_HIDDEN_SHEET if away else ""} r:id="rId{number}"/>'
        for number, (title, away) in enumerate(zip(titles, hidden, strict=True), start=1)
    )
    names = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'
        f"'{_escape(title).replace(chr(39), chr(39) * 2)}'!$1:$1</definedName>"
        for index, title in enumerate(titles)
    )
    return (
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{names}</definedNames></workbook>"
    ).encode()


def _workbook_relations(count: int) -> bytes:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    styles = f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{styles}</Relationships>'.encode()


def _content_types(count: int) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{sheets}'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ).encode()


def _core(title: str, created: datetime | None) -> bytes:
    when = ""
    if created is not None:
        stamp = _in_utc(created).isoformat(timespec="seconds")
        when = f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}Z</dcterms:created>'
    return (
        f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_escape(title)}</dc:title><dc:creator>auditkit</dc:creator>{when}</cp:coreProperties>"
    ).encode()


_PACKAGE_RELATIONS = (
    f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_TOP = '<alignment vertical="top"/>'
_OPEN = '<protection locked="0"/>'
_HIDDEN_COLUMN = ' hidden="1"'
_HIDDEN_SHEET = ' state="hidden"'
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="10"/><name val="Arial"/></font>'
    '<font><b/><sz val="10"/><name val="Arial"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE6E6E6"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="medium"><color rgb="FF000000"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="9"><xf/>'
    f'<xf numFmtId="49" applyNumberFormat="1" applyAlignment="1">{_WRAP}</xf>'
    f'<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1">{_WRAP}</xf>'
    '<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
    f"{_WRAP}</xf>"
    f'<xf numFmtId="164" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="165" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="49" applyNumberFormat="1" applyAlignment="1" applyProtection="1">{_WRAP}{_OPEN}</xf>'
    '<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1" applyProtection="1">'
    f"{_WRAP}{_OPEN}</xf></cellXfs></styleSheet>"
)
