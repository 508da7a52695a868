"""Table of looks at whether a complainant was treated worse for having complained."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import columns
from auditkit.complaints.models.register import known
from auditkit.complaints.rules import Detriment


class ComplaintDetriment(OfOrganisation, Model):
    """Somebody looked whether the complainant was treated worse for having complained, and what was found."""

    __tablename__ = "complaint_detriment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    found: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = columns.text()
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[int | None] = columns.person()

    __table_args__ = (
        known("found", Detriment),
        CheckConstraint("found = 'none' OR note <> ''", name="detriment_is_described"),
    )
