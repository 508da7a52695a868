"""Tables of what was sent of timetables, and of calendar feeds. The CHECKs repeat the rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.agenda.rules import Sending
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AgendaInvitation(OfOrganisation, Model):
    """What one person was sent about one line: `event` as it was then, so that the file sent can be made again."""

    __tablename__ = "agenda_invitation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sending: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int] = mapped_column(Integer)
    event: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("item_id", "person_id", "sequence", "sending"),
        CheckConstraint(f"sending IN ({one_of(Sending)})", name="sending_known"),
        CheckConstraint("sequence >= 0", name="sequence_counts_up"),
    )


class CalendarFeed(OfOrganisation, Model):
    """A person's calendar of audits under a secret address; only the digest of the secret is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("length(secret_digest) = 64", name="digest_is_sha256"),
        Index(
            "uq_calendar_feed_one_live",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )
