"""Tables of the clock. A limit is never changed in place: a new row takes over and the old one gets an end, so that a
complaint keeps the limits it came in under. Checked by tests/slices/complaints_clock/test_clock_constraints.py.
"""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.calendar import Unit
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.clock.rules import HOLD_TITLES, NOTICED, Ended, Starts, Target
from auditkit.complaints.models.register import Complaint, known
from auditkit.complaints.rules import Severity, WaitsFor

RUNNING = "state = 'running'"


class TimeLimitSet(OfOrganisation, Model):
    """The limits of one framework or promise. `source` is the preset it was taken from and `source_digest` its bytes.

    `kinds`, `channels`, `categories`: which complaints it is for, empty for any. `ended_at`: for complaints that come
    in from then on it is not used.
    """

    __tablename__ = "time_limit_set"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(100), default="")
    source_digest: Mapped[str] = mapped_column(String(64), default="")
    kinds: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    channels: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    categories: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("title <> ''", name="limit_set_has_title"),
        CheckConstraint("(source = '') = (source_digest = '')", name="source_has_digest"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="ended_after_added"),
    )


class TimeLimit(OfOrganisation, Model):
    """One limit. `warn_percent` of the time run: soon due, or `warn_hours` before where given; `very_percent` (over
    100): long overdue.

    `pausable`: whether waiting for information stops it; what a law sets seldom allows that.
    """

    __tablename__ = "time_limit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("time_limit_set.id"), index=True)
    target: Mapped[str] = mapped_column(String(20))
    starts: Mapped[str] = mapped_column(String(20))
    severities: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    priorities: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(10))
    working: Mapped[bool] = mapped_column(Boolean)
    binding: Mapped[bool] = mapped_column(Boolean)
    pausable: Mapped[bool] = mapped_column(Boolean)
    warn_percent: Mapped[int] = mapped_column(SmallInteger)
    warn_hours: Mapped[int | None] = mapped_column(SmallInteger)
    very_percent: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[str] = mapped_column(Text, default="")
    reference: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        known("target", Target),
        known("starts", Starts),
        known("unit", Unit),
        CheckConstraint("amount BETWEEN 1 AND 1000", name="amount_sensible"),
        CheckConstraint("NOT working OR unit IN ('hours', 'days')", name="working_time_in_hours_or_days"),
        CheckConstraint("warn_percent BETWEEN 1 AND 100", name="warning_before_due"),
        CheckConstraint("warn_hours IS NULL OR warn_hours BETWEEN 1 AND 2000", name="warning_hours_sensible"),
        CheckConstraint("very_percent BETWEEN 101 AND 1000", name="very_overdue_after_due"),
        CheckConstraint("ended_at IS NULL OR ended_at >= added_at", name="ended_after_added"),
    )


class ComplaintClock(OfOrganisation, Model):
    """One row for each complaint whose time is kept: when its limits were chosen, and the next of its due dates.

    `chosen_at`: the limits in force then are its own. The moments are the earliest of the due dates that run, None
    where none does. `paused_until`: while a pause holds, when it stops to hold by itself. `owner_id` and `deputy_id`
    are copies of the complaint's, so that a person's queue runs along one index.
    """

    __tablename__ = "complaint_clock"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assumed_severity: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(40), default="")
    news_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_seconds: Mapped[int] = mapped_column(Integer, default=0)
    next_target: Mapped[str] = mapped_column(String(20), default="")
    next_warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_very_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        known("assumed_severity", Severity),
        CheckConstraint("paused_seconds >= 0", name="paused_not_negative"),
        CheckConstraint(
            "(next_due_at IS NULL) = (next_warn_at IS NULL) AND (next_due_at IS NULL) = (next_very_at IS NULL) "
            "AND (next_due_at IS NULL) = (next_target = '')",
            name="next_is_whole",
        ),
        *(
            Index(
                f"ix_complaint_clock_{name}",
                *("organisation_id", *columns, "next_due_at", "complaint_id"),
                sqlite_where=text("next_due_at IS NOT NULL"),
                postgresql_where=text("next_due_at IS NOT NULL"),
            )
            for name, columns in (("due", ()), ("owner", ("owner_id",)), ("deputy", ("deputy_id",)))
        ),
    )


class ComplaintUntimed(OfOrganisation, Model):
    """The open complaints whose time is not kept: those without a row in `complaint_clock`.

    Kept by the statements below, so that the queue need not look through every open case to say that there are none.
    As with the search index no trigger waits for new complaints: it would make a bulk load many times slower. Whoever
    inserts complaints in bulk runs UNTIMED_ROWS over them in the same transaction.
    """

    __tablename__ = "complaint_untimed"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True)


UNTIMED_ROWS = (
    "INSERT INTO complaint_untimed (complaint_id, organisation_id) SELECT one.id, one.organisation_id FROM complaint "
    "AS one WHERE one.id BETWEEN :first AND :last AND one.stage <> 'closed' AND NOT EXISTS (SELECT 1 FROM "
    "complaint_clock AS kept WHERE kept.complaint_id = one.id) ON CONFLICT DO NOTHING"
)
_CLOCK_ADDED = "DELETE FROM complaint_untimed WHERE complaint_id = NEW.complaint_id;"
_CLOCK_REMOVED = (
    "INSERT INTO complaint_untimed (complaint_id, organisation_id) SELECT one.id, one.organisation_id FROM complaint "
    "AS one WHERE one.id = OLD.complaint_id AND one.stage <> 'closed' ON CONFLICT DO NOTHING;"
)
_CASE_ENDED_OR_BEGUN_ANEW = (
    "DELETE FROM complaint_untimed WHERE complaint_id = NEW.id; "
    "INSERT INTO complaint_untimed (complaint_id, organisation_id) SELECT NEW.id, NEW.organisation_id WHERE "
    "NEW.stage <> 'closed' AND NOT EXISTS (SELECT 1 FROM complaint_clock AS kept WHERE kept.complaint_id = NEW.id) "
    "ON CONFLICT DO NOTHING;"
)
_MOMENTS = (
    ("untimed_clock_added", "AFTER INSERT ON complaint_clock", "", _CLOCK_ADDED),
    ("untimed_clock_removed", "AFTER DELETE ON complaint_clock", "", _CLOCK_REMOVED),
    (
        "untimed_stage_changed",
        "AFTER UPDATE OF stage ON complaint",
        "(OLD.stage = 'closed') <> (NEW.stage = 'closed')",
        _CASE_ENDED_OR_BEGUN_ANEW,
    ),
)
SQLITE_UNTIMED = tuple(
    f"CREATE TRIGGER {name} {moment}{f' WHEN {when}' if when else ''} BEGIN {what} END"
    for name, moment, when, what in _MOMENTS
)
POSTGRESQL_UNTIMED = tuple(
    statement
    for name, moment, when, what in _MOMENTS
    for statement in (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} {moment} FOR EACH ROW{f' WHEN ({when})' if when else ''} EXECUTE FUNCTION {name}()",
    )
)

cast("Table", ComplaintUntimed.__table__).add_is_dependent_on(cast("Table", ComplaintClock.__table__))
for _dialect, _statements in (("sqlite", SQLITE_UNTIMED), ("postgresql", POSTGRESQL_UNTIMED)):
    for _statement in _statements:
        event.listen(
            ComplaintUntimed.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )


@event.listens_for(Complaint, "after_insert")
def _not_timed_yet(_mapper: Any, connection: Any, complaint: Complaint) -> None:
    connection.execute(text(UNTIMED_ROWS), {"first": complaint.id, "last": complaint.id})


class ComplaintDue(OfOrganisation, Model):
    """One due date of a complaint, frozen as it was set: what its limit said then, its calendar, its explanation.

    `limit_id` None: a day that was promised by hand. `number` counts the rounds of a target (updates, reopenings).
    `notice_at`: from when there is more to notice than `noticed`. `mail_due`: what was noticed waits for the digest.
    """

    __tablename__ = "complaint_due"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"))
    limit_id: Mapped[int | None] = mapped_column(ForeignKey("time_limit.id"))
    set_id: Mapped[int | None] = mapped_column(ForeignKey("time_limit_set.id"))
    set_title: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=Ended.RUNNING.value)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_is_day: Mapped[bool] = mapped_column(Boolean, default=False)
    warn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    very_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    noticed: Mapped[str] = mapped_column(String(20), default="")
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_due: Mapped[bool] = mapped_column(Boolean, default=False)
    binding: Mapped[bool] = mapped_column(Boolean)
    pausable: Mapped[bool] = mapped_column(Boolean)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("frozen_calendar.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    explanation: Mapped[dict[str, Any]] = mapped_column(JsonDict)

    __table_args__ = (
        known("target", Target),
        known("state", Ended),
        CheckConstraint(f"noticed IN ({one_of(NOTICED)})", name="noticed_known"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="running_has_no_end"),
        CheckConstraint("starts_at <= due_at AND warn_at <= due_at AND due_at <= very_at", name="moments_in_order"),
        CheckConstraint("NOT late OR state = 'met'", name="late_was_met"),
        CheckConstraint("notice_at IS NULL OR state = 'running'", name="notices_of_running_only"),
        CheckConstraint("(limit_id IS NULL) = (set_id IS NULL)", name="limit_has_set"),
        Index("ix_complaint_due_complaint", "complaint_id", "state"),
        Index("ix_complaint_due_target", "organisation_id", "target", "starts_at"),
        Index(
            "ix_complaint_due_running",
            "organisation_id",
            "target",
            "due_at",
            "complaint_id",
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
        Index(
            "ix_complaint_due_notice",
            "notice_at",
            sqlite_where=text("notice_at IS NOT NULL"),
            postgresql_where=text("notice_at IS NOT NULL"),
        ),
        Index(
            "ix_complaint_due_mail",
            "organisation_id",
            "id",
            sqlite_where=text("mail_due"),
            postgresql_where=text("mail_due"),
        ),
    )


class ClockHold(OfOrganisation, Model):
    """What a pause of a complaint means for the clock, decided when it began.

    `holds_until`: when it stops to hold by itself, None where it never held; `ended_at` when the information came.
    """

    __tablename__ = "clock_hold"

    pause_id: Mapped[int] = mapped_column(ForeignKey("complaint_pause.id", ondelete="CASCADE"), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id", ondelete="CASCADE"), index=True)
    waits_for: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    holds_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"verdict IN ({one_of(HOLD_TITLES)})", name="verdict_known"),
        CheckConstraint("(verdict = 'holds') = (holds_until IS NOT NULL)", name="holding_has_limit"),
        CheckConstraint("holds_until IS NULL OR holds_until > began_at", name="holds_after_began"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ended_after_began"),
    )


class PauseLimit(OfOrganisation, Model):
    """Whether and how long waiting for somebody stops the clock in this organisation; see rules.PAUSE_RULES."""

    __tablename__ = "pause_limit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    waits_for: Mapped[str] = mapped_column(String(20))
    holds: Mapped[bool] = mapped_column(Boolean)
    max_days: Mapped[int] = mapped_column(SmallInteger)
    max_count: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id", "waits_for"),
        known("waits_for", WaitsFor),
        CheckConstraint("max_days BETWEEN 1 AND 365", name="days_sensible"),
        CheckConstraint("max_count BETWEEN 1 AND 20", name="count_sensible"),
    )


class DueDigest(OfOrganisation, Model):
    """A person was mailed what is due on this day (the organisation's): one mail a day."""

    __tablename__ = "due_digest"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date] = mapped_column(Date)
    cases: Mapped[int] = mapped_column(Integer)
    put_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "day"),
        CheckConstraint("cases >= 1", name="digest_has_cases"),
    )
