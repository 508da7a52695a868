"""Running the tests over a part of the register, at once or in portions, and listing the exceptions."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from auditkit.base.db import Session
from auditkit.complaints.checking.machine.stating import Sides, Span
from auditkit.complaints.checking.machine.telling import Check, Found, Odd, Result
from auditkit.complaints.checking.populations import Part, conditions
from auditkit.complaints.models import (
    Complaint,
)

PAGE = 50
PORTION = 20_000
"""So many complaints, by id, are examined between two reports of how far it is."""


def spans(tx: Session, wanted: Part) -> list[Span]:
    """The part in portions, so that somebody who waits sees how far it is."""
    row = tx.execute(select(func.min(Complaint.id), func.max(Complaint.id)).where(*conditions(tx, wanted))).one()
    if row[0] is None:
        return []
    return [(first, min(first + PORTION - 1, row[1])) for first in range(row[0], row[1] + 1, PORTION)]


def examined(
    tx: Session, wanted: Part, now: datetime, portions: list[Span], progress: Callable[[float], None]
) -> tuple[list[Result], dict[Check, list[str]]]:
    """Every test over the part, portion by portion: the results, and the references of the exceptions, sorted.

    What comes in after `portions` were made is in none of them.
    """
    totals = {test: Result(test, 0, 0, 0, 0) for test in Check}
    found: dict[Check, list[str]] = {test: [] for test in Check}
    for number, span in enumerate(portions, 1):
        for one in run(tx, wanted, now, span):
            totals[one.test] += one
        for test, references in exception_references(tx, wanted, now, span).items():
            found[test] += references
        progress(number / len(portions))
    return list(totals.values()), {test: sorted(references) for test, references in found.items()}


def run(tx: Session, wanted: Part, now: datetime, span: Span | None = None) -> list[Result]:
    """Every test over the part, or over one portion of it, in one statement."""
    states = _states(tx, wanted, now, span).subquery()
    numbers = [func.count(case((states.c[_name(test)] == found.value, 1))) for test in Check for found in Found]
    row = tx.execute(select(*numbers)).one()
    kinds = len(Found)
    return [_result(test, row[place * kinds : (place + 1) * kinds]) for place, test in enumerate(Check)]


def _result(test: Check, counted: Sequence[int]) -> Result:
    by = dict(zip(Found, counted, strict=True))
    return Result(test, by[Found.PASSED], by[Found.EXCEPTION], by[Found.NOT_CHECKED], by[Found.NOT_APPLICABLE])


def exceptions(tx: Session, wanted: Part, test: Check, now: datetime, after: int = 0, limit: int = PAGE) -> list[Odd]:
    """Complaints that `test` found an exception in, by id, after the id given."""
    query = _exceptions(tx, wanted, test, now).where(Complaint.id > after).limit(limit)
    return [Odd(*row) for row in tx.execute(query)]


def all_exceptions(tx: Session, wanted: Part, test: Check, now: datetime) -> Iterator[Odd]:
    """All of them, as a stream."""
    for row in tx.execute(_exceptions(tx, wanted, test, now), execution_options={"yield_per": 1_000}):
        yield Odd(*row)


def by_references(tx: Session, references: list[str]) -> dict[str, Odd]:
    """These complaints as they stand now, by reference; what is not there is left out."""
    query = select(
        Complaint.id,
        Complaint.reference,
        Complaint.subject,
        Complaint.stage,
        Complaint.received_at,
        Complaint.acknowledged_at,
        Complaint.decided_at,
        Complaint.closed_at,
    ).where(Complaint.reference.in_(references))
    return {row.reference: Odd(*row) for row in tx.execute(query)}


def exception_references(tx: Session, wanted: Part, now: datetime, span: Span | None = None) -> dict[Check, list[str]]:
    """Check -> references of its exceptions, sorted; in one walk over the part, or over one portion of it."""
    states = _states(tx, wanted, now, span).add_columns(Complaint.reference).subquery()
    odd = or_(*(states.c[_name(test)] == Found.EXCEPTION.value for test in Check))
    found: dict[Check, list[str]] = {test: [] for test in Check}
    lists, is_odd = list(found.values()), Found.EXCEPTION.value
    for *values, reference in tx.execute(select(states).where(odd)):
        for listed, value in zip(lists, values, strict=True):
            if value == is_odd:
                listed.append(reference)
    return {test: sorted(references) for test, references in found.items()}


def _exceptions(tx: Session, wanted: Part, test: Check, now: datetime) -> Select[Any]:
    sides = Sides(now)
    columns: list[Any] = [
        Complaint.id,
        Complaint.reference,
        Complaint.subject,
        Complaint.stage,
        Complaint.received_at,
        Complaint.acknowledged_at,
        Complaint.decided_at,
        Complaint.closed_at,
    ]
    query = sides.joined(select(*columns), Sides.NEEDED.get(test, ()))
    return query.where(*conditions(tx, wanted), sides.state(tx, test) == Found.EXCEPTION.value).order_by(Complaint.id)


def _states(tx: Session, wanted: Part, now: datetime, span: Span | None) -> Select[Any]:
    sides = Sides(now, span)
    columns = [sides.state(tx, test).label(_name(test)) for test in Check]
    query = sides.joined(select(*columns).select_from(Complaint), Sides.ALL).where(*conditions(tx, wanted))
    return query.where(Complaint.id.between(*span)) if span else query


def _name(test: Check) -> str:
    return "t_" + test.value.replace("-", "_")
