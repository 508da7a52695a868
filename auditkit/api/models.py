"""Tokens of the API, and the requests that were answered by registering something."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.api.rules import LONGEST_KEY, LONGEST_NAME
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class ApiToken(OfOrganisation, Model):
    """One token. Only the SHA-256 of its secret is kept. It acts for its person, as far as its scopes go.

    `for_organisation`: it acts for the organisation under its own name; `person_id` only says who made it.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JsonDict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    for_organisation: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
    )


class ApiRequest(OfOrganisation, Model):
    """A complaint that was registered under a key: the same key again gives the same complaint."""

    __tablename__ = "api_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    body_digest: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(50))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("token_id", "key"),
        Index(None, "organisation_id", "reference"),
        CheckConstraint("key <> ''", name="has_key"),
        CheckConstraint("length(body_digest) = 64", name="body_digest_is_sha256"),
    )
