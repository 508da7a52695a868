"""Any part of the register as CSV or XLSX, written as a stream: memory stays flat however much there is.

Texts that a spreadsheet would run are guarded (documents.tables). Who complained goes in only when asked for by
somebody who may read it, and the journal says so.
"""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from auditkit.base.db import Session
from auditkit.base.text import N_, _
from auditkit.complaints.queries import Wanted, register_export
from auditkit.complaints.register.leaving import Cases
from auditkit.documents.tables import Cell, Column, Sheet, Written, write_csv, write_xlsx

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

_COLUMNS: tuple[tuple[str, int], ...] = (
    (N_("Reference"), 18), (N_("Foreign reference"), 18), (N_("Kind"), 12), (N_("Stage"), 14), (N_("Channel"), 14),
    (N_("Category"), 18), (N_("Severity"), 10), (N_("Received"), 18), (N_("Only the day of receipt is known"), 10),
    (N_("Day it happened"), 12), (N_("Recorded"), 18), (N_("Subject"), 40), (N_("Description"), 60),
    (N_("Product or service"), 20), (N_("Unit or site"), 20), (N_("Remedy wanted"), 30), (N_("Acknowledged"), 18),
    (N_("Decided"), 18), (N_("Outcome"), 14), (N_("Decision and reasons"), 40), (N_("Remedy"), 30), (N_("Answer"), 12),
    (N_("Closed"), 18), (N_("Only the day of closing is known"), 10), (N_("Day of closing unknown"), 10),
    (N_("Closed before it was received"), 10), (N_("Ground of closing"), 18), (N_("Status as the file said it"), 18),
)  # fmt: skip
_IDENTITY = (
    N_("Complainant"), N_("E-mail"), N_("Phone"), N_("Street"), N_("Postcode"), N_("City"), N_("Region"), N_("Country"),
)  # fmt: skip


def columns(*, identity: bool) -> list[Column]:
    """The headings, in the language of the screen."""
    found = [Column(_(title), width) for title, width in _COLUMNS]
    return found + ([Column(_(title), 20) for title in _IDENTITY] if identity else [])


def write(
    tx: Session, wanted: Wanted, path: Path, kind: str, *, identity: bool, now: datetime
) -> tuple[Written, Cases]:
    """Write what is wanted to `path` as CSV or XLSX; returns how many rows, how many texts were cut (XLSX), and which
    cases are in it."""
    heads, cases = columns(identity=identity), Cases()
    rows = _rows(tx, wanted, cases, identity=identity, width=len(heads))
    if kind == CSV:
        return write_csv(path, heads, rows), cases
    return write_xlsx(path, [Sheet(_("Complaints"), heads, rows)], title=_("Complaints"), created=now), cases


def _rows(tx: Session, wanted: Wanted, cases: Cases, *, identity: bool, width: int) -> Iterator[tuple[Cell, ...]]:
    for row in register_export(tx, wanted, identity=identity):
        cases.add(row.id)
        yield astuple(row)[1 : width + 1]
