"""Whether complaints of a category came less often after an action that answers the category was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from auditkit.accounts.queries import zone_of_house
from auditkit.actions.models import Action
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.improving.models import ComplaintGathering
from auditkit.complaints.models import Complaint
from auditkit.insights import queries
from auditkit.insights.indicators.frame import Conditions
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
    _begins, ends = selection.period.moments(zone_of_house(tx))
    query = _done(min(ends, now)).order_by(Action.completed_at.desc()).limit(MOST)
    return [found for row in tx.execute(query) if (found := _one(tx, selection, row, now))]


def _done(by: datetime) -> Any:
    """The actions for a category that were done by that moment."""
    return (
        select(Action.number, Action.title, Action.opened_at, Action.completed_at, ComplaintGathering.category)
        .join(ComplaintGathering, ComplaintGathering.id == Action.origin_id)
        .where(
            Action.origin_kind == "complaints",
            ComplaintGathering.category != "",
            Action.completed_at.is_not(None),
            Action.completed_at < by,
        )
    )


def behind(tx: Session, selection: Selection, now: datetime, number: str, *, after: bool) -> Conditions:
    """What a complaint must be to be counted before or after the action of that number. Raises NotFound."""
    row = tx.execute(_done(now).where(Action.number == number)).first()
    if row is None or (days := _days(row.completed_at, now)) < 1:
        raise NotFound
    begins, ends = _spans(row, days)[after]
    return _of(selection, row.category, begins, ends)


def _days(done: datetime, now: datetime) -> int:
    return min((now - done).days, LONGEST)


def _spans(row: Any, days: int) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """What is looked at before the action was opened, and since it was done."""
    span = timedelta(days=days)
    return (row.opened_at - span, row.opened_at), (row.completed_at, row.completed_at + span)


def _one(tx: Session, selection: Selection, row: Any, now: datetime) -> BeforeAfter | None:
    number, title, _opened, done, category = row
    days = _days(done, now)
    if days < 1:
        return None
    before, after = (_received(tx, _of(selection, category, *span)) for span in _spans(row, days))
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


def _of(selection: Selection, category: str, begins: datetime, ends: datetime) -> Conditions:
    of = [*queries.conditions(selection), Complaint.category == category]
    return [*of, Complaint.received_at >= begins, Complaint.received_at < ends]


def _received(tx: Session, conditions: Conditions) -> int:
    return int(tx.execute(select(func.count()).select_from(Complaint).where(*conditions)).scalar_one())
