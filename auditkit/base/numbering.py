"""Running numbers of records: one series a kind of record and year, per organisation, without gaps or doubles.

The number is taken inside the transaction that uses it: a rollback gives it back, a second writer waits for the row.
tests/slices/base/test_numbering.py holds it.
"""

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import SCOPE, Key, Model, NoScope, OfOrganisation, Session


class Numbering(OfOrganisation, Model):
    """The last number given out in one series of one year."""

    __tablename__ = "numbering"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    series: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint("organisation_id", "series", "year"),
        CheckConstraint("last > 0", name="counts_from_one"),
    )


_TAKE = text(
    "INSERT INTO numbering (organisation_id, series, year, last) VALUES (:organisation_id, :series, :year, :count) "
    "ON CONFLICT (organisation_id, series, year) DO UPDATE SET last = numbering.last + excluded.last RETURNING last"
)


def next_number(tx: Session, series: str, year: int) -> int:
    """The next number of `series` in `year` for the session's organisation, from 1. Call it inside a transaction."""
    return take_numbers(tx, series, year, 1)


def take_numbers(tx: Session, series: str, year: int, count: int) -> int:
    """The first of `count` numbers in a row: a file of records takes them at once, in one statement.

    The series stays locked until the transaction ends: ids taken after it run in the order of the numbers.
    """
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("taking a number needs transaction(actor)")
    values = {"organisation_id": organisation_id, "series": series, "year": year, "count": count}
    last: int = tx.execute(_TAKE, values).scalar_one()
    return last - count + 1
