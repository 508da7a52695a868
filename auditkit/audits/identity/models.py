"""The table of requests to see who complained in a sampled case."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class AuditIdentityRequest(OfOrganisation, Model):
    """One auditor's request about one complaint, and the answer. `complaint_id` is no foreign key: it outlives it."""

    __tablename__ = "audit_identity_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    complaint_id: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None] = mapped_column(Boolean)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("reason <> ''", name="asked_with_reason"),
        CheckConstraint("(granted IS NULL) = (answered_at IS NULL)", name="answered_has_date"),
        CheckConstraint("(granted IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("answered_by <> asked_by", name="nobody_grants_their_own"),
        CheckConstraint("granted IS NULL OR granted = (until IS NOT NULL)", name="granted_until"),
        CheckConstraint("granted IS NULL OR granted OR answer <> ''", name="refused_with_reason"),
        Index(None, "audit_id", "complaint_id"),
    )
