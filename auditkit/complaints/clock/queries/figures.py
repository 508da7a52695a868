"""How much was done in time, counted so that an open case that is overdue counts as late; and how much clocks stood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from auditkit.base.db import Session
from auditkit.complaints.clock.models import ComplaintClock, ComplaintDue
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


def on_time(tx: Session, since: datetime, until: datetime, now: datetime) -> list[TargetFigures]:
    """Figures by target and framework over due dates that began from `since` on and before `until`."""

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
        .where(ComplaintDue.starts_at >= since, ComplaintDue.starts_at < until)
        .group_by(ComplaintDue.target, ComplaintDue.set_title)
    )
    found = [TargetFigures(Target(row[0]), row[1], *(int(number) for number in row[2:])) for row in tx.execute(query)]
    order = list(Target)
    return sorted(found, key=lambda one: (order.index(one.target), one.set_title))


def paused_share(tx: Session, since: datetime, until: datetime, now: datetime) -> PausedShare:
    """How much clocks stood, over complaints received from `since` on and before `until` whose time is kept."""
    end = func.coalesce(Complaint.closed_at, literal(now, Complaint.received_at.type))
    if tx.get_bind().dialect.name == "sqlite":
        length = (func.julianday(end) - func.julianday(Complaint.received_at)) * 86_400.0
    else:
        length = func.extract("epoch", end - Complaint.received_at)
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(case((ComplaintClock.paused_seconds > 0, 1), else_=0)), 0),
            func.coalesce(func.sum(length), 0),
            func.coalesce(func.sum(ComplaintClock.paused_seconds), 0),
        )
        .select_from(ComplaintClock)
        .join(Complaint, Complaint.id == ComplaintClock.complaint_id)
        .where(Complaint.received_at >= since, Complaint.received_at < until)
    )
    cases, paused, seconds, stood = tx.execute(query).one()
    return PausedShare(int(cases), int(paused), float(seconds), float(stood))
