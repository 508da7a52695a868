"""What a dashboard reads: the fresh sums of a period, with the stale cohorts and what still runs counted straight."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, partial
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select

from auditkit.base.db import Session
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import Stage
from auditkit.insights.indicators import computing, times, ways
from auditkit.insights.indicators.frame import ACKNOWLEDGE, DECIDE, Conditions, Frame, frame, missed, overdue_at
from auditkit.insights.queries import Unfilled, moment
from auditkit.insights.rollups.keeping import Standing, standing
from auditkit.insights.rollups.models import FigureDay, FigureWait
from auditkit.insights.rollups.summing import (
    CLOSED_SOMETIME,
    ENDED,
    NO_ACKNOWLEDGEMENT_DUE,
    NO_DECISION_DUE,
    OF_DECISIONS,
    STILL,
    UNKNOWN,
    DaySum,
    Summing,
    WaitSum,
)
from auditkit.insights.rules import EARLIEST, Figure, Period, Selection

_LATE, _KEPT, _OTHER, _CLOSED = "late", "kept", "other", "closed"
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
MOST_SITES = 300
SUMMED = ("received", "acknowledged-on-time", "decided-on-time", *OF_DECISIONS)


@dataclass(frozen=True)
class Board:
    """The figures of one selection, each counted the quickest way there is; all ways come to the same.

    The sums serve the whole register of any period; a part of the register is counted straight.
    """

    tx: Session
    selection: Selection
    now: datetime

    @cached_property
    def frame(self) -> Frame:
        """How everything here is counted."""
        return frame(self.tx, self.selection, self.now)

    @cached_property
    def standing(self) -> Standing:
        """How the sums stand."""
        return standing(self.tx, self.frame.window.zone)

    @property
    def summed(self) -> bool:
        """Whether the sums serve."""
        return not self.selection.narrowed and self.standing.usable

    @property
    def _whole_months(self) -> bool:
        period = self.selection.period
        return period.first.day == 1 and (self.frame.window.is_now or (period.last + timedelta(days=1)).day == 1)

    def figures(self, names: tuple[str, ...]) -> tuple[Figure, ...]:
        """The figures of these names, in this order; several of one name where there is one of each currency."""
        found = {name: self._figure(name) for name in names if name not in _TOGETHER}
        for indicator in dict.fromkeys(computing.indicator_of(name) for name in names if name in _TOGETHER):
            for figure in computing.compute(self.tx, self.selection, self.now, (indicator,)):
                if figure.name in names:
                    found[figure.name] = (*found.get(figure.name, ()), figure)
        return tuple(figure for name in names for figure in found.get(name, ()))

    def _figure(self, name: str) -> tuple[Figure, ...]:
        if name in times.BY_NAME:
            wait = times.BY_NAME[name]
            return (times.figure_of(wait, self.waited(name)),)
        if self.summed and (name in SUMMED and (name != "decided-on-time" or self.frame.window.is_now)):
            return (self._share(name),)
        if name == "backlog" and self.summed:
            return (self._backlog(),)
        return computing.compute_named(self.tx, name, self.selection, self.now)

    def _backlog(self) -> Figure:
        """The open cases, along the index of the open ones; those closed on an unknown day by the sums."""
        way, last = ways.BY_NAME["backlog"], self.selection.period.last.isoformat()
        number = self._counted(_backlog).scalar_one()
        unknown = int(self._summed(_unknown_sums, {"last": last}).scalar_one())
        unknown += sum(one.whole for one in self._straight[0] if one.figure == CLOSED_SOMETIME and one.day <= last)
        left_out = {ways.DAY_UNKNOWN: unknown} if unknown else {}
        return computing.share_figure(way, int(number), int(number), left_out)

    def _share(self, name: str) -> Figure:
        whole, part, left_out = *self._sum(name), {}
        if name == "acknowledged-on-time":
            more, good, running = self._acknowledgements_under_way()
            whole, part = whole + more, part + good
            left_out = {ways.NO_DUE: self._sum(NO_ACKNOWLEDGEMENT_DUE)[0], ways.STILL_RUNNING: running}
        elif name == "decided-on-time":
            more, good = self._decisions_under_way()
            whole, part = whole + more, part + good
            left_out = {ways.NO_DUE: self._sum(NO_DECISION_DUE)[0]}
        return computing.share_figure(
            ways.BY_NAME[name], part, whole, {why: number for why, number in left_out.items() if number}
        )

    def _sum(self, figure: str) -> tuple[int, int]:
        months = self._days[figure].values()
        return sum(whole for whole, _part in months), sum(part for _whole, part in months)

    @cached_property
    def _days(self) -> dict[str, dict[str, tuple[int, int]]]:
        """figure -> month (2026-03) -> (belong, count) of the days of the period."""
        first, last = self.selection.period.first.isoformat(), self.selection.period.last.isoformat()
        found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for row in self._summed(_month_sums, {"first": first, "last": last}):
            found[row[0]][row[1]] = (int(row[2]), int(row[3]))
        for one in self._straight[0]:
            if one.part == "" and first <= one.day <= last:
                whole, part = found[one.figure].get(one.day[:7], (0, 0))
                found[one.figure][one.day[:7]] = (whole + one.whole, part + one.counted)
        return found

    @cached_property
    def _straight(self) -> tuple[list[DaySum], list[WaitSum]]:
        """The stale cohorts, counted now."""
        summing = Summing(self.tx, self.frame.window.zone, self.now)
        stale = sorted(self.standing.stale)
        days = [one for cohort in stale for one in summing.days(cohort)]
        return days, [one for cohort in stale for one in summing.waits(cohort)]

    def _acknowledgements_under_way(self) -> tuple[int, int, int]:
        """Of those whose acknowledgement has a limit that runs: how many count, in time, and not yet. See `ways`."""
        found = self._stand(_acknowledgements)
        late, kept = found.get(_LATE, 0), found.get(_KEPT, 0)
        return late + kept, kept, found.get(_OTHER, 0)

    def _decisions_under_way(self) -> tuple[int, int]:
        """Of those whose decision has a limit that runs: how many count by now, and how many in time. See `ways`."""
        found = self._stand(_decisions)
        kept = found.get(_KEPT, 0)
        return found.get(_LATE, 0) + kept, kept

    def _stand(self, written: Callable[..., Any]) -> dict[str, int]:
        """How many of those with a limit that runs stand how.

        What is closed has no such limit, so the open ones are all of them, and PostgreSQL finds these in a small index
        that has every column it needs. Where a closed one was found all the same, it looks at every case.
        """
        if not self.frame.sqlite:
            found = _by_first(self._counted(partial(written, only_open=True)))
            if not found.get(_CLOSED):
                return found
        return _by_first(self._counted(partial(written, only_open=False)))

    def _counted(self, written: Callable[[bool, Unfilled], Any]) -> Any:
        """A statement over the whole register, filled with the moments of this period."""
        window = self.frame.window
        statement = written(self.frame.sqlite, Unfilled(window.is_now, window.plain))
        return self.tx.execute(statement, {**window.moments, "now": self.frame.now})

    def _summed(self, written: Callable[[bool], Any], given: dict[str, Any]) -> Any:
        """A statement over the sums, without those of stale cohorts."""
        stale = tuple(self.standing.stale)
        return self.tx.execute(written(bool(stale)), {**given, "stale": stale} if stale else given)

    def months(self, figure: str = "received") -> list[tuple[str, int, int]]:
        """(month, belong, count) of a summed figure, every month of the period."""
        found = self._days[figure] if self.summed else _months_straight(self.frame, ways.BY_NAME[figure])
        return [
            (f"{one.first:%Y-%m}", *found.get(f"{one.first:%Y-%m}", (0, 0))) for one in self.selection.period.months()
        ]

    def words(self, part: str) -> list[tuple[str, int]]:
        """How many were received of each word of a part, most first."""
        counted: Counter[str] = Counter()
        if self.summed and self._whole_months:
            first, last = self.selection.period.first.isoformat(), self.selection.period.last.isoformat()
            found = self._summed(_word_sums, {"part": part, "first": first, "last": last})
            counted.update({word: int(number) for word, number in found})
            for one in self._straight[0]:
                if one.part == part and first <= one.day <= last:
                    counted[one.word] += one.whole
        else:
            column = getattr(Complaint, part)
            received = ways.BY_NAME["received"].of(self.frame)
            query = select(column, func.count()).where(*received).group_by(column)
            counted.update({word: int(number) for word, number in self.tx.execute(query)})
        return sorted(counted.items(), key=lambda one: (-one[1], one[0]))

    def waited(self, name: str) -> times.Waited:
        """The waiting times of one kind."""
        wait = times.BY_NAME[name]
        if not (self.summed and self._whole_months):
            return times.waited(self.frame, wait)
        ended: Counter[int] = Counter()
        still: Counter[int] = Counter()
        unknown = 0
        for state, took, number in self._waits[name]:
            if state == ENDED:
                ended[took] += number
            elif state == STILL:
                still[times.lasted(wait, took, self.now)] += number
            elif state == UNKNOWN:
                unknown += number
        return times.Waited(ended, still, unknown)

    @cached_property
    def _waits(self) -> dict[str, list[tuple[str, int, int]]]:
        first, last = (f"{day:%Y-%m}" for day in (self.selection.period.first, self.selection.period.last))
        found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for figure, state, took, number in self._summed(_wait_sums, {"first": first, "last": last}):
            found[figure].append((state, int(took), int(number)))
        for one in self._straight[1]:
            if first <= one.month <= last:
                found[one.figure].append((one.state, one.took, one.number))
        return found


def sites_used(tx: Session) -> list[str]:
    """The sites that occur, at most MOST_SITES: from the sums, which name each once a month."""
    query = select(FigureDay.word).distinct().where(FigureDay.figure == "received", FigureDay.part == "site")
    found = list(tx.execute(query.limit(MOST_SITES)).scalars())
    return sorted(found or tx.execute(select(Complaint.site).distinct().limit(MOST_SITES)).scalars())


_TOGETHER = frozenset(
    name for name in computing.names() if name not in ways.BY_NAME and name not in times.BY_NAME
)  # fmt: skip
"""Figures that are counted with others of their indicator."""


# Statements, each written once: on a dashboard writing them would take longer than running them.


def _frame(sqlite: bool, window: Unfilled) -> Frame:
    """The whole register as it is counted, its moments not filled in."""
    anything: Any = None
    filled_in_later: Any = window
    whole = Selection(Period(EARLIEST, EARLIEST))  # its days stand in the window
    return Frame(anything, whole, filled_in_later, moment("now"), sqlite)


@cache
def _backlog(sqlite: bool, window: Unfilled) -> Any:
    return select(func.count()).select_from(Complaint).where(*ways.BY_NAME["backlog"].of(_frame(sqlite, window)))


@cache
def _acknowledgements(sqlite: bool, window: Unfilled, only_open: bool) -> Any:
    counted = _frame(sqlite, window)
    late, kept = ways.acknowledged_late(counted), ways.acknowledged_in_time(counted)
    here = [*counted.selected, counted.within(Complaint.received_at)]
    standing = case((late, _LATE), (kept, _KEPT), else_=_OTHER)
    return _standings(ACKNOWLEDGE, here, lambda _first: standing, only_open)


@cache
def _decisions(sqlite: bool, window: Unfilled, only_open: bool) -> Any:
    counted = _frame(sqlite, window)
    ends = counted.window.ends
    decided = and_(Complaint.outcome != "", counted.within(Complaint.decided_at))
    late = missed(DECIDE, counted.now, Complaint.decided_at)

    def standing_of(first: Any) -> Any:
        # One that was met is over only where it was met after the end, and then the decision came after the end, too.
        after = and_(Complaint.decided_at.is_not(None), Complaint.decided_at >= ends, overdue_at(DECIDE, ends))
        overdue = and_(ways.undecided_at_end(counted), or_(first < ends, after))
        return case((decided, case((late, _LATE), else_=_KEPT)), (overdue, _LATE), else_=_OTHER)

    return _standings(DECIDE, counted.selected, standing_of, only_open)


def _standings(targets: tuple[str, ...], here: Conditions, standing_of: Callable[[Any], Any], only_open: bool) -> Any:
    """How many of those with a limit of these targets that runs stand how; `standing_of` is told its due date."""
    running = _running(targets)
    if only_open:
        nowhere = Complaint.id.is_(None)
        stands = case((nowhere, _CLOSED), else_=standing_of(running.c.first))
        still_open = and_(Complaint.id == running.c.complaint_id, Complaint.stage != Stage.CLOSED.value)
        return (
            select(stands.label("stands"), func.count())
            .select_from(running)
            .outerjoin(Complaint, still_open)
            .where(or_(nowhere, and_(*here)))
            .group_by(literal_column("stands"))
        )
    stands = standing_of(running.c.first).label("stands")
    return (
        select(stands, func.count())
        .select_from(Complaint)
        .join(running, running.c.complaint_id == Complaint.id)
        .where(*here)
        .group_by(literal_column("stands"))
    )


def _by_first(rows: Any) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in rows}


def _fresh(cohort: Any, stale: bool) -> list[Any]:
    return [cohort.not_in(bindparam("stale", expanding=True))] if stale else []


@cache
def _month_sums(stale: bool) -> Any:
    month = func.substr(FigureDay.day, 1, 7).label("month")
    return (
        select(FigureDay.figure, month, func.sum(FigureDay.whole), func.sum(FigureDay.counted))
        .where(
            FigureDay.figure.in_((*SUMMED, NO_ACKNOWLEDGEMENT_DUE, NO_DECISION_DUE)),
            FigureDay.part == "",
            FigureDay.day.between(bindparam("first"), bindparam("last")),
            *_fresh(FigureDay.cohort, stale),
        )
        .group_by(FigureDay.figure, literal_column("month"))
    )


@cache
def _word_sums(stale: bool) -> Any:
    return (
        select(FigureDay.word, func.sum(FigureDay.whole))
        .where(
            FigureDay.figure == "received",
            FigureDay.part == bindparam("part"),
            FigureDay.day.between(bindparam("first"), bindparam("last")),
            *_fresh(FigureDay.cohort, stale),
        )
        .group_by(FigureDay.word)
    )


@cache
def _unknown_sums(stale: bool) -> Any:
    return select(func.coalesce(func.sum(FigureDay.whole), 0)).where(
        FigureDay.figure == CLOSED_SOMETIME,
        FigureDay.part == "",
        FigureDay.day <= bindparam("last"),
        *_fresh(FigureDay.cohort, stale),
    )


@cache
def _wait_sums(stale: bool) -> Any:
    return (
        select(FigureWait.figure, FigureWait.state, FigureWait.took, func.sum(FigureWait.number))
        .where(
            FigureWait.figure.in_(tuple(times.BY_NAME)),
            FigureWait.month.between(bindparam("first"), bindparam("last")),
            *_fresh(FigureWait.cohort, stale),
        )
        .group_by(FigureWait.figure, FigureWait.state, FigureWait.took)
    )


def _running(targets: tuple[str, ...]) -> Any:
    """Those that have a due date of these targets that runs, with their first: few, along an index of their own.

    The range of `due_at` leads SQLite to that index; without it, it may walk along every due date of the target.
    """
    return (
        select(ComplaintDue.complaint_id, func.min(ComplaintDue.due_at).label("first"))
        .where(
            ComplaintDue.target.in_(targets), ComplaintDue.state == Ended.RUNNING.value, ComplaintDue.due_at > _EARLIEST
        )
        .group_by(ComplaintDue.complaint_id)
        .subquery("running")
    )


def _months_straight(counted: Frame, way: ways.Share) -> dict[str, tuple[int, int]]:
    anchor = Complaint.decided_at if way.name in OF_DECISIONS else Complaint.received_at
    month = func.substr(counted.local_day(anchor), 1, 7).label("month")
    good = func.sum(case((way.counted(counted), 1), else_=0)) if way.counted else func.count()
    query = select(month, func.count(), good).where(*way.of(counted)).group_by(literal_column("month"))
    return {row[0]: (int(row[1]), int(row[2])) for row in counted.tx.execute(query)}
