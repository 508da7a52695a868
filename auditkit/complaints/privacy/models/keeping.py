"""Tables of how long complaints are kept, and what is kept beside them."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import columns
from auditkit.complaints.models.register import known
from auditkit.complaints.privacy.rules import Aside
from auditkit.complaints.rules import LONGEST, Kind


class RetentionRule(OfOrganisation, Model):
    """How long complaints of a kind and category are kept after their end; never changed, only ended and put anew."""

    __tablename__ = "retention_rule"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default="")
    category: Mapped[str] = mapped_column(String(LONGEST["category"]), default="")
    months: Mapped[int] = mapped_column(Integer)
    warn_days: Mapped[int] = mapped_column(SmallInteger)
    duty: Mapped[bool] = mapped_column(Boolean, default=False)
    automatic: Mapped[bool] = mapped_column(Boolean, default=False)
    basis: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = columns.person()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        known("kind", Kind, empty=True),
        CheckConstraint("months BETWEEN 1 AND 1200", name="months_sensible"),
        CheckConstraint("warn_days BETWEEN 1 AND 365", name="warning_sensible"),
        CheckConstraint("NOT duty OR basis <> ''", name="duty_names_law"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="ended_after_added"),
        Index(
            "uq_retention_rule_in_force",
            "organisation_id",
            "kind",
            "category",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class RetentionWarning(OfOrganisation, Model):
    """That it was said beforehand that a case's personal data will go; `until` is its last day of keeping."""

    __tablename__ = "retention_warning"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(unique=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("retention_rule.id"))
    until: Mapped[date] = mapped_column(Date)
    warned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeepingTime(OfOrganisation, Model):
    """For how many days the organisation keeps a kind of record beside its cases; without a row the supplied time."""

    __tablename__ = "keeping_time"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    days: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint("organisation_id", "what"),
        known("what", Aside),
        CheckConstraint("days BETWEEN 1 AND 3650", name="keeping_days_sensible"),
    )
