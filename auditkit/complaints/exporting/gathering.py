"""Everything that is on record about a case, by table, as plain JSON values: complete by walking the tables.

What is withheld from a redacted copy is what anonymisation would erase (`privacy.fates`), so that there is one list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.exporting.models import ComplaintRedactedCopy
from auditkit.complaints.exporting.rules import WITHHELD, Extent
from auditkit.complaints.privacy import erasing, hanging
from auditkit.complaints.privacy.fates import FATES, Fate, columns
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File
from auditkit.journal import queries as journal
from auditkit.journal.queries import Entry

FORMAT = "auditkit/case/1"
NEVER = {
    "complaint": {"search_words", "row_digest"},
    "complaint_thread": {"token"},
    "complaint_tracking": {"secret_digest"},
    "complaint_receipt": {"form_digest"},
}
"""Columns that are no record of the case: keys that open something, and what the program made for itself."""
PERSONAL = (Fate.BLANK, Fate.MARK, Fate.NULL, Fate.EMPTY)
MOST_ENTRIES = 10_000


@dataclass(frozen=True)
class Gathered:
    """A case with everything on record; `tables` holds the rows of each table as plain JSON, withheld where need be."""

    id: int
    reference: str
    extent: Extent
    tables: dict[str, list[dict[str, Any]]]
    entries: list[Entry]
    files: list[File]
    erased_files: frozenset[int]
    copies: dict[int, File]
    """The redacted copies, by the file that each stands for."""

    @property
    def case(self) -> dict[str, Any]:
        """The complaint's own row."""
        return self.tables["complaint"][0]

    def of(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table; none where it has none."""
        return self.tables.get(table, [])


def gather(tx: Session, organisation_id: int, complaint_id: int, extent: Extent) -> Gathered:
    """Read everything about a case. Raises NotFound."""
    complaint = erasing.row_of(tx, organisation_id, complaint_id)
    if complaint is None:
        raise NotFound
    tables: dict[str, list[dict[str, Any]]] = {}
    words = erasing.identity_words(complaint)
    for name in FATES:
        table = hanging.table(name)
        query = select(table).where(erasing.rows_of(name, complaint_id)).order_by(*table.primary_key.columns)
        rows = [_plain(name, dict(row._mapping), extent, words) for row in tx.connection().execute(query)]
        if rows:
            tables[name] = rows
    files = files_of(tx, complaint_id)
    return Gathered(
        complaint_id,
        complaint.reference,
        extent,
        tables,
        list(reversed(journal.timeline(tx, organisation_id, ("complaint", complaint_id), MOST_ENTRIES))),
        files,
        frozenset(one.id for one in files if evidence.erasure(tx, one.id) is not None),
        copies_of(tx, complaint_id),
    )


def _plain(table: str, row: Mapping[str, Any], extent: Extent, words: list[str]) -> dict[str, Any]:
    left_out = NEVER.get(table, set()) | {"organisation_id"}
    plain = {name: _value(value) for name, value in row.items() if name not in left_out}
    if extent is Extent.WHOLE:
        return plain
    if FATES[table] is Fate.GO:
        personal = {name for name in plain if name not in ("id", "complaint_id")}
    else:
        personal = {name for name, fate in columns(table) if fate in PERSONAL}
        personal |= {
            name for name, fate in columns(table) if fate is Fate.SIFT and erasing.sift(row[name], words) != row[name]
        }
    return {name: WITHHELD if name in personal and value else value for name, value in plain.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


def copies_of(tx: Session, complaint_id: int) -> dict[int, File]:
    """The redacted copies of a case's files whose content is still there, by the file that each stands for."""
    copy = ComplaintRedactedCopy
    rows = tx.execute(select(copy.file_id, copy.copy_id).where(copy.complaint_id == complaint_id)).all()
    return {file_id: evidence.file(tx, copy_id) for file_id, copy_id in rows if evidence.erasure(tx, copy_id) is None}


def files_of(tx: Session, complaint_id: int) -> list[File]:
    """The files of the case, its investigations, remedies, messages and mails, each once."""
    subjects = [("complaint", complaint_id)]
    for kind, table in erasing.PARTS.items():
        here = hanging.table(table).c
        numbers = tx.connection().execute(select(here.id).where(erasing.rows_of(table, complaint_id))).scalars()
        subjects += [(kind, number) for number in numbers]
    found = {one.file.id: one.file for subject in subjects for one in evidence.for_subject(tx, subject)}
    for table, column in (("complaint_message_file", "file_id"), ("incoming_mail", "original_file_id")):
        named = hanging.table(table).c[column]
        query = select(named).where(erasing.rows_of(table, complaint_id), named.is_not(None))
        for file_id in tx.connection().execute(query).scalars():
            if file_id in found:
                continue
            found[file_id] = evidence.file(tx, file_id)
    return [found[file_id] for file_id in sorted(found)]
