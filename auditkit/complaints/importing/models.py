"""The one table that importing adds: which complaint of which source carries which foreign reference.

Runs and digests of rows stand in the register's own tables (`ImportRun`, `Complaint.row_digest`). Checked by
tests/slices/complaints_importing/test_importing_models.py.
"""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation


class ImportedReference(OfOrganisation, Model):
    """`key` is `rules.reference_key`: one complaint for each reference of a source, however it is spelled."""

    __tablename__ = "imported_reference"

    complaint_id: Mapped[int] = mapped_column(
        Key, ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Not the mixin's column: its index of its own would only cost time, the unique one below begins the same way
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        CheckConstraint("length(key) = 32", name="key_is_sha256"),
    )
