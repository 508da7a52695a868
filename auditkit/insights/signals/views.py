"""The page of signals, and one series with its records."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.insights import asking
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.rules import Selection
from auditkit.insights.signals import finding
from auditkit.insights.signals.rules import STATED
from auditkit.insights.statistics.naming import BY_TITLES, records_url, word_title
from auditkit.insights.statistics.views import chosen
from auditkit.web.access import access

Opens = Callable[[finding.Signal], str]

bp = Blueprint("signals", __name__, url_prefix="/insights/signals", template_folder="templates")


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """What shifted in the period, newest first."""
    selection, today = chosen()
    by = _by()
    watch = finding.watch(reading(), selection, today, clock.now(), by)
    return render_template(
        "signals/index.html",
        selection=selection,
        asked=asking.filter_of(reading(), selection),
        watch=watch,
        choices=[("by", _("Watched by"), [(one, _(BY_TITLES[one])) for one in finding.WATCHED], by)],
        records=_records(selection),
        series_url=_series_url(selection, by),
        by_title=_(BY_TITLES[by]),
        stated=round(1 / STATED),
    )


@bp.get("/series")
@access("complaints.read")
def series() -> str | Response:
    """One series by week with its shifts; its word stands in the address, a dash for none stated."""
    selection, today = chosen()
    by, word, now = request.args.get("of", ""), request.args.get("word", ""), clock.now()
    if by and by not in finding.WATCHED:
        abort(404)
    narrowed = selection.only(by, word) if by else selection
    watch = finding.watch(reading(), narrowed, today, now, by or "category")
    found = next((one for one in watch.series if one.by == by), None) or finding.Series(by, word, ())
    chart = finding.picture(selection, found, watch.weeks if found.counts else (), watch.period_weeks, now)
    signals = [one for one in watch.signals if one.series.by == by]
    title = word_title(by, word) if by else _(finding.ALL)
    return file_asked([chart]) or render_template(
        "signals/series.html", selection=selection, chart=chart, signals=signals, title=title,
        records=_records(selection), back=f"{url_for('.index')}?{selection.address}",
    )  # fmt: skip


def _by() -> str:
    asked = request.args.get("by", "")
    return asked if asked in finding.WATCHED else finding.WATCHED[0]


def _records(selection: Selection) -> Opens:
    def opens(signal: finding.Signal) -> str:
        return records_url(selection, signal.records, signal.series.by, signal.series.word)

    return opens


def _series_url(selection: Selection, by: str) -> Opens:
    def opens(signal: finding.Signal) -> str:
        pairs = [("of", by), ("word", signal.series.word)] if signal.series.by else []
        return f"{url_for('.series')}?{urlencode([*pairs, *selection.pairs()])}"

    return opens
