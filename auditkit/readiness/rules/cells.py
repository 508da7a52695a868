"""Rows, their cells and the parts that a cell counts, as values and as plain JSON with its digest. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785

from auditkit.readiness.rules.states import Column, PartKind, State, Why


@dataclass(frozen=True, slots=True)
class Reading:
    """What a probe counted. `of`: how many were looked at, None for a plain count; `unseen` could not be checked.

    `newest` is the day of the newest record, None for settings, which have none; `months` says for each month of the
    period whether records stand in it, empty where that cannot be said.
    """

    found: int
    of: int | None = None
    exceptions: int = 0
    unseen: int = 0
    newest: date | None = None
    months: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Via:
    """The clause of another edition that a part counts for, and how a crosswalk relates the two."""

    ref: str
    relation: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a cell counts: a probe, a document, an audit, a finding, evidence.

    `id` names it for ever; `label` is what a record is called, empty where content has the words.
    """

    kind: PartKind
    id: str
    state: State
    found: int
    of: int | None = None
    exceptions: int = 0
    unseen: int = 0
    newest: date | None = None
    months: tuple[bool, ...] = ()
    label: str = ""
    percent: int | None = None
    via: Via | None = None

    def plain(self) -> dict[str, Any]:
        """As plain JSON; what is not said is left out."""
        values: dict[str, Any] = {
            "kind": self.kind.value,
            "id": self.id,
            "state": self.state.value,
            "found": self.found,
            "of": self.of,
            "exceptions": self.exceptions or None,
            "unseen": self.unseen or None,
            "newest": self.newest.isoformat() if self.newest else None,
            "months": sum(self.months) if self.months else None,
            "label": self.label or None,
            "percent": self.percent,
            "via": {"clause": self.via.ref, "relation": self.via.relation} if self.via else None,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Override:
    """What an assessor says a cell is, and why. `cell`: digest of what the records said then."""

    id: int
    state: State
    reason: str
    made_at: datetime
    made_by: int | None
    was: State
    cell: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause under one column. `computed` is what the records say, `state` what holds."""

    column: Column
    computed: State
    why: Why = Why.NONE
    parts: tuple[Part, ...] = ()
    newest: date | None = None
    months: int | None = None
    override: Override | None = None

    @property
    def state(self) -> State:
        """The assessor's word where there is one, else what the records say."""
        return self.override.state if self.override else self.computed

    @property
    def digest(self) -> str:
        """SHA-256 of what the records say."""
        return digest_of(self._counted())

    @property
    def changed_since(self) -> bool:
        """Whether the records say something else than when the cell was overridden."""
        return self.override is not None and self.override.cell != self.digest

    @property
    def exceptions(self) -> int:
        """Exceptions of all parts."""
        return sum(part.exceptions for part in self.parts)

    def _counted(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "state": self.computed.value,
            "why": self.why.value or None,
            "parts": [part.plain() for part in self.parts] or None,
            "newest": self.newest.isoformat() if self.newest else None,
            "months": self.months,
        }
        return {name: value for name, value in values.items() if value is not None}

    def plain(self) -> dict[str, Any]:
        """As plain JSON, with the override beside what was computed."""
        values = self._counted()
        if self.override is not None:
            values["override"] = {
                "state": self.override.state.value,
                "reason": self.override.reason,
                "made_at": self.override.made_at.isoformat(),
                "made_by": self.override.made_by,
            }
        return values


@dataclass(frozen=True, slots=True)
class Row:
    """A clause or principle of the edition (`ref` in full) with one cell a column."""

    ref: str
    number: str
    title: str
    principle: bool
    cells: tuple[Cell, ...]

    @property
    def state(self) -> State:
        """A gap in any cell, else records found in any that shows the clause, else not checked."""
        states = {cell.column: cell.state for cell in self.cells}
        if State.GAP in states.values():
            return State.GAP
        if State.FOUND in (states[column] for column in (Column.DOCUMENTS, Column.RECORDS, Column.AUDIT)):
            return State.FOUND
        return State.NOT_CHECKED

    def cell(self, column: Column) -> Cell:
        """The cell under a column."""
        return next(one for one in self.cells if one.column is column)


def digest_of(values: Any) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of plain values, in hex."""
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()
