"""What people said beside what the records say: overrides of cells, and what a transition decided."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import day_of_house
from auditkit.base.db import Session
from auditkit.readiness.models import ReadinessCarried, ReadinessOverride
from auditkit.readiness.rules import Cell, Column, Override, Part, PartKind, State, Via, Why


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """An override for its cell's page, also one that was withdrawn."""

    id: int
    state: State
    was: State
    reason: str
    made_at: datetime
    made_by: int | None
    withdrawn_at: datetime | None
    withdrawn_by: int | None


def overrides(tx: Session) -> dict[tuple[str, Column], Override]:
    """The overrides that stand, by clause in full and column."""
    rows = tx.execute(select(ReadinessOverride).where(ReadinessOverride.withdrawn_at.is_(None))).scalars()
    return {
        (row.clause, Column(row.column)): Override(
            row.id, State(row.state), row.reason, row.made_at, row.made_by, State(row.was), row.cell
        )
        for row in rows
    }


def override_history(tx: Session, clause: str, column: Column) -> list[OverrideLine]:
    """What assessors said about a cell, the newest first."""
    query = select(ReadinessOverride).where(
        ReadinessOverride.clause == clause, ReadinessOverride.column == column.value
    )
    return [
        OverrideLine(
            row.id, State(row.state), State(row.was), row.reason, row.made_at, row.made_by, row.withdrawn_at,
            row.withdrawn_by,
        )
        for row in tx.execute(query.order_by(ReadinessOverride.id.desc())).scalars()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carried:
    """What a transition decided about a clause."""

    from_edition: str
    clause: str
    sources: tuple[str, ...]
    relation: str
    verdict: str
    applied_on: date


def carried(tx: Session, edition_id: str) -> dict[str, Carried]:
    """What a transition decided, by the clause in full of the edition it leads to."""
    query = select(ReadinessCarried).where(ReadinessCarried.clause.startswith(f"{edition_id}:", autoescape=True))
    return {
        row.clause: Carried(
            row.from_edition,
            row.clause,
            tuple(row.sources),
            row.relation,
            row.verdict,
            day_of_house(tx, row.applied_at),
        )
        for row in tx.execute(query).scalars()
    }


def with_carried(cell: Cell, one: Carried) -> Cell:
    """The cell of audits after a transition: what was carried over shows it, what is examined again says so."""
    if cell.computed is not State.NOT_CHECKED:
        return cell  # an audit by this edition has looked at it since
    if one.verdict != "carried":
        return Cell(cell.column, State.NOT_CHECKED, Why.EXAMINE_AGAIN, cell.parts)
    part = Part(
        PartKind.CARRIED, one.sources[0], State.FOUND, 1, newest=one.applied_on,
        via=Via(one.sources[0], one.relation),
    )  # fmt: skip
    return Cell(cell.column, State.FOUND, Why.NONE, (*cell.parts, part))
