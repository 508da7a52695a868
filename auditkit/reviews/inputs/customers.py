"""Inputs from complainants: the register's figures, satisfaction, suggestions. What people wrote stays where it is."""

from auditkit.actions import queries as actions
from auditkit.actions.rules import STATE_TITLES
from auditkit.base.db import Session
from auditkit.complaints.queries import of_kind
from auditkit.complaints.rules import Kind
from auditkit.complaints.survey import queries as survey
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput
from auditkit.insights.indicators import computing, spread
from auditkit.insights.indicators.frame import frame
from auditkit.insights.rules import Figure as Indicated
from auditkit.insights.rules import Period, Selection, Unit
from auditkit.reviews.inputs.content import Content, Figure, Span, Table, decimal_text, made, percent
from auditkit.reviews.inputs.titles import BY_CATEGORY, BY_MONTH, LEFT_OUT

SUGGESTION = "suggestion"


REGISTER_FIGURES = (
    "received",
    "acknowledged-on-time",
    "decided-on-time",
    "backlog",
    "backlog-over-60",
    "time-to-acknowledge",
    "time-to-decide",
    "time-to-close",
    "upheld",
    "partly-upheld",
    "not-upheld",
    "refused",
    "reopened",
    "repeated",
    "escalated",
    "overturned",
    "remedy-cost",
    "safety-time",
)
"""What is looked at of the register, by the names of `insights.indicators`."""
WAITS = (Unit.HOURS, Unit.DAYS)
UNITS = {Unit.SHARE: "percent", Unit.HOURS: "hours", Unit.DAYS: "days", Unit.MONEY: "money"}


def selection(span: Span) -> Selection:
    """The whole register in a period."""
    return Selection(Period(span.first, span.last))


def figures(tx: Session, span: Span) -> list[Indicated]:
    """The figures of the register for a period, as of its moment, with overdue open cases counted."""
    chosen = selection(span)
    return [
        figure
        for name in REGISTER_FIGURES
        for figure in computing.compute_named(tx, name, chosen, span.until, looks_back=True)
    ]


def name_of(figure: Indicated) -> str:
    """What a figure is called in an input: remedies have one for each currency."""
    return f"{figure.name}:{figure.currency}" if figure.currency else figure.name


def complaints(tx: Session, span: Span, library: Library) -> Content:
    """The register's figures beside those of the period before; what is too little to say anything says so."""
    before = {name_of(one): one for one in figures(tx, span.before)}
    found = [_told(one, before.get(name_of(one))) for one in figures(tx, span)]
    return made(AgendaInput.COMPLAINTS, span, found, spreads(tx, span))


def spreads(tx: Session, span: Span) -> tuple[Table, Table]:
    """How the complaints received lie over the months and the categories: what the charts are drawn of."""
    counted = frame(tx, selection(span), span.until, looks_back=True)
    months = tuple((month, str(number)) for month, number in spread.by_month(counted))
    categories = tuple((word, str(number)) for word, number in spread.by_category(counted))
    return Table(BY_MONTH, ("month", "received"), months), Table(BY_CATEGORY, ("category", "received"), categories)


def _told(one: Indicated, past: Indicated | None) -> Figure:
    """A figure as it is frozen; its reason where it cannot be told."""
    share = one.unit is Unit.SHARE
    return Figure(
        name_of(one),
        _value(one),
        UNITS.get(one.unit, "number"),
        of=str(one.denominator if one.denominator is not None else one.n) if share or one.unit in WAITS else "",
        before=_value(past) if past is not None else "",
        note=one.note,
    )


def _value(one: Indicated) -> str:
    if one.value is None:
        return ""
    if one.unit is Unit.SHARE:
        return decimal_text(one.value * 100)
    return decimal_text(one.value / 100, 2) if one.unit is Unit.MONEY else decimal_text(one.value)


def satisfaction(tx: Session, span: Span, library: Library) -> Content:
    """Answers to the survey of cases closed in the period: who was asked, who answered, both means."""
    now, before = (survey.figures(tx, one.first, one.last) for one in (span, span.before))
    response, earlier = now.response, before.response
    figures = [
        Figure("cases-closed", str(now.closed), before=str(before.closed)),
        Figure("asked", str(response.whole), of=str(now.closed), before=str(earlier.whole)),
        Figure(
            "answered",
            percent(response.part, response.whole),
            "percent",
            of=str(response.whole),
            before=percent(earlier.part, earlier.whole),
        ),
    ]
    figures += [
        Figure(name, decimal_text(mean.value, 2), "score", of=str(mean.number), before=decimal_text(past.value, 2))
        for name, mean, past in (
            ("satisfied-process", now.process, before.process),
            ("satisfied-outcome", now.outcome, before.outcome),
        )
    ]
    few = now.process.value is None or now.outcome.value is None
    return made(AgendaInput.SATISFACTION, span, figures, (), (LEFT_OUT["no-answers"],) if few else ())


def suggestions(tx: Session, span: Span, library: Library) -> Content:
    """Suggestions received in the period, and the actions that were opened on suggestions."""
    now, before = (of_kind(tx, Kind.SUGGESTION.value, one.first, one.last) for one in (span, span.before))
    every = actions.told(tx, span.until, origin=SUGGESTION)
    opened = [one for one in every if span.holds(one.moments.opened_at)]
    earlier = [one for one in every if span.before.holds(one.moments.opened_at)]
    rows = tuple((reference, category) for reference, category, _at in now)
    answers = tuple(
        (one.number, one.title, STATE_TITLES[state])
        for one in opened
        if (state := one.state_at(span.until)) is not None
    )
    figures = (
        Figure("suggestions", str(len(now)), before=str(len(before))),
        Figure("suggestions-taken-up", str(len(opened)), before=str(len(earlier))),
    )
    tables = (
        Table("suggestions", ("complaint", "category"), rows),
        Table("suggested-actions", ("action", "title", "state"), answers),
    )
    return made(AgendaInput.SUGGESTIONS, span, figures, tables, (LEFT_OUT["complaint-texts"],))
