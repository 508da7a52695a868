"""One cohort summed: every statement that the sums are made by, used as well where a cohort is not summed yet."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select, union_all

from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.insights import queries
from auditkit.insights.indicators import times, ways
from auditkit.insights.indicators.frame import ACKNOWLEDGE, COUNTS, DECIDE, DUES, RUNS, Conditions, Frame, due, missed
from auditkit.insights.queries import DayRule, moment
from auditkit.insights.rules import EARLIEST, Period, Selection

PARTS = ("category", "channel", "severity", "site")
OF_DECISIONS = ("upheld", "partly-upheld", "not-upheld", "reopened", "escalated")
CLOSED_SOMETIME = "backlog:no-day"
NO_ACKNOWLEDGEMENT_DUE, NO_DECISION_DUE = "acknowledged-on-time:no-due", "decided-on-time:no-due"
_MOMENTS = (Complaint.received_at, Complaint.acknowledged_at, Complaint.decided_at, Complaint.closed_at)
ENDED, STILL, UNKNOWN = "ended", "still", "unknown"


@dataclass(frozen=True)
class DaySum:
    """See models.FigureDay."""

    figure: str
    part: str
    day: str
    word: str
    whole: int
    counted: int


@dataclass(frozen=True)
class WaitSum:
    """See models.FigureWait."""

    figure: str
    month: str
    state: str
    took: int
    number: int


class _AnyTime(Frame):
    """A frame without a period: whether it has happened, not when."""

    def within(self, column: Any) -> ColumnElement[bool]:
        """Whether it has happened."""
        happened: ColumnElement[bool] = column < self.now
        return happened


def cohort_of(moment: datetime) -> str:
    """The cohort of a complaint received then."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def bounds(cohort: str) -> tuple[datetime, datetime]:
    """The moments a cohort is received between, the second not included."""
    year, month = int(cohort[:4]), int(cohort[5:7])
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=UTC), datetime(*after, 1, tzinfo=UTC)


class Summing:
    """The sums of cohorts of the session's organisation, by the days of `zone`."""

    def __init__(self, tx: Session, zone: ZoneInfo, now: datetime) -> None:
        self.tx, self.zone, self.now, self.sqlite = tx, zone, now, queries.is_sqlite(tx)

    def days(self, cohort: str) -> list[DaySum]:
        """The days of one cohort."""
        counts, shares = _days(self.sqlite, self._rule(cohort))
        found = [_day_sum(*row) for row in self.tx.execute(counts, self._given(cohort))]
        for row in self.tx.execute(shares, self._given(cohort)):
            for name, number in zip(OF_DECISIONS, row[2:], strict=True):
                found.append(DaySum(name, "", row[0], "", int(row[1]), int(number)))
        return found

    def waits(self, cohort: str) -> list[WaitSum]:
        """The waiting times of one cohort."""
        statement = _waits(self.sqlite, self._rule(cohort))
        return [
            WaitSum(figure, month, state, int(took), int(number))
            for figure, month, state, took, number in self.tx.execute(statement, self._given(cohort))
        ]

    def holds_future(self, cohort: str) -> bool:
        """Whether something of the cohort is dated later than now, so that its sums change as time goes by."""
        later = or_(*(column >= self.now for column in _MOMENTS))
        query = select(Complaint.id).where(_received(*bounds(cohort)), later).limit(1)
        return self.tx.execute(query).first() is not None

    def _rule(self, cohort: str) -> DayRule:
        return queries.day_rule(self.zone, bounds(cohort)[0], self.now, self.sqlite)

    def _given(self, cohort: str) -> dict[str, datetime]:
        begins, ends = bounds(cohort)
        return {"begins": begins, "ends": min(ends, self.now), "now": self.now}


# Writing these statements takes longer than running them over one cohort; those of the last few rules are kept.


def _frame(sqlite: bool) -> _AnyTime:
    anything: Any = None
    return _AnyTime(anything, Selection(Period(EARLIEST, EARLIEST)), anything, moment("now"), sqlite)


@lru_cache(maxsize=8)
def _days(sqlite: bool, rule: DayRule) -> tuple[Any, Any]:
    """All that is counted by the day, and what is shared out among the decisions of a day."""
    frame, here = _frame(sqlite), _received(moment("begins"), moment("ends"))
    received, decided = queries.day_by(Complaint.received_at, rule), queries.day_by(Complaint.decided_at, rule)
    everybody = [*frame.selected, here]
    acknowledged = [*ways.BY_NAME["acknowledged-on-time"].of(frame), here, ~due(ACKNOWLEDGE, RUNS)]
    decisions = [*ways.BY_NAME["upheld"].of(frame), here]
    parts = [
        _counted("received", received, everybody),
        _counted(CLOSED_SOMETIME, received, [*everybody, Complaint.closed_date_unknown.is_(True)]),
        _counted(
            "acknowledged-on-time",
            received,
            acknowledged,
            ~missed(ACKNOWLEDGE, frame.now, Complaint.acknowledged_at),
        ),
        _counted(NO_ACKNOWLEDGEMENT_DUE, received, [*everybody, ~due(ACKNOWLEDGE, DUES.state != "dropped")]),
        _counted(
            "decided-on-time",
            decided,
            [*decisions, due(DECIDE, COUNTS), ~due(DECIDE, RUNS)],
            ~missed(DECIDE, frame.now, Complaint.decided_at),
        ),
        _counted(NO_DECISION_DUE, decided, [*decisions, ~due(DECIDE, COUNTS)]),
        *(_words(part, received, everybody) for part in PARTS),
    ]
    counts = [func.sum(case((_good(name, frame), 1), else_=0)) for name in OF_DECISIONS]
    shares = select(decided.label("day"), func.count(), *counts).where(*decisions).group_by("day")
    return union_all(*parts), shares


@lru_cache(maxsize=8)
def _waits(sqlite: bool, rule: DayRule) -> Any:
    frame = _frame(sqlite)
    here = [*frame.selected, _received(moment("begins"), moment("ends"))]
    received_in = func.substr(queries.day_by(Complaint.received_at, rule), 1, 7)
    return union_all(
        *(
            _took(wait.name, state, received_in, took, [*here, condition])
            for wait in times.WAITS
            for state, took, condition in times.states(frame, wait)
        )
    )


# Parts of one statement: asking for each by itself would take longer than counting, where a cohort is small.
def _counted(figure: str, day: Any, of: Conditions, good: ColumnElement[bool] | None = None) -> Select[Any]:
    counts = func.count() if good is None else func.sum(case((good, 1), else_=0))
    day = day.label("day")
    return (
        select(literal(figure), literal(""), day, literal(""), func.count(), counts)
        .where(*of)
        .group_by(literal_column("day"))
    )


def _day_sum(figure: str, part: str, day: str, word: str, whole: Any, counted: Any) -> DaySum:
    """Words come by the month, and are kept by its first day."""
    return DaySum(figure, part, f"{day}-01" if part else day, word, int(whole), int(counted))


def _words(part: str, day: Any, of: Conditions) -> Select[Any]:
    month, word = func.substr(day, 1, 7).label("month"), queries.DIMENSION_COLUMNS[part].label("word")
    return (
        select(literal("received"), literal(part), month, word, func.count(), func.count())
        .where(*of)
        .group_by(literal_column("month"), literal_column("word"))
    )


def _took(figure: str, state: str, month: Any, took: Any, of: Conditions) -> Select[Any]:
    columns = (literal(figure), month.label("month"), literal(state), took.label("took"))
    query = select(*columns, func.count()).where(*of)
    return query.group_by(literal_column("month"), literal_column("took"))


def _received(begins: Any, ends: Any) -> ColumnElement[bool]:
    return and_(Complaint.received_at >= begins, Complaint.received_at < ends)


def _good(name: str, frame: Frame) -> ColumnElement[bool]:
    counted = ways.BY_NAME[name].counted
    if counted is None:
        raise TypeError(f"{name} is no share")
    return counted(frame)
