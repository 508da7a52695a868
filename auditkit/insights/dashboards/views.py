"""Dashboards by role, kept ones, what is published, and all organisations of a person on one page."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from auditkit.accounts.queries import organisations_of
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, BadInput, Conflict, NotFound
from auditkit.base.text import _
from auditkit.insights import asking
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.dashboards import pictures, queries, rules, service
from auditkit.insights.dashboards.forms import KeepForm, PublishForm
from auditkit.insights.dashboards.rules import View
from auditkit.insights.indicators import computing, showing
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import SPAN_TITLES, Selection, Span
from auditkit.library.here import library
from auditkit.web.access import SIGNED_IN, access, current_actor, may

bp = Blueprint("dashboards", __name__, url_prefix="/insights", template_folder="templates")
mine_bp = Blueprint("dashboards_mine", __name__, template_folder="templates")
PAGE = 20


@bp.get("/")
@access("complaints.read")
def show() -> str | Response:
    """The dashboard of a role; at first that of the person's own role."""
    view = _view()
    board = Board(reading(), asking.chosen(), clock.now())
    charts = pictures.charts(view, board)
    return file_asked(charts) or render_template(
        "dashboards/show.html",
        view=view,
        title=_(rules.VIEW_TITLES[view]),
        lead=_(rules.VIEW_LEADS[view]),
        charts=charts,
        indicators=_by_indicator(board) if view is View.ALL else [],
        figures=_shown(board, rules.FIGURES.get(view, ())),
        **_around(board.selection, view),
    )


@bp.route("/keep", methods=["GET", "POST"])
@access("complaints.read")
def keep() -> str | Response:
    """Keep a selection and a choice of figures under a name."""
    form, selection, actor = KeepForm(), asking.chosen(), current_actor()
    if request.method == "GET":
        form.figures.data = list(rules.FIGURES.get(_view(), ()))
    elif form.validate_on_submit():
        try:
            with transaction(actor) as tx:
                command = service.Keep(form.name.data or "", selection.address, tuple(form.figures.data or ()))
                dashboard_id = service.keep(tx, command, clock.now(), actor)
        except AuditkitError as refusal:
            form.refuse("figures" if isinstance(refusal, rules.NothingChosen) else "name", refusal)
        else:
            return redirect(url_for(".kept", dashboard_id=dashboard_id))
    return render_template("dashboards/keep.html", form=form, selection=selection)


@bp.get("/kept/<int(max=9007199254740991):dashboard_id>")
@access("complaints.read")
def kept(dashboard_id: int) -> str | Response:
    """One of the person's own dashboards."""
    found = _own(dashboard_id)
    board = Board(reading(), _selection_of(found), clock.now())
    charts = pictures.of_figures(found.figures, board)
    return file_asked(charts) or render_template(
        "dashboards/kept.html",
        found=found,
        charts=charts,
        figures=_shown(board, tuple(name for name in found.figures if name in computing.names())),
        **_around(board.selection, None),
    )


@bp.post("/kept/<int(max=9007199254740991):dashboard_id>/remove")
@access("complaints.read")
def remove(dashboard_id: int) -> Response:
    """Keep a dashboard no longer."""
    actor = current_actor()
    with transaction(actor) as tx:
        service.remove(tx, service.Remove(dashboard_id), clock.now(), actor)
    flash(_("The dashboard is no longer kept"), "good")
    return redirect(url_for(".show"))


@bp.route("/published", methods=["GET", "POST"])
@access("organisation.manage")
def published() -> str | Response:
    """Which figures everybody may see."""
    before, actor = queries.published(reading()), current_actor()
    usual = list(before.figures or rules.PUBLISHABLE[:5])
    form = PublishForm(obj=before, data={"figures": usual, "seen": before.stamp})
    if form.validate_on_submit():
        command = service.Publish(
            form.shown.data,
            tuple(form.figures.data or ()),
            form.span.data,
            form.introduction.data or "",
            form.seen.data,
        )
        try:
            with transaction(actor) as tx:
                service.publish(tx, command, clock.now(), actor)
        except (BadInput, Conflict) as refusal:
            form.refuse("figures" if isinstance(refusal, rules.NothingChosen) else "", refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".published"))
    return render_template("dashboards/published.html", form=form, published=before)


@mine_bp.get("/figures")
@access(SIGNED_IN)
def mine() -> str:
    """The figures of every organisation of the person, each under its own scope and by the role there."""
    houses = organisations_of(reading(), current_user.id)
    page = max(request.args.get("page", 1, type=int), 1)
    asked = request.args.get("period", Span.TWELVE_MONTHS.value)
    span = Span(asked) if asked in list(Span) and asked != Span.OWN else Span.TWELVE_MONTHS
    shown = houses[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "dashboards/mine.html",
        found=list(queries.of_all(shown, (current_user.id, current_user.name), span, clock.now())),
        titles=[_(computing.title_of(name)) for name in queries.OF_ALL],
        span=span,
        spans=[(one.value, _(title)) for one, title in SPAN_TITLES.items() if one is not Span.OWN],
        text_of=showing.value_text,
        previous_url=url_for(".mine", page=page - 1, period=span.value) if page > 1 else None,
        next_url=url_for(".mine", page=page + 1, period=span.value) if page * PAGE < len(houses) else None,
    )


def _view() -> View:
    asked = request.args.get("view", "")
    if asked in list(View):
        return View(asked)
    if may("organisation.manage"):
        return View.MANAGER
    return View.TOP if may("reviews.sign") else View.HANDLER


def _around(selection: Selection, view: View | None) -> dict[str, object]:
    """What stands around the figures of every dashboard."""
    tabs = [
        (_(title), f"{url_for('.show', view=one.value)}&{selection.address}", one is view)
        for one, title in rules.VIEW_TITLES.items()
    ]
    mine = queries.kept(reading(), current_actor().person_id)
    return {"selection": selection, "asked": asking.filter_of(reading(), selection), "tabs": tabs, "kept": mine}


def _shown(board: Board, names: tuple[str, ...]) -> list[showing.Shown]:
    return [showing.show(one, board.selection) for one in board.figures(names)]


def _by_indicator(board: Board) -> list[tuple[object, list[showing.Shown]]]:
    """Every indicator of the content with its figures."""
    figures = _shown(board, computing.names())
    return [
        (library().indicators[name], [one for one in figures if one.figure.indicator == name])
        for name in computing.INDICATORS
    ]


def _own(dashboard_id: int) -> queries.Kept:
    for one in queries.kept(reading(), current_actor().person_id):
        if one.id == dashboard_id:
            return one
    raise NotFound


def _selection_of(found: queries.Kept) -> Selection:
    """What was kept, or what the address asks for where the person filters it."""
    return asking.chosen() if request.args else asking.kept(found.asked)
