"""Who must read a document, who confirmed which version, and what was mailed about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.policies.models.frozen import freeze
from auditkit.policies.rules import Notice

_NOTICES = one_of(Notice)


class PolicyReader(OfOrganisation, Model):
    """A role, or one person, that must read a document."""

    __tablename__ = "policy_reader"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), index=True)
    role: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("(role = '') = (person_id IS NOT NULL)", name="reader_is_role_or_person"),
        Index(
            "uq_policy_reader_role",
            "policy_id",
            "role",
            unique=True,
            sqlite_where=text("role <> ''"),
            postgresql_where=text("role <> ''"),
        ),
        Index(
            "uq_policy_reader_person",
            "policy_id",
            "person_id",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )


class PolicyConfirmation(OfOrganisation, Model):
    """That a person read and understood a version: under which name, in which role, when."""

    __tablename__ = "policy_confirmation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("version_id", "person_id"),
        CheckConstraint("name <> ''", name="confirmed_by_name"),
    )


class PolicyNotice(OfOrganisation, Model):
    """A mail about a version that went to a person, so that it goes once."""

    __tablename__ = "policy_notice"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("version_id", "person_id", "kind"),
        CheckConstraint(f"kind IN ({_NOTICES})", name="notice_known"),
    )


CONFIRMED_TOLD = "a confirmation is immutable"
freeze(PolicyConfirmation.__table__, CONFIRMED_TOLD)
