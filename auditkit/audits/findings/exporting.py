"""The list of findings as CSV and XLSX; texts that a spreadsheet would run are guarded (documents.tables)."""

import io
from collections.abc import Mapping
from datetime import datetime

from auditkit.audits.findings import queries
from auditkit.audits.findings.queries import Line, Wanted
from auditkit.audits.rules import FINDING_STATE_TITLES, STRENGTH_TITLES, Grade
from auditkit.base.db import Session
from auditkit.base.text import N_, _
from auditkit.documents.tables import Cell, Column, Sheet, write_csv, write_xlsx
from auditkit.web.languages import day_there

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

_COLUMNS: tuple[tuple[str, int], ...] = (
    (N_("Number"), 18), (N_("Audit"), 14), (N_("Title of the audit"), 30), (N_("Grade"), 24), (N_("State"), 28),
    (N_("Clause"), 10), (N_("Edition"), 18), (N_("Strength of the requirement"), 20), (N_("Principles"), 16),
    (N_("Requirement"), 40), (N_("Statement"), 60), (N_("Objective evidence"), 40),
    (N_("Why this is not filed as a nonconformity"), 30), (N_("Raised on"), 12), (N_("Days open"), 10),
    (N_("Repeats"), 10), (N_("Disputed"), 10), (N_("Number of the certification body"), 18),
    (N_("Response due"), 12),
)  # fmt: skip


def write(
    tx: Session, wanted: Wanted, kind: str, *, grades: Mapping[Grade, str], now: datetime, right_to_left: bool = False
) -> bytes:
    """Everything that is wanted as CSV or XLSX, newest first. `grades`: what they are called here."""
    columns = [Column(_(title), width) for title, width in _COLUMNS]
    rows = (_row(line, grades) for line in queries.every(tx, wanted))
    out = io.BytesIO()
    if kind == CSV:
        write_csv(out, columns, rows)
    else:
        write_xlsx(
            out, [Sheet(_("Findings"), columns, rows)], title=_("Findings"), created=now, right_to_left=right_to_left
        )
    return out.getvalue()


def _row(line: Line, grades: Mapping[Grade, str]) -> tuple[Cell, ...]:
    return (
        line.number,
        line.audit_number,
        line.audit_title,
        grades[line.grade],
        _(FINDING_STATE_TITLES[line.state]),
        line.clause.rpartition(":")[2],
        line.edition_name,
        _(STRENGTH_TITLES[line.strength]),
        ", ".join(line.principles),
        line.criterion,
        line.statement,
        line.evidence,
        line.grade_reason,
        day_there(line.raised_at),
        line.days,
        line.repeats,
        _("yes") if line.disputed else _("no"),
        line.their_number,
        line.response_due,
    )
