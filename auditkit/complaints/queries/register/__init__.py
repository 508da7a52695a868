"""The register as a list: filter, sort, search and page through any number of complaints at the same speed.

Pages go by key, never by offset; counts stop at a thousand; every sort runs along an index (checked by
tests/slices/complaints/test_register.py). What may be asked is in `wanted`, what comes back in `rows`, the cursors of
the pages in `places`, and the statements in `statements`.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints import models, rules
from auditkit.complaints.queries.register.places import CursorUnreadable, Key, cursor, place_of
from auditkit.complaints.queries.register.rows import EXPORT_COLUMNS, ExportRow, Register, RegisterRow
from auditkit.complaints.queries.register.statements import HITS_SORTED_UP_TO, Query, matched, organisation_of
from auditkit.complaints.queries.register.wanted import NOBODY, Due, Sort, Wanted

PAGE_ROWS = 50
COUNTED_UP_TO = 1_000
WORDS_LISTED = 300


def register_page(tx: Session, wanted: Wanted, page: str = "") -> Register:
    """One page of at most PAGE_ROWS complaints. `page` is a cursor from the page before; empty asks for the first one.

    Going back past the beginning gives the first page whole. Raises CursorUnreadable.
    """
    place = place_of(page)
    found, total = Query(tx, wanted).page(place, PAGE_ROWS + 1, COUNTED_UP_TO + 1)
    if place and not place.forward:
        if len(found) <= PAGE_ROWS:
            return register_page(tx, wanted)
        found = found[:PAGE_ROWS][::-1]
        before, after = True, True
    else:
        before, after = place is not None, len(found) > PAGE_ROWS
        found = found[:PAGE_ROWS]
    return Register(
        rows=found,
        total=min(total, COUNTED_UP_TO),
        more=total > COUNTED_UP_TO,
        previous=cursor("p", _key(found[0], wanted.sort)) if before and found else None,
        next=cursor("n", _key(found[-1], wanted.sort)) if after else None,
    )


def _key(row: RegisterRow, sort: Sort) -> Key:
    """Where the row stands in a list of this order."""
    if sort is Sort.DUE and row.due_at is not None:
        return Key(row.due_at, row.id)
    return Key(row.received_at, row.id, undated=sort is Sort.DUE)


def register_export(tx: Session, wanted: Wanted, *, identity: bool = False) -> Iterator[ExportRow]:
    """All complaints wanted, in order, as a stream; with who complained only if `identity` is True."""
    columns = EXPORT_COLUMNS if identity else EXPORT_COLUMNS[: -len(rules.IDENTITY)]
    for row in Query(tx, wanted).stream(columns):
        yield ExportRow(*row)


def words_used(tx: Session) -> tuple[list[str], list[str]]:
    """The channels and the categories that occur in the register, each sorted, at most WORDS_LISTED of each."""
    found: dict[str, list[str]] = {"channel": [], "category": []}
    for column, word in tx.connection().exec_driver_sql(words_statement(organisation_of(tx))):
        found[column].append(word)
    return sorted(found["channel"]), sorted(found["category"])


def words_statement(organisation_id: int) -> str:
    """The same as SQL of (column, word), for a page to ask together with what else it asks."""
    return _WORDS_USED.replace(":organisation_id", str(int(organisation_id)))


def import_runs(tx: Session) -> list[tuple[int, str, datetime]]:
    """The files brought in: (id, file name, started), newest first, at most 50."""
    query = (
        select(models.ImportRun.id, models.ImportRun.file_name, models.ImportRun.started_at)
        .order_by(models.ImportRun.id.desc())
        .limit(50)
    )
    return [(run_id, file_name, started_at) for run_id, file_name, started_at in tx.execute(query)]


# Distinct words by hopping along the index from one to the next, however many complaints carry each.
_USED = """
SELECT '{column}' AS kind, word FROM (
  WITH RECURSIVE used(word) AS (
    SELECT min({column}) FROM complaint WHERE organisation_id = :organisation_id
    UNION ALL
    SELECT (SELECT min({column}) FROM complaint WHERE organisation_id = :organisation_id AND {column} > used.word)
    FROM used WHERE used.word IS NOT NULL
  ) SELECT word FROM used WHERE word <> '' LIMIT {limit}
) AS used_{column}
"""
_WORDS_USED = " UNION ALL ".join(_USED.format(column=column, limit=WORDS_LISTED) for column in ("channel", "category"))

__all__ = [
    "COUNTED_UP_TO",
    "HITS_SORTED_UP_TO",
    "NOBODY",
    "PAGE_ROWS",
    "CursorUnreadable",
    "Due",
    "ExportRow",
    "Register",
    "RegisterRow",
    "Sort",
    "Wanted",
    "import_runs",
    "matched",
    "register_export",
    "register_page",
    "words_statement",
    "words_used",
]
