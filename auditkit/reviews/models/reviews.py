"""Table of management reviews; what belongs to one, and the triggers that keep it, stand in `parts`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.reviews.rules import State


class ManagementReview(OfOrganisation, Model):
    """A review: its plan, the agenda as it was on the day it was planned, and how far it is.

    `agenda` lists the items of the content file with their texts; `agenda_digest` is its SHA-256.
    """

    __tablename__ = "management_review"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    planned_on: Mapped[date] = mapped_column(Date)
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agenda_id: Mapped[str] = mapped_column(String(64))
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    agenda_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_on: Mapped[date | None] = mapped_column(Date)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("title <> '' AND number <> ''", name="has_title"),
        CheckConstraint(f"state IN ({one_of(State)})", name="state_known"),
        CheckConstraint("period_from <= period_to AND period_to <= planned_on", name="days_in_order"),
        CheckConstraint("length(agenda_digest) = 64", name="agenda_has_digest"),
        CheckConstraint("(state = 'planned') = (frozen_at IS NULL)", name="inputs_before_meeting"),
        CheckConstraint("(state IN ('held', 'signed')) = (held_on IS NOT NULL)", name="held_has_day"),
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_has_time"),
        CheckConstraint("version > 0", name="counts_from_one"),
        Index(None, "organisation_id", "planned_on"),
    )
