"""The charts of a dashboard, made of what its board has counted.

`links` makes the addresses of the records behind bars: `on_page` by default; `NO_LINKS` for papers and mails.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from auditkit.base.charts import Bar, Chart, Pareto, Point, RunChart
from auditkit.base.text import _
from auditkit.insights.dashboards.rules import View
from auditkit.insights.indicators import showing, times
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import FEWEST, Selection
from auditkit.insights.statistics.naming import others_url, word_title
from auditkit.web.languages import beginning

MOST_BARS = 12
FEWEST_MONTHS = 3


@dataclass(frozen=True)
class Links:
    """Addresses of the complaints received of a selection, and of those that have no bar of their own."""

    of: Callable[[Selection], str]
    others: Callable[[Selection, str, Sequence[str]], str]


def on_page() -> Links:
    """Those of this request's organisation."""
    base = url_for("indicators.records", name="received")
    return Links(lambda selection: f"{base}?{selection.address}", others_url)


NO_LINKS = Links(lambda _selection: "", lambda _selection, _dimension, _words: "")
"""On paper nothing opens."""


def charts(view: View, board: Board) -> list[Chart]:
    """The charts of one dashboard; where there are too few cases there is none, the numbers stand in the table."""
    found: list[Chart] = []
    if view in (View.MANAGER, View.TOP):
        found += [*_months(board, on_page()), *_words(board, "category", on_page())]
    if view is View.TOP:
        found += _words(board, "site", on_page())
    if view is View.HANDLER:
        found += _waits(board, ("time-to-close",))
    return found


def of_figures(names: Collection[str], board: Board, links: Links | None = None) -> list[Chart]:
    """The charts that belong to these figures, as of a dashboard somebody keeps."""
    links = links or on_page()
    found: list[Chart] = []
    if "received" in names:
        found += [*_months(board, links), *_words(board, "category", links), *_words(board, "site", links)]
    return [*found, *_waits(board, names)]


def _waits(board: Board, names: Collection[str]) -> Iterator[Chart]:
    for wait in times.WAITS:
        curve = showing.curve(wait, board.waited(wait.name), board.selection) if wait.name in names else None
        if curve is not None:
            yield curve


def _months(board: Board, links: Links) -> Iterator[Chart]:
    months = board.months()
    if len(months) < FEWEST_MONTHS or sum(whole for _month, whole, _part in months) < FEWEST:
        return
    selection = board.selection
    of_month = {f"{one.first:%Y-%m}": one for one in selection.period.months()}
    yield RunChart(
        name="received-by-month",
        title=_("Complaints received by month"),
        measure=_("Complaints"),
        of=_("Month"),
        points=[
            Point(_label(month), float(whole), links.of(selection.within(of_month[month])))
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


def _words(board: Board, dimension: str, links: Links) -> Iterator[Chart]:
    words = board.words(dimension)
    if len([word for word, _number in words if word]) < 2 or sum(number for _word, number in words) < FEWEST:
        return
    selection = board.selection
    bars = [
        Bar(word_title(dimension, word), (float(number),), links.of(selection.only(dimension, word)))
        for word, number in words[:MOST_BARS]
    ]
    rest = sum(number for _word, number in words[MOST_BARS:])
    others = links.others(selection, dimension, [word for word, _number in words[:MOST_BARS]])
    titles = {"category": _("Complaints by category"), "site": _("Complaints by site")}
    heads = {"category": _("Category"), "site": _("Site")}
    yield Pareto(
        name=f"received-by-{dimension}",
        title=titles[dimension],
        measure=_("Complaints"),
        of=heads[dimension],
        bars=bars,
        rest=Bar(_("All others"), (float(rest),), others) if rest else None,
        says=_("The most frequent first, with the share they make together."),
        formula=_("Complaints received in the period"),
        source=showing.period_text(selection),
    )
