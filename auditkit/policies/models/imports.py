"""What a document was imported from, and what of it could not be taken over."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Model, OfOrganisation, UtcDateTime


class PolicyImport(OfOrganisation, Model):
    """The Word file a document came from: name, SHA-256, and `left_out`: {what, count, examples}."""

    __tablename__ = "policy_import"

    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("length(digest) = 64", name="import_digest_is_sha256"),)
