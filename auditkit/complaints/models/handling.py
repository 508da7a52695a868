"""Tables of what is done with a complaint: it is assessed, investigated, decided. Each hangs on its complaint and keeps
its history: nothing is overwritten.

Whether a row fits the stage of its complaint is for the verbs; what one row can say by itself the CHECKs hold.
Checked by tests/slices/complaints/test_handling_constraints.py.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import columns
from auditkit.complaints.models.register import known
from auditkit.complaints.rules import (
    Answer,
    Compensation,
    Complexity,
    Others,
    Outcome,
    RemedyFound,
    Severity,
)

DECISION_STATES = ("proposed", "returned", "decided")


class ComplaintAssessment(OfOrganisation, Model):
    """An initial assessment (7.5) or a later one; the newest counts.

    `reach`, `priority` and `facts` are words of the organisation's priority matrix at that time; `facts` give the
    highest priority whatever the matrix says.
    """

    __tablename__ = "complaint_assessment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    severity: Mapped[str] = mapped_column(String(20))
    safety: Mapped[bool] = mapped_column(Boolean)
    complexity: Mapped[str] = mapped_column(String(20))
    reach: Mapped[str] = mapped_column(String(40))
    facts: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    immediate_needed: Mapped[bool] = mapped_column(Boolean)
    immediate_possible: Mapped[bool] = mapped_column(Boolean)
    immediate_action: Mapped[str] = columns.text()
    compensation: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str] = columns.text()
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessed_by: Mapped[int | None] = columns.person()

    __table_args__ = (
        known("severity", Severity),
        known("complexity", Complexity),
        known("compensation", Compensation),
        CheckConstraint("priority <> '' AND reach <> ''", name="priority_was_found"),
        CheckConstraint("level BETWEEN 0 AND 4", name="level_known"),
    )


class ComplaintInvestigation(OfOrganisation, Model):
    """One investigation (7.6); a case that was refused or opened again may have several, the newest counts.

    `cause` is a word of the organisation's list of root causes. `independence`: how it was made sure that whoever
    investigates is free to judge.
    """

    __tablename__ = "complaint_investigation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    investigator_id: Mapped[int | None] = columns.person()
    plan: Mapped[str] = columns.text()
    independence: Mapped[str] = columns.text()
    complainant_side: Mapped[str] = columns.text()
    other_side: Mapped[str] = columns.text()
    facts: Mapped[str] = columns.text()
    cause: Mapped[str] = columns.line("cause")
    cause_method: Mapped[str] = columns.line("cause_method")
    cause_note: Mapped[str] = columns.text()
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[int | None] = columns.person()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = columns.person()

    __table_args__ = (
        CheckConstraint(
            "ended_at IS NULL OR (facts <> '' AND cause <> '' AND independence <> '')", name="ended_has_facts_and_cause"
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", name="ended_after_begun"),
        Index(
            "ix_complaint_investigation_cause",
            "organisation_id",
            "cause",
            "complaint_id",
            sqlite_where=text("cause <> ''"),
            postgresql_where=text("cause <> ''"),
        ),
    )


class ComplaintParty(OfOrganisation, Model):
    """A member who is complained about, and therefore may neither own the case nor judge it."""

    __tablename__ = "complaint_party"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by: Mapped[int | None] = columns.person()

    __table_args__ = (UniqueConstraint("complaint_id", "person_id"),)


class ComplaintDecision(OfOrganisation, Model):
    """One decision from proposal to delivered remedy and answer (7.7 to 7.9). `number` counts those of a complaint.

    `amount` in hundredths of `currency`. `remedies` are words of the organisation's list. `limit_amount`: what
    whoever proposed may decide alone, None for no limit. `from_stage` is where a returned proposal goes back to.
    """

    __tablename__ = "complaint_decision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint()
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str] = columns.text()
    remedy: Mapped[str] = columns.text()
    remedies: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = columns.line("currency")
    others: Mapped[str] = mapped_column(String(20), default="")
    others_note: Mapped[str] = columns.text()
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[int | None] = columns.person()
    limit_amount: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = columns.person()
    return_reason: Mapped[str] = columns.text()
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_channel: Mapped[str] = columns.line("told_channel")
    told_by: Mapped[int | None] = columns.person()
    options: Mapped[str] = columns.text()
    promised_on: Mapped[date | None] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    delivered_by: Mapped[int | None] = columns.person()
    delivery: Mapped[str] = columns.text()
    answer: Mapped[str] = mapped_column(String(20), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_note: Mapped[str] = columns.text()
    next_internal: Mapped[str] = columns.line("next_internal")
    next_external: Mapped[str] = columns.line("next_external")

    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        known("outcome", Outcome),
        known("others", Others, empty=True),
        known("answer", Answer, empty=True),
        CheckConstraint(f"state IN {DECISION_STATES}", name="state_known"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name="proposal_is_not_settled"),
        CheckConstraint("(state = 'returned') = (return_reason <> '')", name="returned_has_reason"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
        CheckConstraint("(amount IS NULL) = (currency = '')", name="amount_has_currency"),
        CheckConstraint("others <> 'yes' OR others_note <> ''", name="others_are_named"),
        CheckConstraint(
            "state <> 'proposed' OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)", name="proposal_has_author"
        ),
        # Above the limit somebody else decides.
        CheckConstraint(
            "state <> 'decided' OR limit_amount IS NULL OR amount IS NULL OR amount <= limit_amount "
            "OR (proposed_by IS NOT NULL AND settled_by IS NOT NULL AND settled_by <> proposed_by)",
            name="above_limit_by_another",
        ),
        CheckConstraint(
            "state = 'decided' OR (told_at IS NULL AND delivered_on IS NULL AND answer = '')", name="decided_first"
        ),
        CheckConstraint("(told_at IS NULL) = (told_channel = '')", name="told_has_channel"),
        CheckConstraint("delivered_on IS NULL OR delivery <> ''", name="delivered_has_proof"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_has_date"),
        # 7.9: whoever refuses is told where to go next.
        CheckConstraint(
            "answer <> 'refused' OR (next_internal <> '' AND next_external <> '')", name="refusal_names_next_steps"
        ),
    )


class ComplaintRemedyCheck(OfOrganisation, Model):
    """Somebody checked whether a delivered remedy came as it was promised (7.3: the correction was verified).

    `delivered_on` and `delivered_by` as they stood when it was checked. A remedy that is lacking is owed again: what
    had been said of its delivery moves from the decision into `delivery`.
    """

    __tablename__ = "complaint_remedy_check"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("complaint_decision.id", ondelete="CASCADE"))
    found: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = columns.text()
    checked_on: Mapped[date] = mapped_column(Date)
    delivered_on: Mapped[date] = mapped_column(Date)
    delivered_by: Mapped[int | None] = columns.person()
    delivery: Mapped[str] = columns.text()
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[int | None] = columns.person()

    __table_args__ = (
        known("found", RemedyFound),
        CheckConstraint("note <> ''", name="says_how"),
        CheckConstraint("checked_on >= delivered_on", name="checked_after_delivery"),
        CheckConstraint("(found = 'lacking') = (delivery <> '')", name="lacking_keeps_delivery"),
    )
