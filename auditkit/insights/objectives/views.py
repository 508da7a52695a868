"""Pages of objectives: all with their lights, and one with its measurements, comments and indicator."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.charts import Point, RunChart
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import _
from auditkit.insights.charts import asked
from auditkit.insights.freezing import queries as freezing
from auditkit.insights.indicators import computing
from auditkit.insights.objectives import queries, service
from auditkit.insights.objectives.forms import CommentForm, SourceForm
from auditkit.insights.objectives.queries import REGISTER, Objective
from auditkit.insights.objectives.rules import LIGHT_TITLES, TREND_TITLES, Light
from auditkit.insights.rules import SPAN_TITLES, Span
from auditkit.library.here import library
from auditkit.registers.queries import MeasurementView
from auditkit.web.access import access, current_actor, may
from auditkit.web.forms import Form
from auditkit.web.languages import day, day_there, in_own_digits

bp = Blueprint("objectives", __name__, url_prefix="/insights/objectives", template_folder="templates")

LIGHTS = {
    Light.REACHED: ("good", "check-circle-fill"),
    Light.NEAR: ("warn", "exclamation-triangle-fill"),
    Light.MISSED: ("bad", "x-octagon-fill"),
    Light.NOT_MEASURED: ("neutral", "question-circle"),
}
TRENDS = {"better": "arrow-up-right", "worse": "arrow-down-right", "same": "arrow-right", "": "dash"}


@bp.context_processor
def _words() -> dict[str, Any]:
    """Titles, tones and icons, for templates."""
    return {
        "LIGHT_TITLES": LIGHT_TITLES,
        "LIGHTS": LIGHTS,
        "TREND_TITLES": TREND_TITLES,
        "TRENDS": TRENDS,
        "SPAN_TITLES": SPAN_TITLES,
        "plain": lambda value: _plain(value) if value is not None else "",
        "figure_title": lambda name: _(computing.title_of(name)) if name in computing.names() else name,
        "names": current_app.extensions["auditkit.directory"].names(),
    }


@bp.get("/")
@access("registers.read")
def index() -> str:
    """Every objective with its light, trend and newest comment."""
    found = queries.objectives(reading(), day_there(clock.now()))
    counts = [(light, sum(one.standing.light is light for one in found)) for light in Light]
    return render_template("objectives/index.html", objectives=found, counts=counts)


@bp.get("/<number>")
@access("registers.read")
def show(number: str) -> str | Response:
    """One objective: measurements against the target, comments, and its indicator."""
    found = queries.objective(reading(), number, day_there(clock.now()))
    charts = [_chart(found)] if len(found.measured) > 1 else []
    return asked(charts) or _page(found, charts)


def _page(found: Objective, charts: list[RunChart], **forms: Form) -> str:
    source = {"figure": found.source.figure, "span": found.source.span.value} if found.source else {}
    return render_template(
        "objectives/show.html",
        objective=found,
        charts=charts,
        source_form=forms.get("source") or SourceForm(_figures(), formdata=None, data=source),
        comment_form=forms.get("comment") or CommentForm(formdata=None),
        shape=library().register(REGISTER),
    )


def _figures() -> list[tuple[str, str]]:
    """The indicators to choose from, each with its unit."""
    return [(name, _(computing.title_of(name))) for name in computing.names()]


def _chart(found: Objective) -> RunChart:
    target = _plain(found.target)
    return RunChart(
        name="measurements",
        title=found.entry.title,
        measure=found.unit,
        says=_("Measurements against the target of %(target)s %(unit)s", target=target, unit=found.unit),
        formula=str(found.entry.values.get("measure", "")),
        source=_("Register of objectives, %(number)s", number=found.entry.number),
        digits=_digits([one.value for one in found.measured]),
        points=[Point(day(one.on), float(one.value), where) for one, where in _measured(found)],
        of=_("Day"),
        centre=float(found.target),
        centre_is=_("Target"),
    )


def _plain(value: Decimal) -> str:
    """A number as it was written, in the reader's digits."""
    return in_own_digits(format(value.normalize(), "f"))


def _measured(found: Objective) -> Iterator[tuple[MeasurementView, str]]:
    """Each measurement and what is behind it: the figure frozen as it was taken, else what was written by hand."""
    taken = freezing.taken(reading(), [one.at for one in found.measured]) if may("complaints.read") else {}
    by_hand = url_for("registers.show", register=REGISTER, number=found.entry.number, _anchor="measurements")
    for one in found.measured:
        frozen = url_for("frozen_figures.show", frozen_id=taken[one.at]) if one.at in taken else by_hand
        yield one, frozen


def _digits(values: list[Decimal]) -> int:
    """Decimals that show every measurement as it was written, at most three."""
    return min(3, max((-int(value.normalize().as_tuple().exponent) for value in values), default=0, key=int))


def _done(number: str, form: Form, act: Callable[[Session], Any], text: str, name: str) -> str | Response:
    """Do it and lead back, or show the page again with what was refused."""
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                act(tx)
        except (RuleBroken, BadInput) as refusal:
            form.refuse("", refusal)
        else:
            flash(text, "good")
            return redirect(url_for(".show", number=number))
    found = queries.objective(reading(), number, day_there(clock.now()))
    return _page(found, [_chart(found)] if len(found.measured) > 1 else [], **{name: form})


@bp.post("/<number>/source")
@access("registers.edit")
def source(number: str) -> str | Response:
    """Choose the indicator an objective is measured by."""
    form = SourceForm(_figures())

    def put(tx: Session) -> None:
        command = service.SetSource(number, form.figure.data, Span(form.span.data))
        service.set_source(tx, command, clock.now(), current_actor())

    return _done(number, form, put, _("The objective is measured by this indicator from now on."), "source")


@bp.post("/<number>/take")
@access("registers.edit")
def take(number: str) -> Response:
    """Take a measurement from the indicator."""
    try:
        with transaction(current_actor()) as tx:
            command = service.TakeMeasurement(library().register(REGISTER), number)
            service.take(tx, command, clock.now(), current_actor())
    except (RuleBroken, BadInput) as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The measurement was taken, and the figure frozen with what is behind it."), "good")
    return redirect(url_for(".show", number=number))


@bp.post("/<number>/comment")
@access("registers.edit")
def comment(number: str) -> str | Response:
    """Comment on how an objective stands."""
    form = CommentForm()

    def say(tx: Session) -> None:
        service.comment(tx, service.Comment(number, form.text.data), clock.now(), current_actor())

    return _done(number, form, say, _("The comment is kept."), "comment")
