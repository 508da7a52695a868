"""What an action can be opened for beside a single case: a category, or a selection of cases.

Checked by tests/slices/complaints_improving/test_improving.py.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.improving.rules import LONGEST_TITLE
from auditkit.complaints.rules import LONGEST


class ComplaintGathering(OfOrganisation, Model):
    """Complaints behind an action: every one of a `category`, or those in its items, which `title` describes."""

    __tablename__ = "complaint_gathering"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    category: Mapped[str] = mapped_column(String(LONGEST["category"]), default="")
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("(category = '') = (title <> '')", name="category_or_title"),
        Index(
            "uq_complaint_gathering_category",
            "organisation_id",
            "category",
            unique=True,
            sqlite_where=text("category <> ''"),
            postgresql_where=text("category <> ''"),
        ),
    )


class ComplaintGathered(OfOrganisation, Model):
    """One complaint of a selection."""

    __tablename__ = "complaint_gathered"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("complaint_gathering.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)

    __table_args__ = (UniqueConstraint("gathering_id", "complaint_id"),)
