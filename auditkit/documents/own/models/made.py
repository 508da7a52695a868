"""Table of documents that were made."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class MadeDocument(OfOrganisation, Model):
    """A document that was made, and by which template: its origin, own version where it has one, and SHA-256."""

    __tablename__ = "made_document"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(12))
    template_version: Mapped[int | None] = mapped_column(Integer)
    template_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("kind IN ('docx', 'pdf')", name="kind_known"),
        CheckConstraint("origin IN ('shipped', 'installation', 'organisation')", name="origin_known"),
        CheckConstraint("(origin = 'shipped') = (template_version IS NULL)", name="own_has_version"),
        CheckConstraint("length(digest) = 64 AND length(template_digest) = 64", name="digests_are_sha256"),
        Index(None, "organisation_id", "made_at"),
    )
