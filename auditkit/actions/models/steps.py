"""Table of the steps of a plan; the triggers that hold them to their action stand in `path`."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.rules import StepState
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of


class ActionStep(OfOrganisation, Model):
    """One step of the plan. `cost` in hundredths of `currency`; `note` is the proof, or why it was dropped."""

    __tablename__ = "action_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    state: Mapped[str] = mapped_column(String(10), default=StepState.OPEN)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        CheckConstraint("title <> ''", name="step_has_title"),
        CheckConstraint(f"state IN ({one_of(StepState)})", name="step_state_known"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="step_ended_says_who_and_when",
        ),
        CheckConstraint("state <> 'dropped' OR note <> ''", name="dropped_step_says_why"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost_not_negative"),
        CheckConstraint("(cost IS NULL) = (currency = '')", name="cost_has_currency"),
        CheckConstraint("version > 0", name="step_version_counts"),
        Index(None, "owner_id", "state"),
    )
