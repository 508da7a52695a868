"""What complaints are held against: how many orders, contracts or customers there were in a month.

Checked by tests/slices/insights/test_indicators.py.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class BusinessVolume(OfOrganisation, Model):
    """How many there were in the month that begins on `month`. `counts`: what is counted, in words."""

    __tablename__ = "business_volume"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    month: Mapped[date] = mapped_column(Date)
    counts: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id", "month"),
        CheckConstraint("counts <> ''", name="volume_says_of_what"),
        CheckConstraint("number BETWEEN 1 AND 1000000000", name="volume_in_range"),
    )
