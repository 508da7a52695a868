"""A checklist as the sheets of a workbook and back: the same checklist after a round trip, faults by cell.

Reading is done here with python-calamine; writing is `documents.tables`, which stands above content, so the command
that exports is handed the writer (`AppFactory.write_workbook`). tests/slices/content/test_content_exchange.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.base.unpacking import FAULT_TITLES, NotOpened, workbook_kind
from auditkit.content import problems
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import ChecklistShape, Item
from auditkit.content.yaml_reader import Entries, Fields, Place

ABOUT = ("kind", "id", "base", "title", "purpose", "use", "edition", "scale", "covers", "takes", "based_on")
SECTIONS = ("id", "title", "clauses", "principles", "documents", "typical_nonconformities")
QUESTIONS = (
    "section", "id", "question", "good", "evidence", "clauses", "principles", "methods", "weight", "guidance",
    "typical_nonconformities", "note_for", "evidence_for", "record", "recomputed", "leads_to", "source",
)  # fmt: skip
LEFT_OUT = ("questions", "because")
WEIGHTS = ("question", "weight")
STEPS = ("id", "title", "text", "clauses", "policies", "after", "days")
SHEETS = {
    "About": ("field", "value"),
    "Sections": SECTIONS,
    "Questions": QUESTIONS,
    "Left out": LEFT_OUT,
    "Weights": WEIGHTS,
    "Steps": STEPS,
}
_IDS = frozenset(("clauses", "principles", "methods", "policies", "after", "questions", "note_for", "evidence_for"))
_LINES = frozenset(("typical_nonconformities",))
_MAX_ROWS = 20_000
_MAX_UNPACKED = 200 << 20
# A problem has one line number; sheet and row are put into it and taken apart again in `_cell`.
_ROWS_IN_A_SHEET = 1_048_576


@dataclass(frozen=True)
class Table:
    """A sheet: title, headings, rows of text."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class WorkbookRefused(BadInput):
    message = N_("%(file)s is no workbook with a checklist: %(reason)s")


# --- out ---------------------------------------------------------------------------------------------------------


def tables_of(shape: ChecklistShape) -> list[Table]:
    """The sheets of a checklist, as its file says it: profiles and selections stay what they are."""
    about = [(name, str(value)) for name in ABOUT if (value := getattr(shape, name)) is not None]
    rows: dict[str, list[tuple[str, ...]]] = {
        "About": list(about),
        "Sections": [_row(section, SECTIONS) for section in shape.sections],
        "Questions": list(_questions(shape)),
        "Left out": [(", ".join(one.items), one.because) for one in shape.exclude],
        "Weights": [(name, str(weight)) for name, weight in shape.weights.items()],
        "Steps": [_row(step, STEPS) for step in shape.steps],
    }
    return [Table(title, headings, tuple(rows[title])) for title, headings in SHEETS.items()]


def _questions(shape: ChecklistShape) -> Iterator[tuple[str, ...]]:
    for addition in shape.add:
        yield from _asked(addition.section, addition.select, addition.items)
    for section in shape.sections:
        yield from _asked(section.id, section.select, section.items)


def _asked(section: str, select: Sequence[str], items: Sequence[Item]) -> Iterator[tuple[str, ...]]:
    for name in select:  # a row with an id alone: the question is written elsewhere
        yield (section, name, *("" for _column in QUESTIONS[2:]))
    for item in items:
        cells = dict(zip(QUESTIONS, (section, *_row(item, QUESTIONS[1:])), strict=True))
        cells["note_for"] = ", ".join(item.demands.note)
        cells["evidence_for"] = ", ".join(item.demands.evidence)
        cells["leads_to"] = "\n".join(
            f"{one.step}: {', '.join(one.answers)}" if one.answers else one.step for one in item.leads_to
        )
        yield tuple(cells.values())


def _row(thing: Any, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(_text(name, getattr(thing, name, None)) for name in columns)


def _text(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ("\n" if column in _LINES else ", ").join(str(one) for one in value)
    return str(value)


# --- back --------------------------------------------------------------------------------------------------------


def read_workbook(path: Path) -> tuple[ReadFile | None, list[Problem]]:
    """The checklist of a workbook, and what is wrong with it; each problem's field is a cell (`Questions!C7`).

    Raises WorkbookRefused where the file is no workbook of this kind.
    """
    sheets = _sheets(path)
    document = _document(sheets)
    faults = [_cell(path.name, *fault) for fault in _numbers(sheets)]
    if faults:
        return None, faults
    try:
        shape = ChecklistShape.model_validate(document)
    except ValidationError as error:
        found = problems.of_validation(path.name, document, error, ChecklistShape)
        return None, [in_cell(problem) for problem in found]
    return ReadFile(path.name, shape, path, document), []


def in_cell(problem: Problem) -> Problem:
    """The problem with the cell it stands in as its field."""
    if problem.line is None or problem.column is None:
        return problem
    return _cell(problem.file, problem.line, problem.column, problem.message)


def _cell(file: str, line: int, column: int, message: str) -> Problem:
    sheet, row = divmod(line, _ROWS_IN_A_SHEET)
    letters, number = "", column
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    field = f"{list(SHEETS)[sheet]}!{letters}{row}"
    return Problem(file, None, None, field, message)


@dataclass(frozen=True)
class _Sheet:
    number: int
    rows: list[list[Any]]
    columns: dict[str, int]

    def place(self, row: int, column: str = "") -> Place:
        return Place(self.number * _ROWS_IN_A_SHEET + row + 1, self.columns.get(column, 0) + 1)


def _sheets(path: Path) -> dict[str, _Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook_kind(path, _MAX_UNPACKED)
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            held = {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
                if name in SHEETS
            }
    except NotOpened as refused:
        raise WorkbookRefused(file=path.name, reason=_(FAULT_TITLES[refused.fault])) from refused
    except (CalamineError, OSError) as error:
        raise WorkbookRefused(file=path.name, reason=str(error)) from error
    sheets = {}
    for number, (title, headings) in enumerate(SHEETS.items()):
        rows = held.get(title, [])
        if len(rows) > _MAX_ROWS:
            raise WorkbookRefused(file=path.name, reason=_("sheet %(name)s has too many rows", name=title))
        columns = {str(name).strip(): index for index, name in enumerate(rows[0])} if rows else {}
        missing = [name for name in headings if name not in columns]
        if missing and (rows or title in ("About", "Questions")):
            reason = _("sheet %(name)s has no column %(column)s", name=title, column=", ".join(missing))
            raise WorkbookRefused(file=path.name, reason=reason)
        sheets[title] = _Sheet(number, rows, columns)
    return sheets


def _numbers(sheets: dict[str, _Sheet]) -> Iterator[tuple[int, int, str]]:
    """Clause numbers that a spreadsheet took for numbers: 4.10 has become 4.1 there, and nobody can tell."""
    for title in ("Sections", "Questions", "Steps"):
        sheet = sheets[title]
        if not sheet.columns:
            continue
        for row, cells in enumerate(sheet.rows[1:], start=1):
            for name in ("id", "section", "clauses"):
                if name in sheet.columns and isinstance(cells[sheet.columns[name]], float):
                    place = sheet.place(row, name)
                    message = _("Format this cell as text and write the number again: a spreadsheet makes 4.1 of 4.10")
                    yield place.line, place.column, message


def _document(sheets: dict[str, _Sheet]) -> Fields:
    about = sheets["About"]
    document = Fields(about.place(0))
    for row, cells in _filled(about):
        if "value" in cells:
            _put(document, cells.get("field", ""), cells["value"], about.place(row, "value"))
    _put(document, "exclude", _listed(sheets["Left out"], {"questions": "items"}), sheets["Left out"].place(0))
    weights = sheets["Weights"]
    held = Fields(weights.place(0))
    for row, cells in _filled(weights):
        _put(held, cells.get("question", ""), cells.get("weight", ""), weights.place(row, "weight"))
    _put(document, "weights", held, weights.place(0))
    _put(document, "steps", _listed(sheets["Steps"], {}), sheets["Steps"].place(0))
    _put_sections(document, sheets)
    return document


def _put_sections(document: Fields, sheets: dict[str, _Sheet]) -> None:
    listed = _listed(sheets["Sections"], {})
    own = {section.get("id"): section for section in listed}
    add = Entries(sheets["Questions"].place(0))
    added: dict[str, Fields] = {}
    questions = sheets["Questions"]
    for row, cells in _filled(questions):
        name = cells.pop("section", "")
        target = own.get(name) or added.get(name)
        if target is None:  # a section of the checklist this one builds on
            target = added[name] = Fields(questions.place(row))
            _put(target, "section", name, questions.place(row, "section"))
            add.append(target)
            add.places.append(questions.place(row))
        kind = "items" if len(cells) > 1 else "select"
        if kind not in target:
            _put(target, kind, Entries(questions.place(row)), questions.place(row))
        target[kind].append(_item(questions, row, cells) if kind == "items" else cells.get("id", ""))
        target[kind].places.append(questions.place(row, "id"))
    _put(document, "add", add, add.place)
    _put(document, "sections", listed, listed.place)


def _item(sheet: _Sheet, row: int, cells: dict[str, str]) -> Fields:
    demands = Fields(sheet.place(row, "note_for"))
    for column, name in (("note_for", "note"), ("evidence_for", "evidence")):
        if column in cells:
            _put(demands, name, _split(sheet, row, column, cells.pop(column)), sheet.place(row, column))
    leads = Entries(sheet.place(row, "leads_to"))
    for line in cells.pop("leads_to", "").split("\n"):
        if line.strip():
            step, _colon, answers = line.partition(":")
            lead = Fields(leads.place)
            _put(lead, "step", step.strip(), leads.place)
            if answers.strip():
                _put(lead, "answers", _split(sheet, row, "leads_to", answers), leads.place)
            leads.append(lead)
            leads.places.append(leads.place)
    item = _fields(sheet, row, cells, {})
    if demands:
        _put(item, "demands", demands, demands.place)
    if leads:
        _put(item, "leads_to", leads, leads.place)
    return item


def _listed(sheet: _Sheet, names: dict[str, str]) -> Entries:
    entries = Entries(sheet.place(0))
    for row, cells in _filled(sheet):
        entries.append(_fields(sheet, row, cells, names))
        entries.places.append(sheet.place(row))
    return entries


def _fields(sheet: _Sheet, row: int, cells: dict[str, str], names: dict[str, str]) -> Fields:
    fields = Fields(sheet.place(row))
    for column, text in cells.items():
        value: Any = text
        if column in _IDS:
            value = _split(sheet, row, column, text)
        elif column in _LINES:
            value = _entries(sheet.place(row, column), [line for line in text.split("\n") if line.strip()])
        _put(fields, names.get(column, column), value, sheet.place(row, column))
    return fields


def _split(sheet: _Sheet, row: int, column: str, text: str) -> Entries:
    return _entries(sheet.place(row, column), [one.strip() for one in text.split(",") if one.strip()])


def _entries(place: Place, values: list[str]) -> Entries:
    entries = Entries(place)
    entries.extend(values)
    entries.places.extend(place for _value in values)
    return entries


def _filled(sheet: _Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows that hold anything, as text by heading; empty cells are left out."""
    for row, cells in enumerate(sheet.rows[1:], start=1):
        held = {name: _plain(cells[index]) for name, index in sheet.columns.items() if name}
        held = {name: text for name, text in held.items() if text}
        if held:
            yield row, held


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()


def _put(fields: Fields, name: str, value: Any, place: Place) -> None:
    fields[name] = value
    fields.places[name] = place
