"""How many management reviews a period has, in one statement: for the clause matrix (8.6).

tests/slices/readiness/test_matrix.py.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from auditkit.base.db import Session
from auditkit.reviews.models import ManagementReview
from auditkit.reviews.rules import State


@dataclass(frozen=True, slots=True)
class Counted:
    """Reviews held in the period, those of them with signed minutes, and the day of the last."""

    held: int
    signed: int
    newest: date | None


def counted(tx: Session, first: date, last: date) -> Counted:
    """The reviews held from `first` to `last`, both included."""
    signed = func.coalesce(func.sum(case((ManagementReview.state == State.SIGNED.value, 1), else_=0)), 0)
    query = select(func.count(ManagementReview.id), signed, func.max(ManagementReview.held_on))
    held, number, newest = tx.execute(query.where(ManagementReview.held_on.between(first, last))).one()
    return Counted(int(held), int(number), newest)


def unsigned(tx: Session, first: date, last: date, limit: int) -> list[str]:
    """Numbers of the reviews held in the period whose minutes are not signed."""
    query = select(ManagementReview.number).where(
        ManagementReview.held_on.between(first, last), ManagementReview.state != State.SIGNED.value
    )
    return list(tx.execute(query.order_by(ManagementReview.id).limit(limit)).scalars())
