"""Frozen figures: the list, what each stated, and computing it again."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.insights import asking
from auditkit.insights.freezing import queries, service
from auditkit.insights.freezing.queries import Frozen
from auditkit.insights.indicators import showing
from auditkit.insights.rules import DIMENSION_TITLES, Selection
from auditkit.insights.statistics.naming import word_title
from auditkit.web.access import access, current_actor
from auditkit.web.languages import listed

bp = Blueprint("frozen_figures", __name__, url_prefix="/insights/frozen", template_folder="templates")
LISTED = 100
"""References of each kind that the page names; how many there are is always said."""


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """What was frozen, newest first."""
    return render_template("freezing/index.html", found=queries.listing(reading()), **_words())


@bp.get("/<int(max=9007199254740991):frozen_id>")
@access("complaints.read")
def show(frozen_id: int) -> str:
    """A figure as it was stated."""
    return _page(queries.frozen(reading(), frozen_id), None)


@bp.post("/<int(max=9007199254740991):frozen_id>")
@access("complaints.read")
def recompute(frozen_id: int) -> str:
    """Compute it again from the records of today."""
    actor = current_actor()
    with transaction(actor) as tx:
        again = service.recompute(tx, service.Recompute(frozen_id), clock.now(), actor)
    return _page(again.frozen, again)


@bp.post("/freeze/<name>")
@access("organisation.manage")
def freeze(name: str) -> Response:
    """Keep a figure as it is now."""
    actor, currency = current_actor(), request.args.get("currency", "")
    selection = asking.chosen()
    with transaction(actor) as tx:
        frozen_id = service.freeze(tx, service.Freeze(name, selection, currency), clock.now(), actor)
    flash(_("The figure is frozen. It can be computed again at any time, and the page says what changed."), "good")
    return redirect(url_for(".show", frozen_id=frozen_id))


def _page(frozen: Frozen, again: queries.Again | None) -> str:
    return render_template(
        "freezing/show.html",
        frozen=frozen,
        again=again,
        changes=[] if again is None else _changes(again),
        most=LISTED,
        now=clock.now(),
        figure_url=f"{url_for('indicators.show', name=frozen.figure.name)}?{urlencode(frozen.selection.pairs())}",
        known=bool(frozen.figure.indicator),
        **_words(),
    )


def _changes(again: queries.Again) -> list[tuple[str, Sequence[str]]]:
    kinds = [
        (_("Came since"), again.changes.came),
        (_("Went since"), again.changes.went),
        (_("Changed since, and still counted"), again.changes.changed),
    ]
    return [(title, references) for title, references in kinds if references]


def _words() -> dict[str, object]:
    return {
        "names": current_app.extensions["auditkit.directory"].names(),
        "shown": lambda figure, selection: showing.show(figure, selection),
        "chosen": _chosen,
    }


def _chosen(selection: Selection) -> str:
    """The words of a selection in one line; empty where it is the whole register."""
    parts = []
    for dimension, title in DIMENSION_TITLES.items():
        words = selection.words(dimension)
        if words:
            parts.append(f"{_(title)}: {listed(word_title(dimension, word) for word in words)}")
    return "; ".join(parts)
