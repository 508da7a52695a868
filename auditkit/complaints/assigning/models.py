"""Tables of the rules of assignment, of what they decided, and of absences.

Checked by tests/slices/complaints_assigning/test_assigning_constraints.py.
"""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.assigning.rules import ASSESSED, IMPORTED, RECORDED


class AssignmentRule(OfOrganisation, Model):
    """One rule; `position` is its place, from one. `is_last`: it takes what no other rule is for, and asks nothing."""

    __tablename__ = "assignment_rule"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    is_last: Mapped[bool] = mapped_column(Boolean, default=False)
    kinds: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    channels: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    categories: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    severities: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    sites: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    put_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("is_last = (position = 0)", name="last_has_no_place"),
        CheckConstraint("position >= 0", name="places_count_up"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> owner_id", name="rule_deputy_is_another"),
        Index(
            "uq_assignment_rule_last",
            "organisation_id",
            unique=True,
            sqlite_where=text("is_last"),
            postgresql_where=text("is_last"),
        ),
    )


class ComplaintAssignment(OfOrganisation, Model):
    """A rule named the owner of this complaint; it goes when a person names one.

    What the rule asked is kept as it was then. `rule_id` is no key: rules may be removed.
    """

    __tablename__ = "complaint_assignment"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True)
    rule_id: Mapped[int] = mapped_column(Key)
    number: Mapped[int] = mapped_column(SmallInteger)
    asked: Mapped[dict[str, list[str]]] = mapped_column(JsonDict)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happened: Mapped[str] = mapped_column(String(10))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"happened IN ({one_of((RECORDED, ASSESSED, IMPORTED))})", name="happened_known"),
        CheckConstraint("number >= 0", name="number_is_a_place"),
    )


class HandlerAbsence(OfOrganisation, Model):
    """A member is away; both days are included, as the organisation counts its days."""

    __tablename__ = "handler_absence"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="away_forwards"),
        CheckConstraint("deputy_id <> person_id", name="stands_in_for_another"),
        Index(None, "organisation_id", "last_day"),
    )
