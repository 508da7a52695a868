"""Table of approved translations, which never change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.policies.models.frozen import freeze


class PolicyTranslationVersion(OfOrganisation, Model):
    """An approved translation of the version `source_id`; `number` counts within the language."""

    __tablename__ = "policy_translation_version"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    language: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(Integer)
    source_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    title: Mapped[str] = mapped_column(String(200))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    digest: Mapped[str] = mapped_column(String(64))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_alone: Mapped[bool] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("policy_id", "language", "number"),
        CheckConstraint("number > 0", name="translation_number_counts"),
        CheckConstraint("length(digest) = 64", name="translation_digest_is_sha256"),
        CheckConstraint("title <> ''", name="translation_has_title"),
        CheckConstraint("reason <> ''", name="translation_with_reason"),
        CheckConstraint(
            "approved_alone OR edited_by_id IS NULL OR approved_by_id <> edited_by_id", name="translation_two_people"
        ),
    )


TRANSLATION_TOLD = "a version of a translation is immutable"
freeze(PolicyTranslationVersion.__table__, TRANSLATION_TOLD)
