"""What the statistics count, counted by the database: a few hundred numbers, however many complaints there are.

Which complaints count and on which day is for `insights.queries` to say. Checked by
tests/slices/insights/test_statistics.py against the same counts by hand.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, literal_column, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.clock.rules import Ended
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintInvestigation
from auditkit.complaints.rules import Outcome, Severity
from auditkit.insights import queries as insights
from auditkit.insights.indicators.frame import Frame, frame
from auditkit.insights.rules import Period, Selection

PARTS_OF_A_STATEMENT = 60
MOST_WORDS = 500
MOST_EVENTS = 400
MOST_PAIRS = 2_000
DECIDED_FOR = (Outcome.UPHELD.value, Outcome.PARTLY.value)
CAUSE, LANGUAGE, SEGMENT, OUTCOME = "cause", "language", "segment", "outcome"
WEIGHTS = {Severity.LOW: 1, Severity.MEDIUM: 3, Severity.HIGH: 7, Severity.CRITICAL: 15}
"""What a complaint weighs in the Pareto by severity; one not assessed weighs as a low one."""


@dataclass(frozen=True)
class Share:
    """Of so many cases, so many hits."""

    hits: int
    of: int


def received(
    tx: Session, selection: Selection, periods: Sequence[Period], now: datetime, by: str = ""
) -> dict[str, list[int]]:
    """Complaints received in each period, by the words of a dimension (`by` empty: all together under "")."""
    column = _column(by) if by else literal("")

    def part(of: Frame) -> tuple[Any, list[ColumnElement[bool]]]:
        return func.count(), [*of.selected, of.within(Complaint.received_at)]

    found: dict[str, list[int]] = {}
    for number, word, cases in _each(tx, selection, periods, now, part, column):
        found.setdefault(word or "", [0] * len(periods))[number] = int(cases)
    return found


def upheld(tx: Session, selection: Selection, periods: Sequence[Period], now: datetime) -> list[Share]:
    """Of the decisions of each period, those at least partly for the complainant."""
    if not periods:
        return []
    of = _over(tx, selection, periods, now)
    day = _own_day(of, Complaint.decided_at)
    query = select(day, _sum(Complaint.outcome.in_(DECIDED_FOR)), func.count()).where(*_decided(of))
    return _shared_out(tx, query, periods)


def missed(
    tx: Session, selection: Selection, periods: Sequence[Period], now: datetime, targets: Sequence[str]
) -> list[Share]:
    """Of the promises of these targets that fell due in each period, those not kept: done late, or not done yet."""
    if not periods:
        return []
    of = _over(tx, selection, periods, now)
    query = (
        select(_own_day(of, ComplaintDue.due_at), _sum(NOT_KEPT), func.count())
        .select_from(ComplaintDue)
        .join(Complaint, Complaint.id == ComplaintDue.complaint_id)
        .where(*of.selected, *_promised(of, targets))
    )
    return _shared_out(tx, query, periods)


# No index leads to the day of a decision or of every due date, so they are counted by day in one pass.


def _over(tx: Session, selection: Selection, periods: Sequence[Period], now: datetime) -> Frame:
    """The frame of periods that follow each other, taken together."""
    return frame(tx, selection.within(Period(periods[0].first, periods[-1].last)), now)


def _own_day(of: Frame, moment: Any) -> Any:
    only_day = insights.is_day(moment, of.sqlite)
    return case((only_day, insights.utc_day(moment, of.sqlite)), else_=of.local_day(moment)).label("own_day")


def _shared_out(tx: Session, query: Any, periods: Sequence[Period]) -> list[Share]:
    """(day, hits, cases) of each day of a query, added up by period."""
    found = [Share(0, 0)] * len(periods)
    firsts = [one.first.isoformat() for one in periods]
    for day, hits, cases in tx.execute(query.group_by(literal_column("own_day"))):
        place = bisect_right(firsts, day) - 1
        if place >= 0 and day <= periods[place].last.isoformat():
            found[place] = Share(found[place].hits + int(hits), found[place].of + int(cases))
    return found


def missed_of(of: Frame, targets: Sequence[str]) -> Share:
    """The same of one period."""
    return missed(of.tx, of.selection, [of.selection.period], of.now, targets)[0]


NOT_KEPT = or_(ComplaintDue.late.is_(True), ComplaintDue.state == Ended.RUNNING.value)


def _promised(of: Frame, targets: Sequence[str]) -> list[ColumnElement[bool]]:
    """The promises of these targets that fell due in the period; dropped ones do not count."""
    counts = ComplaintDue.state.in_((Ended.MET.value, Ended.RUNNING.value))
    return [ComplaintDue.target.in_(targets), counts, of.within(ComplaintDue.due_at)]


def behind_missed(of: Frame, targets: Sequence[str]) -> list[ColumnElement[bool]]:
    """What a complaint must be whose promise of these targets fell due in the period and was not kept."""
    missed = select(ComplaintDue.complaint_id).where(*_promised(of, targets), NOT_KEPT)
    return [*of.selected, Complaint.id.in_(missed)]


def behind_upheld(of: Frame) -> list[ColumnElement[bool]]:
    """What a complaint must be that was decided in the period at least partly for the complainant."""
    return [*_decided(of), Complaint.outcome.in_(DECIDED_FOR)]


def behind_words(
    of: Frame, by: str, words: Sequence[str], *, others: bool = False, currency: str = ""
) -> list[ColumnElement[bool]]:
    """What a complaint received in the period must be to be counted under these words of a dimension or cause.

    `others`: under any other word than these. `currency`: and something was granted for it in that currency.
    """
    column, joined = _joined(by)
    wanted = select(Complaint.id).where(*joined, column.not_in(words) if others else column.in_(words))
    if currency:
        wanted = wanted.join(ComplaintDecision, ComplaintDecision.complaint_id == Complaint.id)
        wanted = wanted.where(*_GRANTED, ComplaintDecision.currency == currency)
    return [*of.selected, of.within(Complaint.received_at), Complaint.id.in_(wanted)]


@dataclass(frozen=True)
class Ranked:
    """Words with what each comes to, most first, at most MOST_WORDS of them; `whole` and `number` are of all words."""

    rows: list[tuple[str, int]]
    whole: int = 0
    number: int = 0

    def without(self, most: int) -> tuple[int, int]:
        """How many words there are beside the first `most`, and what they come to together."""
        return max(self.number - most, 0), self.whole - sum(value for _word, value in self.rows[:most])


def words(tx: Session, selection: Selection, now: datetime, by: str) -> Ranked:
    """The words of a dimension (or the cause found) with how many complaints of the period have each."""
    return _ranked(frame(tx, selection, now), by, func.count())


def weighed(tx: Session, selection: Selection, now: datetime, by: str) -> Ranked:
    """The same, each complaint weighed by its severity."""
    weight = func.sum(case({key.value: value for key, value in WEIGHTS.items()}, value=Complaint.severity, else_=1))
    return _ranked(frame(tx, selection, now), by, weight)


def _ranked(of: Frame, by: str, value: Any) -> Ranked:
    column, joined = _joined(by)
    query = select(column, value, func.sum(value).over(), func.count().over()).select_from(Complaint)
    query = query.where(*of.selected, of.within(Complaint.received_at), *joined).group_by(column)
    rows = of.tx.execute(query.order_by(value.desc(), column).limit(MOST_WORDS)).all()
    if not rows:
        return Ranked([])
    return Ranked([(row[0] or "", int(row[1])) for row in rows], int(rows[0][2]), int(rows[0][3]))


def cost(tx: Session, selection: Selection, now: datetime, by: str) -> dict[str, Ranked]:
    """By currency: the words with the amounts granted for complaints of the period, in hundredths."""
    of = frame(tx, selection, now)
    column, joined = _joined(by)
    currency, amount = ComplaintDecision.currency, func.sum(ComplaintDecision.amount)
    place = func.row_number().over(partition_by=currency, order_by=(amount.desc(), column))
    whole, number = func.sum(amount).over(partition_by=currency), func.count().over(partition_by=currency)
    each = (
        select(
            currency.label("currency"), column.label("word"), amount.label("amount"), place.label("place"),
            whole.label("whole"), number.label("number"),
        )
        .select_from(Complaint)
        .join(ComplaintDecision, ComplaintDecision.complaint_id == Complaint.id)
        .where(*_GRANTED, *of.selected, of.within(Complaint.received_at), *joined)
        .group_by(currency, column)
        .subquery()
    )  # fmt: skip
    query = select(each).where(each.c.place <= MOST_WORDS).order_by(each.c.currency, each.c.place)
    found: dict[str, Ranked] = {}
    for row in tx.execute(query):
        of_currency = found.setdefault(row.currency, Ranked([], int(row.whole), int(row.number)))
        of_currency.rows.append((row.word or "", int(row.amount)))
    return found


_GRANTED = (ComplaintDecision.state == "decided", ComplaintDecision.amount > 0)
"""What was decided and costs something, whether it was delivered yet or not."""


def crossed(tx: Session, selection: Selection, now: datetime, first: str, second: str) -> dict[tuple[str, str], int]:
    """How many complaints of the period have each pair of words of two dimensions, of at most MOST_PAIRS."""
    of = frame(tx, selection, now)
    one, other = _column(first), _column(second)
    query = select(one, other, func.count()).where(*of.selected, of.within(Complaint.received_at))
    rows = tx.execute(query.group_by(one, other).order_by(func.count().desc()).limit(MOST_PAIRS))
    return {(row[0] or "", row[1] or ""): int(row[2]) for row in rows}


def outcomes(tx: Session, selection: Selection, now: datetime, by: str) -> dict[str, tuple[int, int]]:
    """Of the decisions of the period: how many for the complainant, of how many, by channel, language or segment."""
    of = frame(tx, selection, now)
    column, joined = _joined(by)
    query = select(column, _sum(Complaint.outcome.in_(DECIDED_FOR)), func.count()).select_from(Complaint)
    if by in (LANGUAGE, SEGMENT):
        query = query.outerjoin(ComplaintIntake, ComplaintIntake.complaint_id == Complaint.id)
        joined = []
    query = query.where(*_decided(of), *joined).group_by(column).order_by(func.count().desc(), column)
    found: dict[str, tuple[int, int]] = {}
    for word, hits, cases in tx.execute(query.limit(MOST_WORDS)):
        before = found.get(word or "", (0, 0))  # not stated comes as empty and as none
        found[word or ""] = (before[0] + int(hits), before[1] + int(cases))
    return found


@dataclass(frozen=True)
class Event:
    """A rare severe complaint: which, and the organisation's day on which it came in."""

    reference: str
    day: date


def severe(tx: Session, selection: Selection, now: datetime) -> list[Event]:
    """Complaints of the highest severity received in the period, oldest first; the newest MOST_EVENTS of them."""
    of = frame(tx, selection, now)
    query = select(Complaint.reference, Complaint.received_at).where(
        *of.selected, of.within(Complaint.received_at), Complaint.severity == Severity.CRITICAL.value
    )
    rows = tx.execute(query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(MOST_EVENTS)).all()
    return [Event(reference, day_of(at, of.window.zone)) for reference, at in reversed(rows)]


def behind_crossed(
    of: Frame, first: str, firsts: Sequence[str], second: str, seconds: Sequence[str], *, others: bool = False
) -> list[ColumnElement[bool]]:
    """What a complaint received in the period must be to be counted in the cells of these words of two dimensions.

    `others`: in any other cell than these.
    """
    here = and_(_column(first).in_(firsts), _column(second).in_(seconds))
    return [*of.selected, of.within(Complaint.received_at), ~here if others else here]


# How it is put together


Part = Callable[[Frame], tuple[Any, list[ColumnElement[bool]]]]


def _each(
    tx: Session, selection: Selection, periods: Sequence[Period], now: datetime, part: Part, column: Any
) -> Iterator[tuple[int, str, Any]]:
    """(place of the period, word, value), the periods counted in few statements, each along the index of its days."""
    for chunk in _chunks(len(periods)):
        parts = []
        for number in chunk:
            value, conditions = part(frame(tx, selection.within(periods[number]), now))
            query = select(literal(number).label("number"), column.label("word"), value.label("value"))
            query = query.select_from(Complaint).where(*conditions)
            parts.append(query.group_by(column) if isinstance(column, InstrumentedAttribute) else query)
        for number, word, found in tx.execute(union_all(*parts)):
            yield number, word, found


def _chunks(number: int) -> Iterator[range]:
    for first in range(0, number, PARTS_OF_A_STATEMENT):
        yield range(first, min(first + PARTS_OF_A_STATEMENT, number))


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _decided(of: Frame) -> list[ColumnElement[bool]]:
    return [*of.selected, Complaint.outcome != "", of.within(Complaint.decided_at)]


def _column(by: str) -> InstrumentedAttribute[str]:
    found: InstrumentedAttribute[str] = getattr(Complaint, by)
    return found


def _joined(by: str) -> tuple[Any, list[ColumnElement[bool]]]:
    """The column of a word, and what ties its table to the complaint."""
    if by == CAUSE:
        # All newest ones in one pass: asked of each complaint, SQLite would walk the whole organisation's for each.
        one = aliased(ComplaintInvestigation)
        newest = select(func.max(one.id)).group_by(one.complaint_id)
        tied = and_(ComplaintInvestigation.complaint_id == Complaint.id, ComplaintInvestigation.id.in_(newest))
        return ComplaintInvestigation.cause, [tied, ComplaintInvestigation.cause != ""]
    if by == LANGUAGE:
        return ComplaintIntake.language, [ComplaintIntake.complaint_id == Complaint.id]
    if by == SEGMENT:
        return ComplaintIntake.segment, [ComplaintIntake.complaint_id == Complaint.id]
    return _column(by), []
