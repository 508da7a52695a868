"""Figures that are no shares of cases: satisfaction (12), cost of remedies (13), people and follow-up (15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from auditkit.actions.models import Action
from auditkit.base.text import N_
from auditkit.complaints.models import Complaint, ComplaintDecision
from auditkit.complaints.rules import Kind
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.complaints.survey.rules import HIGHEST, LOWEST, State, mean
from auditkit.complaints.survey.rules import Share as Part
from auditkit.insights.indicators.frame import Conditions, Frame
from auditkit.insights.rules import FEWEST, TOO_FEW, Figure, Unit
from auditkit.registers.models import RegisterEntry

# 12: satisfaction. The surveys of cases closed in the period.

SCORES = {"satisfaction-handling": ComplaintSurvey.process_score, "satisfaction-outcome": ComplaintSurvey.outcome_score}
SCORE_TITLES = {
    "satisfaction-handling": N_("Satisfaction with the handling"),
    "satisfaction-outcome": N_("Satisfaction with the outcome"),
}
ASKED = (State.SENT.value, State.ANSWERED.value)


def surveyed(frame: Frame, *, answered: bool) -> Conditions:
    """Cases closed in the period whose complainant was asked, or answered."""
    states = (State.ANSWERED.value,) if answered else ASKED
    of = select(ComplaintSurvey.complaint_id).where(ComplaintSurvey.state.in_(states))
    return [*frame.selected, frame.within(Complaint.closed_at), Complaint.id.in_(of)]


def satisfaction(frame: Frame) -> Iterator[Figure]:
    """The mean of each question with its interval, and the share of those asked who answered."""
    closed = [*frame.selected, frame.within(Complaint.closed_at)]
    joined = select(func.count()).select_from(ComplaintSurvey).join(Complaint).where(*closed)
    asked = int(frame.tx.execute(joined.where(ComplaintSurvey.state.in_(ASKED))).scalar_one())
    for name, column in SCORES.items():
        query = (
            select(column, func.count())
            .join(Complaint, Complaint.id == ComplaintSurvey.complaint_id)
            .where(*closed, column.is_not(None))
            .group_by(column)
        )
        given = {score: number for score, number in frame.tx.execute(query) if score is not None}
        yield _score(name, [given.get(score, 0) for score in range(LOWEST, HIGHEST + 1)], asked)
    answered = int(frame.tx.execute(joined.where(ComplaintSurvey.state == State.ANSWERED.value)).scalar_one())
    yield share_of(
        "survey-response",
        "satisfaction",
        N_("Answered the survey"),
        answered,
        asked,
        better="higher",
        empty=N_("not checked because nobody was asked"),
    )


def _score(name: str, counts: list[int], asked: int) -> Figure:
    found = mean(counts, FEWEST)
    note = TOO_FEW if found.number and found.value is None else ""
    return Figure(
        name,
        "satisfaction",
        SCORE_TITLES[name],
        Unit.SCORE,
        found.number,
        value=found.value,
        numerator=found.number,
        denominator=asked,
        low=found.low,
        high=found.high,
        note=note if found.number else N_("not checked because nobody answered a survey"),
        better="higher",
    )


def share_of(
    name: str, indicator: str, title: str, part: int, whole: int, *, better: str = "neither", empty: str = "",
    left_out: dict[str, int] | None = None, opens: bool = True,
) -> Figure:  # fmt: skip
    """A share with its interval after Wilson; only its two numbers where they are too few, its reason where none."""
    common: dict[str, Any] = {
        "name": name,
        "indicator": indicator,
        "title": title,
        "unit": Unit.SHARE,
        "n": whole,
        "numerator": part,
        "denominator": whole,
        "better": better,
        "left_out": left_out or {},
        "opens": opens,
    }
    if whole < FEWEST:
        return Figure(**common, note=TOO_FEW if whole else empty or N_("no case of the period"))
    low, high = Part(part, whole).interval or (None, None)
    return Figure(**common, value=part / whole, low=low, high=high)


# 13: cost of remedies


def delivered(frame: Frame) -> list[ColumnElement[bool]]:
    """Decisions whose remedy was delivered in the period; the day is the organisation's own."""
    period = frame.selection.period
    return [
        *frame.selected,
        ComplaintDecision.amount.is_not(None),
        ComplaintDecision.delivered_on >= period.first,
        ComplaintDecision.delivered_on <= min(period.last, frame.now.astimezone(frame.window.zone).date()),
    ]


def promised(frame: Frame) -> list[ColumnElement[bool]]:
    """Remedies decided by the end of the period and not delivered by then, of decisions that were not refused."""
    late = or_(ComplaintDecision.delivered_on.is_(None), ComplaintDecision.delivered_on > frame.selection.period.last)
    return [
        *frame.selected,
        ComplaintDecision.amount.is_not(None),
        ComplaintDecision.state == "decided",
        ComplaintDecision.answer != "refused",
        ComplaintDecision.settled_at < frame.window.ends,
        late,
    ]


@dataclass(frozen=True)
class _Sum:
    currency: str
    amount: int
    cases: int


def _sums(frame: Frame, conditions: Conditions) -> list[_Sum]:
    query = (
        select(
            ComplaintDecision.currency,
            func.sum(ComplaintDecision.amount),
            func.count(ComplaintDecision.complaint_id.distinct()),
        )
        .join(Complaint, Complaint.id == ComplaintDecision.complaint_id)
        .where(*conditions)
        .group_by(ComplaintDecision.currency)
        .order_by(ComplaintDecision.currency)
    )
    return [_Sum(row[0], int(row[1] or 0), int(row[2])) for row in frame.tx.execute(query)]


def remedy_cost(frame: Frame, closed: int) -> Iterator[Figure]:
    """What was delivered, by currency; in all and for each complaint closed; and what is promised. Never converted."""
    for name, title, conditions in (
        ("remedy-cost", N_("Remedies delivered"), delivered(frame)),
        ("remedy-promised", N_("Remedies promised, not delivered"), promised(frame)),
    ):
        found = _sums(frame, conditions)
        for one in found:
            parts = {"per-case": one.amount / closed} if name == "remedy-cost" and closed >= FEWEST else {}
            yield Figure(
                name,
                "remedy-cost",
                title,
                Unit.MONEY,
                one.cases,
                value=float(one.amount),
                numerator=one.cases,
                denominator=closed if name == "remedy-cost" else None,
                currency=one.currency,
                parts=dict(parts),
            )
        if not found:
            yield Figure(
                name, "remedy-cost", title, Unit.MONEY, 0, note=N_("no remedy with an amount is on record"), numerator=0
            )


def with_remedy(frame: Frame, name: str, currency: str) -> Conditions:
    """The complaints behind a sum."""
    conditions = delivered(frame) if name == "remedy-cost" else promised(frame)
    here = [one for one in conditions if one not in frame.selected]
    wanted = select(ComplaintDecision.complaint_id).where(*here)
    if currency:
        wanted = wanted.where(ComplaintDecision.currency == currency)
    return [*frame.selected, Complaint.id.in_(wanted)]


# 15: people and follow-up

HANDLING = ("contact", "handler", "investigator", "decider")
"""Roles of the competence register that meet complaints."""


def trained(frame: Frame) -> Figure:
    """Of the people whose competence for complaints is on record, those in whom it was found and is in force."""
    query = select(RegisterEntry.values).where(
        RegisterEntry.register == "competence", RegisterEntry.retired_at.is_(None)
    )
    last = frame.selection.period.last.isoformat()
    rows = [values for values in frame.tx.execute(query).scalars() if values.get("role") in HANDLING]
    rows = [values for values in rows if values.get("from", "") <= last]
    everybody = {values["person"] for values in rows}
    lacking = {
        values["person"]
        for values in rows
        if values.get("result") != "met" or ("until" in values and values["until"] < last)
    }
    return share_of(
        "trained",
        "people-and-follow-up",
        N_("Competence met and in force"),
        len(everybody - lacking),
        len(everybody),
        better="higher",
        empty=N_("not checked because the register of competence names nobody who meets complaints"),
        opens=False,
    )


def suggestions(frame: Frame) -> Conditions:
    """Suggestions of the period, whoever made them."""
    selected = list(frame.selected[1:])
    return [*selected, Complaint.kind == Kind.SUGGESTION.value, frame.within(Complaint.received_at)]


NOT_OF_AUDITS = ("complaint", "complaints", "initiative", "register-entry")
"""Origins of actions that are no audit, no body outside and no review."""


def due_actions(frame: Frame) -> Conditions:
    """Actions of audits and reviews that were due in the period, up to now."""
    period = frame.selection.period
    last = min(period.last, frame.now.astimezone(frame.window.zone).date())
    return [Action.origin_kind.not_in(NOT_OF_AUDITS), Action.due_on >= period.first, Action.due_on <= last]


def actions_on_time(frame: Frame) -> Figure:
    """Of these, those reported as done on their day or before."""
    done_on = frame.local_day(Action.completed_at)
    day = Action.due_on if frame.sqlite else func.to_char(Action.due_on, "YYYY-MM-DD")
    query = select(Action.id, and_(Action.completed_at.is_not(None), done_on <= day).label("done"))
    rows = list(frame.tx.execute(query.where(*due_actions(frame))))
    return share_of(
        "actions-on-time",
        "people-and-follow-up",
        N_("Actions of audits and reviews done on time"),
        sum(1 for row in rows if row.done),
        len(rows),
        better="higher",
        empty=N_("no action of an audit or review was due in the period"),
        opens=False,
    )
