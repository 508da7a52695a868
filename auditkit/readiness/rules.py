"""Cells of the clause matrix, their states, the number made of them, and what a first stage stops at. Pure.

tests/rules/test_readiness_rules.py computes each by hand.
"""

import calendar
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import rfc8785

from auditkit.base.errors import BadInput, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

OVERRIDDEN = event("readiness:cell-overridden", N_("Cell of the clause matrix overridden"))
WITHDRAWN = event("readiness:override-withdrawn", N_("Override of a cell withdrawn"))

LONGEST_REASON = 2_000
MOST_MONTHS = 36


class State(StrEnum):
    """What a cell shows. A cell that nobody can judge is not a gap, and no record either."""

    FOUND = "found"
    GAP = "gap"
    NOT_CHECKED = "not-checked"


STATE_TITLES = {
    State.FOUND: N_("Records found"),
    State.GAP: N_("Gap"),
    State.NOT_CHECKED: N_("Not checked"),
}


class Column(StrEnum):
    """What is asked of each clause."""

    DOCUMENTS = "documents"
    RECORDS = "records"
    AUDIT = "audit"
    FINDINGS = "findings"
    FRESHNESS = "freshness"


COLUMN_TITLES = {
    Column.DOCUMENTS: N_("Documents in force"),
    Column.RECORDS: N_("Operating records"),
    Column.AUDIT: N_("Audit"),
    Column.FINDINGS: N_("Findings and actions"),
    Column.FRESHNESS: N_("Freshness"),
}
SCORED = (Column.DOCUMENTS, Column.RECORDS, Column.AUDIT, Column.FINDINGS)
"""Columns that count for the number; freshness is shown beside them."""


class PartKind(StrEnum):
    """What a cell counts."""

    PROBE = "probe"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    AUDIT = "audit"
    FINDING = "finding"
    CARRIED = "carried"


class Why(StrEnum):
    """Why a cell is not checked, or what is missing."""

    NONE = ""
    NO_PROBE = "no-probe"
    NOTHING_TO_CHECK = "nothing-to-check"
    NO_DOCUMENT_EXPECTED = "no-document-expected"
    NO_DOCUMENT = "no-document"
    NOT_ASKED = "not-asked"
    PLANNED = "planned"
    RUNNING = "running"
    SKIPPED = "skipped"
    NO_DATES = "no-dates"
    STALE = "stale"
    FEW_MONTHS = "few-months"
    EXCEPTIONS = "exceptions"
    OPEN_FINDINGS = "open-findings"
    OVERDUE_REVIEW = "overdue-review"
    BELOW = "below"
    EXAMINE_AGAIN = "examine-again"


WHY_TITLES = {
    Why.NO_PROBE: N_("Nothing that auditkit keeps shows this clause. Attach evidence and name the clause on it"),
    Why.NOTHING_TO_CHECK: N_("There were no records in the period that it could be checked on"),
    Why.NO_DOCUMENT_EXPECTED: N_("The library has no document for this clause"),
    Why.NO_DOCUMENT: N_("No document in force names this clause"),
    Why.NOT_ASKED: N_("No audit of the period asked about this clause"),
    Why.PLANNED: N_("An audit is planned and has not begun"),
    Why.RUNNING: N_("An audit is under way"),
    Why.SKIPPED: N_("On the checklist of an audit, not looked at"),
    Why.NO_DATES: N_("None of the records has a day"),
    Why.STALE: N_("The newest record is too old"),
    Why.FEW_MONTHS: N_("Records stand in too few months of the period"),
    Why.EXCEPTIONS: N_("Missing records, or more exceptions than allowed"),
    Why.OPEN_FINDINGS: N_("Nonconformities are open"),
    Why.OVERDUE_REVIEW: N_("The review of a document is overdue"),
    Why.BELOW: N_("Answers of an audit are below full conformity"),
    Why.EXAMINE_AGAIN: N_("To be examined again: the edition asks for more than the one that was audited"),
}


class ReasonMissing(BadInput):
    message = N_("Write down why the state is another one than the records say")


class NothingOverridden(RuleBroken):
    message = N_("The records say so already. There is nothing to override")


class OverrideGone(NotFound):
    message = N_("This cell is not overridden any more")


class PeriodUnfit(BadInput):
    message = N_("Choose a period of at least one day and at most three years, the first day before the last")


class NoProbes(NotFound):
    message = N_("The library does not say how the records show %(edition)s, and no crosswalk leads there")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a matrix, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[tuple[date, date], ...]:
        """Its months counted from its first day, the last one cut at its end, as (first, last) days.

        Each begins on the day of the month on which the period does, or on the last there is, so that none drifts.
        """
        found: list[tuple[date, date]] = []
        day = self.first
        while day <= self.last:
            following = months_before(self.first, -len(found) - 1)
            found.append((day, min(following - timedelta(days=1), self.last)))
            day = following
        return tuple(found)


def year_to(day: date) -> Period:
    """The twelve months that end with `day`."""
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        before = day.replace(year=day.year - 1, day=28)
    return Period(before + timedelta(days=1), day)


def check_period(period: Period) -> Period:
    """The period. Raises PeriodUnfit."""
    if period.first > period.last or len(period.months) > MOST_MONTHS:
        raise PeriodUnfit()
    return period


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
        return _digest(self._counted())

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


@dataclass(frozen=True, slots=True)
class Weights:
    """The formula as content gives it."""

    documents: int
    records: int
    audit: int
    findings: int
    stale_months: int
    fewest_months: int

    def of(self, column: Column) -> int:
        """What a column counts; 0 for one that is only shown."""
        return int(getattr(self, column.value)) if column in SCORED else 0


@dataclass(frozen=True, slots=True)
class Score:
    """Readiness as a number, from 0 to 100, with the points behind it and how much was checked at all."""

    points: int
    most: int
    checked: int
    cells: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means everything."""
        return self.points * 100 // self.most if self.most else 0

    @property
    def checked_percent(self) -> int:
        """Of all cells that count, how many in a hundred could be checked; rounded down."""
        return self.checked * 100 // self.cells if self.cells else 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Whether a first stage would stop at something: GAP it would, FOUND it would not. `refs` are the clauses."""

    id: str
    rank: int
    state: State
    parts: tuple[str, ...]
    refs: tuple[str, ...]
    exceptions: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole matrix of an edition over a period, as the records stand."""

    edition: str
    period: Period
    rows: tuple[Row, ...]
    readings: Mapping[str, Reading]
    """What each probe counted, by its id."""
    content: str
    """SHA-256 of the content that says what is counted."""
    score: Score
    stops: tuple[Stopped, ...]
    bridge: str = ""
    """The edition whose probes are counted here through a crosswalk; empty where it is this one's."""

    def row(self, ref: str) -> Row:
        """The row of a clause in full. Raises NotFound."""
        for one in self.rows:
            if one.ref == ref:
                return one
        raise NotFound()

    def counts(self) -> dict[State, int]:
        """How many clauses stand in each state."""
        return {state: sum(row.state is state for row in self.rows) for state in State}

    def plain(self) -> dict[str, Any]:
        """As plain JSON. The same records, content and period give the same, whoever asks and when."""
        return {
            "edition": self.edition,
            "counted_by": self.bridge or self.edition,
            "content": self.content,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "score": {
                "points": self.score.points,
                "most": self.score.most,
                "checked": self.score.checked,
                "cells": self.score.cells,
                "percent": self.score.percent,
            },
            "stops": [one.id for one in self.stops if one.state is State.GAP],
            "clauses": [
                {
                    "clause": row.ref,
                    "state": row.state.value,
                    "cells": {cell.column.value: cell.plain() for cell in row.cells},
                }
                for row in self.rows
            ],
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of `plain()`."""
        return _digest(self.plain())


def _digest(values: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def judge(reading: Reading, least: int, absent: State) -> State:
    """What a reading means. A plain count is found where there is one; a check where enough are without exception."""
    if reading.of is None:
        return State.FOUND if reading.found else absent
    if reading.of == 0:
        return absent
    return State.FOUND if reading.found * 100 >= least * reading.of else State.GAP


def documents(parts: Sequence[Part], expected: bool) -> Cell:
    """The cell of documents: one in force is found, one past its review is a gap, none is one where one is expected."""
    if parts:
        late = any(part.state is State.GAP for part in parts)
        state, why = (State.GAP, Why.OVERDUE_REVIEW) if late else (State.FOUND, Why.NONE)
    else:
        state, why = (State.GAP, Why.NO_DOCUMENT) if expected else (State.NOT_CHECKED, Why.NO_DOCUMENT_EXPECTED)
    return Cell(Column.DOCUMENTS, state, why, tuple(parts))


def records(parts: Sequence[Part]) -> Cell:
    """The cell of operating records: a gap of any part is one; found where something is and nothing is missing."""
    states = {part.state for part in parts}
    if State.GAP in states:
        return Cell(Column.RECORDS, State.GAP, Why.EXCEPTIONS, tuple(parts))
    if State.FOUND in states:
        return Cell(Column.RECORDS, State.FOUND, Why.NONE, tuple(parts))
    why = Why.NOTHING_TO_CHECK if parts else Why.NO_PROBE
    return Cell(Column.RECORDS, State.NOT_CHECKED, why, tuple(parts))


@dataclass(frozen=True, slots=True)
class Asked:
    """What one audit asked about a clause. `done`: it is reported, `begun`: it has started."""

    audit: str
    begun: bool
    done: bool
    questions: int
    looked: int
    below: int
    points: int
    weight: int
    newest: date | None
    via: Via | None = None


def audit(asked: Sequence[Asked]) -> Cell:
    """The cell of audits: what finished audits looked at, with the conformity their answers came to.

    The last one that looked decides: what an earlier one found below full conformity may have been put right since.
    """
    parts = []
    for one in asked:
        looked = one.done and one.looked > 0
        state = (State.GAP if one.below else State.FOUND) if looked else State.NOT_CHECKED
        percent = round(one.points / one.weight) if looked and one.weight else None
        parts.append(
            Part(
                PartKind.AUDIT, one.audit, state, one.looked, one.questions, one.below if looked else 0,
                newest=one.newest if looked else None, label=one.audit, percent=percent, via=one.via,
            )
        )  # fmt: skip
    last = last_looked(parts)
    if last is None:
        return Cell(Column.AUDIT, State.NOT_CHECKED, _why_unaudited(asked), tuple(parts))
    why = Why.BELOW if last.state is State.GAP else Why.NONE
    return Cell(Column.AUDIT, last.state, why, tuple(parts))


def last_looked(parts: Sequence[Part]) -> Part | None:
    """The part of the last finished audit that looked at the clause; of two on one day the later in the list."""
    looked = [part for part in parts if part.kind is PartKind.AUDIT and part.state is not State.NOT_CHECKED]
    newest = max((part.newest or date.min for part in looked), default=None)
    return next((part for part in reversed(looked) if (part.newest or date.min) == newest), None)


def _why_unaudited(asked: Sequence[Asked]) -> Why:
    if not asked:
        return Why.NOT_ASKED
    if any(one.begun and not one.done for one in asked):
        return Why.RUNNING
    return Why.SKIPPED if any(one.done for one in asked) else Why.PLANNED


def findings(parts: Sequence[Part], audited: bool) -> Cell:
    """The cell of findings: an open nonconformity is a gap; none is found only where somebody looked."""
    if any(part.state is State.GAP for part in parts):
        return Cell(Column.FINDINGS, State.GAP, Why.OPEN_FINDINGS, tuple(parts))
    if parts or audited:
        return Cell(Column.FINDINGS, State.FOUND, Why.NONE, tuple(parts))
    return Cell(Column.FINDINGS, State.NOT_CHECKED, Why.NOT_ASKED)


def freshness(parts: Iterable[Part], period: Period, weights: Weights) -> Cell:
    """The cell of freshness: the newest day behind the clause, and in how many months of the period records stand."""
    dated = [part for part in parts if part.newest is not None and part.found]
    monthly = [part.months for part in dated if part.months]
    if not dated:
        return Cell(Column.FRESHNESS, State.NOT_CHECKED, Why.NO_DATES)
    newest = max(part.newest for part in dated if part.newest is not None)
    months = sum(any(column) for column in zip(*monthly, strict=True)) if monthly else None
    if newest < months_before(period.last, weights.stale_months):
        return Cell(Column.FRESHNESS, State.GAP, Why.STALE, newest=newest, months=months)
    wanted = min(weights.fewest_months, len(period.months))
    if months is not None and months < wanted:
        return Cell(Column.FRESHNESS, State.GAP, Why.FEW_MONTHS, newest=newest, months=months)
    return Cell(Column.FRESHNESS, State.FOUND, newest=newest, months=months)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier (later, where below 0); the last of the month where that has fewer days."""
    month = day.month - 1 - months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def overridden(row: Row, overrides: Mapping[tuple[str, Column], Override]) -> Row:
    """The row with what assessors said about its cells."""
    cells = tuple(replace(cell, override=overrides.get((row.ref, cell.column))) for cell in row.cells)
    return replace(row, cells=cells)


def score(rows: Iterable[Row], weights: Weights) -> Score:
    """Each clause's documents, records, audit and findings count their weight where records are found, else nothing.

    A cell for which the library has no document asks for nothing and is left out, also of the most there can be.
    """
    points = most = checked = cells = 0
    for row in rows:
        for cell in row.cells:
            weight = weights.of(cell.column)
            if not weight or (cell.why is Why.NO_DOCUMENT_EXPECTED and cell.override is None):
                continue
            cells += 1
            most += weight
            checked += cell.state is not State.NOT_CHECKED
            points += weight * (cell.state is State.FOUND)
    return Score(points, most, checked, cells)


def stop(
    stop_id: str, rank: int, judged: Mapping[str, tuple[State, int]], rows: Sequence[Row], gaps: Sequence[str],
    clauses: Mapping[str, Sequence[str]],
) -> Stopped:  # fmt: skip
    """One thing a first stage stops at. `judged`: part -> (state, exceptions); `gaps`: clauses without document.

    `clauses`: part -> the clauses it is counted for.
    """
    causing = [name for name, (state, _number) in judged.items() if state is State.GAP]
    refs = [ref for name in causing for ref in clauses.get(name, ())]
    refs += gaps
    if causing or gaps:
        state = State.GAP
    elif judged and all(state is State.NOT_CHECKED for state, _number in judged.values()):
        state = State.NOT_CHECKED
    else:
        state = State.FOUND
    shown = {row.ref for row in rows}
    ordered = tuple(ref for ref in dict.fromkeys(refs) if ref in shown)
    return Stopped(stop_id, rank, state, tuple(causing), ordered, sum(judged[name][1] for name in causing))


def worst_first(stops: Iterable[Stopped]) -> tuple[Stopped, ...]:
    """What stops before what was not checked before what does not stop; of each the gravest and widest first."""
    order = (State.GAP, State.NOT_CHECKED, State.FOUND)
    return tuple(sorted(stops, key=lambda one: (order.index(one.state), -one.rank, -len(one.refs), one.id)))


def check_override(*, computed: State, state: State, reason: str) -> None:
    """Raises ReasonMissing or NothingOverridden."""
    if not reason.strip():
        raise ReasonMissing()
    if computed is state:
        raise NothingOverridden()
