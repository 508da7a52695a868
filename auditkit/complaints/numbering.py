"""Taking references from an organisation's series of a year. Part of the verbs that record complaints, not a verb."""

from sqlalchemy import text

from auditkit.base.db import Session

_TAKE = text(
    "INSERT INTO complaint_series (organisation_id, year, last) VALUES (:organisation_id, :year, :count) "
    "ON CONFLICT (organisation_id, year) DO UPDATE SET last = complaint_series.last + excluded.last RETURNING last"
)


def take_numbers(tx: Session, organisation_id: int, year: int, count: int = 1) -> int:
    """Take `count` numbers in a row and return the first; nobody else gets them.

    The series stays locked until the transaction ends, and a transaction that fails gives its numbers back.
    Make a reference of a number with `rules.reference(year, number)`.
    """
    values = {"organisation_id": organisation_id, "year": year, "count": count}
    last: int = tx.execute(_TAKE, values).scalar_one()
    return last - count + 1
