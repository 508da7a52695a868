"""Table of the working texts of translations."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class PolicyTranslation(OfOrganisation, Model):
    """The working text of a language. `sections`: {id, title, text}; `source_id`: the version it is made from."""

    __tablename__ = "policy_translation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    language: Mapped[str] = mapped_column(String(10))
    source_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("policy_id", "language"),
        CheckConstraint("language <> ''", name="translation_has_language"),
        CheckConstraint("revision > 0", name="translation_revision_counts"),
    )
