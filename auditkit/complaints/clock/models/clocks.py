"""Tables of how the time of complaints is kept: clocks, those that have none, holds, pauses, digests."""

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
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.clock.rules import HOLD_TITLES
from auditkit.complaints.models.register import Complaint, known
from auditkit.complaints.rules import Severity, WaitsFor


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
