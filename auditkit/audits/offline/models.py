"""Answers as devices sent them, each once: the key by which a second arrival of the same answer is known."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class AuditArrival(OfOrganisation, Model):
    """An answer as it arrived from a device. `made_at` is the device's clock, `place` only where the person allowed it.

    `conflicts` are the cells that were not stored because somebody else had changed them: [{cell, base, mine, theirs}].
    """

    __tablename__ = "audit_arrival"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int] = mapped_column(ForeignKey("audit_row.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    conflicts: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)

    __table_args__ = (
        UniqueConstraint("organisation_id", "client_id"),
        CheckConstraint("client_id <> ''", name="client_named"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_is_whole"),
        CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            name="place_is_on_earth",
        ),
    )
