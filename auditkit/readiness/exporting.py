"""The clause matrix as a workbook: clauses, what each cell counts, exceptions by name."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from auditkit.base.text import N_, _
from auditkit.documents.tables import Cell as Value
from auditkit.documents.tables import Column as Heading
from auditkit.documents.tables import Sheet, write_xlsx
from auditkit.readiness.queries import Behind
from auditkit.readiness.rules import COLUMN_TITLES, STATE_TITLES, WHY_TITLES, Cell, Column, Matrix, Part, Row, Why

Said = Callable[[Cell, int], str]
TitleOf = Callable[[Part], str]

_PARTS: tuple[tuple[str, int], ...] = (
    (N_("Clause"), 10), (N_("Column"), 22), (N_("What is counted"), 44), (N_("State"), 16), (N_("Counted"), 30),
    (N_("Newest record"), 14), (N_("Through"), 24),
)  # fmt: skip
_EXCEPTIONS: tuple[tuple[str, int], ...] = ((N_("What is counted"), 44), (N_("Record"), 24), (N_("Text"), 60))


def write(
    made: Matrix, behind: Sequence[Behind], *, said: Said, counted: Callable[[Part], str], title_of: TitleOf,
    now: datetime, right_to_left: bool,
) -> bytes:  # fmt: skip
    """The workbook; the first sheet has a row for each clause."""
    months = len(made.period.months)
    columns = [Heading(_("Clause"), 10), Heading(_("Title"), 40), Heading(_("State"), 16)]
    columns += [Heading(_(title), 34) for title in COLUMN_TITLES.values()]
    columns += [Heading(_("Newest record"), 14), Heading(_("Overridden because"), 50)]
    sheets = [
        Sheet(_("Clause matrix"), columns, (_row(row, said, months) for row in made.rows)),
        Sheet(_("What is counted"), [Heading(_(name), width) for name, width in _PARTS],
              (one for row in made.rows for one in _parts(row, counted, title_of))),
        Sheet(_("Exceptions"), [Heading(_(name), width) for name, width in _EXCEPTIONS],
              (one for part in behind for one in _exceptions(part, title_of))),
    ]  # fmt: skip
    out = io.BytesIO()
    write_xlsx(out, sheets, title=_("Clause matrix"), created=now, right_to_left=right_to_left)
    return out.getvalue()


def _row(row: Row, said: Said, months: int) -> tuple[Value, ...]:
    told = [f"{_(STATE_TITLES[cell.state])}: {said(cell, months)}".removesuffix(": ") for cell in row.cells]
    reasons = [
        f"{_(COLUMN_TITLES[cell.column])}: {cell.override.reason}" for cell in row.cells if cell.override is not None
    ]
    newest = row.cell(Column.FRESHNESS).newest
    return (row.number, row.title, _(STATE_TITLES[row.state]), *told, newest, "; ".join(reasons))


def _parts(row: Row, counted: Callable[[Part], str], title_of: TitleOf) -> Iterator[tuple[Value, ...]]:
    for cell in row.cells:
        column = _(COLUMN_TITLES[cell.column])
        if not cell.parts and cell.column is not Column.FRESHNESS:
            why = _(WHY_TITLES[cell.why]) if cell.why is not Why.NONE else ""
            yield row.number, column, why, _(STATE_TITLES[cell.computed]), "", None, ""
        for part in cell.parts:
            called = " ".join(word for word in (title_of(part), _name(part)) if word)
            via = part.via.ref if part.via else ""
            yield row.number, column, called, _(STATE_TITLES[part.state]), counted(part), part.newest, via


def _name(part: Part) -> str:
    return part.id if part.kind.value in ("document", "audit", "finding", "carried") else ""


def _exceptions(behind: Behind, title_of: TitleOf) -> Iterator[tuple[Value, ...]]:
    for one in behind.exceptions:
        yield title_of(behind.part), one.label, one.text
    if behind.more:
        yield title_of(behind.part), _("and further ones"), ""
