"""From what was counted to the state of a cell, one function a column. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.readiness.rules.cells import Cell, Part, Reading, Via
from auditkit.readiness.rules.periods import Period, months_before
from auditkit.readiness.rules.scoring import Weights
from auditkit.readiness.rules.states import Column, PartKind, State, Why


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
