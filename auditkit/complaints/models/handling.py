"""Tables of what is done with a complaint. Each hangs on its complaint and keeps its history: nothing is overwritten.

Whether a row fits the stage of its complaint is for the verbs; what one row can say by itself the CHECKs hold.
Checked by tests/slices/complaints/test_handling_constraints.py.
"""

from datetime import date, datetime
from typing import Any

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
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models.register import known
from auditkit.complaints.rules import (
    LONGEST,
    Answer,
    Compensation,
    Complexity,
    Ground,
    Kind,
    Others,
    Outcome,
    Relation,
    Severity,
    WaitsFor,
)

DECISION_STATES = ("proposed", "returned", "decided")
ESCALATION_STATES = ("asked", "done", "declined")


def _complaint(**more: Any) -> Mapped[int]:
    return mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), **more)


def _person() -> Mapped[int | None]:
    return mapped_column(ForeignKey("person.id"))


def _line(field: str) -> Mapped[str]:
    return mapped_column(String(LONGEST[field]), default="")


def _text() -> Mapped[str]:
    return mapped_column(Text, default="")


class ComplaintAssessment(OfOrganisation, Model):
    """An initial assessment (7.5) or a later one; the newest counts.

    `reach`, `priority` and `facts` are words of the organisation's priority matrix at that time; `facts` give the
    highest priority whatever the matrix says.
    """

    __tablename__ = "complaint_assessment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint(index=True)
    severity: Mapped[str] = mapped_column(String(20))
    safety: Mapped[bool] = mapped_column(Boolean)
    complexity: Mapped[str] = mapped_column(String(20))
    reach: Mapped[str] = mapped_column(String(40))
    facts: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    immediate_needed: Mapped[bool] = mapped_column(Boolean)
    immediate_possible: Mapped[bool] = mapped_column(Boolean)
    immediate_action: Mapped[str] = _text()
    compensation: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str] = _text()
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessed_by: Mapped[int | None] = _person()

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
    complaint_id: Mapped[int] = _complaint(index=True)
    investigator_id: Mapped[int | None] = _person()
    plan: Mapped[str] = _text()
    independence: Mapped[str] = _text()
    complainant_side: Mapped[str] = _text()
    other_side: Mapped[str] = _text()
    facts: Mapped[str] = _text()
    cause: Mapped[str] = _line("cause")
    cause_method: Mapped[str] = _line("cause_method")
    cause_note: Mapped[str] = _text()
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[int | None] = _person()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = _person()

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
    complaint_id: Mapped[int] = _complaint()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by: Mapped[int | None] = _person()

    __table_args__ = (UniqueConstraint("complaint_id", "person_id"),)


class ComplaintDecision(OfOrganisation, Model):
    """One decision from proposal to delivered remedy and answer (7.7 to 7.9). `number` counts those of a complaint.

    `amount` in hundredths of `currency`. `remedies` are words of the organisation's list. `limit_amount`: what
    whoever proposed may decide alone, None for no limit. `from_stage` is where a returned proposal goes back to.
    """

    __tablename__ = "complaint_decision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str] = _text()
    remedy: Mapped[str] = _text()
    remedies: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = _line("currency")
    others: Mapped[str] = mapped_column(String(20), default="")
    others_note: Mapped[str] = _text()
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[int | None] = _person()
    limit_amount: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = _person()
    return_reason: Mapped[str] = _text()
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_channel: Mapped[str] = _line("told_channel")
    told_by: Mapped[int | None] = _person()
    options: Mapped[str] = _text()
    promised_on: Mapped[date | None] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    delivered_by: Mapped[int | None] = _person()
    delivery: Mapped[str] = _text()
    answer: Mapped[str] = mapped_column(String(20), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_note: Mapped[str] = _text()
    next_internal: Mapped[str] = _line("next_internal")
    next_external: Mapped[str] = _line("next_external")

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


class ComplaintEscalation(OfOrganisation, Model):
    """A step to another level, or the complainant's wish for one (`asked`, until somebody does or declines it)."""

    __tablename__ = "complaint_escalation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint(index=True)
    state: Mapped[str] = mapped_column(String(20))
    from_level: Mapped[int] = mapped_column(SmallInteger)
    to_level: Mapped[int] = mapped_column(SmallInteger)
    triggers: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    reason: Mapped[str] = _text()
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = _person()
    settled_reason: Mapped[str] = _text()

    __table_args__ = (
        CheckConstraint(f"state IN {ESCALATION_STATES}", name="state_known"),
        CheckConstraint("from_level BETWEEN 0 AND 4 AND to_level BETWEEN 0 AND 4", name="levels_known"),
        CheckConstraint("state <> 'done' OR to_level <> from_level", name="done_moves"),
        CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="asked_is_not_settled"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("state <> 'declined' OR settled_reason <> ''", name="declined_has_reason"),
    )


class ComplaintReferral(OfOrganisation, Model):
    """A case before an external body: ombudsman, regulator, arbitrator, court."""

    __tablename__ = "complaint_referral"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint(index=True)
    body: Mapped[str] = _line("body")
    reference: Mapped[str] = _line("body_reference")
    referred_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = _person()
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_by: Mapped[int | None] = _person()
    outcome: Mapped[str] = _text()
    overturned: Mapped[bool | None] = mapped_column(Boolean)

    __table_args__ = (
        CheckConstraint("body <> ''", name="body_is_named"),
        CheckConstraint(
            "(ended_on IS NULL) = (outcome = '') AND (ended_on IS NULL) = (overturned IS NULL)",
            name="ended_has_outcome",
        ),
        CheckConstraint("ended_on IS NULL OR ended_on >= referred_on", name="ended_after_referred"),
    )


class ComplaintPause(OfOrganisation, Model):
    """A time in which information is awaited. The clock reads when it began and ended; one is open at a time."""

    __tablename__ = "complaint_pause"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    waits_for: Mapped[str] = mapped_column(String(20))
    awaited: Mapped[str] = _text()
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_by: Mapped[int | None] = _person()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = _person()
    came: Mapped[str] = _text()

    __table_args__ = (
        known("waits_for", WaitsFor),
        CheckConstraint("awaited <> ''", name="awaits_something"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ended_after_began"),
        Index("ix_complaint_pause_complaint_began", "complaint_id", "began_at"),
        Index(
            "uq_complaint_pause_open",
            "complaint_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ComplaintReclassification(OfOrganisation, Model):
    """A change of what the feedback is: from complaint to something else, or back."""

    __tablename__ = "complaint_reclassification"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint(index=True)
    from_kind: Mapped[str] = mapped_column(String(20))
    to_kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = _text()
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = _person()

    __table_args__ = (
        known("from_kind", Kind),
        known("to_kind", Kind),
        CheckConstraint("from_kind <> to_kind", name="changes_something"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )


class ComplaintReopening(OfOrganisation, Model):
    """A closed case that was opened again, with how and when it had been closed. `number` counts from one."""

    __tablename__ = "complaint_reopening"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    number: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = _text()
    reopened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_by: Mapped[int | None] = _person()
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_ground: Mapped[str] = mapped_column(String(40), default="")
    closing_note: Mapped[str] = _text()

    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        known("closing_ground", Ground, empty=True),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )


class ComplaintLink(OfOrganisation, Model):
    """Two complaints that belong together: `complaint_id` is a duplicate, repeat ... of `other_id`, the older one."""

    __tablename__ = "complaint_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint()
    other_id: Mapped[int] = _complaint(index=True)
    relation: Mapped[str] = mapped_column(String(20))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_by: Mapped[int | None] = _person()

    __table_args__ = (
        UniqueConstraint("complaint_id", "other_id"),
        known("relation", Relation),
        CheckConstraint("complaint_id > other_id", name="later_to_earlier"),
    )


class ComplaintNote(OfOrganisation, Model):
    """An internal note; the complainant never sees it."""

    __tablename__ = "complaint_note"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = _complaint(index=True)
    note: Mapped[str] = _text()
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int | None] = _person()

    __table_args__ = (CheckConstraint("note <> ''", name="says_something"),)


class ComplaintMention(OfOrganisation, Model):
    """A member named in a note with @; `seen_at` when the member said that it was read."""

    __tablename__ = "complaint_mention"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("complaint_note.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("note_id", "person_id"),
        Index(
            "ix_complaint_mention_unseen",
            "organisation_id",
            "person_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )


class ComplaintAuthority(OfOrganisation, Model):
    """Up to which amount (hundredths of `currency`) a role, or one person, may decide a remedy alone."""

    __tablename__ = "complaint_authority"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    role: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[int | None] = _person()
    currency: Mapped[str] = _line("currency")
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
    currency: Mapped[str] = _line("currency")
    external_bodies: Mapped[str] = _line("next_external")
    review_days: Mapped[int] = mapped_column(SmallInteger)
    repeat_days: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("review_days BETWEEN 1 AND 90", name="review_days_sensible"),
        CheckConstraint("repeat_days BETWEEN 1 AND 730", name="repeat_days_sensible"),
    )
