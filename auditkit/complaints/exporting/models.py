"""Redacted copies of files: what goes out in place of the original where a case leaves without personal data.

Checked by tests/slices/complaints_exporting/test_redacted_copies.py.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class ComplaintRedactedCopy(OfOrganisation, Model):
    """The copy of a file of a case, at most one at a time. `original_digest` names the original in every export."""

    __tablename__ = "complaint_redacted_copy"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    copy_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    original_digest: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("complaint_id", "file_id"),
        CheckConstraint("copy_id <> file_id", name="copy_is_another_file"),
        CheckConstraint("length(original_digest) = 64", name="original_digest_is_sha256"),
    )
