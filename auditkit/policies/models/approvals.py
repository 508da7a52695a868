"""Approval by several people in order: who is asked, the rounds, and what each said.

A round holds the text as it was handed in, so that what is approved is what was read, whatever happens to the draft.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.policies.rules import Decision, RoundState

_STATES = one_of(RoundState)
_DECISIONS = one_of(("", *Decision))


class PolicyApprover(OfOrganisation, Model):
    """Who approves a document, in the order of `position`. No row: any one person who may approve."""

    __tablename__ = "policy_approver"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("policy_id", "position"),
        UniqueConstraint("policy_id", "person_id"),
        CheckConstraint("position > 0", name="position_from_one"),
    )


class PolicyRound(OfOrganisation, Model):
    """A text handed in for approval. `reason`: what is new. `stated`: live settings it states, name -> value."""

    __tablename__ = "policy_round"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=RoundState.OPEN.value)
    revision: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    answers: Mapped[dict[str, str]] = mapped_column(JsonDict)
    stated: Mapped[dict[str, str]] = mapped_column(JsonDict)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    review_by: Mapped[date | None] = mapped_column(Date)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))

    steps: Mapped[list["PolicyStep"]] = relationship(order_by="PolicyStep.position")

    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="round_state_known"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_round_has_time"),
        CheckConstraint("(state = 'approved') = (version_id IS NOT NULL)", name="approved_round_has_version"),
        CheckConstraint("length(digest) = 64", name="round_digest_is_sha256"),
        CheckConstraint("reason <> ''", name="round_has_reason"),
        Index(
            "uq_policy_round_open",
            "policy_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class PolicyStep(OfOrganisation, Model):
    """One person asked in a round, and what that person said."""

    __tablename__ = "policy_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("policy_round.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("round_id", "position"),
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint(f"decision IN ({_DECISIONS})", name="decision_known"),
        CheckConstraint("(decision = '') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("decision = '' OR reason <> ''", name="decided_with_reason"),
    )
