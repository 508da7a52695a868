"""How many orders, contracts or customers there were in a month, as it was entered; an entry is never changed.

The newest entry of a month, of what is counted and of a site holds; the earlier ones stay, so that a figure stated
before a correction comes to the same again. Checked by tests/slices/insights/test_volumes.py.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class VolumeEntry(OfOrganisation, Model):
    """So many in the month that begins on `month`. `counts`: of what, in words. `number` None: taken out again.

    `site`: of that site alone; empty: of the whole organisation, which is not the sum of the sites that were entered.
    """

    __tablename__ = "volume_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    month: Mapped[date] = mapped_column(Date)
    counts: Mapped[str] = mapped_column(String(60))
    number: Mapped[int | None] = mapped_column(BigInteger)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    site: Mapped[str] = mapped_column(String(200), default="", server_default="")

    __table_args__ = (
        Index(None, "organisation_id", "month", "counts"),
        CheckConstraint("counts <> ''", name="volume_says_of_what"),
        CheckConstraint("number BETWEEN 1 AND 1000000000", name="volume_in_range"),
    )
