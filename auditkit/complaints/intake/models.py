"""Tables of the public side, each beside the register's.

What a complaint says beside the register's own columns, its receipt, the key of the complainant's own page; the
organisation's channels, settings and patterns of references. Checked by tests/slices/complaints/intake/.
"""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.intake.rules import LONGEST, LONGEST_PATTERN, Handed, Preference
from auditkit.complaints.rules import Kind, Stage

OPENING = (Stage.RECEIVED.value, Stage.ACKNOWLEDGED.value)
SOURCES = ("public", "staff")


def _line(name: str) -> Mapped[str]:
    return mapped_column(String(LONGEST[name]), default="")


def _complaint() -> Mapped[int]:
    return mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), unique=True)


class ComplaintTracking(OfOrganisation, Model):
    """What opens the complainant's own page: only the SHA-256 of the secret is kept."""

    __tablename__ = "complaint_tracking"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("length(secret_digest) = 64", name="tracking_secret_is_sha256"),)


class ComplaintSecretReissue(OfOrganisation, Model):
    """That a complainant got a new tracking secret. `checked`: how the member made sure who asks.

    `handed` is how it goes to them: printed and handed over, or a letter to the address on file.
    """

    __tablename__ = "complaint_secret_reissue"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)
    reissued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reissued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    checked: Mapped[str] = mapped_column(Text)
    handed: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        CheckConstraint("checked <> ''", name="identity_was_checked"),
        CheckConstraint(f"handed IN {tuple(map(str, Handed))}", name="handed_known"),
    )


class ComplaintIntake(OfOrganisation, Model):
    """How a complaint came in and what was said beside the register's own fields (Annexes C and F).

    `representative` wrote it for the complainant, by `authority`. `recipient` and `unit` took it. Personal data:
    representative, authority, contact_person, accessibility.
    """

    __tablename__ = "complaint_intake"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    source: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    order_reference: Mapped[str] = _line("order_reference")
    batch: Mapped[str] = _line("batch")
    purchased_on: Mapped[date | None] = mapped_column(Date)
    representative: Mapped[str] = _line("representative")
    authority: Mapped[str] = _line("authority")
    contact_person: Mapped[str] = _line("contact_person")
    accessibility: Mapped[str] = _line("accessibility")
    preference: Mapped[str] = mapped_column(String(10), default="")
    segment: Mapped[str] = _line("segment")
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    may_share: Mapped[bool] = mapped_column(Boolean, default=False)
    recipient: Mapped[str] = _line("recipient")
    unit: Mapped[str] = _line("unit")
    recurrent: Mapped[bool] = mapped_column(Boolean, default=False)
    referred_by: Mapped[str] = _line("referred_by")
    department: Mapped[str] = _line("department")

    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="source_known"),
        CheckConstraint(f"preference IN {('', *map(str, Preference))}", name="preference_known"),
        CheckConstraint("representative = '' OR authority <> ''", name="representative_has_authority"),
        CheckConstraint("source <> 'public' OR consent_at IS NOT NULL", name="public_consented"),
        CheckConstraint("NOT anonymous OR preference IN ('', 'page')", name="anonymous_has_page_only"),
    )


class ComplaintReceipt(OfOrganisation, Model):
    """The proof of receipt. `document` is what is signed: canonical JSON without personal data.

    `content` is what was received, canonical JSON; it can be erased, its digest stays. `form_digest` is SHA-256 of the
    form's ticket: the same form sent twice is one complaint. Without a signing key there is no signature.
    """

    __tablename__ = "complaint_receipt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    form_digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str | None] = mapped_column(Text)
    content_digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("length(form_digest) = 64 AND length(content_digest) = 64", name="digests_are_sha256"),
        CheckConstraint("signature IS NULL OR length(signature) = 64", name="signature_is_ed25519"),
    )


class ComplaintChannel(OfOrganisation, Model):
    """One way in. `name` is what complaints store: a word of the supplied list or the organisation's own name for it.

    `address` is how people find it, shown to them when `public`. `opening` is the stage its complaints begin in; `kind`
    what an e-mail that comes by it is taken for, until a person sorts it anew.
    """

    __tablename__ = "complaint_channel"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST["channel_name"]))
    address: Mapped[str] = _line("channel_address")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opening: Mapped[str] = mapped_column(String(40), default=OPENING[0])
    kind: Mapped[str] = mapped_column(
        String(20),
        CheckConstraint(f"kind IN {tuple(map(str, Kind))}", name="kind_known"),
        default=Kind.COMPLAINT.value,
        server_default=Kind.COMPLAINT.value,
    )
    public: Mapped[bool] = mapped_column(Boolean, default=True)
    in_use: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint(f"opening IN {OPENING}", name="opening_known"),
    )


class ReferencePattern(OfOrganisation, Model):
    """A pattern of references, in force from `since` until the next; the supplied one holds before the first."""

    __tablename__ = "reference_pattern"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    pattern: Mapped[str] = mapped_column(String(LONGEST_PATTERN))
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("pattern <> ''", name="pattern_given"),)


class IntakeSettings(OfOrganisation, Model):
    """What the public pages say of the organisation. `languages` empty: every language of the screens."""

    __tablename__ = "intake_settings"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    languages: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    phone: Mapped[str] = _line("phone")
    post: Mapped[str] = _line("post")
    publishes_figures: Mapped[bool] = mapped_column(Boolean, default=False)
