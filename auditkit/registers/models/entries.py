"""Tables of the entries of registers, and of what objectives came to."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.registers.rules import LONGEST_LINE


class RegisterEntry(OfOrganisation, Model):
    """An entry as it stands. `values` by field id, as `rules.values_of` gives them; `title` its first field.

    `folded` is title and texts as they are searched; `keeper_id` is reminded of the review on `review_on`.
    `reminders` counts those for that day, `reminded_at` is when the last went out.
    """

    __tablename__ = "register_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    register: Mapped[str] = mapped_column(String(64))
    serial: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(LONGEST_LINE))
    values: Mapped[dict[str, Any]] = mapped_column("stated", JsonDict)
    folded: Mapped[str] = mapped_column(Text)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_because: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("organisation_id", "register", "serial"),
        UniqueConstraint("organisation_id", "register", "number"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("serial > 0 AND version > 0", name="counts_from_one"),
        CheckConstraint("(reminders > 0) = (reminded_at IS NOT NULL)", name="reminded_has_time"),
        CheckConstraint("(retired_at IS NULL) = (retired_because = '')", name="retired_has_reason"),
        Index(None, "organisation_id", "review_on"),
    )


class RegisterMeasurement(OfOrganisation, Model):
    """What an objective came to on a day."""

    __tablename__ = "register_measurement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    on: Mapped[date] = mapped_column("measured_on", Date)
    value: Mapped[Decimal] = mapped_column(Numeric(18, 6))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
