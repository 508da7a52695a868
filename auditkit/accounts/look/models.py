"""The logo of an organisation, one at most. Checked by tests/slices/accounts/test_logo.py."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.accounts.look.rules import MEDIA_TYPES
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of

_KINDS = one_of(MEDIA_TYPES)


class OrganisationLogo(OfOrganisation, Model):
    """The picture as it was kept, its sides in pixels and its SHA-256."""

    __tablename__ = "organisation_logo"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="logo_kind_known"),
        CheckConstraint("width > 0 AND height > 0", name="logo_has_sides"),
        CheckConstraint("length(digest) = 64", name="logo_digest_is_sha256"),
        CheckConstraint("length(content) > 0", name="logo_has_content"),
    )
