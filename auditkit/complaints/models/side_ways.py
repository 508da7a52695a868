"""Tables of what happens beside the way of a complaint: levels, external bodies, waiting, sorting anew, opening again,
links and notes. Checked by tests/slices/complaints/test_handling_constraints.py.
"""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
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
    Ground,
    Kind,
    WaitsFor,
)

ESCALATION_STATES = ("asked", "done", "declined")


class ComplaintEscalation(OfOrganisation, Model):
    """A step to another level, or the complainant's wish for one (`asked`, until somebody does or declines it)."""

    __tablename__ = "complaint_escalation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    state: Mapped[str] = mapped_column(String(20))
    from_level: Mapped[int] = mapped_column(SmallInteger)
    to_level: Mapped[int] = mapped_column(SmallInteger)
    triggers: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    reason: Mapped[str] = columns.text()
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = columns.person()
    settled_reason: Mapped[str] = columns.text()

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
    complaint_id: Mapped[int] = columns.complaint(index=True)
    body: Mapped[str] = columns.line("body")
    reference: Mapped[str] = columns.line("body_reference")
    referred_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = columns.person()
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_by: Mapped[int | None] = columns.person()
    outcome: Mapped[str] = columns.text()
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
    complaint_id: Mapped[int] = columns.complaint()
    waits_for: Mapped[str] = mapped_column(String(20))
    awaited: Mapped[str] = columns.text()
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_by: Mapped[int | None] = columns.person()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = columns.person()
    came: Mapped[str] = columns.text()

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
    complaint_id: Mapped[int] = columns.complaint(index=True)
    from_kind: Mapped[str] = mapped_column(String(20))
    to_kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = columns.text()
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = columns.person()

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
    complaint_id: Mapped[int] = columns.complaint()
    number: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = columns.text()
    reopened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_by: Mapped[int | None] = columns.person()
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_ground: Mapped[str] = mapped_column(String(40), default="")
    closing_note: Mapped[str] = columns.text()

    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        known("closing_ground", Ground, empty=True),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )


class ComplaintNote(OfOrganisation, Model):
    """An internal note; the complainant never sees it."""

    __tablename__ = "complaint_note"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = columns.complaint(index=True)
    note: Mapped[str] = columns.text()
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[int | None] = columns.person()

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
