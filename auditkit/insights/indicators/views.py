"""The page of one figure: what it comes to, how it is made, what to beware of, and the records behind it."""

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from auditkit.base import clock
from auditkit.base.charts import Curves
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.complaints.rules import STAGE_TITLES, Stage
from auditkit.insights import asking
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.indicators import computing, listing, recurrence, showing, times, volumes, ways
from auditkit.insights.indicators.frame import frame
from auditkit.insights.indicators.showing import Shown
from auditkit.insights.rules import DIMENSION_TITLES, Figure, Selection, Side
from auditkit.insights.statistics.naming import around_url, word_title
from auditkit.library.here import library
from auditkit.web.access import access
from auditkit.web.languages import day_there

bp = Blueprint("indicators", __name__, url_prefix="/insights/figures", template_folder="templates")

CUT_BY = ("category", "channel", "site", "severity")
_SIDES = {
    Side.COUNTED: N_("The cases counted"),
    Side.OF: N_("All cases it is a share of"),
    Side.LEFT_OUT: N_("The cases left out"),
}


@bp.get("/<name>")
@access("complaints.read")
def show(name: str) -> str | Response:
    """One figure over a selection."""
    selection = asking.chosen()
    figures, curve = _figures(name, selection), _curve(name, selection)
    file = file_asked([curve] if curve else [])
    return file or render_template(
        "indicators/show.html",
        name=name,
        title=_(computing.title_of(name)),
        indicator=library().indicators[computing.indicator_of(name)],
        selection=selection,
        asked=asking.filter_of(reading(), selection),
        figures=figures,
        curve=curve,
        opens=lambda figure: _opens(figure, selection),
        numbers_of=showing.parts,
        currency_pair=_currency_pair(),
        **_beside(name, selection),
    )


@bp.get("/<name>/records")
@access("complaints.read")
def records(name: str) -> str:
    """The complaints behind a figure, a page at a time."""
    selection, side, currency = asking.chosen(), _side(), request.args.get("currency", "")
    after = request.args.get("after", 0, type=int)
    page = listing.lines(reading(), name, side, selection, clock.now(), currency=currency, after=after)
    asked = urlencode([*selection.pairs(), ("side", side.value), *([("currency", currency)] if currency else [])])
    here = url_for(".records", name=name) + "?" + asked
    return render_template(
        "indicators/records.html",
        name=name,
        title=_(computing.title_of(name)),
        side_title=_(_SIDES[side]),
        selection=selection,
        asked=asked,
        page=page,
        here=url_for(".show", name=name) + "?" + selection.address,
        first_url=here if after else None,
        next_url=f"{here}&after={page.after}" if page.after else None,
        stage_title=lambda stage: _(STAGE_TITLES[Stage(stage)]),
        word_title=word_title,
    )


@bp.get("/<name>/references")
@access("complaints.read")
def references(name: str) -> Response:
    """The references of all of them, one a line: the text whose SHA-256 a frozen figure keeps."""
    found = listing.references(reading(), name, _side(), asking.chosen(), clock.now(), request.args.get("currency", ""))
    headers = {"Content-Disposition": f'attachment; filename="{name}-{day_there(clock.now())}.txt"'}
    return Response("".join(f"{one}\n" for one in found), mimetype="text/plain", headers=headers)


def _figures(name: str, selection: Selection) -> list[Shown]:
    return [showing.show(one, selection) for one in computing.compute_named(reading(), name, selection, clock.now())]


def _beside(name: str, selection: Selection) -> dict[str, object]:
    """What the page of this figure shows beside it."""
    tx, now = reading(), clock.now()
    cut = name in ways.BY_NAME or name == volumes.NAME
    return {
        "each": times.safety(frame(tx, selection, now)) if name == "safety-time" else [],
        "around_url": partial(around_url, selection),
        "comparisons": recurrence.compared(tx, selection, now) if name == "repeated" else [],
        "cut": _cut(name, selection) if cut else [],
        "word_title": word_title,
    }


def _side() -> Side:
    asked = request.args.get("side", Side.COUNTED.value)
    if asked not in list(Side):
        raise NotFound
    return Side(asked)


def _currency_pair() -> str:
    currency = request.args.get("currency", "")
    return f"&{urlencode({'currency': currency})}" if currency else ""


def _opens(figure: Figure, selection: Selection) -> list[tuple[str, str]]:
    """The lists behind a figure: (text, address). A plain number has one."""
    sides = [Side.COUNTED]
    if figure.denominator is not None:
        sides.append(Side.OF)
    if figure.left_out:
        sides.append(Side.LEFT_OUT)
    return [(_(_SIDES[side]), showing.records_url(figure, selection, side)) for side in sides]


def _curve(name: str, selection: Selection) -> Curves | None:
    wait = times.BY_NAME.get(name)
    if wait is None:
        return None
    return showing.curve(wait, times.waited(frame(reading(), selection, clock.now()), wait), selection)


def _cut(name: str, selection: Selection) -> list[tuple[str, list[Shown]]]:
    found = listing.by_words(reading(), name, selection, clock.now(), CUT_BY)
    return [
        (
            _("By %(dimension)s", dimension=_(DIMENSION_TITLES[dimension])),
            [_of_word(figure, selection.only(dimension, word), dimension, word) for word, figure in figures],
        )
        for dimension, figures in zip(CUT_BY, found, strict=True)
    ]


def _of_word(figure: Figure, selection: Selection, dimension: str, word: str) -> Shown:
    return replace(showing.show(figure, selection), title=word_title(dimension, word))
