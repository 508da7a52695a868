"""Tables of the reconciliation test: a channel's own log, and what each of its entries was found to be."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.reconciling.rules import Standing, Strength
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditLog(OfOrganisation, Model):
    """A log of a channel (mailbox listing, call list) beside the register; the raw file is evidence `file_id`.

    `columns`: what each column was read as. `days`: how far apart log and register may lie. `rows` were read,
    `unreadable` could not be.
    """

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    covers_from: Mapped[date | None] = mapped_column(Date)
    covers_to: Mapped[date | None] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    columns: Mapped[dict[str, str]] = mapped_column(JsonDict, default=dict)
    rows: Mapped[int] = mapped_column(Integer)
    unreadable: Mapped[int] = mapped_column(Integer)
    compared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    compared_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial > 0", name="serial_counts_from_one"),
        CheckConstraint("title <> ''", name="log_has_title"),
        CheckConstraint("covers_to IS NULL OR covers_to >= covers_from", name="covers_forwards"),
        CheckConstraint("days BETWEEN 0 AND 60", name="days_sensible"),
        CheckConstraint("unreadable BETWEEN 0 AND rows", name="unreadable_of_rows"),
    )


class AuditLogEntry(OfOrganisation, Model):
    """One entry of a log. `sender` is masked; `reasons` say why it is taken for the complaint `reference`.

    `candidates`: other complaints it could be, as {"reference", "strength", "reasons"}. `complaint_id` is no foreign
    key: the entry outlives the complaint.
    """

    __tablename__ = "audit_log_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    line: Mapped[int] = mapped_column(Integer)
    came_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    came_is_day: Mapped[bool] = mapped_column(Boolean, default=False)
    sender: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    given: Mapped[str] = mapped_column(String(200), default="")
    standing: Mapped[str] = mapped_column(String(20))
    strength: Mapped[str] = mapped_column(String(10))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    complaint_id: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("log_id", "position"),
        CheckConstraint("position > 0", name="position_counts_from_one"),
        CheckConstraint(f"standing IN ({one_of(Standing)})", name="standing_known"),
        CheckConstraint(f"strength IN ({one_of(Strength)})", name="strength_known"),
        CheckConstraint("(reference = '') = (complaint_id IS NULL)", name="reference_has_complaint"),
        CheckConstraint("standing <> 'matched' OR reference <> ''", name="matched_has_complaint"),
        CheckConstraint(
            "standing NOT IN ('unmatched', 'no-complaint', 'unreadable') OR reference = ''", name="unmatched_has_none"
        ),
        CheckConstraint(
            "standing <> 'no-complaint' OR (note <> '' AND settled_at IS NOT NULL)", name="no_complaint_has_reason"
        ),
    )
