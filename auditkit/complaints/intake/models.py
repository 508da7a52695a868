"""Tables of the public side, each beside the register's: the key of the complainant's own page.

Checked by tests/slices/complaints/intake/.
"""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation


class ComplaintTracking(OfOrganisation, Model):
    """What opens the complainant's own page: only the SHA-256 of the secret is kept."""

    __tablename__ = "complaint_tracking"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("length(secret_digest) = 64", name="tracking_secret_is_sha256"),)
