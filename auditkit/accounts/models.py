"""Tables of organisations, people and memberships."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.accounts.rules import Role
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of

_ROLES = one_of(Role)


class Organisation(Model):
    """One organisation. `slug` stands in addresses and commands; `country` ISO 3166 two letters; `locale` BCP 47."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Model):
    """One person, who may be in several organisations. `password` is an argon2id hash; None before the first.

    `fs_uniquifier` is what a session carries. What the sign-in library wants of a person is in `signin.SignedIn`:
    who only reads records does without that library.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    locale: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")


class Membership(OfOrganisation, Model):
    """A person's role in one organisation."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id"),
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
    )

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class SignInLink(Model):
    """A one-time link; only the digest of its secret is kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
