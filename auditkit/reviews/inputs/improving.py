"""Inputs from audits, findings, actions, and the decisions of earlier reviews."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from auditkit.accounts.queries import names
from auditkit.actions import queries as action_queries
from auditkit.actions import rules as action_rules
from auditkit.actions.queries import Told
from auditkit.audits.findings import queries as finding_queries
from auditkit.audits.findings.queries import Line
from auditkit.audits.queries import grades, plans
from auditkit.audits.queries.findings import SUBJECT
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import KIND_TITLES, NONCONFORMITIES, STATE_TITLES, Grade, State
from auditkit.base.db import Session
from auditkit.base.text import N_
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput
from auditkit.reviews import queries
from auditkit.reviews.inputs.content import Content, Figure, Span, Table, made, percent
from auditkit.reviews.inputs.titles import LEFT_OUT

OVERDUE = N_("Overdue")
NO_ACTION = N_("No action was opened")
SETTLED = N_("Settled")
UNSETTLED = N_("Not settled")
_VERIFIED = (action_rules.State.VERIFIED, action_rules.State.CLOSED)


def last_decisions(tx: Session, span: Span, library: Library) -> Content:
    """The decisions of the last signed review, and those of earlier ones that are not through, with their state."""
    decisions = queries.decisions_signed(tx, span.until)
    newest = max((one.review_id for one in decisions), default=None)
    known = [one.action_id for one in decisions if one.action_id is not None]
    told = {one.id: one for one in action_queries.told(tx, span.until, ids=known)}
    called = names(tx)
    rows, states, late = [], [], 0
    for one in decisions:
        action = told.get(one.action_id or 0)
        state = action.state_at(span.until) if action else None
        if one.review_id != newest and state in _VERIFIED:
            continue
        overdue = state is action_rules.State.OPEN and one.due_on < span.today
        states.append(state)
        late += overdue
        rows.append(
            (
                one.label,
                one.text,
                action.number if action else "",
                called.get(one.owner_id, ""),
                one.due_on.isoformat(),
                action_rules.STATE_TITLES[state] if state else NO_ACTION,
                OVERDUE if overdue else "",
            )
        )
    number = str(len(rows))
    done = sum(state is not None and state is not action_rules.State.OPEN for state in states)
    figures = (
        Figure("decisions", number),
        Figure("decisions-done", str(done), of=number),
        Figure("decisions-verified", str(sum(state in _VERIFIED for state in states)), of=number),
        Figure("decisions-overdue", str(late), of=number),
    )
    columns = ("decision", "title", "action", "owner", "due", "state", "overdue")
    left_out = () if decisions else (LEFT_OUT["no-review"],)
    return made(AgendaInput.LAST_DECISIONS, span, figures, [Table("decisions", columns, tuple(rows))], left_out)


def audits(tx: Session, span: Span, library: Library) -> Content:
    """Audits whose planned days touch the period, as they stood at the moment."""
    now, before = (_audits(tx, one) for one in (span, span.before))
    day = span.today
    rows = tuple(
        (
            one.number,
            one.title,
            KIND_TITLES[one.kind],
            STATE_TITLES[_stood(one, span.until)],
            str(one.findings),
        )
        for one in now
    )
    figures = (
        Figure("audits", str(len(now)), before=str(len(before))),
        Figure(
            "audits-reported", str(_reported(now, span)), of=str(len(now)), before=str(_reported(before, span.before))
        ),
        Figure(
            "audits-late",
            str(sum(_stood(one, span.until) is State.PLANNED and one.planned_from < day for one in now)),
            of=str(len(now)),
        ),
    )
    columns = ("audit", "title", "kind", "state", "findings")
    return made(AgendaInput.AUDITS, span, figures, [Table("audits", columns, rows)])


def _audits(tx: Session, span: Span) -> list[AuditHead]:
    return [one for one in plans.overlapping(tx, span.first, span.last) if one.planned_at <= span.until]


def _stood(one: AuditHead, at: datetime) -> State:
    for moment, state in (
        (one.closed_at, State.CLOSED),
        (one.reported_at, State.REPORTED),
        (one.started_at, State.RUNNING),
    ):
        if moment is not None and moment <= at:
            return state
    # What a certification body did is recorded when it is over, without having been started here.
    return one.state if one.from_outside else State.PLANNED


def _reported(found: Sequence[AuditHead], span: Span) -> int:
    return sum(_stood(one, span.until) in (State.REPORTED, State.CLOSED) for one in found)


def findings(tx: Session, span: Span, library: Library) -> Content:
    """Findings raised in the period, and all that were not settled at the moment."""
    every = [
        one for one in finding_queries.every(tx, finding_queries.Wanted(on=span.today)) if one.raised_at <= span.until
    ]
    answers: dict[int, list[Told]] = {}
    for action in action_queries.told(tx, span.until, origin=SUBJECT):
        answers.setdefault(action.origin[1], []).append(action)
    raised, earlier = ([one for one in every if part.holds(one.raised_at)] for part in (span, span.before))
    unsettled = {one.id for one in every if not settled(one, answers.get(one.id, []), span.until)}
    words = grades.titles(tx)
    rows = tuple(
        (
            one.number,
            one.statement,
            words[one.grade],
            one.clause.rpartition(":")[2],
            UNSETTLED if one.id in unsettled else SETTLED,
        )
        for one in sorted(every, key=lambda one: one.id)
        if one.id in unsettled or span.holds(one.raised_at)
    )
    now, past = (Counter(one.grade for one in part) for part in (raised, earlier))
    number = str(len(raised))
    figures = (
        Figure("findings", number, before=str(len(earlier))),
        Figure("findings-major", str(now[Grade.MAJOR]), of=number, before=str(past[Grade.MAJOR])),
        Figure("findings-minor", str(now[Grade.MINOR]), of=number, before=str(past[Grade.MINOR])),
        Figure("findings-repeated", str(sum(one.repeats > 0 for one in raised)), of=number),
        Figure("findings-unsettled", str(len(unsettled)), of=str(len(every))),
    )
    columns = ("finding", "title", "grade", "clause", "state")
    return made(AgendaInput.FINDINGS, span, figures, [Table("findings", columns, rows)])


def settled(finding: Line, answers: Sequence[Told], at: datetime) -> bool:
    """Whether the effect of everything that answers a finding was verified by then.

    A finding that is no nonconformity and that nothing answers has nothing to wait for.
    """
    states = [state for one in answers if (state := one.state_at(at)) is not None]
    if not states:
        return finding.grade not in NONCONFORMITIES
    return all(state in _VERIFIED for state in states)


def actions(tx: Session, span: Span, library: Library) -> Content:
    """Actions opened and closed in the period, how they stood at the moment, and how often an effect was found."""
    every = action_queries.told(tx, span.until)
    stood = {one.id: state for one in every if (state := one.state_at(span.until)) is not None}
    late = {one.id for one in every if one.overdue_at(span.until, span.today)}
    now, past = (_judged(every, part) for part in (span, span.before))
    called = names(tx)
    rows = tuple(
        (
            one.number,
            one.title,
            called.get(one.owner_id, ""),
            one.due_on.isoformat(),
            action_rules.STATE_TITLES[stood[one.id]],
            OVERDUE if one.id in late else "",
        )
        for one in every
        if one.id in late or one.judged_between(span.begins, span.ends)[1]
    )
    opened, closed = (
        [str(sum(part.holds(getattr(one.moments, name)) for one in every)) for part in (span, span.before)]
        for name in ("opened_at", "closed_at")
    )
    states = Counter(stood.values())
    figures = (
        Figure("actions-opened", opened[0], before=opened[1]),
        Figure("actions-closed", closed[0], before=closed[1]),
        Figure("actions-open", str(states[action_rules.State.OPEN])),
        Figure("actions-overdue", str(len(late)), of=str(states[action_rules.State.OPEN])),
        Figure("actions-waiting", str(states[action_rules.State.DONE])),
        Figure("actions-effective", percent(*now), "percent", of=str(now[1]), before=percent(*past)),
    )
    columns = ("action", "title", "owner", "due", "state", "overdue")
    return made(AgendaInput.ACTIONS, span, figures, [Table("actions", columns, rows)])


def _judged(every: Sequence[Told], span: Span) -> tuple[int, int]:
    """(effect found, judged) in the period."""
    counted = [one.judged_between(span.begins, span.ends) for one in every]
    effective = sum(one for one, _without in counted)
    return effective, effective + sum(without for _effective, without in counted)
