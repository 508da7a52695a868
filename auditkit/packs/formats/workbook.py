"""The index of a pack as a workbook: clauses, files, what is missing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from auditkit.base.text import _, enumerated
from auditkit.content.texts import direction_of
from auditkit.documents.contexts.records import KIND_TITLES
from auditkit.documents.tables import Cell, Column, Sheet, write_xlsx
from auditkit.packs.contents import Contents
from auditkit.packs.gathering import Item
from auditkit.packs.making import Made
from auditkit.packs.rules import CLAUSE_STATE_TITLES

FILE = "index.xlsx"


def index(contents: Contents, own: list[Made], dated: datetime, out: Path) -> None:
    """Write the workbook to `out`; the same bytes for the same pack."""
    right_to_left = direction_of(contents.draft.language) == "rtl"
    write_xlsx(
        out, _sheets(contents, own), title=contents.hide(contents.reference), created=dated, right_to_left=right_to_left
    )


def _sheets(contents: Contents, own: list[Made]) -> Iterator[Sheet]:
    yield Sheet(
        _("Clauses"),
        [Column(_("Clause"), 10), Column(_("Title"), 50), Column(_("State"), 18), Column(_("Why"), 60),
         Column(_("File"), 70)],
        _clauses(contents),
    )  # fmt: skip
    yield Sheet(
        _("Clause matrix"),
        [Column(_("Clause"), 10), Column(_("Column"), 22), Column(_("State"), 16), Column(_("The records say"), 16),
         Column(_("In words"), 40), Column(_("Why"), 40), Column(_("What is counted"), 44), Column(_("Counted"), 24),
         Column(_("Newest record"), 14), Column(_("Exceptions"), 50), Column(_("Overridden because"), 50),
         Column(_("Overridden by"), 22), Column(_("Overridden on"), 14)],
        _matrix(contents),
    )  # fmt: skip
    yield Sheet(
        _("Files"),
        [Column(_("File"), 70), Column(_("Title"), 60), Column(_("Original name"), 40), Column(_("Version"), 10),
         Column(_("Newest record"), 14), Column(_("Clauses"), 40), Column(_("Size in bytes"), 14),
         Column(_("SHA-256"), 66), Column(_("Withheld because"), 50)],
        _files(contents, own),
    )  # fmt: skip
    yield Sheet(
        _("Records"),
        [Column(_("Document"), 70), Column(_("Field"), 30), Column(_("Kind of record"), 30), Column(_("Record"), 40)],
        _records(contents),
    )
    yield Sheet(
        _("Missing"),
        [Column(_("What"), 60), Column(_("Why"), 60), Column(_("Clauses"), 20), Column(_("Accepted because"), 50)],
        _missing(contents),
    )  # fmt: skip


def _clauses(contents: Contents) -> Iterator[Sequence[Cell]]:
    for line in contents.lines:
        files: list[str | None] = [contents.made[item.path].path for item in line.items]
        for path in files or [None]:
            state = _(CLAUSE_STATE_TITLES[line.state])
            yield line.number, line.title, state, contents.hide(line.why), path


def _matrix(contents: Contents) -> Iterator[Sequence[Cell]]:
    """A row for each thing that a cell counts; one for a cell that counts nothing."""
    for line in contents.lines:
        for cell in line.cells:
            told = (line.number, cell.title, _(CLAUSE_STATE_TITLES[cell.state]), _(CLAUSE_STATE_TITLES[cell.computed]),
                    cell.said, cell.why)  # fmt: skip
            one = cell.override
            override = (one.reason, one.by, one.on) if one else (None, None, None)
            for part in cell.parts:
                names = enumerated([*part.exceptions, *([_("and further ones")] if part.more else [])])
                yield (*told, part.title, part.counted, part.newest, names, *override)
            if not cell.parts:
                yield (*told, None, None, None, None, *override)
    if not any(line.cells for line in contents.lines):
        yield (None, None, None, None, None, contents.matrix().get("why"), *(None,) * 7)


def _files(contents: Contents, own: list[Made]) -> Iterator[Sequence[Cell]]:
    items = {item.path: item for item in contents.draft.items}
    for path, one in contents.made.items():
        yield _file(contents, one if isinstance(one, Made) else None, items[path], path)
    for one in own:
        yield one.path, one.title, None, one.version, one.date, None, one.source.size, one.source.sha256, None


def _file(contents: Contents, made: Made | None, item: Item, path: str) -> Sequence[Cell]:
    clauses = ", ".join(clause.rpartition(":")[2] for clause in item.clauses)
    original = contents.original_name(item)
    if made is not None:
        return (made.path, made.title, original, made.version, made.date, clauses, made.source.size,
                made.source.sha256, None)  # fmt: skip
    withheld = next(one for one in contents.withheld if one.path == contents.made[path].path)
    return withheld.path, withheld.title, original, None, None, clauses, None, withheld.original, withheld.why


def _records(contents: Contents) -> Iterator[Sequence[Cell]]:
    """Which records fed each document: a row for each record and the place of the data it stood in."""
    for item in contents.draft.items:
        for branch in contents.fed(item):
            for name in branch.names:
                yield contents.made[item.path].path, branch.field, _(KIND_TITLES[branch.kind]), name


def _missing(contents: Contents) -> Iterator[Sequence[Cell]]:
    told = contents.omissions()
    accepted = told["accepted"]["reason"] if told["accepted"] else None
    for one in told["missing"]:
        yield one["what"], one["why"], ", ".join(one["clauses"]), accepted
    for one in (*told["not_required"], *told["omitted"], *told["withheld"]):
        yield one["what"], one["why"], ", ".join(one.get("clauses", ())), None
