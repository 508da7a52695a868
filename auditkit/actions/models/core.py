"""Tables of actions. The CHECKs repeat the gates of `rules.py`, so that the database refuses what the rules refuse."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.rules import Kind, State
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of

_KINDS = one_of(Kind)
_STATES = one_of(State)


class Action(OfOrganisation, Model):
    """One action. `origin_*` say what it answers, without a foreign key: origins lie above (architecture, plan).

    `completed_*` and `verified_*` are of the present round; rounds without effect lie in `ActionAttempt`.
    """

    __tablename__ = "action"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    origin_kind: Mapped[str] = mapped_column(String(40))
    origin_id: Mapped[int] = mapped_column(Key)
    origin_title: Mapped[str] = mapped_column(String(400))
    cause_required: Mapped[bool] = mapped_column(Boolean, default=False)
    correction: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default=State.OPEN)
    round: Mapped[int] = mapped_column(Integer, default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    completion: Mapped[str] = mapped_column(Text, default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verification: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("origin_kind <> '' AND origin_title <> ''", name="has_origin"),
        CheckConstraint(
            "(state = 'open') = (completed_at IS NULL) AND (completed_at IS NULL) = (completed_by IS NULL)",
            name="done_says_who_and_when",
        ),
        CheckConstraint(
            "(state IN ('verified', 'closed')) = (verified_at IS NOT NULL)", name="closed_only_when_verified"
        ),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified_says_who"),
        CheckConstraint("verified_at IS NULL OR verification <> ''", name="verified_says_how"),
        CheckConstraint("verified_by IS NULL OR verified_by <> owner_id", name="verifier_is_not_owner"),
        CheckConstraint("verified_by IS NULL OR verified_by <> completed_by", name="verifier_did_not_complete_it"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("state = 'open' OR NOT cause_required OR cause <> ''", name="major_has_cause_before_done"),
        CheckConstraint("round > 0 AND version > 0", name="counts_from_one"),
        Index(None, "organisation_id", "state", "due_on"),
        Index(None, "organisation_id", "origin_kind", "origin_id"),
        Index(None, "owner_id"),
    )
