"""The page of a transition between two editions of a standard."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.library.here import library
from auditkit.readiness.transition import queries, service
from auditkit.readiness.transition.rules import BECAUSE_TITLES, VERDICT_TITLES, NoTransition, Verdict
from auditkit.readiness.views.blueprint import names, words
from auditkit.web.access import access, current_actor
from auditkit.web.forms import Form

bp = Blueprint("readiness_transition", __name__, url_prefix="/readiness/transition", template_folder="templates")

TONES = {Verdict.CARRIED: "good", Verdict.AGAIN: "warn", Verdict.NEW: "info"}
ICONS = {Verdict.CARRIED: "check-circle", Verdict.AGAIN: "arrow-repeat", Verdict.NEW: "plus-circle"}


def _edition() -> str:
    known = [name for name, _title in queries.editions(library())]
    if not known:
        raise NoTransition()
    wanted = request.args.get("edition", "")
    return wanted if wanted in known else known[0]


@bp.get("/")
@access("readiness.read")
def index() -> str:
    """What carries over, what is examined again, and what was decided."""
    found = queries.transition(reading(), library(), _edition(), clock.now())
    return render_template(
        "readiness/transition/index.html",
        transition=found,
        labels={ref: node.label for ref, node in library().nodes.items()},
        VERDICT_TITLES=VERDICT_TITLES,
        VERDICT_TONES=TONES,
        VERDICT_ICONS=ICONS,
        BECAUSE_TITLES=BECAUSE_TITLES,
        Verdict=Verdict,
        asked={"edition": found.crosswalk.to_edition.id},
        **{**words(), "names": names()},
    )


@bp.post("/")
@access("readiness.assess")
def apply() -> Response:
    """Apply it."""
    form = Form()
    actor, now = current_actor(), clock.now()
    if form.validate_on_submit():
        found = queries.transition(reading(), library(), _edition(), now)
        with transaction(actor) as tx:
            applied = service.apply(tx, service.ApplyTransition(found), now, actor)
        told = _("Carried over: %(carried)s, to be examined again: %(again)s, new: %(new)s.",
                 carried=applied.carried, again=applied.again, new=applied.new)  # fmt: skip
        flash(f"{told} {_('Nothing was changed by it.') if not applied.changed else ''}".strip(), "good")
    return redirect(url_for(".index", edition=_edition()))
