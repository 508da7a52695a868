"""The charts of a dashboard, made of what its board has counted.

`link` makes the address of the records behind a bar: of a page by default; `no_link` for papers and mails.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from flask import url_for

from auditkit.base.charts import Bar, Chart, Pareto, Point, RunChart
from auditkit.base.text import _
from auditkit.insights.dashboards.rules import View
from auditkit.insights.indicators import showing, times
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import FEWEST, MOST_WORDS, Period, Selection
from auditkit.insights.statistics.naming import word_title
from auditkit.web.languages import beginning

MOST_BARS = 12
FEWEST_MONTHS = 3
Link = Callable[[str, Selection], str]


def no_link(_name: str, _selection: Selection) -> str:
    """On paper nothing opens."""
    return ""


def _url(name: str, selection: Selection) -> str:
    return f"{url_for('indicators.records', name=name)}?{selection.address}"


def charts(view: View, board: Board) -> list[Chart]:
    """The charts of one dashboard; where there are too few cases there is none, the numbers stand in the table."""
    found: list[Chart] = []
    if view in (View.MANAGER, View.TOP):
        found += [*_months(board, _url), *_words(board, "category", _url)]
    if view is View.TOP:
        found += _words(board, "site", _url)
    if view is View.HANDLER:
        found += _waits(board, ("time-to-close",))
    return found


def of_figures(names: Collection[str], board: Board, link: Link = _url) -> list[Chart]:
    """The charts that belong to these figures, as of a dashboard somebody keeps."""
    found: list[Chart] = []
    if "received" in names:
        found += [*_months(board, link), *_words(board, "category", link), *_words(board, "site", link)]
    return [*found, *_waits(board, names)]


def _waits(board: Board, names: Collection[str]) -> Iterator[Chart]:
    for wait in times.WAITS:
        curve = showing.curve(wait, board.waited(wait.name), board.selection) if wait.name in names else None
        if curve is not None:
            yield curve


def _months(board: Board, link: Link) -> Iterator[Chart]:
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
            Point(_label(month), float(whole), link("received", _within(selection, month)))
            for month, whole, _part in months
        ],
        says=_(
            "A month that still runs is not whole yet. The statistics say whether a difference is more than chance."
        ),
        formula=_("Complaints, disputes and concerns by the month of their receipt, in the organisation's days"),
        source=showing.period_text(selection),
    )


def _label(month: str) -> str:
    return beginning(date.fromisoformat(f"{month}-01"), month)


def _within(selection: Selection, month: str) -> Selection:
    """The days of the selection in that month (2026-03)."""
    first = date.fromisoformat(f"{month}-01")
    found = next(
        one for one in selection.period.months() if (one.first.year, one.first.month) == (first.year, first.month)
    )
    return selection.within(Period(found.first, found.last))


def _words(board: Board, dimension: str, link: Link) -> Iterator[Chart]:
    words = board.words(dimension)
    if len([word for word, _number in words if word]) < 2 or sum(number for _word, number in words) < FEWEST:
        return
    selection = board.selection
    bars = [
        Bar(word_title(dimension, word), (float(number),), link("received", selection.only(dimension, word)))
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
        rest=Bar(_("All others"), (float(rest),), _rest(selection, dimension, words, link)) if rest else None,
        says=_("The most frequent first, with the share they make together."),
        formula=_("Complaints received in the period"),
        source=showing.period_text(selection),
    )


def _rest(selection: Selection, dimension: str, words: Sequence[tuple[str, int]], link: Link) -> str:
    """Where those are that have no bar of their own; nowhere, if they are more words than a selection takes."""
    others = [word for word, _number in words[MOST_BARS:]]
    return link("received", selection.only(dimension, *others)) if len(others) <= MOST_WORDS else ""
