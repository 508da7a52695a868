"""Tables of the survey. CHECKs repeat the rules: one answer, one reminder, and a reason where nobody was asked.

Checked by tests/slices/complaints_survey/test_survey.py.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models.register import known
from auditkit.complaints.survey.rules import Accepted, State, Why


class SurveySettings(OfOrganisation, Model):
    """See rules.Practice; one row, or none where the defaults hold. `switched_on` False: nobody is asked."""

    __tablename__ = "survey_settings"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    switched_on: Mapped[bool] = mapped_column(Boolean)
    wait_days: Mapped[int] = mapped_column(SmallInteger)
    valid_days: Mapped[int] = mapped_column(SmallInteger)
    remind_days: Mapped[int] = mapped_column(SmallInteger)
    fewest: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint(
            "wait_days BETWEEN 0 AND 90 AND valid_days BETWEEN 1 AND 180 AND remind_days BETWEEN 0 AND 179",
            name="survey_days_sensible",
        ),
        CheckConstraint("fewest BETWEEN 2 AND 1000", name="fewest_sensible"),
    )


class ComplaintSurvey(OfOrganisation, Model):
    """The survey of one closed case. Of the link only the SHA-256 is kept.

    `due_at`: when the invitation leaves. `remind_at`: when the one reminder does; None once it left or if unwanted.
    `accepted`: asked only where no answer to the decision is on record.
    """

    __tablename__ = "complaint_survey"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    secret_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_message.id"), index=True)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_message.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    process_score: Mapped[int | None] = mapped_column(SmallInteger)
    outcome_score: Mapped[int | None] = mapped_column(SmallInteger)
    accepted: Mapped[str] = mapped_column(String(5), default="")
    may_contact: Mapped[bool] = mapped_column(Boolean, default=False)
    comment: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        known("state", State),
        known("why", Why, empty=True),
        known("accepted", Accepted, empty=True),
        CheckConstraint("(state = 'not-sent') = (why <> '')", name="not_sent_has_reason"),
        CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="waiting_has_day"),
        CheckConstraint(
            "(state IN ('sent', 'answered')) = (sent_at IS NOT NULL) "
            "AND (sent_at IS NULL) = (secret_digest IS NULL) AND (sent_at IS NULL) = (expires_at IS NULL)",
            name="sent_has_link",
        ),
        CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL) "
            "AND (answered_at IS NULL) = (process_score IS NULL) AND (answered_at IS NULL) = (outcome_score IS NULL)",
            name="answered_has_scores",
        ),
        CheckConstraint(
            "(process_score IS NULL OR process_score BETWEEN 1 AND 5) "
            "AND (outcome_score IS NULL OR outcome_score BETWEEN 1 AND 5)",
            name="scores_on_scale",
        ),
        CheckConstraint(
            "state = 'answered' OR (accepted = '' AND NOT may_contact AND comment = '')", name="only_answers_say"
        ),
        CheckConstraint("reminded_at IS NULL OR remind_at IS NULL", name="one_reminder"),
        CheckConstraint("remind_at IS NULL OR state = 'sent'", name="reminds_who_was_asked"),
        CheckConstraint("secret_digest IS NULL OR length(secret_digest) = 64", name="survey_secret_is_sha256"),
        Index(
            "ix_complaint_survey_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_complaint_survey_remind",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )
