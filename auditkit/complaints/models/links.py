"""Table of complaints that have to do with each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import columns
from auditkit.complaints.models.register import known
from auditkit.complaints.rules import Relation


class ComplaintLink(OfOrganisation, Model):
    """Two complaints that belong together: `complaint_id` is a duplicate, repeat ... of `other_id`, the older one."""

    __tablename__ = "complaint_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint()
    other_id: Mapped[int] = columns.complaint(index=True)
    relation: Mapped[str] = mapped_column(String(20))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_by: Mapped[int | None] = columns.person()

    __table_args__ = (
        UniqueConstraint("complaint_id", "other_id"),
        known("relation", Relation),
        CheckConstraint("complaint_id > other_id", name="later_to_earlier"),
    )
