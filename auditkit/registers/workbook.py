"""A register as a workbook and back: unchanged cells change nothing, new rows become entries, faults are named by cell.

The first two columns hold the entry's number and version. A row whose entry was changed meanwhile is refused and said.
Days and numbers are written as such. tests/slices/registers/test_registers_workbook.py holds both ways.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from auditkit.base.db import Session
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _, spoken
from auditkit.base.unpacking import FAULT_TITLES, Fault, NotOpened, workbook_kind
from auditkit.content.shapes import FieldKind, RegisterField, RegisterShape
from auditkit.documents.tables import Cell, Column, Sheet, write_xlsx
from auditkit.registers import queries, rules
from auditkit.registers.queries import EntryView

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * LARGEST
"""A workbook that unpacks to more is a trap, not a register."""
MOST_ROWS = 5_000
WIDE = 50
GONE = 0
"""Stands for whoever an entry named before: the id of nobody."""


class NoWorkbook(BadInput):
    message = N_("This is no XLSX workbook that can be read: %(reason)s. Save it as an Excel workbook and try again")


class WorkbookTooLarge(BadInput):
    message = N_("The workbook is larger than %(limit)s MB or has more than %(rows)s rows. Take out what is not needed")


class ColumnsMissing(BadInput):
    message = N_("The first row must name the columns as they were given out. Missing: %(columns)s")


class WorkbookRefused(BadInput):
    """Nothing was brought in; `faults` says by cell what to mend."""

    message = N_("Nothing was brought in. %(count)s cells want another look: %(first)s")

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(count=len(faults), first=faults[0])
        self.faults = list(faults)


REVIEW = "review"
KEEPER = "keeper"


@dataclass(frozen=True)
class Row:
    """A row that says something new. `number` and `version` empty and 0 for a new entry; `changed` are field ids.

    `review_on` and `keeper_id` are the day of the next review and who keeps the entry as the row says it; `REVIEW` and
    `KEEPER` stand among `changed` where they are others. A workbook without these columns changes neither.
    """

    line: int
    number: str
    version: int
    values: dict[str, Any]
    changed: tuple[str, ...]
    review_on: date | None = None
    keeper_id: int | None = None


@dataclass(frozen=True)
class Found:
    """What a workbook says: the rows that change something, and how many change nothing."""

    rows: list[Row]
    unchanged: int


# --- out ---------------------------------------------------------------------------------------------------------


def write(
    shape: RegisterShape, entries: Sequence[EntryView], names: Mapping[int, str], out: Path | BinaryIO, now: datetime
) -> None:
    """Write all entries, as labels people read, to an XLSX file."""
    write_xlsx(out, [sheet(shape, entries, names)], title=shape.title, created=now)


def sheet(shape: RegisterShape, entries: Sequence[EntryView], names: Mapping[int, str]) -> Sheet:
    """All entries, as labels people read."""
    heads = [Column(_("Number"), 12), Column(_("Version"), 8)]
    heads += [Column(field.title, WIDE if field.kind is FieldKind.TEXT else 22) for field in shape.fields]
    heads += [Column(_("Who keeps it"), 22), Column(_("Next review on"), 14), Column(_("Standing"), 18)]
    rows = [
        (
            entry.number,
            entry.version,
            *(_cell(field, entry.values.get(field.id), names) for field in shape.fields),
            None if entry.keeper_id is None else str(names.get(entry.keeper_id) or _left()),
            entry.review_on,
            _(rules.STANDING_TITLES[entry.standing]),
        )
        for entry in entries
    ]
    return Sheet(shape.title, heads, rows)


def _cell(field: RegisterField, value: Any, names: Mapping[int, str]) -> Cell:
    if value is None:
        return None
    labels = {choice.id: choice.label for choice in field.choices}
    match field.kind:
        case FieldKind.DAY:
            return date.fromisoformat(value)
        case FieldKind.NUMBER:
            return Decimal(value)
        case FieldKind.PERSON:
            return str(names.get(value) or _left())
        case FieldKind.CHOICE:
            return labels.get(value, str(value))
        case FieldKind.CHOICES:
            return ", ".join(labels.get(one, one) for one in value)
    return str(value)


def _left() -> str:
    return _("somebody who left")


# --- in ----------------------------------------------------------------------------------------------------------


def read(
    tx: Session, spoken_shapes: Mapping[str, RegisterShape], content: bytes, names: Mapping[int, str], today: date
) -> Found:
    """What a workbook changes. `spoken_shapes`: language -> the register in it; the first with its headings counts.

    Formulas are not run: their last values count, as the spreadsheet stored them.

    `names` are the members by id. Raises NoWorkbook, WorkbookTooLarge, ColumnsMissing, and WorkbookRefused with every
    fault by its cell.
    """
    cells = _rows(content)
    language, columns = _columns(spoken_shapes, cells[0] if cells else [])
    shape = spoken_shapes[language]
    held = {entry.number: entry for entry in queries.every(tx, shape.id, today)}
    people = _words_for_who_left(spoken_shapes) | {name.casefold(): person for person, name in names.items()}
    found: list[Row] = []
    faults: list[str] = []
    unchanged = 0
    for line, row in enumerate(cells[1:], start=2):
        if any(str(cell).strip() for cell in row):
            reader = _Reader(shape, columns, line, row, people, set(names))
            one = reader.against(held)
            faults += reader.faults
            if one is not None:
                found.append(one)
            elif not reader.faults:
                unchanged += 1
    twice = {one.number for one in found if one.number and sum(other.number == one.number for other in found) > 1}
    faults += [_("%(number)s stands in several rows", number=number) for number in sorted(twice)]
    if faults:
        raise WorkbookRefused(faults)
    return Found(found, unchanged)


def _rows(content: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if len(content) > LARGEST:
        raise WorkbookTooLarge(limit=LARGEST >> 20, rows=MOST_ROWS)
    try:
        workbook_kind(io.BytesIO(content), LARGEST_UNPACKED)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except NotOpened as refused:
        if refused.fault is Fault.TOO_LARGE:
            raise WorkbookTooLarge(limit=LARGEST >> 20, rows=MOST_ROWS) from refused
        raise NoWorkbook(reason=_(FAULT_TITLES[refused.fault])) from refused
    except (CalamineError, ValueError, IndexError) as error:
        raise NoWorkbook(reason=str(error)) from error
    if len(rows) > MOST_ROWS + 1:
        raise WorkbookTooLarge(limit=LARGEST >> 20, rows=MOST_ROWS)
    return rows


def _columns(shapes: Mapping[str, RegisterShape], head: Sequence[Any]) -> tuple[str, dict[str, int]]:
    """The language of the headings, and field id -> position; number and version under two names of their own.

    A title that stands twice (an entry's number, and the number of a certificate) is taken in the order of `sheet`.
    Raises ColumnsMissing with what is missing in the first language.
    """
    at: dict[str, list[int]] = {}
    for place, cell in enumerate(head):
        at.setdefault(str(cell).strip().casefold(), []).append(place)
    missing: list[str] = []
    for language, shape in shapes.items():
        fields = {f"f:{one.id}": one.title for one in shape.fields}
        for wanted_in in (None, language):
            wanted = _own_columns(wanted_in) | fields
            free = {title: iter(places) for title, places in at.items()}
            found = {name: next(free.get(title.casefold(), iter(())), None) for name, title in wanted.items()}
            absent = [title for name, title in wanted.items() if found[name] is None]
            if not absent:
                optional = {
                    name: next(free.get(title.casefold(), iter(())), None)
                    for name, title in _optional_columns(wanted_in).items()
                }
                found |= optional
                return language, {name: place for name, place in found.items() if place is not None}
            missing = missing or absent
    raise ColumnsMissing(columns=missing)


def _words_for_who_left(languages: Iterable[str]) -> dict[str, int]:
    """What a cell says of somebody who left, in each of these languages -> GONE."""
    words = {_left().casefold(): GONE}
    for language in languages:
        with spoken(language):
            words[_left().casefold()] = GONE
    return words


def _own_columns(language: str | None = None) -> dict[str, str]:
    """The headings that are the program's own, as the screens say them or in another language."""
    if language is None:
        return {"#": _("Number"), "version": _("Version")}
    with spoken(language):
        return _own_columns()


def _optional_columns(language: str | None = None) -> dict[str, str]:
    """The headings that workbooks of earlier versions, or of somebody's own making, may lack."""
    if language is None:
        return {KEEPER: _("Who keeps it"), REVIEW: _("Next review on")}
    with spoken(language):
        return _optional_columns()


class _Reader:
    """One row of a workbook."""

    def __init__(
        self,
        shape: RegisterShape,
        columns: Mapping[str, int],
        line: int,
        row: Sequence[Any],
        people: Mapping[str, int],
        known: set[int],
    ) -> None:
        self.shape, self.columns, self.line, self.row = shape, columns, line, row
        self.people, self.known, self.faults = people, known, list[str]()

    def against(self, held: Mapping[str, EntryView]) -> Row | None:
        """What the row changes of the entries that are there; None where nothing."""
        number = str(self._at("#")).strip()
        entry = held.get(number)
        if number and entry is None:
            self._fault("#", _("there is no entry %(number)s here. Leave the cell empty for a new one", number=number))
            return None
        values = self._values(entry)
        if self.faults:
            return None
        changed = [*rules.differences(entry.values if entry else {}, values)]
        review_on = self._review_on(entry.review_on if entry else None)
        keeper = self._keeper(entry.keeper_id if entry else None)
        if self.faults:
            return None
        if review_on != (entry.review_on if entry else None):
            changed.append(REVIEW)
        if keeper != (entry.keeper_id if entry else None):
            changed.append(KEEPER)
        if entry is None or not changed:
            return None if entry else Row(self.line, "", 0, values, tuple(changed), review_on, keeper)
        if str(self._at("version")).partition(".")[0].strip() != str(entry.version):
            self._fault("version", _("%(number)s was changed meanwhile. Take a fresh workbook for it", number=number))
        if entry.retired_at is not None:
            self._fault("#", _("%(number)s was taken out of use", number=number))
        return None if self.faults else Row(self.line, number, entry.version, values, tuple(changed), review_on, keeper)

    def _review_on(self, before: date | None) -> date | None:
        """The day of the next review that the row says; a workbook without that column changes none."""
        if REVIEW not in self.columns:
            return before
        value = self._at(REVIEW)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if not str(value).strip():
            return None
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self._fault(REVIEW, _("Write the day for “%(field)s” as 2026-01-31", field=_("Next review on")))
            return before

    def _keeper(self, before: int | None) -> int | None:
        """Who keeps the entry as the row says it; an empty cell leaves whoever keeps it."""
        name = str(self._at(KEEPER)).strip() if KEEPER in self.columns else ""
        person = self.people.get(name.casefold()) if name else before
        if person == GONE and before is not None and before not in self.known:
            return before
        if name and (person is None or person == GONE):
            self._fault(KEEPER, _("there is no “%(name)s” in this organisation", name=name))
        return person

    def _values(self, entry: EntryView | None) -> dict[str, Any]:
        before = entry.values if entry else {}
        given = {field.id: self._given(field, before.get(field.id)) for field in self.shape.fields}
        if self.faults:
            return {}
        try:
            return rules.values_of(self.shape, given, self.known | rules.people_in(self.shape, before))
        except rules.EntryRefused as refusal:
            for name, fault in refusal.faults.items():
                self._fault(f"f:{name}", fault)
            return {}

    def _given(self, field: RegisterField, before: Any) -> Any:
        value = self._at(f"f:{field.id}")
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, float) and field.kind is not FieldKind.NUMBER:
            value = int(value) if value == int(value) else value
        if field.kind is FieldKind.PERSON and str(value).strip():
            person = self.people.get(str(value).strip().casefold())
            if person == GONE and before is not None and before not in self.known:
                return before
            if person is None or person == GONE:
                self._fault(f"f:{field.id}", _("there is no “%(name)s” in this organisation", name=value))
            return person
        return value if isinstance(value, date) else str(value) if value != "" else ""

    def _at(self, name: str) -> Any:
        place = self.columns[name]
        return self.row[place] if place < len(self.row) else ""

    def _fault(self, name: str, message: str) -> None:
        self.faults.append(f"{letters(self.columns[name])}{self.line}: {message}")


def letters(place: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def told(rows: Sequence[Row], shape: RegisterShape) -> Iterator[tuple[Row, str]]:
    """Each change with the titles of its fields, for a page."""
    titles = {field.id: field.title for field in shape.fields} | _optional_columns()
    for row in rows:
        yield row, ", ".join(titles[name] for name in row.changed)
