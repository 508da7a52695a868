"""The register as a list: filter, sort, search and page through any number of complaints at the same speed.

Pages go by key, never by offset; counts stop at a thousand; every sort runs along an index (checked by
tests/slices/complaints/test_register.py). The statements are written out, because a page of the register is asked for
more often than anything else; each names its organisation itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Date, bindparam, select, text

from auditkit.base.db import SCOPE, NoScope, Session, UtcDateTime
from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints import rules
from auditkit.complaints.models import OPEN, POSTGRESQL_SEARCH_EXPRESSION, ImportRun

PAGE_ROWS = 50
COUNTED_UP_TO = 1_000
HITS_SORTED_UP_TO = 2_000
WORDS_LISTED = 300
OPEN_STAGES = "open"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sort(StrEnum):
    """The orders offered; references are given in the order of recording."""

    NEWEST = "newest"
    OLDEST = "oldest"
    REFERENCE_DOWN = "reference-down"
    REFERENCE_UP = "reference-up"


class Due(StrEnum):
    """How what is due next in a case stands; a case that waits for somebody counts as it stood."""

    SOON = "soon"
    LATE = "late"
    VERY_LATE = "very-late"


NOBODY = 0  # as owner: open complaints that nobody owns
_USUAL = rules.Kind.COMPLAINT.value


@dataclass(frozen=True)
class Wanted:
    """What part of the register is wanted, and in which order. Empty texts and None ask for everything.

    `stage` is a stage or "open"; `owner` (or NOBODY) and `deputy` are people; `due` needs `now`; the days are both
    included (UTC); `typed` is what stands in the search box, and `find_by_identity` says whether it may find by who
    complained.
    """

    stage: str = ""
    channel: str = ""
    severity: str = ""
    category: str = ""
    received_from: date | None = None
    received_to: date | None = None
    kind: str = ""
    priority: str = ""
    level: int | None = None
    due: Due | None = None
    now: datetime | None = None
    import_run: int | None = None
    owner: int | None = None
    deputy: int | None = None
    typed: str = ""
    find_by_identity: bool = False
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> int:
        """How many filters are set beside the stage and the words."""
        words = (self.channel, self.severity, self.category, self.kind, self.priority)
        days = (self.received_from, self.received_to)
        rest = (*days, self.import_run, self.owner, self.deputy, self.level, self.due)
        return sum(1 for word in words if word) + sum(1 for value in rest if value is not None)

    @property
    def selective(self) -> bool:
        """Whether a filter is set that has an index of its own, of few complaints."""
        has_level = self.level is not None and self.level > 0
        unusual = self.kind not in ("", _USUAL)
        return bool(self.owner or self.deputy or self.priority or self.severity or has_level or unusual)


@dataclass(slots=True)
class RegisterRow:
    """One line of the register. The complainant is not in it."""

    id: int
    reference: str
    stage: str
    answer: str
    kind: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    subject: str
    product: str


@dataclass(frozen=True)
class Register:
    """A page of the register. `total` stops at COUNTED_UP_TO, then `more` is True. Cursors are None at the ends."""

    rows: list[RegisterRow]
    total: int
    more: bool
    previous: str | None
    next: str | None


@dataclass(slots=True)
class ExportRow:
    """One complaint for a file. The complainant's fields are empty unless they were asked for."""

    reference: str
    external_reference: str
    kind: str
    stage: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    happened_on: date | None
    recorded_at: datetime
    subject: str
    description: str
    product: str
    site: str
    wanted_remedy: str
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    decision: str
    remedy: str
    answer: str
    closed_at: datetime | None
    closed_is_day: bool
    closed_date_unknown: bool
    closes_before_received: bool
    closing_ground: str
    source_status: str
    complainant_name: str = ""
    complainant_email: str = ""
    complainant_phone: str = ""
    complainant_street: str = ""
    complainant_postcode: str = ""
    complainant_city: str = ""
    complainant_region: str = ""
    complainant_country: str = ""


class CursorUnreadable(BadInput):
    message = N_("The address of this page of the list is damaged. Start again from its first page")


@dataclass(frozen=True)
class _Place:
    """A place between two rows: `forward` looks past it in the order of the list, else back from it."""

    forward: bool
    received_at: datetime
    id: int


_CURSOR = re.compile(r"([np])(-?[0-9]{1,17})\.([0-9]{1,18})")
_ROW_COLUMNS = tuple(RegisterRow.__dataclass_fields__)
_EXPORT_COLUMNS = tuple(ExportRow.__dataclass_fields__)
_TYPES = {
    "received_at": UtcDateTime(),
    "recorded_at": UtcDateTime(),
    "acknowledged_at": UtcDateTime(),
    "decided_at": UtcDateTime(),
    "closed_at": UtcDateTime(),
    "happened_on": Date(),
    "received_is_day": Boolean(),
    "closed_is_day": Boolean(),
    "closed_date_unknown": Boolean(),
    "closes_before_received": Boolean(),
}
_ORDERS = {
    Sort.NEWEST: (("received_at", "id"), "DESC"),
    Sort.OLDEST: (("received_at", "id"), "ASC"),
    Sort.REFERENCE_DOWN: (("id",), "DESC"),
    Sort.REFERENCE_UP: (("id",), "ASC"),
}
_DUE = {
    Due.SOON: "next_warn_at <= :now AND next_due_at > :now",
    Due.LATE: "next_due_at <= :now",
    Due.VERY_LATE: "next_due_at <= :now AND next_very_at <= :now",
}
_OPEN_INDEXES = {2: "ix_complaint_open_received", 1: "ix_complaint_open_recorded"}
_OTHER = {"ASC": "DESC", "DESC": "ASC"}


def register_page(tx: Session, wanted: Wanted, cursor: str = "") -> Register:
    """One page of at most PAGE_ROWS complaints. `cursor` comes from the page before; empty asks for the first page.

    Going back past the beginning gives the first page whole. Raises CursorUnreadable.
    """
    place = _place(cursor)
    query = _Query(tx, wanted)
    rows, total = query.page(place, PAGE_ROWS + 1, COUNTED_UP_TO + 1)
    if place and not place.forward:
        if len(rows) <= PAGE_ROWS:
            return register_page(tx, wanted)
        rows = rows[:PAGE_ROWS][::-1]
        before, after = True, True
    else:
        before, after = place is not None, len(rows) > PAGE_ROWS
        rows = rows[:PAGE_ROWS]
    return Register(
        rows=rows,
        total=min(total, COUNTED_UP_TO),
        more=total > COUNTED_UP_TO,
        previous=_cursor("p", rows[0]) if before and rows else None,
        next=_cursor("n", rows[-1]) if after else None,
    )


def register_export(tx: Session, wanted: Wanted, *, identity: bool = False) -> Iterator[ExportRow]:
    """All complaints wanted, in order, as a stream; with who complained only if `identity` is True."""
    query = _Query(tx, wanted)
    columns = _EXPORT_COLUMNS if identity else _EXPORT_COLUMNS[: -len(rules.IDENTITY)]
    for row in query.stream(columns):
        yield ExportRow(*row)


def words_used(tx: Session) -> tuple[list[str], list[str]]:
    """The channels and the categories that occur in the register, each sorted, at most WORDS_LISTED of each."""
    found: dict[str, list[str]] = {"channel": [], "category": []}
    statement = _WORDS_USED.replace(":organisation_id", str(_organisation_id(tx)))
    for column, word in tx.connection().exec_driver_sql(statement):
        found[column].append(word)
    return sorted(found["channel"]), sorted(found["category"])


def import_runs(tx: Session) -> list[tuple[int, str, datetime]]:
    """The files brought in: (id, file name, started), newest first, at most 50."""
    query = select(ImportRun.id, ImportRun.file_name, ImportRun.started_at).order_by(ImportRun.id.desc()).limit(50)
    return [(run_id, file_name, started_at) for run_id, file_name, started_at in tx.execute(query)]


class _Query:
    """The conditions of one `Wanted` in the words of the session's database, and their values."""

    def __init__(self, tx: Session, wanted: Wanted) -> None:
        self.wanted = wanted
        self.connection = tx.connection()
        self.sqlite = self.connection.dialect.name == "sqlite"
        self.values: dict[str, Any] = {"organisation_id": _organisation_id(tx)}
        self.conditions = ["organisation_id = :organisation_id", *self._filters()]
        self.table = "complaint"
        if self.sqlite and wanted.stage == OPEN_STAGES and not wanted.selective:
            # Without statistics SQLite takes the index of all complaints for as good as that of the few open ones.
            self.table = f"complaint INDEXED BY {_OPEN_INDEXES[len(_ORDERS[wanted.sort][0])]}"
        self.hits: int | None = None
        self.filtered = len(self.conditions) > 1
        self._narrow_to_due()
        self._search()

    def _filters(self) -> Iterator[str]:
        wanted = self.wanted
        if wanted.stage == OPEN_STAGES:
            yield OPEN
        elif wanted.stage:
            yield self._equals("stage", wanted.stage)
        if wanted.channel:
            yield self._equals("channel", wanted.channel)
        if wanted.category:
            yield self._equals("category", wanted.category)
        if wanted.severity:
            yield f"severity <> '' AND {self._equals('severity', wanted.severity)}"
        if wanted.kind:
            # The usual kind has no index: nearly everything is of it.
            apart = f"kind <> '{_USUAL}' AND " if wanted.kind != _USUAL else ""
            yield apart + self._equals("kind", wanted.kind)
        if wanted.priority:
            yield f"priority <> '' AND {self._equals('priority', wanted.priority)}"
        if wanted.level is not None:
            yield ("level > 0 AND " if wanted.level else "") + self._equals("level", wanted.level)
        if wanted.owner == NOBODY:
            yield f"owner_id IS NULL AND {OPEN}"
        elif wanted.owner is not None:
            yield f"owner_id IS NOT NULL AND {self._equals('owner_id', wanted.owner)}"
        if wanted.import_run is not None:
            yield self._equals("import_run_id", wanted.import_run)
        if wanted.deputy is not None:
            yield self._equals("deputy_id", wanted.deputy)
        if wanted.received_from:
            self.values["received_from"] = _midnight(wanted.received_from)
            yield "received_at >= :received_from"
        if wanted.received_to:
            self.values["received_to"] = _midnight(wanted.received_to + timedelta(days=1))
            yield "received_at < :received_to"

    def _equals(self, column: str, value: Any) -> str:
        self.values[column] = value
        return f"{column} = :{column}"

    def _search(self) -> None:
        organisation_id = self.values["organisation_id"]
        groups = rules.wanted_words(organisation_id, self.wanted.typed, identity=self.wanted.find_by_identity)
        if not groups:
            return
        self.values["match"] = matched(groups, self.sqlite)
        if not self.sqlite:
            self.conditions.append(f"{POSTGRESQL_SEARCH_EXPRESSION} @@ CAST(:match AS tsquery)")
            return
        # Few hits are fetched and sorted; with many it is cheaper to walk the order wanted and look each row up.
        # SQLite cannot know which, so it is counted first and told: NOT INDEXED leaves only the way from the hits,
        # the plus sign only the way along the order.
        found = "SELECT rowid FROM complaint_search WHERE complaint_search MATCH :match"
        limited = f"SELECT count(*) FROM ({found} LIMIT {HITS_SORTED_UP_TO + 1})"  # noqa: S608 - no input in it
        self.hits = int(self._read(limited)[0][0])
        if self.hits > HITS_SORTED_UP_TO:
            self.conditions.append(f"+id IN ({found})")
        else:
            self.table = "complaint NOT INDEXED"
            self.conditions.append(f"id IN ({found})")

    def _narrow_to_due(self) -> None:
        """Complaints whose next due date stands so; it runs along an index of the clock, as `_search` along its own."""
        due = self.wanted.due
        if due is None:
            return
        self.values["now"] = self.wanted.now
        found = "SELECT complaint_id FROM complaint_clock WHERE organisation_id = :organisation_id"
        found += f" AND next_due_at IS NOT NULL AND {_DUE[due]}"
        self.filtered = True
        if not self.sqlite:
            self.conditions.append(f"id IN ({found})")
            return
        limited = f"SELECT count(*) FROM ({found} LIMIT {HITS_SORTED_UP_TO + 1})"  # noqa: S608 - no input in it
        if int(self._read(limited)[0][0]) > HITS_SORTED_UP_TO:
            self.conditions.append(f"+id IN ({found})")
        else:
            self.table = "complaint NOT INDEXED"
            self.conditions.append(f"id IN ({found})")

    def page(self, place: _Place | None, limit: int, count_to: int) -> tuple[list[RegisterRow], int]:
        """The rows after `place`, or before it and then nearest first; and how many fit, counted up to `count_to`."""
        keys, order = _ORDERS[self.wanted.sort]
        conditions = self.conditions
        if place:
            if not place.forward:
                order = _OTHER[order]
            mark = "<" if order == "DESC" else ">"
            named = ", ".join(f":place_{key}" for key in keys)
            conditions = [*conditions, f"({', '.join(keys)}) {mark} ({named})"]
            self.values |= {"place_received_at": place.received_at, "place_id": place.id}
        columns = (*_ROW_COLUMNS, self._count(count_to))
        rows = self._read(self._select(columns, conditions, keys, order) + f" LIMIT {limit}")
        if rows:
            return [_row(row) for row in rows], int(rows[0][-1])
        return [], self.count(count_to) if place else 0

    def stream(self, columns: tuple[str, ...]) -> Iterator[Any]:
        """All rows in order, fetched in portions."""
        keys, order = _ORDERS[self.wanted.sort]
        found = _bound(self._select(columns, self.conditions, keys, order))
        found = found.columns(**{name: _TYPES[name] for name in columns if name in _TYPES})
        with self.connection.execute(found.execution_options(yield_per=500), self.values) as result:
            yield from result

    def count(self, limit: int) -> int:
        """How many rows fit, counted up to `limit`."""
        return int(self._read(f"SELECT {self._count(limit)}")[0][0])

    def _read(self, statement: str) -> Sequence[Any]:
        # On SQLite past the library's types, to the driver: for a page of fifty rows the difference is felt.
        if self.sqlite:
            values = {name: _stored(value) for name, value in self.values.items()}
            return self.connection.exec_driver_sql(statement, values).all()
        return self.connection.execute(_bound(statement), self.values).all()

    def _count(self, limit: int) -> str:
        if self.hits is not None and self.hits >= limit and not self.filtered:
            return f"{limit} AS total"  # hits carry their organisation
        conditions = " AND ".join(self.conditions)
        counted = f"SELECT 1 FROM {self.table} WHERE {conditions} LIMIT {limit}"  # noqa: S608 - values are bound
        return f"(SELECT count(*) FROM ({counted}) AS counted) AS total"  # noqa: S608

    def _select(self, columns: tuple[str, ...], conditions: list[str], keys: tuple[str, ...], order: str) -> str:
        # Nothing a person typed is in this text: columns and orders are ours, values are bound.
        by = ", ".join(f"{key} {order}" for key in keys)
        condition = " AND ".join(conditions)
        return f"SELECT {', '.join(columns)} FROM {self.table} WHERE {condition} ORDER BY {by}"  # noqa: S608


def _row(row: Any) -> RegisterRow:
    id_, reference, stage, answer, kind, channel, category, severity, received_at, is_day, subject, product, _ = row
    at = datetime.fromisoformat(received_at) if isinstance(received_at, str) else received_at.astimezone(UTC)
    return RegisterRow(
        id_, reference, stage, answer, kind, channel, category, severity, at, bool(is_day), subject, product
    )


def _stored(value: Any) -> Any:
    # A moment as `UtcDateTime` keeps it on SQLite.
    return value.isoformat(timespec="microseconds").replace("+00:00", "Z") if isinstance(value, datetime) else value


@lru_cache(maxsize=512)
def _bound(statement: str) -> Any:
    moments = ("received_from", "received_to", "place_received_at", "now")
    return text(statement).bindparams(
        *(bindparam(name, type_=UtcDateTime()) for name in moments if f":{name}" in statement)
    )


def matched(groups: list[tuple[str, ...]], sqlite: bool, *, whole: bool = False) -> str:
    """What the search index is asked: one form of each group; the last is a beginning unless words are `whole`."""
    quote, either, also, beginning = ('"', " OR ", " AND ", "*") if sqlite else ("'", " | ", " & ", ":*")
    last = -1 if whole else len(groups) - 1
    return also.join(
        "(" + either.join(f"{quote}{form}{quote}{beginning if index == last else ''}" for form in forms) + ")"
        for index, forms in enumerate(groups)
    )


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


def _organisation_id(tx: Session) -> int:
    organisation_id: int | None = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("the register needs transaction(actor) or reading(actor)")
    return organisation_id


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _cursor(direction: str, row: RegisterRow) -> str:
    return f"{direction}{(row.received_at - EPOCH) // timedelta(microseconds=1)}.{row.id}"


def _place(cursor: str) -> _Place | None:
    if not cursor:
        return None
    parts = _CURSOR.fullmatch(cursor)
    if not parts:
        raise CursorUnreadable
    try:
        received_at = EPOCH + timedelta(microseconds=int(parts[2]))
    except OverflowError as error:
        raise CursorUnreadable from error
    return _Place(parts[1] == "n", received_at, int(parts[3]))
