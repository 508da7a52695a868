"""All sixteen indicators of a selection, and the records behind each of their figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.complaints.models import Complaint
from auditkit.insights.indicators import sums, times, volumes, ways
from auditkit.insights.indicators.frame import Conditions, Frame, frame
from auditkit.insights.rules import Figure, Selection, Side, Unit

INDICATORS = (
    "received", "acknowledged-on-time", "decided-on-time", "time-to-decide", "backlog", "first-contact",
    "wrongly-prioritised", "upheld", "reopened-refused", "repeated", "escalated", "satisfaction", "remedy-cost",
    "causes-and-actions", "people-and-follow-up", "safety-time",
)  # fmt: skip
"""Their ids in the content (checklists/presets/indicators.yaml), in its order."""


def compute(tx: Session, selection: Selection, now: datetime, only: tuple[str, ...] = ()) -> tuple[Figure, ...]:
    """The figures of the indicators `only` names (none: of all), in the order of the content.

    `tx` is a session of one organisation; `now` aware UTC, nothing later is counted.
    """
    counted = frame(tx, selection, now)
    return tuple(
        figure
        for indicator in INDICATORS
        if not only or indicator in only
        for figure in _of_indicator(counted, indicator)
    )


def compute_named(
    tx: Session, name: str, selection: Selection, now: datetime, *, looks_back: bool = False
) -> tuple[Figure, ...]:
    """The figures of that name: one, or one of each currency. `looks_back`: `now` has passed. Raises NotFound."""
    counted = frame(tx, selection, now, looks_back=looks_back)
    return tuple(one for one in _of_indicator(counted, indicator_of(name), name) if one.name == name)


def indicator_of(name: str) -> str:
    """The indicator a figure belongs to. Raises NotFound."""
    if name in ways.BY_NAME:
        return ways.BY_NAME[name].indicator
    if name not in _OTHERS:
        raise NotFound
    return _OTHERS[name].indicator


def names() -> tuple[str, ...]:
    """The names of all figures."""
    return (*ways.BY_NAME, *_OTHERS)


def title_of(name: str) -> str:
    """What a figure is called (message id). Raises NotFound."""
    if name in ways.BY_NAME:
        return ways.BY_NAME[name].title
    if name not in _OTHERS:
        raise NotFound
    return _OTHERS[name].title


def _of_indicator(counted: Frame, indicator: str, only: str = "") -> Iterator[Figure]:
    for way in ways.SHARES:
        if way.indicator == indicator and only in ("", way.name):
            yield share(counted, way)
    makers = dict.fromkeys(
        one.make for name, one in _OTHERS.items() if one.indicator == indicator and only in ("", name)
    )
    for make in makers:
        yield from make(counted)


def share(counted: Frame, way: ways.Share) -> Figure:
    """A number of cases, or a share of them."""
    of = way.of(counted)
    good = func.sum(case((way.counted(counted), 1), else_=0)) if way.counted is not None else func.count()
    whole, part = counted.tx.execute(select(func.count(), good).select_from(Complaint).where(*of)).one()
    left_out = {why: _number(counted, asked(counted)) for why, asked in way.left_out.items()}
    left_out = {why: number for why, number in left_out.items() if number}
    return share_figure(way, int(part or 0), int(whole), left_out)


def share_figure(way: ways.Share, part: int, whole: int, left_out: dict[str, int]) -> Figure:
    """The figure of numbers already counted."""
    if way.counted is None:
        return Figure(
            way.name,
            way.indicator,
            way.title,
            Unit.CASES,
            whole,
            value=float(whole),
            numerator=whole,
            left_out=left_out,
            better=way.better,
        )
    return sums.share_of(
        way.name, way.indicator, way.title, part, whole, better=way.better, empty=way.empty, left_out=left_out
    )


def _number(counted: Frame, conditions: Conditions) -> int:
    return int(counted.tx.execute(select(func.count()).select_from(Complaint).where(*conditions)).scalar_one())


@dataclass(frozen=True)
class _Other:
    """A figure that is no share of cases. `make` counts all figures of its kind, `records` gives those behind it."""

    indicator: str
    title: str
    make: Callable[[Frame], Iterator[Figure]]
    records: Callable[[Frame, Side, str], Conditions] | None


def _waits(counted: Frame) -> Iterator[Figure]:
    for wait in times.WAITS:
        yield times.figure(counted, wait)


def _safety(counted: Frame) -> Iterator[Figure]:
    yield times.safety_figure(counted)


def _costs(counted: Frame) -> Iterator[Figure]:
    closed = _number(counted, [*counted.selected, counted.within(Complaint.closed_at)])
    yield from sums.remedy_cost(counted, closed)


def _people(counted: Frame) -> Iterator[Figure]:
    yield sums.trained(counted)
    number = _number(counted, sums.suggestions(counted))
    yield Figure(
        "suggestions",
        "people-and-follow-up",
        N_("Suggestions received"),
        Unit.CASES,
        number,
        value=float(number),
        numerator=number,
        better="higher",
    )
    yield sums.actions_on_time(counted)


def _scored(counted: Frame, side: Side, _currency: str) -> Conditions:
    return sums.surveyed(counted, answered=side is Side.COUNTED)


def _acted(counted: Frame, side: Side, _currency: str) -> Conditions:
    return times.acted(counted) if side is Side.COUNTED else times.flagged(counted)


def _suggested(counted: Frame, _side: Side, _currency: str) -> Conditions:
    return sums.suggestions(counted)


def _waited(name: str) -> Callable[[Frame, Side, str], Conditions]:
    return lambda counted, side, _currency: times.records(counted, times.BY_NAME[name], side)


def _remedies(name: str) -> Callable[[Frame, Side, str], Conditions]:
    def behind(counted: Frame, side: Side, currency: str) -> Conditions:
        if side is Side.COUNTED:
            return sums.with_remedy(counted, name, currency)
        return [*counted.selected, counted.within(Complaint.closed_at)]

    return behind


def _rates(counted: Frame) -> Iterator[Figure]:
    yield volumes.figure(counted)


def _rated(counted: Frame, _side: Side, _currency: str) -> Conditions:
    return volumes.behind(counted)


_OTHERS = {
    "received-rate": _Other("received", volumes.TITLE, _rates, _rated),
    **{one.name: _Other("time-to-decide", one.title, _waits, _waited(one.name)) for one in times.WAITS},
    **{name: _Other("satisfaction", title, sums.satisfaction, _scored) for name, title in sums.SCORE_TITLES.items()},
    "survey-response": _Other("satisfaction", N_("Answered the survey"), sums.satisfaction, _scored),
    "remedy-cost": _Other("remedy-cost", N_("Remedies delivered"), _costs, _remedies("remedy-cost")),
    "remedy-promised": _Other(
        "remedy-cost", N_("Remedies promised, not delivered"), _costs, _remedies("remedy-promised")
    ),
    "trained": _Other("people-and-follow-up", N_("Competence met and in force"), _people, None),
    "suggestions": _Other("people-and-follow-up", N_("Suggestions received"), _people, _suggested),
    "actions-on-time": _Other("people-and-follow-up", N_("Actions of audits and reviews done on time"), _people, None),
    "safety-time": _Other("safety-time", N_("Time to act on safety"), _safety, _acted),
}


def behind(
    tx: Session,
    name: str,
    side: Side,
    selection: Selection,
    now: datetime,
    *,
    currency: str = "",
    looks_back: bool = False,
) -> Conditions:
    """What a complaint must be to be behind a figure. Raises NotFound for a figure that no complaints are behind."""
    return _behind(frame(tx, selection, now, looks_back=looks_back), name, side, currency)


def _behind(counted: Frame, name: str, side: Side, currency: str) -> Conditions:
    way = ways.BY_NAME.get(name)
    if way is None:
        other = _OTHERS.get(name)
        if other is None or other.records is None:
            raise NotFound
        return other.records(counted, side, currency)
    if side is Side.LEFT_OUT:
        if not way.left_out:
            raise NotFound
        return [or_(*(and_(*asked(counted)) for asked in way.left_out.values()))]
    of = way.of(counted)
    return [*of, way.counted(counted)] if side is Side.COUNTED and way.counted is not None else of
