"""What every way of counting is handed: the session, the selection, its window, and pieces of conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from auditkit.accounts.queries import zone_of_house
from auditkit.base.db import Session
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended, Target
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries.settled import practice
from auditkit.complaints.rules import Stage
from auditkit.insights import queries
from auditkit.insights.rules import Period, Selection

Conditions = Sequence[ColumnElement[bool]]
ACKNOWLEDGE = (Target.ACKNOWLEDGE.value,)
DUES = ComplaintDue.__table__.c
"""Columns of the due dates, for conditions of `due`."""
DECIDE = (Target.DECIDE.value, Target.DECIDE_LATEST.value)


@dataclass(frozen=True)
class Frame:
    """One selection as it is counted. All moments are aware UTC.

    `now` is the moment as of which it counts: nothing later is looked at. `looks_back`: that moment has passed, so that
    what is open now says nothing of what was open then.
    """

    tx: Session
    selection: Selection
    window: queries.Window
    now: datetime
    sqlite: bool
    looks_back: bool = False

    @cached_property
    def selected(self) -> list[ColumnElement[bool]]:
        """What a complaint must be, whenever it happened."""
        return queries.conditions(self.selection)

    def within(self, column: Any) -> ColumnElement[bool]:
        """Whether a moment lies in the period."""
        return queries.within(column, self.window, self.sqlite)

    def within_days(self, column: Any, first: date, last: date) -> ColumnElement[bool]:
        """Whether a moment lies in other days than those of the period."""
        return queries.within(column, queries.window(Period(first, last), self.window.zone, self.now), self.sqlite)

    @cached_property
    def open_at_end(self) -> ColumnElement[bool]:
        """Received by the end of the period and not closed by then; closed on an unknown day says nothing of then."""
        ends = self.window.ends
        if self.window.is_now and not self.looks_back:
            return and_(Complaint.stage != Stage.CLOSED.value, Complaint.received_at < ends)
        still = and_(Complaint.closed_at.is_(None), Complaint.stage != Stage.CLOSED.value)
        return and_(Complaint.received_at < ends, or_(Complaint.closed_at >= ends, still))

    @property
    def end(self) -> ColumnElement[Any]:
        """The moment at which the period is over, as a value of the database."""
        return literal(self.window.ends, Complaint.received_at.type)

    @cached_property
    def repeat_days(self) -> int:
        """Within how many days a further complaint is a repeat, as the organisation settled it."""
        return practice(self.tx).repeat_days

    def seconds(self, first: Any, second: Any) -> Any:
        """Whole seconds between two moments."""
        return queries.seconds_between(first, second, self.sqlite)

    def same_day(self, first: Any, second: Any) -> ColumnElement[bool]:
        """Whether two moments lie on one day of the organisation's, as far as UTC days and 24 hours can tell."""
        near: ColumnElement[bool] = func.abs(self.seconds(first, second)) < 86_400
        return and_(near, self.local_day(first) == self.local_day(second))

    def local_day(self, column: Any) -> Any:
        """The organisation's day of a moment, as text."""
        begins = self.window.begins - timedelta(days=400)
        return queries.local_day(column, self.window.zone, begins, self.now, self.sqlite)


def frame(tx: Session, selection: Selection, now: datetime, *, looks_back: bool = False) -> Frame:
    """The frame of a selection as of `now`, by the days of the organisation's present zone."""
    window = queries.window(selection.period, zone_of_house(tx), now)
    return Frame(tx, selection, window, now, queries.is_sqlite(tx), looks_back)


def due(targets: Sequence[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a complaint has a due date of these targets for which all conditions (over DUES) hold.

    The complaint is scoped, and so are its due dates. A scope and a target of their own would let SQLite, which has no
    statistics, run along all due dates of the organisation or of that target instead of the few of the complaint.
    """
    target = func.coalesce(DUES.target, "")
    return exists(select(DUES.id).where(DUES.complaint_id == Complaint.id, target.in_(targets), *conditions))


RUNS = DUES.state == Ended.RUNNING.value
COUNTS = DUES.state.in_((Ended.MET.value, Ended.RUNNING.value))
"""Due dates that were dropped, because the case ended otherwise, promise nothing any more."""


def _moment(at: Any) -> Any:
    return at if isinstance(at, ColumnElement) else literal(at, DUES.due_at.type)


def kept(targets: Sequence[str], at: datetime) -> ColumnElement[bool]:
    """Whether by that moment a due date had been met in time."""
    return due(
        targets,
        DUES.state == Ended.MET.value,
        DUES.late.is_(False),
        DUES.ended_at < at,
    )


def missed(targets: Sequence[str], at: datetime, done: Any) -> ColumnElement[bool]:
    """Whether by that moment a due date was over and not kept; of one that was moved its first day counts."""
    return due(
        targets,
        DUES.due_at < at,
        or_(
            RUNS,
            DUES.late.is_(True),
            and_(DUES.state == Ended.EXTENDED.value, DUES.due_at < func.coalesce(done, _moment(at))),
        ),
    )


def overdue_at(targets: Sequence[str], at: datetime) -> ColumnElement[bool]:
    """Whether at that moment a due date was over, and what it asks for not done."""
    return due(targets, COUNTS, DUES.due_at < at, or_(RUNS, DUES.ended_at >= at))
