"""Table of rounds that were found to be without effect."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class ActionAttempt(OfOrganisation, Model):
    """A round that was reported as done and found to be without effect: kept as it was when the action opened again."""

    __tablename__ = "action_attempt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    round: Mapped[int] = mapped_column(Integer)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    completion: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verification: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("action_id", "round"),
        CheckConstraint("verification <> ''", name="says_what_was_missing"),
        CheckConstraint("verified_by <> owner_id AND verified_by <> completed_by", name="verifier_is_somebody_else"),
    )
