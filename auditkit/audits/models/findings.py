"""Findings."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.models.audits import one_of
from auditkit.audits.rules import NONCONFORMITIES, Grade
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class Finding(OfOrganisation, Model):
    """A finding. It has no state of its own: that is derived from the actions that answer it."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    row_id: Mapped[int | None] = mapped_column(ForeignKey("audit_row.id"), index=True)
    serial: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(30))
    grade: Mapped[str] = mapped_column(String(15))
    statement: Mapped[str] = mapped_column(Text)
    criterion: Mapped[str] = mapped_column(Text, default="")
    clause: Mapped[str] = mapped_column(String(96), default="")
    edition_name: Mapped[str] = mapped_column(String(400), default="")
    strength: Mapped[str] = mapped_column(String(10), default="own")
    evidence: Mapped[str] = mapped_column(Text, default="")
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"grade IN ({one_of(Grade)})", name="grade_known"),
        CheckConstraint("strength IN ('shall', 'should', 'law', 'own')", name="strength_known"),
        CheckConstraint("statement <> ''", name="has_statement"),
        CheckConstraint(
            f"grade NOT IN ({one_of(NONCONFORMITIES)}) OR (criterion <> '' AND evidence <> '')",
            name="nonconformity_has_criterion_and_evidence",
        ),
        Index(None, "organisation_id", "grade"),
    )
