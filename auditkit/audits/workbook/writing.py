"""The questions of an audit as a workbook: answers and notes take input, everything else is locked.

A hidden column carries the id of each row and a hidden sheet the code of the workbook, the headings and the answers
to choose from; so rows may be sorted and columns moved, and the workbook is still known when it comes back.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import BinaryIO

from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.workbook.reading import ABOUT, ANSWER, CODE, NOTE, QUESTION, ROW
from auditkit.base.text import _
from auditkit.content.shapes import Scale
from auditkit.documents.tables import Cell, Column, Sheet, write_xlsx


def write(
    out: BinaryIO, head: AuditHead, rows: Iterable[RowView], code: str, *, now: datetime, right_to_left: bool
) -> None:
    """Write the workbook with this code to `out`, which must be seekable. Call it inside `spoken` its language."""
    scale = Scale.model_validate(head.scale)
    labels = [one.label for one in scale.answers]
    names = {one.id: one.label for one in scale.answers}
    headings = {CODE: code, ROW: "auditkit row", QUESTION: _("Question"), ANSWER: _("Answer"), NOTE: _("Note")}
    choices = f"{ABOUT}!$C$2:$C${len(labels) + 1}"
    columns = [
        Column(headings[ROW], 12, hidden=True),
        Column(_("No."), 6),
        Column(_("Clause"), 24),
        Column(headings[QUESTION], 50),
        Column(headings[ANSWER], 22, editable=True, choices=choices),
        Column(headings[NOTE], 50, editable=True),
        Column(_("Files"), 8),
        Column(_("What good looks like"), 40),
        Column(_("Ask to see"), 40),
        Column(_("Put to"), 20),
    ]
    lines = (
        (str(row.id), row.position, row.clause_label, str(row.question), names.get(row.answer, row.answer), row.note,
         len(row.files), row.good, row.expected, row.interviewee)
        for row in rows
    )  # fmt: skip
    about = [Column("name", 20), Column("value", 40), Column("answers", 30)]
    sheets = [
        Sheet(_("Questions"), columns, lines, locked=True),
        Sheet(ABOUT, about, _about(headings, labels), locked=True, hidden=True),
    ]
    write_xlsx(out, sheets, title=f"{head.number} {head.title}", created=now, right_to_left=right_to_left)


def _about(headings: dict[str, str], labels: list[str]) -> Iterator[tuple[Cell, ...]]:
    for pair, label in zip_longest(headings.items(), labels):
        yield (*(pair or ("", "")), label or "")
