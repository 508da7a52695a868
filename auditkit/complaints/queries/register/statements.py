"""The statements of the register, in the words of the session's database.

They are written out, because a page of the register is asked for more often than anything else; each names its
organisation itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, text

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar.spans import standing_for, start_of
from auditkit.base.db import SCOPE, NoScope, Session, UtcDateTime
from auditkit.complaints import rules
from auditkit.complaints.models import OPEN, POSTGRESQL_SEARCH_EXPRESSION
from auditkit.complaints.queries.register.places import Key, Place
from auditkit.complaints.queries.register.rows import ROW_COLUMNS, TYPES, RegisterRow, made
from auditkit.complaints.queries.register.wanted import NOBODY, OPEN_STAGES, Due, Sort, Wanted

HITS_SORTED_UP_TO = 2_000
SORTED_UP_TO = 1_000
_USUAL = rules.Kind.COMPLAINT.value
_DOWN, _UP = "DESC", "ASC"
_ORDERS = {
    Sort.NEWEST: (("received_at", "id"), _DOWN),
    Sort.OLDEST: (("received_at", "id"), _UP),
    Sort.REFERENCE_DOWN: (("id",), _DOWN),
    Sort.REFERENCE_UP: (("id",), _UP),
    Sort.DUE: (("received_at", "id"), _UP),
}
_DUE = {
    Due.SOON: "next_warn_at <= :now AND next_due_at > :now",
    Due.LATE: "next_due_at <= :now",
    Due.VERY_LATE: "next_due_at <= :now AND next_very_at <= :now",
}
_HAS_DUE = "organisation_id = :organisation_id AND next_due_at IS NOT NULL"
_UNDATED = (
    "NOT EXISTS (SELECT 1 FROM complaint_clock AS dated "
    "WHERE dated.complaint_id = complaint.id AND dated.next_due_at IS NOT NULL)"
)
_OPEN_INDEXES = {2: "ix_complaint_open_received", 1: "ix_complaint_open_recorded"}
_OTHER = {_UP: _DOWN, _DOWN: _UP}


@dataclass(frozen=True)
class _Part:
    """A part of the list that runs along one order: where its rows come from, and the keys they stand by."""

    source: str
    conditions: tuple[str, ...]
    keys: tuple[str, ...]
    order: str
    undated: bool = False

    @property
    def due(self) -> str:
        """The column of RegisterRow.due_at."""
        return "due_at" if "due_at" in self.keys else "NULL AS due_at"


class Query:
    """The conditions of one `Wanted` in the words of the session's database, and their values."""

    def __init__(self, tx: Session, wanted: Wanted) -> None:
        self.wanted = wanted
        self.connection = tx.connection()
        self.sqlite = self.connection.dialect.name == "sqlite"
        self.values: dict[str, Any] = {"organisation_id": organisation_of(tx)}
        self.conditions = ["organisation_id = :organisation_id", *self._filters(), *self._days(tx)]
        self.table = "complaint"
        if self.sqlite and wanted.stage == OPEN_STAGES and not wanted.selective:
            # Without statistics SQLite takes the index of all complaints for as good as that of the few open ones.
            self.table = f"complaint INDEXED BY {_OPEN_INDEXES[len(_ORDERS[wanted.sort][0])]}"
        self.hits: int | None = None
        self.due_condition = ""
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

    def _days(self, tx: Session) -> Iterator[str]:
        """The days of receipt are those of the organisation; a day whose hour is not known is that day everywhere."""
        wanted = self.wanted
        if not wanted.received_from and not wanted.received_to:
            return
        zone = zone_of_house(tx)
        if wanted.received_from:
            begins, alone = start_of(wanted.received_from, zone), standing_for(wanted.received_from)
            self.values["received_from"] = min(begins, alone)
            yield "received_at >= :received_from"
            if alone < begins:
                self.values |= {"first_day": alone, "first_begins": begins}
                yield "(received_at >= :first_begins OR received_at = :first_day)"
        if wanted.received_to:
            after = wanted.received_to + timedelta(days=1)
            ends, alone = start_of(after, zone), standing_for(after)
            self.values["received_to"] = ends
            yield "received_at < :received_to"
            if alone < ends:
                self.values["day_after"] = alone
                yield "received_at <> :day_after"

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
        self.due_condition = f"id IN ({found})"
        if self.sqlite:
            limited = f"SELECT count(*) FROM ({found} LIMIT {HITS_SORTED_UP_TO + 1})"  # noqa: S608 - no input in it
            if int(self._read(limited)[0][0]) > HITS_SORTED_UP_TO:
                self.due_condition = f"+{self.due_condition}"
            else:
                self.table = "complaint NOT INDEXED"
        self.conditions.append(self.due_condition)

    def page(self, place: Place | None, limit: int, count_to: int) -> tuple[list[RegisterRow], int]:
        """The rows after `place`, or before it and then nearest first; and how many fit, counted up to `count_to`."""
        total = self.count(count_to) if self.wanted.sort is Sort.DUE else None
        found: list[RegisterRow] = []
        for part, start in self._from(place, self._parts(total)):
            forward = place is None or place.forward
            counting = f"{total} AS total" if total is not None else self._count(count_to)
            rows = self._rows(part, start, forward=forward, counting=counting, limit=limit - len(found))
            total = int(rows[0][-1]) if rows else total
            found += [made(row) for row in rows]
            if len(found) >= limit:
                break
        if total is None:
            total = self.count(count_to) if place else 0
        return found, total

    def stream(self, columns: tuple[str, ...]) -> Iterator[Any]:
        """All rows in order, fetched in portions."""
        total = self.count(SORTED_UP_TO + 1) if self.wanted.sort is Sort.DUE else None
        for part in self._parts(total):
            found = _bound(_select(part, columns, part.conditions, part.order))
            found = found.columns(**{name: TYPES[name] for name in columns if name in TYPES})
            with self.connection.execute(found.execution_options(yield_per=500), self.values) as result:
                yield from result

    def count(self, limit: int) -> int:
        """How many rows fit, counted up to `limit`."""
        return int(self._read(f"SELECT {self._count(limit)}")[0][0])

    def _parts(self, total: int | None) -> list[_Part]:
        """The list as one order gives it: whole, or (`DUE`) what has a due date, then what has none."""
        keys, order = _ORDERS[self.wanted.sort]
        plain = _Part(self.table, tuple(self.conditions), keys, order)
        if self.wanted.sort is not Sort.DUE:
            return [plain]
        undated = _Part(self.table, (*self.conditions, _UNDATED), keys, order, undated=True)
        if self.wanted.stage == rules.Stage.CLOSED:
            return [undated]  # nothing is due in a closed case
        dated = self._dated(few=total is not None and total <= SORTED_UP_TO)
        return [dated] if self.wanted.due else [dated, undated]

    def _dated(self, *, few: bool) -> _Part:
        """What has a due date: few are fetched and sorted, many are met along the index of the due dates.

        CROSS JOIN is how SQLite is told which comes first.
        """
        narrowed = f" AND {_DUE[self.wanted.due]}" if self.wanted.due else ""
        clocks = f"SELECT complaint_id, next_due_at AS due_at FROM complaint_clock WHERE {_HAS_DUE}{narrowed}"  # noqa: S608 - no input in it
        if few:
            source, conditions = f"{self.table} CROSS JOIN ({clocks}) AS dated", self.conditions
        else:
            complaints = "complaint NOT INDEXED" if self.sqlite else "complaint"
            source = f"({clocks}) AS dated CROSS JOIN {complaints}"
            conditions = [one for one in self.conditions if one != self.due_condition]
        joined = (*conditions, "complaint.id = dated.complaint_id")
        return _Part(source, joined, ("due_at", "complaint_id"), _UP)

    def _from(self, place: Place | None, parts: list[_Part]) -> list[tuple[_Part, Key | None]]:
        """The parts in the direction of the place, from the one it lies in; and the key to start from there."""
        if place is None:
            return [(part, None) for part in parts]
        ahead = parts if place.forward else parts[::-1]
        here = next((number for number, part in enumerate(ahead) if part.undated == place.key.undated), None)
        if here is None:
            return [(part, None) for part in ahead]
        return [(ahead[here], place.key), *((part, None) for part in ahead[here + 1 :])]

    def _rows(self, part: _Part, start: Key | None, *, forward: bool, counting: str, limit: int) -> Sequence[Any]:
        order = part.order if forward else _OTHER[part.order]
        conditions = part.conditions
        if start:
            mark = "<" if order == _DOWN else ">"
            names = (":place_at", ":place_id")[-len(part.keys) :]
            conditions = (*conditions, f"({', '.join(part.keys)}) {mark} ({', '.join(names)})")
            self.values |= {"place_at": start.at, "place_id": start.id}
        columns = (*ROW_COLUMNS, part.due, counting)
        return self._read(f"{_select(part, columns, conditions, order)} LIMIT {limit}")

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
        return f"(SELECT count(*) FROM ({counted}) AS counted) AS total"  # noqa: S608 - values are bound


def _select(part: _Part, columns: Sequence[str], conditions: Sequence[str], order: str) -> str:
    by = ", ".join(f"{key} {order}" for key in part.keys)
    condition = " AND ".join(conditions)
    return f"SELECT {', '.join(columns)} FROM {part.source} WHERE {condition} ORDER BY {by}"  # noqa: S608 - columns and orders are ours, values are bound


def _stored(value: Any) -> Any:
    # A moment as `UtcDateTime` keeps it on SQLite.
    return value.isoformat(timespec="microseconds").replace("+00:00", "Z") if isinstance(value, datetime) else value


@lru_cache(maxsize=512)
def _bound(statement: str) -> Any:
    moments = ("received_from", "first_day", "first_begins", "received_to", "day_after", "place_at", "now")
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


def organisation_of(tx: Session) -> int:
    """The session's organisation. Raises NoScope."""
    organisation_id: int | None = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("the register needs transaction(actor) or reading(actor)")
    return organisation_id
