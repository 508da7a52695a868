"""Whether complaints of a category came less often after an action that answers the category was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from auditkit.actions.models import Action
from auditkit.base.db import Session
from auditkit.complaints.improving.models import ComplaintGathering
from auditkit.complaints.models import Complaint
from auditkit.insights import queries
from auditkit.insights.rules import Selection
from auditkit.insights.statistics.rules.shares import rate_ratio

LONGEST = 180
"""Days looked at on each side of the day an action was done; a younger action is compared over the days it has had."""
FEWEST = 5
"""With fewer complaints on both sides together no interval is given."""
MOST = 20


@dataclass(frozen=True)
class BeforeAfter:
    """Complaints of a category over `days` before an action was opened and over as many since it was done.

    `ratio` is the rate after by the rate before, None where there was none before; `low` to `high` its 95% interval.
    """

    number: str
    title: str
    category: str
    days: int
    before: int
    after: int
    ratio: float | None
    low: float
    high: float | None
    few: bool


def compared(tx: Session, selection: Selection, now: datetime) -> list[BeforeAfter]:
    """The newest actions for a category that were done by the end of the period, newest first."""
    _begins, ends = selection.period.moments(queries.zone(tx))
    query = (
        select(Action.number, Action.title, Action.opened_at, Action.completed_at, ComplaintGathering.category)
        .join(ComplaintGathering, ComplaintGathering.id == Action.origin_id)
        .where(
            Action.origin_kind == "complaints",
            ComplaintGathering.category != "",
            Action.completed_at.is_not(None),
            Action.completed_at < min(ends, now),
        )
        .order_by(Action.completed_at.desc())
        .limit(MOST)
    )
    return [found for row in tx.execute(query) if (found := _one(tx, selection, row, now))]


def _one(tx: Session, selection: Selection, row: Any, now: datetime) -> BeforeAfter | None:
    number, title, opened, done, category = row
    days = min((now - done).days, LONGEST)
    if days < 1:
        return None
    span = timedelta(days=days)
    before = _received(tx, selection, category, opened - span, opened)
    after = _received(tx, selection, category, done, done + span)
    few = before + after < FEWEST
    interval = None if few else rate_ratio(after, days, before, days)
    return BeforeAfter(
        number,
        title,
        category,
        days,
        before,
        after,
        after / before if before else None,
        interval.low if interval else 0.0,
        interval.high if interval and interval.high != float("inf") else None,
        few,
    )


def _received(tx: Session, selection: Selection, category: str, begins: datetime, ends: datetime) -> int:
    query = select(func.count()).select_from(Complaint)
    of = [*queries.conditions(selection), Complaint.category == category]
    return int(tx.execute(query.where(*of, Complaint.received_at >= begins, Complaint.received_at < ends)).scalar_one())
