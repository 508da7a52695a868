"""Time limits of a scheme, and the due dates they came to: each kept with its explanation as it was set."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.rules import BY_SCHEME, GRADED, MOST_AMOUNT, Ended, Noticed, Starts, Target
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class ActionLimit(OfOrganisation, Model):
    """One limit of a scheme, for one grade. Due dates that were set by it stay when it is changed."""

    __tablename__ = "action_limit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("action_scheme.id"))
    grade: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    starts: Mapped[str] = mapped_column(String(20), default=Starts.RAISED)
    amount: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[str] = mapped_column(String(10))
    working: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        UniqueConstraint("scheme_id", "grade", "target"),
        CheckConstraint(f"grade IN ({one_of(GRADED)})", name="limit_grade_known"),
        CheckConstraint(f"target IN ({one_of(BY_SCHEME)})", name="limit_target_known"),
        CheckConstraint(f"starts IN ({one_of(Starts)})", name="limit_starts_known"),
        CheckConstraint(f"amount BETWEEN 1 AND {MOST_AMOUNT}", name="limit_amount_in_range"),
        CheckConstraint("unit IN ('days', 'weeks', 'months')", name="limit_unit_known"),
        CheckConstraint("NOT working OR unit = 'days'", name="limit_working_days_only"),
    )


class ActionDue(OfOrganisation, Model):
    """A due date of an action, with the lines that say how it was reached. `limit` {}: a day that somebody named.

    `noticed` is the farthest level that was noticed and mailed; `notice_at` when there is more to notice.
    """

    __tablename__ = "action_due"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("action_step.id"))
    target: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(60))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("frozen_calendar.id"))
    limit: Mapped[dict[str, Any]] = mapped_column("limit_json", JsonDict, default=dict)
    lines: Mapped[list[Any]] = mapped_column(JsonDict, default=list)
    state: Mapped[str] = mapped_column(String(10), default=Ended.RUNNING)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noticed: Mapped[str] = mapped_column(String(10), default="")
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        CheckConstraint(f"target IN ({one_of(Target)})", name="due_target_known"),
        CheckConstraint(f"state IN ({one_of(Ended)})", name="due_state_known"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="due_ended_says_when"),
        CheckConstraint("state = 'running' OR notice_at IS NULL", name="ended_due_is_not_noticed"),
        CheckConstraint(f"noticed IN ({one_of(Noticed)})", name="due_noticed_known"),
        CheckConstraint("(target = 'step') = (step_id IS NOT NULL)", name="due_of_step_names_it"),
        CheckConstraint("version > 0", name="due_version_counts"),
        Index(None, "notice_at"),
    )
