"""The packs that were built. The bytes lie in the instance under the pack's root, or where the command put them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.packs.verify.layout import WHOLE


class Pack(OfOrganisation, Model):
    """One building of a pack. The same records built twice make two rows with the same `root`.

    `root` is the SHA-256 of the tag manifest, which stands for every byte; `dated` the time of the newest record in it
    (None without any); `gaps` plain JSON of what was accepted as missing, for `reason`; `stored` whether the instance
    keeps the file.
    """

    __tablename__ = "pack"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    definition: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    dated: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bag: Mapped[str] = mapped_column(String(120))
    root: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int] = mapped_column(Integer)
    payload_bytes: Mapped[int] = mapped_column(BigInteger)
    signing_key: Mapped[str] = mapped_column(String(100))
    journal_entry: Mapped[int | None] = mapped_column(BigInteger)
    form: Mapped[str] = mapped_column(
        String(8),
        CheckConstraint("form IN ('whole', 'redacted')", name="form_known"),
        default=WHOLE,
        server_default="whole",
    )
    """Whether personal values are in it or withheld."""
    shared_root: Mapped[str] = mapped_column(
        String(64),
        CheckConstraint("shared_root = '' OR length(shared_root) = 64", name="shared_root_is_sha256"),
        default="",
        server_default="",
    )
    """SHA-256 of the leaves, which the whole and the redacted form share; empty where there are none."""
    languages: Mapped[str] = mapped_column(
        String(40), CheckConstraint("languages <> ''", name="languages_named"), default="en", server_default="en"
    )
    """Of its documents, the first in front, with blanks between them."""
    subject: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """The audit or complaint that it is about; empty for a pack about the organisation."""
    gaps: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    gap_count: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    stored: Mapped[bool] = mapped_column(default=False)
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    built_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("length(root) = 64 AND root = lower(root)", name="root_is_sha256"),
        CheckConstraint("period_end >= period_start", name="days_in_order"),
        CheckConstraint("size > 0 AND files > 0 AND payload_bytes >= 0", name="holds_something"),
        CheckConstraint("gap_count >= 0", name="gaps_counted"),
        CheckConstraint("gap_count = 0 OR reason <> ''", name="gaps_have_a_reason"),
        Index(None, "organisation_id", "id"),
    )
