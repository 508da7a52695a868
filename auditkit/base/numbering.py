"""Running numbers of records: one series a kind of record and year, per organisation, without gaps or doubles.

The number is taken inside the transaction that uses it: a rollback gives it back, a second writer waits for the row.
tests/slices/base/test_numbering.py holds it.
"""

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, OfOrganisation, Session, db


class Numbering(OfOrganisation, db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes Model at run time
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


def next_number(tx: Session, series: str, year: int) -> int:
    """The next number of `series` in `year` for the session's organisation, from 1. Call it inside a transaction."""
    number = _take(tx, series, year)
    if number is not None:
        return number
    try:
        with tx.begin_nested():
            tx.add(Numbering(series=series, year=year, last=1))
    except IntegrityError:  # on PostgreSQL another writer opened the series at the same moment
        number = _take(tx, series, year)
        if number is None:
            raise
        return number
    return 1


def _take(tx: Session, series: str, year: int) -> int | None:
    return tx.execute(
        update(Numbering)
        .where(Numbering.series == series, Numbering.year == year)
        .values(last=Numbering.last + 1)
        .returning(Numbering.last)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
