"""Tables of the limits, which are only ended and put anew."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.calendar import Unit
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.clock.rules import Starts, Target
from auditkit.complaints.models.register import known


class TimeLimitSet(OfOrganisation, Model):
    """The limits of one framework or promise. `source` is the preset it was taken from and `source_digest` its bytes.

    `kinds`, `channels`, `categories`: which complaints it is for, empty for any. `ended_at`: for complaints that come
    in from then on it is not used.
    """

    __tablename__ = "time_limit_set"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(100), default="")
    source_digest: Mapped[str] = mapped_column(String(64), default="")
    kinds: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    channels: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    categories: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("title <> ''", name="limit_set_has_title"),
        CheckConstraint("(source = '') = (source_digest = '')", name="source_has_digest"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="ended_after_added"),
    )


class TimeLimit(OfOrganisation, Model):
    """One limit. `warn_percent` of the time run: soon due, or `warn_hours` before where given; `very_percent` (over
    100): long overdue.

    `pausable`: whether waiting for information stops it; what a law sets seldom allows that.
    """

    __tablename__ = "time_limit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("time_limit_set.id"), index=True)
    target: Mapped[str] = mapped_column(String(20))
    starts: Mapped[str] = mapped_column(String(20))
    severities: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    priorities: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(10))
    working: Mapped[bool] = mapped_column(Boolean)
    binding: Mapped[bool] = mapped_column(Boolean)
    pausable: Mapped[bool] = mapped_column(Boolean)
    warn_percent: Mapped[int] = mapped_column(SmallInteger)
    warn_hours: Mapped[int | None] = mapped_column(SmallInteger)
    very_percent: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        known("target", Target),
        known("starts", Starts),
        known("unit", Unit),
        CheckConstraint("amount BETWEEN 1 AND 1000", name="amount_sensible"),
        CheckConstraint("NOT working OR unit IN ('hours', 'days')", name="working_time_in_hours_or_days"),
        CheckConstraint("warn_percent BETWEEN 1 AND 100", name="warning_before_due"),
        CheckConstraint("warn_hours IS NULL OR warn_hours BETWEEN 1 AND 2000", name="warning_hours_sensible"),
        CheckConstraint("very_percent BETWEEN 101 AND 1000", name="very_overdue_after_due"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="ended_after_added"),
    )
