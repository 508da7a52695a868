"""The table of actions: it leaves as CSV or XLSX and comes back with changes in the columns that may be changed.

A table that comes back as it left changes nothing; one with a change anywhere else is refused whole, with row and
column. Checked by tests/slices/actions/test_action_exchange.py.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from auditkit.actions.queries import TableRow
from auditkit.actions.rules import GRADE_TITLES, KIND_TITLES, STATE_TITLES, State
from auditkit.actions.service import ChangeAction
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.base.unpacking import Fault, NotOpened, workbook_kind
from auditkit.documents.tables import Cell, Column, Sheet, unguard, write_csv, write_xlsx

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_ROWS, MOST_BYTES, MOST_UNPACKED = 5000, 5 * 1024 * 1024, 100 * 1024 * 1024

COLUMNS = {
    "number": (N_("Number"), 14),
    "version": (N_("Version"), 9),
    "kind": (N_("Kind"), 20),
    "grade": (N_("Grade"), 24),
    "title": (N_("What is to be done"), 50),
    "origin_title": (N_("In answer to"), 40),
    "owner": (N_("Owner"), 22),
    "due_on": (N_("Due on"), 12),
    "state": (N_("State"), 28),
    "correction": (N_("Correction"), 40),
    "cause": (N_("Cause"), 40),
    "category": (N_("Category of cause"), 24),
    "plan": (N_("Plan"), 40),
    "opened_at": (N_("Opened on"), 12),
    "completed_at": (N_("Done on"), 12),
    "completion": (N_("How it was done"), 50),
    "verified_at": (N_("Verified on"), 12),
    "verification": (N_("How the effect was checked"), 50),
    "closed_at": (N_("Closed on"), 12),
    "reopened": (N_("Rounds without effect"), 10),
}
EDITABLE = ("title", "due_on", "correction", "cause", "plan")


class TableUnreadable(BadInput):
    message = N_("This is no table that can be read. Send the CSV or Excel file that was exported here")


class TableTooLarge(BadInput):
    message = N_("The table is too large: at most %(rows)s rows and %(megabytes)s MB")


class ColumnsMissing(BadInput):
    message = N_("The table has no column “%(column)s”. Export it anew and change that file")


@dataclass(frozen=True)
class Change:
    """A change that the table brings: what stands there now, and what it asks for."""

    number: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """What a table that came back asks for. With any problem nothing is taken over."""

    rows: int
    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    commands: tuple[ChangeAction, ...]


def write(rows: Sequence[TableRow], kind: str, out: BinaryIO, now: datetime) -> None:
    """Write the table as CSV or XLSX; texts that a spreadsheet would run are guarded."""
    heads = [Column(_(title), width) for title, width in COLUMNS.values()]
    cells = ([_cell(row, name) for name in COLUMNS] for row in rows)
    if kind == CSV:
        write_csv(out, heads, cells)
    else:
        write_xlsx(out, [Sheet(_("Actions"), heads, cells)], title=_("Actions"), created=now)


def _cell(row: TableRow, name: str) -> Cell:
    value: Cell = getattr(row, name)
    if name == "kind":
        return _(KIND_TITLES[row.kind])
    if name == "grade":
        return _(GRADE_TITLES[row.grade])
    if name == "state":
        return _(STATE_TITLES[row.state])
    if isinstance(value, datetime):
        return value.date()
    return value


def read(data: bytes) -> list[dict[str, str]]:
    """The rows of a table, by our column names, as plain texts. Raises TableUnreadable, TableTooLarge, ColumnsMissing.

    Headings may be in the language of the screen or in English.
    """
    if len(data) > MOST_BYTES:
        raise TableTooLarge(rows=MOST_ROWS, megabytes=MOST_BYTES // 1024 // 1024)
    lines = _xlsx(data) if data[:2] == b"PK" else _csv(data)
    if not lines:
        raise TableUnreadable()
    if len(lines) > MOST_ROWS + 1:
        raise TableTooLarge(rows=MOST_ROWS, megabytes=MOST_BYTES // 1024 // 1024)
    known = {title: name for name, (title, _width) in COLUMNS.items()}
    known |= {_(title): name for name, (title, _width) in COLUMNS.items()}
    heads = [known.get(one.strip(), "") for one in lines[0]]
    for name in ("number", "version"):
        if name not in heads:
            raise ColumnsMissing(column=_(COLUMNS[name][0]))
    return [
        {head: text for head, text in zip(heads, line, strict=False) if head}
        for line in lines[1:]
        if any(text.strip() for text in line)
    ]


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
        sample = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=sample.count)
        return [
            [unguard(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable() from error


def _xlsx(data: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # heavy: only when a workbook comes

    try:
        workbook_kind(io.BytesIO(data), MOST_UNPACKED)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except NotOpened as refused:
        if refused.fault is Fault.TOO_LARGE:
            raise TableTooLarge(rows=MOST_ROWS, megabytes=MOST_BYTES // 1024 // 1024) from refused
        raise TableUnreadable() from refused
    except (CalamineError, PasswordError, ValueError, IndexError) as error:
        raise TableUnreadable() from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def compare(rows: Sequence[dict[str, str]], now: dict[str, TableRow]) -> Compared:
    """What the rows ask for, against what stands `now`."""
    changes: list[Change] = []
    problems: list[str] = []
    commands: list[ChangeAction] = []
    seen: set[str] = set()
    for place, row in enumerate(rows, start=2):
        number = row["number"].strip()
        held = now.get(number)
        if held is None or number in seen:
            text = (
                N_("Row %(row)s: there is no action %(number)s")
                if held is None
                else N_("Row %(row)s: %(number)s stands in the table twice")
            )
            problems.append(_(text, row=place, number=number))
            continue
        seen.add(number)
        found = _differences(row, held)
        if not found:
            continue
        refused = _refused(place, row, held, found)
        problems += refused
        if refused:
            continue
        changes += found
        commands.append(_command(held, found))
    return Compared(len(rows), tuple(changes), tuple(problems), tuple(commands))


def _differences(row: dict[str, str], held: TableRow) -> list[Change]:
    found = []
    for name, text in row.items():
        if name == "version":
            continue
        before = _plain(_text_of(held, name))
        if _plain(text) != before:
            found.append(Change(held.number, name, before, _plain(text)))
    return found


def _text_of(held: TableRow, name: str) -> str:
    cell = _cell(held, name)
    return "" if cell is None else _text(cell)


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))


def _refused(place: int, row: dict[str, str], held: TableRow, found: Sequence[Change]) -> list[str]:
    problems = []
    for one in found:
        column = _(COLUMNS[one.column][0])
        if one.column not in EDITABLE:
            problems.append(_("Row %(row)s, %(column)s: this cannot be changed in the table", row=place, column=column))
        elif one.column == "title" and not one.after:
            problems.append(_("Row %(row)s, %(column)s: say what is to be done", row=place, column=column))
        elif one.column == "due_on" and _day(one.after) is None:
            text = _("Row %(row)s, %(column)s: enter a day such as 2026-03-31", row=place, column=column)
            problems.append(text)
    if held.state is not State.OPEN:
        problems.append(_("Row %(row)s: %(number)s is no longer open", row=place, number=held.number))
    if row["version"].strip() != str(held.version):
        text = _("Row %(row)s: %(number)s was changed since the export. Export anew", row=place, number=held.number)
        problems.append(text)
    return problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _command(held: TableRow, found: Sequence[Change]) -> ChangeAction:
    command = ChangeAction(
        number=held.number,
        version=held.version,
        kind=held.kind,
        title=held.title,
        owner_id=held.owner_id,
        due_on=held.due_on,
        correction=held.correction,
        cause=held.cause,
        plan=held.plan,
    )
    for one in found:
        if one.column == "due_on":
            command = replace(command, due_on=_day(one.after) or held.due_on)
        else:
            changed: dict[str, Any] = {one.column: one.after}
            command = replace(command, **changed)
    return command
