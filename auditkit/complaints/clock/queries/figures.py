"""How much was done in time, counted so that an open case that is overdue counts as late; and how much clocks stood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from auditkit.base.calendar.spans import Span
from auditkit.base.db import Session
from auditkit.complaints.clock.models import ClockHold, ComplaintClock, ComplaintDue
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.models import Complaint


@dataclass(frozen=True)
class TargetFigures:
    """The due dates of a target and a framework that began in a period.

    `in_time` and `late` were done; `overdue` run and are over; `running` run and are not; `left` do not count (no
    longer applied, or more time was asked for). `set_title` empty: days promised by hand.
    """

    target: Target
    set_title: str
    in_time: int
    late: int
    overdue: int
    running: int
    left: int

    @property
    def counted(self) -> int:
        """What the share is a share of: all that was or should have been done by now."""
        return self.in_time + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """Done in time, of all that was or should have been done; None where that is nothing."""
        return self.in_time / self.counted if self.counted else None


@dataclass(frozen=True)
class PausedShare:
    """Of the cases received in a period: how many had their clock stopped, and how much of their time it stood."""

    cases: int
    paused_cases: int
    seconds: float
    paused_seconds: float

    @property
    def share(self) -> float | None:
        """The time that clocks stood, of all the time from receipt to closing or now."""
        return self.paused_seconds / self.seconds if self.seconds else None


def on_time(tx: Session, span: Span, now: datetime) -> list[TargetFigures]:
    """Figures by target and framework over due dates that began in these days."""

    def counted(*conditions: Any) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    met, runs = ComplaintDue.state == Ended.MET.value, ComplaintDue.state == Ended.RUNNING.value
    query = (
        select(
            ComplaintDue.target,
            ComplaintDue.set_title,
            counted(met, ComplaintDue.late.is_(False)),
            counted(met, ComplaintDue.late.is_(True)),
            counted(runs, ComplaintDue.due_at < now),
            counted(runs, ComplaintDue.due_at >= now),
            counted(ComplaintDue.state.in_((Ended.DROPPED.value, Ended.EXTENDED.value))),
        )
        .where(span.covers(ComplaintDue.starts_at))
        .group_by(ComplaintDue.target, ComplaintDue.set_title)
    )
    found = [TargetFigures(Target(row[0]), row[1], *(int(number) for number in row[2:])) for row in tx.execute(query)]
    order = list(Target)
    return sorted(found, key=lambda one: (order.index(one.target), one.set_title))


def paused_share(tx: Session, span: Span, now: datetime) -> PausedShare:
    """How much clocks stood, over complaints received in these days whose time is kept.

    A pause that holds still counts up to now, and none counts beyond the days its rule allows.
    """
    received = span.covers(Complaint.received_at)
    moment = literal(now, Complaint.received_at.type)
    seconds = _seconds(tx, Complaint.received_at, func.coalesce(Complaint.closed_at, moment))
    kept = (
        select(func.count(), func.coalesce(func.sum(seconds), 0))
        .select_from(ComplaintClock)
        .join(Complaint, Complaint.id == ComplaintClock.complaint_id)
        .where(received)
    )
    ended = func.coalesce(ClockHold.ended_at, moment)
    stood = _seconds(tx, ClockHold.began_at, case((ended > ClockHold.holds_until, ClockHold.holds_until), else_=ended))
    held = (
        select(func.count(ClockHold.complaint_id.distinct()), func.coalesce(func.sum(stood), 0))
        .select_from(ClockHold)
        .join(Complaint, Complaint.id == ClockHold.complaint_id)
        .where(received, ClockHold.holds_until.is_not(None), ended > ClockHold.began_at)
    )
    cases, length = tx.execute(kept).one()
    paused, paused_length = tx.execute(held).one()
    return PausedShare(int(cases), int(paused), float(length), float(paused_length))


def _seconds(tx: Session, start: Any, end: Any) -> Any:
    if tx.get_bind().dialect.name == "sqlite":
        return (func.julianday(end) - func.julianday(start)) * 86_400.0
    return func.extract("epoch", end - start)
