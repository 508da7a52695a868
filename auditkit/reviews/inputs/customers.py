"""Inputs from complainants: the register's figures, satisfaction, suggestions. What people wrote stays where it is."""

from auditkit.actions import queries as actions
from auditkit.actions.rules import STATE_TITLES
from auditkit.base.db import Session
from auditkit.complaints.queries import of_kind, period_counts
from auditkit.complaints.rules import Kind
from auditkit.complaints.survey import queries as survey
from auditkit.content.library import Library
from auditkit.content.shapes import AgendaInput
from auditkit.reviews.inputs.content import Content, Figure, Span, Table, decimal_text, made, percent
from auditkit.reviews.inputs.titles import LEFT_OUT

SUGGESTION = "suggestion"


def complaints(tx: Session, span: Span, library: Library) -> Content:
    """How many complaints came in, and how far those of the period are."""
    now, before = (period_counts(tx, one.first, one.last) for one in (span, span.before))
    figures = [Figure("received", str(now.received), before=str(before.received))]
    figures += [
        Figure(name, str(getattr(now, name)), of=str(now.received), before=str(getattr(before, name)))
        for name in ("acknowledged", "decided", "closed")
    ]
    figures.append(Figure("refused", str(now.refused), of=str(now.decided), before=str(before.refused)))
    return made(AgendaInput.COMPLAINTS, span, figures)


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
