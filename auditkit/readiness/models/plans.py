"""Tables of visits, and of the plans of a gap analysis."""

from datetime import date, datetime

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
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class ReadinessVisit(OfOrganisation, Model):
    """The matrix as it stood at a visit: its numbers, the state of each clause, and the digest of all of it.

    `states`: clause in full -> state. `percent` and `checked` are readiness and how much could be checked.
    """

    __tablename__ = "readiness_visit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    edition: Mapped[str] = mapped_column(String(64))
    begins: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    percent: Mapped[int] = mapped_column(SmallInteger)
    checked: Mapped[int] = mapped_column(SmallInteger)
    stops: Mapped[list[str]] = mapped_column(JsonDict)
    states: Mapped[dict[str, str]] = mapped_column(JsonDict)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("ends >= begins", name="visit_days_in_order"),
        CheckConstraint("percent BETWEEN 0 AND 100 AND checked BETWEEN 0 AND 100", name="visit_numbers_are_percent"),
        CheckConstraint("length(content) = 64 AND length(digest) = 64", name="visit_digests_are_sha256"),
        Index(None, "organisation_id", "edition", "id"),
    )


class ReadinessPlan(OfOrganisation, Model):
    """The plan that a gap analysis ended in: one an audit."""

    __tablename__ = "readiness_plan"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    starts_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ReadinessStep(OfOrganisation, Model):
    """A step of such a plan with its owner and days. `clauses` in full; `questions`: whose answers lead to it.

    `days`: working days it takes. `policies`: texts of the library to start from. The actions that carry it out point
    here by their origin.
    """

    __tablename__ = "readiness_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("readiness_plan.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text)
    clauses: Mapped[list[str]] = mapped_column(JsonDict)
    policies: Mapped[list[str]] = mapped_column(JsonDict)
    questions: Mapped[list[str]] = mapped_column(JsonDict)
    days: Mapped[int] = mapped_column(SmallInteger)
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        UniqueConstraint("plan_id", "step"),
        CheckConstraint("title <> '' AND what <> ''", name="step_says_what"),
        CheckConstraint("due_on >= starts_on", name="step_days_in_order"),
        CheckConstraint("days > 0 AND position > 0 AND version > 0", name="step_counts_from_one"),
    )
