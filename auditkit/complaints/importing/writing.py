"""Rows as tuples into the register's tables, and the questions asked of them in bulk.

Raw SQL past the ORM's scope, therefore every statement names the organisation itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import text

from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import Conflict
from auditkit.base.text import N_
from auditkit.complaints.clock.models import UNTIMED_ROWS
from auditkit.complaints.importing.dates import Moment
from auditkit.complaints.importing.fields import FIELDS, TEXTS
from auditkit.complaints.importing.mapping import MappedRow
from auditkit.complaints.importing.models import SQLITE_NEXT_ID
from auditkit.complaints.intake.references import pattern_in_force
from auditkit.complaints.models import SQLITE_INDEX_ROWS, Complaint
from auditkit.complaints.rules import SEARCHED, SEARCHED_IDENTITY, search_words

_TEXT_COLUMNS = tuple(FIELDS[name].column for name in TEXTS)
_DATA = (
    "id",
    "organisation_id",
    "reference",
    "kind",
    "external_reference",
    "stage",
    "outcome",
    "channel",
    "severity",
    "source_status",
    "received_at",
    "received_is_day",
    "happened_on",
    "acknowledged_at",
    "decided_at",
    "closed_at",
    "closed_is_day",
    "closed_date_unknown",
    "closes_before_received",
    "recorded_at",
    "changed_at",
    "import_run_id",
    "row_digest",
    "search_words",
)
# Columns that no file fills, with what a complaint fresh from a file has in them
_CONSTANTS: dict[str, Any] = {
    "version": 1,
    "answer": "",
    "closing_ground": "",
    "closing_note": "",
}
COLUMNS = (*_DATA, *_TEXT_COLUMNS, *_CONSTANTS)
_SEARCHED_TEXTS = tuple(
    name for name in TEXTS if FIELDS[name].column in SEARCHED and FIELDS[name].column != "external_reference"
)
_IDENTITY_TEXTS = tuple(name for name in TEXTS if FIELDS[name].column in SEARCHED_IDENTITY)


def store(tx: Session, rows: Sequence[MappedRow], *, run_id: int, first_reference: int, now: datetime) -> Sequence[int]:
    """Insert the rows as complaints, in their order, with references from `first_reference` on; returns their ids.

    Raises Conflict when another import has stored one of them since it was looked for.
    """
    organisation_id: int = tx.info[SCOPE]
    connection = tx.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    ids = _next_ids(tx, len(rows))
    reference = pattern_in_force(tx).reference
    values = _values(rows, ids, organisation_id, run_id, first_reference, reference, now, as_text=is_sqlite)
    keys = [(found, organisation_id, row.key) for found, row in zip(ids, rows, strict=True) if row.key]
    raw = connection.connection.driver_connection
    if raw is None:
        raise RuntimeError("the database connection is gone")
    driver: Any = connection.dialect.dbapi  # these statements pass SQLAlchemy by, so the errors are the driver's
    try:
        _insert(raw, is_sqlite, Complaint.__tablename__, COLUMNS, values)
        _insert(raw, is_sqlite, "imported_reference", ("complaint_id", "organisation_id", "key"), keys)
        if is_sqlite and len(ids):
            raw.execute(SQLITE_INDEX_ROWS, {"first": ids[0], "last": ids[-1]})
        if len(ids):
            connection.execute(text(UNTIMED_ROWS), {"first": ids[0], "last": ids[-1]})
    except driver.IntegrityError as error:
        if "unique" not in str(error).lower():
            raise
        raise Conflict(
            N_("Another import stored some of these rows at the same moment. Import this file again: it goes on")
        ) from error
    return ids


def _insert(raw: Any, is_sqlite: bool, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    if is_sqlite:
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of our own columns
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _next_ids(tx: Session, count: int) -> Sequence[int]:
    """Ids for new complaints, rising; the writer's lock on the series keeps them in the order of references."""
    connection = tx.connection()
    if connection.dialect.name == "sqlite":
        first: int = connection.exec_driver_sql(SQLITE_NEXT_ID).scalar_one()
        return range(first, first + count)
    found = connection.exec_driver_sql(
        "SELECT nextval(pg_get_serial_sequence('complaint', 'id')) FROM generate_series(1, %s)", (count,)
    )
    return sorted(found.scalars())


def _values(
    rows: Sequence[MappedRow],
    ids: Sequence[int],
    organisation_id: int,
    run_id: int,
    first_reference: int,
    reference: Callable[[int, int], str],
    now: datetime,
    *,
    as_text: bool,
) -> Iterator[tuple[Any, ...]]:
    moment = _moment_text if as_text else _moment
    recorded: Any = _text_of(now) if as_text else now
    constants = tuple(_CONSTANTS.values())
    year = now.year
    for offset, row in enumerate(rows):
        texts = row.texts
        get = texts.get
        own = reference(year, first_reference + offset)
        closed = row.closed
        happened: Any = row.happened
        if happened is not None:
            happened = _day_text(happened) if as_text else happened.date()
        found = search_words(
            organisation_id,
            own,
            (row.reference, row.status, *[texts[name] for name in _SEARCHED_TEXTS if name in texts]),
            [texts[name] for name in _IDENTITY_TEXTS if name in texts],
        )
        yield (
            ids[offset],
            organisation_id,
            own,
            row.kind,
            row.reference,
            row.stage,
            row.outcome,
            row.channel,
            row.severity,
            row.status,
            moment(row.received),
            not row.received.has_time,
            happened,
            moment(row.acknowledged) if row.acknowledged else None,
            moment(row.decided) if row.decided else None,
            moment(closed) if closed else None,
            closed is not None and not closed.has_time,
            closed is None and row.stage == "closed",
            row.closes_before_received,
            recorded,
            recorded,
            run_id,
            row.digest,
            found,
            *[get(name, "") for name in TEXTS],
            *constants,
        )


def _moment(moment: Moment) -> datetime:
    return moment.at


@lru_cache(maxsize=50_000)
def _moment_text(moment: Moment) -> str:
    return _text_of(moment.at)


def _text_of(at: datetime) -> str:
    """A moment as `base.db.UtcDateTime` stores it on SQLite; a test holds the two together."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@lru_cache(maxsize=50_000)
def _day_text(at: datetime) -> str:
    return at.date().isoformat()


def known_rows(tx: Session, rows: Sequence[MappedRow]) -> tuple[set[bytes], set[bytes]]:
    """(digests, reference keys) of those among `rows` that the organisation has stored already."""
    organisation_id: int = tx.info[SCOPE]
    digests = {row.digest for row in rows}
    keys = {row.key for row in rows if row.key}
    return (
        _among(tx, "complaint", "row_digest", organisation_id, digests),
        _among(tx, "imported_reference", "key", organisation_id, keys),
    )


def _among(tx: Session, table: str, column: str, organisation_id: int, wanted: set[bytes]) -> set[bytes]:
    if not wanted:
        return set()
    connection = tx.connection()
    begin = f"SELECT {column} FROM {table} WHERE organisation_id = "  # noqa: S608 - names of our own columns
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(wanted))
        found = connection.exec_driver_sql(f"{begin}? AND {column} IN ({marks})", (organisation_id, *wanted))
    else:
        found = connection.exec_driver_sql(f"{begin}%s AND {column} = ANY(%s)", (organisation_id, list(wanted)))
    return {bytes(value) for value in found.scalars()}
