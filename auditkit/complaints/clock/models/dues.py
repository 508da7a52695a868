"""Table of due dates."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.clock.rules import NOTICED, Ended, Target
from auditkit.complaints.models.register import known

RUNNING = "state = 'running'"


class ComplaintDue(OfOrganisation, Model):
    """One due date of a complaint, frozen as it was set: what its limit said then, its calendar, its explanation.

    `limit_id` None: a day that was promised by hand. `number` counts the rounds of a target (updates, reopenings).
    `notice_at`: from when there is more to notice than `noticed`. `mail_due`: what was noticed waits for the digest.
    """

    __tablename__ = "complaint_due"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"))
    limit_id: Mapped[int | None] = mapped_column(ForeignKey("time_limit.id"))
    set_id: Mapped[int | None] = mapped_column(ForeignKey("time_limit_set.id"))
    set_title: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=Ended.RUNNING.value)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_is_day: Mapped[bool] = mapped_column(Boolean, default=False)
    warn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    very_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    noticed: Mapped[str] = mapped_column(String(20), default="")
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_due: Mapped[bool] = mapped_column(Boolean, default=False)
    binding: Mapped[bool] = mapped_column(Boolean)
    pausable: Mapped[bool] = mapped_column(Boolean)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("frozen_calendar.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    explanation: Mapped[dict[str, Any]] = mapped_column(JsonDict)

    __table_args__ = (
        known("target", Target),
        known("state", Ended),
        CheckConstraint(f"noticed IN ({one_of(NOTICED)})", name="noticed_known"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="running_has_no_end"),
        CheckConstraint("starts_at <= due_at AND warn_at <= due_at AND due_at <= very_at", name="moments_in_order"),
        CheckConstraint("NOT late OR state = 'met'", name="late_was_met"),
        CheckConstraint("notice_at IS NULL OR state = 'running'", name="notices_of_running_only"),
        CheckConstraint("(limit_id IS NULL) = (set_id IS NULL)", name="limit_has_set"),
        Index("ix_complaint_due_complaint", "complaint_id", "state"),
        Index("ix_complaint_due_target", "organisation_id", "target", "starts_at"),
        Index(
            "ix_complaint_due_running",
            "organisation_id",
            "target",
            "due_at",
            "complaint_id",
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
        Index(
            "ix_complaint_due_notice",
            "notice_at",
            sqlite_where=text("notice_at IS NOT NULL"),
            postgresql_where=text("notice_at IS NOT NULL"),
        ),
        Index(
            "ix_complaint_due_mail",
            "organisation_id",
            "id",
            sqlite_where=text("mail_due"),
            postgresql_where=text("mail_due"),
        ),
    )
