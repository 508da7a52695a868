"""One cell of the clause matrix with everything behind it: the records that it counts, and its exceptions by name."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.evidence.queries import tagged_with
from auditkit.readiness import rules
from auditkit.readiness.probing import PROBES, Named, Reads
from auditkit.readiness.probing.reads import MOST_NAMED
from auditkit.readiness.queries.counting import counting, names_for
from auditkit.readiness.queries.matrix import build
from auditkit.readiness.queries.stated import OverrideLine, override_history
from auditkit.readiness.rules import Cell, Column, Matrix, Part, PartKind, Period, Row


@dataclass(frozen=True)
class Behind:
    """A part of a cell with its exceptions by name; `more`: there are further ones than are named.

    `record`: what the part is, where it is one record.
    """

    part: Part
    exceptions: tuple[Named, ...] = ()
    more: bool = False
    record: Named | None = None


@dataclass(frozen=True)
class CellView:
    """A cell with everything behind it."""

    matrix: Matrix
    row: Row
    cell: Cell
    behind: tuple[Behind, ...]
    evidence: tuple[Named, ...]
    history: tuple[OverrideLine, ...]


def cell(
    tx: Session, library: Library, clause: str, column: Column, period: Period, now: datetime, limit: int = MOST_NAMED
) -> CellView:
    """One cell of a clause in full, and the exceptions of its probes by name. Raises as `matrix`, and NotFound."""
    reads = Reads(tx, rules.check_period(period), now)
    how = counting(library, library.node(clause).edition)
    made = build(reads, library, how)
    row = made.row(clause)
    shown = row.cell(column)
    behind = tuple(_behind(reads, part, limit) for part in shown.parts)
    evidence: tuple[Named, ...] = ()
    if any(part.kind is PartKind.EVIDENCE for part in shown.parts):
        names = names_for(library, how, library.node(clause))
        files = tagged_with(tx, names.refs.keys(), period.first, period.last)
        evidence = tuple(Named("evidence", one.digest, one.shown_name, one.note) for one in files[:limit])
    return CellView(made, row, shown, behind, evidence, tuple(override_history(tx, clause, column)))


def _behind(reads: Reads, part: Part, limit: int) -> Behind:
    if part.kind is not PartKind.PROBE:
        return Behind(part, record=_record(reads, part))
    probe = PROBES[part.id]
    if probe.exceptions is None or not (part.exceptions or part.of is None):
        return Behind(part)
    found = probe.exceptions(reads, limit + 1)
    return Behind(part, tuple(found[:limit]), len(found) > limit)


def _record(reads: Reads, part: Part) -> Named | None:
    match part.kind:
        case PartKind.DOCUMENT:
            one = next(one for one in reads.documents if f"{one.reference} v{one.number}" == part.id)
            return Named("policy", str(one.policy_id), part.id, one.title)
        case PartKind.AUDIT:
            return Named("audit", part.id, part.id)
        case PartKind.FINDING:
            return Named("finding", part.id, part.id)
        case PartKind.ACTION:
            return Named("action", part.id, part.id, part.label)
        case _:
            return None


def with_exceptions(
    tx: Session, library: Library, edition_id: str, period: Period, now: datetime, limit: int = MOST_NAMED
) -> tuple[Matrix, list[Behind]]:
    """A matrix, and the exceptions of every probe by name, for files; probes without one are left out.

    Raises as `matrix`.
    """
    reads = Reads(tx, rules.check_period(period), now)
    made = build(reads, library, counting(library, edition_id))
    seen: dict[str, Part] = {}
    for row in made.rows:
        for part in row.cell(Column.RECORDS).parts:
            if part.kind is PartKind.PROBE and part.exceptions:
                seen.setdefault(part.id, part)
    return made, [_behind(reads, part, limit) for part in seen.values()]
