"""The report of a schedule: its figures as of now, in the language of the schedule, as Word or PDF."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from auditkit.accounts.queries import today_of_house
from auditkit.base.charts import Chart, Manner
from auditkit.base.db import Session
from auditkit.base.text import _, spoken
from auditkit.content.library import Library
from auditkit.documents.charts import chart_facts
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.indicators import FigureRow, IndicatorReport, ReportFacts
from auditkit.documents.direction import figure
from auditkit.insights.dashboards import pictures
from auditkit.insights.indicators import computing
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import DIMENSION_TITLES, DIMENSIONS, Figure, Selection, Unit, selection_from
from auditkit.insights.sending.queries import Schedule
from auditkit.web.languages import day_in

TEMPLATE = "indicator-report"


def charts(tx: Session, found: Schedule, now: datetime) -> list[Chart]:
    """The charts of its figures, in the language that is spoken; none where there are too few cases."""
    selection = selection_from(parse_qsl(found.asked), today_of_house(tx, now))
    return pictures.of_figures(found.figures, Board(tx, selection, now), pictures.NO_LINKS)


def report(
    tx: Session, found: Schedule, organisation: str, library: Library, now: datetime, drawn: Sequence[Chart]
) -> IndicatorReport:
    """What the document is filled with. Figures that this version does not compute any more are named as left out."""
    today = today_of_house(tx, now)
    selection = selection_from(parse_qsl(found.asked), today)
    manner = Manner(found.language)
    with spoken(found.language):
        known = [name for name in found.figures if name in computing.names()]
        gone = [name for name in found.figures if name not in known]
        rows = [row for name in known for row in _rows(tx, name, selection, library, manner, now)]
        period = selection.period
        made = day_in(today, found.language)
        return IndicatorReport(
            organisation=Organisation(organisation),
            document=DocumentFacts(found.name, figure(1), made),
            report=ReportFacts(
                found.name,
                _(
                    "%(first)s to %(last)s",
                    first=day_in(period.first, found.language),
                    last=day_in(period.last, found.language),
                ),
                _narrowed(selection),
                made,
            ),
            figures=tuple(rows),
            charts=tuple(chart_facts(one, manner) for one in drawn),
            left_out=_left_out(gone, drawn),
        )


def _left_out(gone: Sequence[str], drawn: Sequence[Chart]) -> tuple[LeftOut, ...]:
    found = [LeftOut(name, _("This figure is not computed any more")) for name in gone]
    if not drawn:
        found.append(LeftOut(_("Charts"), _("There are too few cases, or none of its figures has one")))
    return tuple(found)


def _narrowed(selection: Selection) -> str:
    parts = [
        f"{_(DIMENSION_TITLES[name])}: {', '.join(word or _('not stated') for word in selection.words(name))}"
        for name in DIMENSIONS
        if selection.words(name)
    ]
    return "; ".join([*parts, *selection.kinds])


def _rows(
    tx: Session, name: str, selection: Selection, library: Library, manner: Manner, now: datetime
) -> list[FigureRow]:
    earlier = selection.within(selection.period.before())
    past = {one.currency: one for one in computing.compute_named(tx, name, earlier, now)}
    content = library.indicators.get(computing.indicator_of(name))
    return [
        FigureRow(
            title=f"{_(one.title)} ({one.currency})" if one.currency else _(one.title),
            value=value_text(one, manner),
            of=manner.number(one.n if one.denominator is None else one.denominator) if _counted(one) else "",
            interval=_interval(one, manner),
            before=value_text(past[one.currency], manner) if one.currency in past else "",
            formula=content.formula if content else "",
            pitfall=content.pitfalls[0] if content else "",
        )
        for one in computing.compute_named(tx, name, selection, now)
    ]


def _counted(one: Figure) -> bool:
    """Whether the value rests on a number of cases that is to be told beside it."""
    return one.unit is not Unit.CASES


def value_text(one: Figure, manner: Manner) -> str:
    """The value with its unit; its reason where it cannot be told."""
    if one.value is None:
        return _(one.note, **one.note_facts) if one.note else "–"
    return _written(one, one.value, manner)


def _written(one: Figure, value: float, manner: Manner) -> str:
    match one.unit:
        case Unit.SHARE:
            return manner.share(value)
        case Unit.MONEY:
            return manner.number(value / 100, 2)
        case Unit.HOURS:
            return _("%(number)s hours", number=manner.number(value, 1))
        case Unit.DAYS:
            return _("%(number)s days", number=manner.number(value, 1))
        case _other:
            return manner.number(value, 2)


def _interval(one: Figure, manner: Manner) -> str:
    if one.low is None or one.high is None:
        return ""
    return _("%(low)s to %(high)s", low=_written(one, one.low, manner), high=_written(one, one.high, manner))
