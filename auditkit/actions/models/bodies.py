"""What certification bodies raised, and what they said to the answers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.actions.rules import GRADED, Verdict
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of

_GRADES = one_of(GRADED)
_VERDICTS = one_of(Verdict)


class BodyNonconformity(OfOrganisation, Model):
    """A nonconformity as a certification body raised it. Days that the body named come before those of the scheme."""

    __tablename__ = "body_nonconformity"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    body: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(60))
    grade: Mapped[str] = mapped_column(String(20))
    audit: Mapped[str] = mapped_column(String(200), default="")
    clause: Mapped[str] = mapped_column(String(200), default="")
    statement: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    raised_by: Mapped[str] = mapped_column(String(200), default="")
    accepted_by: Mapped[str] = mapped_column(String(200), default="")
    raised_on: Mapped[date] = mapped_column(Date)
    audit_ended_on: Mapped[date | None] = mapped_column(Date)
    plan_due_on: Mapped[date | None] = mapped_column(Date)
    evidence_due_on: Mapped[date | None] = mapped_column(Date)
    next_audit_on: Mapped[date | None] = mapped_column(Date)
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("action_scheme.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("organisation_id", "body", "number"),
        CheckConstraint("body <> '' AND number <> ''", name="nc_names_body_and_number"),
        CheckConstraint(f"grade IN ({_GRADES})", name="nc_grade_known"),
        CheckConstraint("statement <> ''", name="nc_has_statement"),
        CheckConstraint(
            "(plan_due_on IS NULL OR plan_due_on >= raised_on) "
            "AND (evidence_due_on IS NULL OR evidence_due_on >= raised_on) "
            "AND (next_audit_on IS NULL OR next_audit_on >= raised_on)",
            name="nc_due_after_raised",
        ),
        CheckConstraint("version > 0", name="nc_version_counts"),
    )


class BodyReview(OfOrganisation, Model):
    """What the body said to the answer. `completion` to `verified_by`: the round as it was, where the action opened
    again by it.
    """

    __tablename__ = "body_review"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    nonconformity_id: Mapped[int] = mapped_column(ForeignKey("body_nonconformity.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(String(20))
    reviewed_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text, default="")
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    completion: Mapped[str] = mapped_column(Text, default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verification: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"verdict IN ({_VERDICTS})", name="verdict_known"),
        CheckConstraint("verdict <> 'more-needed' OR text <> ''", name="more_needed_says_what"),
        CheckConstraint("verdict = 'more-needed' OR completed_at IS NULL", name="accepted_opens_nothing"),
    )
