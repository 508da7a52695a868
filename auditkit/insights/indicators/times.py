"""Times from receipt to acknowledgement, decision and closing (indicator 4), and to acting on safety (16).

Cases received in the period; those that still wait count with the time they have waited so far.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from auditkit.base.text import N_
from auditkit.complaints.models import Complaint, ComplaintAssessment
from auditkit.complaints.rules import Stage
from auditkit.insights.indicators import waiting
from auditkit.insights.indicators.frame import Conditions, Frame
from auditkit.insights.rules import FEWEST, TOO_FEW, Figure, Side, Unit
from auditkit.insights.statistics.rules.survival import Times, kaplan_meier

HOUR, DAY = 3600, 86_400
DAY_UNKNOWN = N_("when it happened is not on record")
ENDED_BEFORE = N_("it ended before it was received, as the file says")


@dataclass(frozen=True)
class Wait:
    """A time from receipt to a moment. `over` says by which condition a case without that moment no longer waits."""

    name: str
    title: str
    until: Any
    unit: Unit
    over: Callable[[], ColumnElement[bool]]

    @property
    def seconds(self) -> int:
        """Of one unit."""
        return HOUR if self.unit is Unit.HOURS else DAY


WAITS = (
    Wait(
        "time-to-acknowledge",
        N_("Time to acknowledge"),
        Complaint.acknowledged_at,
        Unit.HOURS,
        lambda: Complaint.stage != Stage.RECEIVED.value,
    ),
    Wait(
        "time-to-decide",
        N_("Time to decide"),
        Complaint.decided_at,
        Unit.DAYS,
        lambda: or_(Complaint.outcome != "", Complaint.stage == Stage.CLOSED.value),
    ),
    Wait(
        "time-to-close",
        N_("Time to close"),
        Complaint.closed_at,
        Unit.DAYS,
        lambda: Complaint.stage == Stage.CLOSED.value,
    ),
)
BY_NAME = {one.name: one for one in WAITS}


@dataclass(frozen=True)
class Waited:
    """How many cases took each whole time, how many still wait after each, and how many nobody can say it of."""

    ended: Counter[int]
    still: Counter[int]
    unknown: int

    @property
    def times(self) -> Times:
        """Whoever ended before it was received, as its file says, took no time at all."""
        ended: Counter[int] = Counter()
        for time, number in self.ended.items():
            ended[max(time, 0)] += number
        return Times(ended, self.still)


def waited(frame: Frame, wait: Wait) -> Waited:
    """The times of the selection, counted by the database."""
    ended, still = _ended(frame, wait), _still(frame, wait)
    spent = _units(frame, wait, Complaint.received_at, wait.until)
    lasted = _units(frame, wait, Complaint.received_at, literal(frame.now, Complaint.received_at.type))
    unknown = select(func.count()).select_from(Complaint).where(*_unknown(frame, wait))
    return Waited(
        _counts(frame, spent, [*_received(frame), ended]),
        _counts(frame, lasted, [*_received(frame), still]),
        int(frame.tx.execute(unknown).scalar_one()),
    )


def states(frame: Frame, wait: Wait) -> Iterator[tuple[str, Any, ColumnElement[bool]]]:
    """(state, value, condition) by which the cases of a frame are summed: what a wait took, since when it lasts."""
    epoch = func.unixepoch(Complaint.received_at) if frame.sqlite else func.extract("epoch", Complaint.received_at)
    yield "ended", _units(frame, wait, Complaint.received_at, wait.until), _ended(frame, wait)
    yield "still", func.floor(epoch), _still(frame, wait)
    yield "unknown", literal(0), and_(wait.until.is_(None), wait.over())


def lasted(wait: Wait, since: int, now: datetime) -> int:
    """Whole units that somebody has waited who waits since that second (Unix time)."""
    return (int(now.timestamp()) - since) // wait.seconds


def _counts(frame: Frame, value: Any, conditions: Conditions) -> Counter[int]:
    bucket = value.label("bucket")
    query = select(bucket, func.count()).where(*conditions).group_by(bucket)
    return Counter({int(time): int(number) for time, number in frame.tx.execute(query)})


def _units(frame: Frame, wait: Wait, first: Any, second: Any) -> Any:
    """Whole units between two moments, cut down also below zero."""
    return func.floor(frame.seconds(first, second) * 1.0 / wait.seconds)


def _received(frame: Frame) -> list[ColumnElement[bool]]:
    return [*frame.selected, frame.within(Complaint.received_at)]


def _ended(frame: Frame, wait: Wait) -> ColumnElement[bool]:
    return and_(wait.until.is_not(None), wait.until < frame.now)


def _still(frame: Frame, wait: Wait) -> ColumnElement[bool]:
    """Still waits: the moment came later, or has not come and nothing else ended the wait."""
    return or_(wait.until >= frame.now, and_(wait.until.is_(None), ~wait.over()))


def _unknown(frame: Frame, wait: Wait) -> list[ColumnElement[bool]]:
    return [*_received(frame), wait.until.is_(None), wait.over()]


def records(frame: Frame, wait: Wait, side: Side) -> Conditions:
    """Those whose wait ended, all of whom it is known, or those of whom it is not."""
    if side is Side.LEFT_OUT:
        return _unknown(frame, wait)
    ended = _ended(frame, wait)
    return [*_received(frame), ended if side is Side.COUNTED else or_(ended, _still(frame, wait))]


def took(frame: Frame, wait: Wait, low: float, high: float | None) -> Conditions:
    """Those whose wait ended after at least `low` and less than `high` whole units; below zero counts as zero."""
    spent = _units(frame, wait, Complaint.received_at, wait.until)
    bounds = [spent >= low] if low > 0 else []
    bounds += [spent < high] if high is not None else []
    return [*_received(frame), _ended(frame, wait), *bounds]


def figure(frame: Frame, wait: Wait) -> Figure:
    """The median after Kaplan and Meier, with the percentiles of the ended ones and of the estimate in its parts."""
    return figure_of(wait, waited(frame, wait))


def figure_of(wait: Wait, found: Waited) -> Figure:
    """The figure of times already counted."""
    ended, total = sum(found.ended.values()), sum(found.ended.values()) + sum(found.still.values())
    left_out = {DAY_UNKNOWN: found.unknown} if found.unknown else {}
    before = sum(number for time, number in found.ended.items() if time < 0)
    common: dict[str, Any] = {
        "name": wait.name,
        "indicator": "time-to-decide",
        "title": wait.title,
        "unit": wait.unit,
        "n": total,
        "numerator": ended,
        "denominator": total,
        "better": "lower",
    }
    if not total:
        none = N_("not checked because of no complaint of the period it is on record when this happened")
        return Figure(**common, note=none if found.unknown else "", left_out=left_out)
    if total < FEWEST:
        return Figure(**common, note=TOO_FEW, left_out=left_out)
    lasted_of = found.times
    curve = kaplan_meier(lasted_of)
    parts: dict[str, float | None] = {}
    for percent in waiting.PERCENTILES:
        parts[f"p{percent}"] = waiting.percentile(lasted_of.ended, percent)
        parts[f"km-p{percent}"] = curve.quantile(percent / 100)
    parts["still"] = total - ended
    parts["before-receipt"] = before
    value = parts["km-p50"]
    note = "" if value is not None else N_("not half of them has come so far")
    return Figure(**common, value=value, parts=parts, note=note, left_out=left_out)


# Safety


def flagged(frame: Frame) -> Conditions:
    """Complaints of the period that an assessment flagged for safety."""
    assessed = select(ComplaintAssessment.complaint_id).where(ComplaintAssessment.safety.is_(True))
    return [*_received(frame), Complaint.id.in_(assessed)]


def acted(frame: Frame) -> Conditions:
    """Of these, those for which something was done at once."""
    done = select(ComplaintAssessment.complaint_id).where(
        ComplaintAssessment.safety.is_(True), ComplaintAssessment.immediate_action != ""
    )
    return [*flagged(frame), Complaint.id.in_(done)]


@dataclass(frozen=True)
class Acted:
    """A complaint flagged for safety; `hours` from receipt to the assessment with the first action, None without."""

    complaint_id: int
    reference: str
    hours: float | None


def safety(frame: Frame) -> list[Acted]:
    """Each of them, oldest first: they are few, and each counts."""
    first = func.min(ComplaintAssessment.assessed_at).label("first")
    actions = (
        select(ComplaintAssessment.complaint_id.label("of"), first)
        .where(ComplaintAssessment.safety.is_(True), ComplaintAssessment.immediate_action != "")
        .group_by(ComplaintAssessment.complaint_id)
        .subquery()
    )
    took = frame.seconds(Complaint.received_at, actions.c.first)
    query = (
        select(Complaint.id, Complaint.reference, took)
        .outerjoin(actions, actions.c.of == Complaint.id)
        .where(*flagged(frame))
        .order_by(Complaint.received_at, Complaint.id)
    )
    return [Acted(row[0], row[1], None if row[2] is None else float(row[2]) / HOUR) for row in frame.tx.execute(query)]


def safety_figure(frame: Frame) -> Figure:
    """Median and longest time of those that were acted on; never hidden for being few, since each is listed."""
    found = safety(frame)
    hours = sorted(one.hours for one in found if one.hours is not None)
    middle = (hours[(len(hours) - 1) // 2] + hours[len(hours) // 2]) / 2 if hours else None
    note = "" if hours else N_("for none of them an action that protects people is on record")
    if not found:
        note = N_("no complaint of the period was flagged for safety")
    return Figure(
        "safety-time",
        "safety-time",
        N_("Time to act on safety"),
        Unit.HOURS,
        len(found),
        value=middle,
        numerator=len(hours),
        denominator=len(found),
        parts={"longest": hours[-1] if hours else None},
        note=note,
        better="lower",
    )
