"""How long the organisation keeps each kind of record."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class RecordKeeping(OfOrganisation, Model):
    """A row of the retention table. `record`: id of the library's kind of record, empty for one of our own.

    `source`: a live setting or `fact:name` that the period follows; then `period` is empty.
    """

    __tablename__ = "record_keeping"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    record: Mapped[str] = mapped_column(String(64), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    period: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(80), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    keeper: Mapped[str] = mapped_column(String(200), default="")
    disposal: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("(record = '') = (title <> '')", name="library_record_or_own"),
        CheckConstraint("period = '' OR source = ''", name="period_or_source"),
        Index(
            "uq_record_keeping_record",
            "organisation_id",
            "record",
            unique=True,
            sqlite_where=text("record <> ''"),
            postgresql_where=text("record <> ''"),
        ),
    )
