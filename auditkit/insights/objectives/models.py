"""Which indicator an objective is measured by, and what is said about it. Comments are only ever added.

Checked by tests/slices/insights_objectives/.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class ObjectiveSource(OfOrganisation, Model):
    """The indicator of an objective. `figure` is its name in `insights.indicators`, `span` the period that moves on."""

    __tablename__ = "objective_source"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), unique=True)
    figure: Mapped[str] = mapped_column(String(60))
    span: Mapped[str] = mapped_column(String(20))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("figure <> '' AND span <> '' AND span <> 'own'", name="source_moves_on"),)


class ObjectiveComment(OfOrganisation, Model):
    """What somebody said about how an objective stands."""

    __tablename__ = "objective_comment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    text: Mapped[str] = mapped_column("said", Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("said <> ''", name="says_something"),)
