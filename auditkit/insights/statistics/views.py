"""The pages of statistics. What they show is made by `running`, `ranking` and `lasting`."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import today_of_house
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.complaints.rules import STAGE_TITLES, Stage
from auditkit.insights import asking, paper
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.indicators import times
from auditkit.insights.indicators.frame import frame
from auditkit.insights.indicators.listing import lines_of
from auditkit.insights.rules import MOST_WORDS, NOT_STATED, Selection
from auditkit.insights.statistics import behind, lasting, ranking, running, satisfied
from auditkit.insights.statistics.naming import BY_TITLES, behind_url, records_url, word_title
from auditkit.insights.statistics.rules.limits import MIN_POINTS
from auditkit.insights.statistics.shown import Shown, chance_text
from auditkit.insights.volumes.queries import kinds
from auditkit.web.access import access, current_actor
from auditkit.web.languages import listed

bp = Blueprint("statistics", __name__, url_prefix="/insights/statistics", template_folder="templates")

TABS = (
    ("index", N_("Over time")),
    ("pareto", N_("Pareto")),
    ("lasts", N_("Times")),
    ("crossed", N_("Heatmaps")),
    ("fair", N_("Outcomes by group")),
    ("satisfaction", N_("Satisfaction")),
)


def chosen() -> tuple[Selection, date]:
    """The selection that the address asks for, and the organisation's day."""
    return asking.chosen(), today_of_house(reading(current_actor()), clock.now())


@bp.get("/")
@access("complaints.read")
def index() -> str | Response:
    """Run charts with their limits, and the gaps between severe complaints."""
    selection, today = chosen()
    asked = running.Asked(reading(), selection, today, clock.now())
    rates = (
        running.rate(asked, number, counts, lambda part: records_url(selection, part))
        for number, counts in enumerate(kinds(asked.tx, asked.now, selection.sites), 1)
    )
    parts = [
        running.received(asked, lambda part: records_url(selection, part)),
        *(one for one in rates if one is not None),
        running.missed(asked, _opens(selection, behind.MISSED_ACKNOWLEDGEMENTS), decide=False),
        running.missed(asked, _opens(selection, behind.MISSED_DECISIONS), decide=True),
        running.upheld(asked, _opens(selection, behind.UPHELD)),
        running.severe(asked, lambda reference: url_for("complaints.show", reference=reference)),
    ]
    return _page("index", selection, parts, min_points=MIN_POINTS)


@bp.get("/pareto")
@access("complaints.read")
def pareto() -> str | Response:
    """Which words make up most of the complaints, their weight or their cost."""
    selection, _today = chosen()
    by = _one_of("by", ranking.PARETO_BY)
    weight = _one_of("weight", tuple(ranking.WEIGHED))
    parts = ranking.pareto(reading(), selection, clock.now(), by, weight)
    choices = [
        ("by", _("Grouped by"), [(one, _(BY_TITLES[one])) for one in ranking.PARETO_BY], by),
        ("weight", _("Counted as"), [(key, _(title)) for key, title in ranking.WEIGHED.items()], weight),
    ]
    return _page("pareto", selection, parts, choices=choices)


@bp.get("/times")
@access("complaints.read")
def lasts() -> str | Response:
    """How long complaints take, with open ones counted."""
    selection, _today = chosen()
    wait = times.BY_NAME[_one_of("wait", ("time-to-decide", *times.BY_NAME))]
    by = _one_of("by", lasting.COMPARED_BY)
    found = lasting.lasting(reading(), selection, clock.now(), wait, by)
    parts = [found.spread, found.curve, *([found.groups] if found.groups else [])]
    choices = [
        ("wait", _("Time"), [(one.name, _(one.title)) for one in times.WAITS], wait.name),
        ("by", _("Compared by"), [(one, _(BY_TITLES[one])) for one in lasting.COMPARED_BY], by),
    ]
    return _page("lasts", selection, parts, choices=choices, compared=found.compared, promised=found.promised)


@bp.get("/crossed")
@access("complaints.read")
def crossed() -> str | Response:
    """Categories against sites, and channels against outcomes."""
    selection, _today = chosen()
    parts = [ranking.crossing(reading(), selection, clock.now(), *pair) for pair in ranking.CROSSED]
    return _page("crossed", selection, parts)


@bp.get("/outcomes")
@access("complaints.read")
def fair() -> str | Response:
    """Whether groups of complainants are treated alike."""
    selection, _today = chosen()
    return _page("fair", selection, [], fair=ranking.fair(reading(), selection, clock.now()), chance_text=chance_text)


@bp.get("/satisfaction")
@access("complaints.read")
def satisfaction() -> str | Response:
    """How satisfied those are who were asked, by outcome."""
    selection, _today = chosen()
    return _page("satisfaction", selection, satisfied.satisfied(reading(), selection, clock.now()))


@bp.get("/records")
@access("complaints.read")
def records() -> str:
    """The complaints behind a point or a bar."""
    selection, _today = chosen()
    wanted, after = _wanted(), request.args.get("after", 0, type=int)
    counted = frame(reading(), selection, clock.now())
    page = lines_of(reading(), behind.conditions(counted, wanted), max(after, 0))
    here = f"{url_for('.records')}?{urlencode([one for one in request.args.items(multi=True) if one[0] != 'after'])}"
    return render_template(
        "statistics/records.html",
        title=_(behind.LISTS[wanted.of]),
        action=wanted.action,
        selection=selection,
        page=page,
        promises=behind.promises(counted, wanted),
        first_url=here if after else None,
        next_url=f"{here}&after={page.after}" if page.after else None,
        stage_title=lambda stage: _(STAGE_TITLES[Stage(stage)]),
        word_title=word_title,
    )


def _opens(selection: Selection, of: str) -> running.Opens:
    """Where the complaints behind a point of a period are."""
    return lambda part: behind_url(selection.within(part), of)


def _wanted() -> behind.Wanted:
    of = request.args.get("of", behind.MISSED_ACKNOWLEDGEMENTS)
    if of not in behind.LISTS:
        raise NotFound
    words, seconds = (
        ["" if word == NOT_STATED else word for word in request.args.getlist(name)[:MOST_WORDS]]
        for name in ("word", "and")
    )
    low, high = (request.args.get(name, type=float) for name in ("low", "high"))
    by, currency = (request.args.get(name, "") for name in ("by", "currency"))
    return behind.Wanted(
        of, words, request.args.get("wait", ""), low or 0, high, by, currency,
        others="others" in request.args, action=request.args.get("action", ""),
        limit=request.args.get("limit", 0, type=int), across=request.args.get("across", ""), seconds=seconds,
        reply=request.args.get("reply", ""),
    )  # fmt: skip


def _one_of(name: str, known: tuple[str, ...]) -> str:
    """What the address says of a choice; the first where it says nothing of the list."""
    asked = request.args.get(name, "")
    return asked if asked in known else known[0]


def _page(tab: str, selection: Selection, parts: list[Shown], **values: object) -> str | Response:
    tabs = [(_(title), url_for(f".{one}") + "?" + selection.address, one == tab) for one, title in TABS]
    file = file_asked(part.chart for part in parts)
    asked = asking.filter_of(reading(), selection)
    if paper.wanted() and parts:
        title = f"{_('Statistics')}: {_(dict(TABS)[tab])}"
        narrowed = {name: listed(words) for name, words in asked.narrowed}
        return paper.paper(title, selection.period, narrowed, parts)
    return file or render_template(
        "statistics/page.html", tab=tab, tabs=tabs, asked=asked, selection=selection, parts=parts,
        word_url=paper.address() if parts else "", **values,
    )  # fmt: skip
