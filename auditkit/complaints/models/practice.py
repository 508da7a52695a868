"""Tables of how an organisation handles complaints: limits of authority and settings. Checked by
tests/slices/complaints/test_handling_constraints.py.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation
from auditkit.complaints.models import columns


class ComplaintAuthority(OfOrganisation, Model):
    """Up to which amount (hundredths of `currency`) a role, or one person, may decide a remedy alone."""

    __tablename__ = "complaint_authority"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    role: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[int | None] = columns.person()
    currency: Mapped[str] = columns.line("currency")
    amount: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("(role = '') = (person_id IS NOT NULL)", name="of_role_or_person"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
        Index(
            "uq_complaint_authority_role",
            "organisation_id",
            "role",
            "currency",
            unique=True,
            sqlite_where=text("role <> ''"),
            postgresql_where=text("role <> ''"),
        ),
        Index(
            "uq_complaint_authority_person",
            "organisation_id",
            "person_id",
            "currency",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )


class ComplaintPractice(OfOrganisation, Model):
    """How this organisation handles complaints: one row, or none where nothing was settled yet.

    `review_days`: after a refusal, when the owner looks again. `repeat_days`: the window of a repeat.
    `external_bodies`: where a complainant can go next, as letters and pages name it.
    """

    __tablename__ = "complaint_practice"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    currency: Mapped[str] = columns.line("currency")
    external_bodies: Mapped[str] = columns.line("next_external")
    review_days: Mapped[int] = mapped_column(SmallInteger)
    repeat_days: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("review_days BETWEEN 1 AND 90", name="review_days_sensible"),
        CheckConstraint("repeat_days BETWEEN 1 AND 730", name="repeat_days_sensible"),
    )
