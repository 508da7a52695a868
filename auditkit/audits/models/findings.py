"""Findings, and what an organisation calls their grades."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.rules import NONCONFORMITIES, Grade, Origin
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class Finding(OfOrganisation, Model):
    """A finding. It has no state of its own: that is derived from the actions that answer it.

    `origin_id` is the sampled complaint, the exception or the unmatched entry it comes from, `origin_text` what people
    call that. `gap` is what the wording helper was told; `grade_reason` says why a nonconformity was graded as less.
    """

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
    origin: Mapped[str] = mapped_column(
        String(20),
        CheckConstraint(f"origin IN ({one_of(Origin)})", name="origin_known"),
        default=Origin.FREE,
        server_default=Origin.FREE.value,
    )
    origin_id: Mapped[int | None] = mapped_column(BigInteger)
    origin_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    gap: Mapped[str] = mapped_column(Text, default="", server_default="")
    grade_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    principles: Mapped[list[str]] = mapped_column(JsonDict, default=list, server_default="[]")

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"grade IN ({one_of(Grade)})", name="grade_known"),
        CheckConstraint("strength IN ('shall', 'should', 'law', 'own')", name="strength_known"),
        CheckConstraint("statement <> ''", name="has_statement"),
        CheckConstraint(
            f"grade NOT IN ({one_of(sorted(NONCONFORMITIES))}) OR (criterion <> '' AND evidence <> '')",
            name="nonconformity_has_criterion_and_evidence",
        ),
        Index(None, "organisation_id", "grade"),
    )


class GradeWord(OfOrganisation, Model):
    """What an organisation calls a grade."""

    __tablename__ = "grade_word"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    grade: Mapped[str] = mapped_column(String(15))
    word: Mapped[str] = mapped_column(String(60))

    __table_args__ = (
        UniqueConstraint("organisation_id", "grade"),
        CheckConstraint(f"grade IN ({one_of(Grade)})", name="grade_known"),
        CheckConstraint("word <> ''", name="has_word"),
    )
