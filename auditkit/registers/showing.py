"""What each register shows, in one statement: for the clause matrix. tests/slices/readiness/test_matrix.py."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, select

from auditkit.accounts.queries import day_of_house, days_of_house
from auditkit.base.db import Session
from auditkit.registers.models import RegisterEntry, RegisterMeasurement
from auditkit.registers.queries import is_late


@dataclass(frozen=True, slots=True)
class Shown:
    """Entries in use at the end of the period; `late`: overdue for review or expired; `measured` within the period."""

    entries: int
    late: int
    measured: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry by its number."""

    register: str
    number: str
    title: str


def shown(tx: Session, first: date, last: date) -> dict[str, Shown]:
    """How each register stood on `last`; registers without an entry are left out."""

    def number(*of: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*of), 1), else_=0)), 0)

    rows = tx.execute(
        select(
            RegisterEntry.register,
            func.count(RegisterEntry.id),
            number(is_late(last)),
            number(_measured(first, last)),
            func.max(RegisterEntry.changed_at),
        )
        .where(*_in_use(tx, last))
        .group_by(RegisterEntry.register)
    )
    return {
        name: Shown(int(entries), int(late), int(measured), day_of_house(tx, newest) if newest else None)
        for name, entries, late, measured, newest in rows
    }


def late(tx: Session, register: str, last: date, limit: int) -> list[Entry]:
    """Entries in use that were overdue or expired on `last`."""
    return _entries(tx, register, last, is_late(last), limit)


def unmeasured(tx: Session, register: str, first: date, last: date, limit: int) -> list[Entry]:
    """Entries in use that were not measured in the period."""
    return _entries(tx, register, last, ~_measured(first, last), limit)


def _entries(tx: Session, register: str, last: date, of: Any, limit: int) -> list[Entry]:
    query = select(RegisterEntry.register, RegisterEntry.number, RegisterEntry.title).where(
        RegisterEntry.register == register, *_in_use(tx, last), of
    )
    return [Entry(*row) for row in tx.execute(query.order_by(RegisterEntry.serial).limit(limit))]


def _in_use(tx: Session, last: date) -> tuple[Any, ...]:
    return RegisterEntry.retired_at.is_(None), RegisterEntry.written_at < days_of_house(tx, last, last).ends


def _measured(first: date, last: date) -> Any:
    return exists().where(RegisterMeasurement.entry_id == RegisterEntry.id, RegisterMeasurement.on.between(first, last))
