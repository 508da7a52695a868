"""Matrices for tests: made from the records as they are now, and compared part by part."""

from collections.abc import Iterable

from auditkit.base import clock
from auditkit.base.db import db, reading
from auditkit.content.library import Library, shared
from auditkit.readiness import queries, rules
from auditkit.readiness.rules import Column, Matrix

EDITION = "iso10002-2018"


def ref(number: str) -> str:
    """A clause of the edition in full."""
    return f"{EDITION}:{number}"


def matrix(house, edition: str = EDITION, library: Library | None = None) -> Matrix:
    """The matrix of the twelve months up to today."""
    db.session.rollback()
    now = clock.now()
    return queries.matrix(reading(house.system), library or shared(), edition, rules.year_to(now.date()), now)


def changed_probes(before: Matrix, after: Matrix) -> set[str]:
    """The probes that count something else now."""
    return {name for name, reading_ in after.readings.items() if before.readings[name] != reading_}


def changed_cells(before: Matrix, after: Matrix) -> set[tuple[str, Column]]:
    """The cells that say something else now, as (number of the clause, column)."""
    return {
        (row.number, cell.column)
        for old, row in zip(before.rows, after.rows, strict=True)
        for was, cell in zip(old.cells, row.cells, strict=True)
        if was.plain() != cell.plain()
    }


def clauses_of(probes: Iterable[str]) -> set[str]:
    """The numbers of the rows for which content counts these probes."""
    wanted = set(probes)
    return {
        one.partition(":")[2]
        for probe in shared().probe_sets[EDITION].probes
        if probe.id in wanted
        for one in probe.clauses
    }
