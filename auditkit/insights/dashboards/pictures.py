"""The charts of a dashboard, made of what its board has counted."""

from collections.abc import Iterator
from datetime import date

from flask import url_for

from auditkit.base.charts import Bar, Chart, Pareto, Point, RunChart
from auditkit.base.text import _
from auditkit.insights.dashboards.rules import View
from auditkit.insights.indicators import showing, times
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import FEWEST, Period, Selection
from auditkit.insights.statistics.naming import word_title
from auditkit.web.languages import in_own_digits

MOST_BARS = 12
FEWEST_MONTHS = 3


def charts(view: View, board: Board) -> list[Chart]:
    """The charts of one dashboard; where there are too few cases there is none, the numbers stand in the table."""
    found: list[Chart] = []
    if view in (View.MANAGER, View.TOP):
        found += [*_months(board), *_words(board, "category")]
    if view is View.TOP:
        found += _words(board, "site")
    if view is View.HANDLER:
        wait = times.BY_NAME["time-to-close"]
        curve = showing.curve(wait, board.waited(wait.name), board.selection)
        found += [curve] if curve else []
    return found


def _months(board: Board) -> Iterator[Chart]:
    months = board.months()
    if len(months) < FEWEST_MONTHS or sum(whole for _month, whole, _part in months) < FEWEST:
        return
    selection = board.selection
    yield RunChart(
        name="received-by-month",
        title=_("Complaints received by month"),
        measure=_("Complaints"),
        of=_("Month"),
        points=[
            Point(in_own_digits(month), float(whole), _url("received", _within(selection, month)))
            for month, whole, _part in months
        ],
        says=_(
            "A month that still runs is not whole yet. The statistics say whether a difference is more than chance."
        ),
        formula=_("Complaints, disputes and concerns by the month of their receipt, in the organisation's days"),
        source=showing.period_text(selection),
    )


def _within(selection: Selection, month: str) -> Selection:
    """The days of the selection in that month (2026-03)."""
    first = date.fromisoformat(f"{month}-01")
    found = next(
        one for one in selection.period.months() if (one.first.year, one.first.month) == (first.year, first.month)
    )
    return selection.within(Period(found.first, found.last))


def _words(board: Board, dimension: str) -> Iterator[Chart]:
    words = board.words(dimension)
    if len([word for word, _number in words if word]) < 2 or sum(number for _word, number in words) < FEWEST:
        return
    selection = board.selection
    bars = [
        Bar(word_title(dimension, word), (float(number),), _url("received", selection.only(dimension, word)))
        for word, number in words[:MOST_BARS]
    ]
    rest = sum(number for _word, number in words[MOST_BARS:])
    titles = {"category": _("Complaints by category"), "site": _("Complaints by site")}
    heads = {"category": _("Category"), "site": _("Site")}
    yield Pareto(
        name=f"received-by-{dimension}",
        title=titles[dimension],
        measure=_("Complaints"),
        of=heads[dimension],
        bars=bars,
        rest=Bar(_("All others"), (float(rest),)) if rest else None,
        says=_("The most frequent first, with the share they make together."),
        formula=_("Complaints received in the period"),
        source=showing.period_text(selection),
    )


def _url(name: str, selection: Selection) -> str:
    return f"{url_for('indicators.records', name=name)}?{selection.address}"
