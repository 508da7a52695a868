"""What was decided about showing files; the newest decision about a file counts, older ones stay."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.evidence.sharing.rules import Sharing

_CHOICES = one_of(Sharing)


class EvidenceSharing(OfOrganisation, Model):
    """One decision: what of the file a redacted pack shows, and why. `copy_id` is the redacted copy."""

    __tablename__ = "evidence_sharing"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    sharing: Mapped[str] = mapped_column(String(10))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))
    note: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"sharing IN ({_CHOICES})", name="sharing_known"),
        CheckConstraint("(sharing = 'copy') = (copy_id IS NOT NULL)", name="copy_where_chosen"),
        CheckConstraint("copy_id <> file_id", name="copy_is_another"),
        CheckConstraint("note <> ''", name="sharing_has_reason"),
        Index(None, "organisation_id", "file_id", "id"),
    )
