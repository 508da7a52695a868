"""The page of visits: keep the matrix as it stands, and see what has changed since."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.library.here import library
from auditkit.readiness.views.matrix import made_now, standing
from auditkit.readiness.visits import queries, service
from auditkit.readiness.visits.forms import VisitForm
from auditkit.web.access import access, current_actor

bp = Blueprint("readiness_visits", __name__, url_prefix="/readiness/visits", template_folder="templates")


def _asked() -> dict[str, Any]:
    return dict(request.args)


@bp.get("/")
@access("readiness.read")
def index() -> str:
    """The visits of an edition, newest first, and what has changed since the last one."""
    made = made_now()
    found = queries.visits(reading(), made.edition)
    return render_template(
        "readiness/visits/index.html",
        made=made,
        visits=found,
        since=queries.changed(found[0], made) if found else None,
        form=VisitForm(),
        edition=library().edition(made.edition),
        numbers={row.ref: row.number for row in made.rows},
        **standing(made),
    )


@bp.post("/")
@access("readiness.assess")
def take() -> Response | str:
    """Keep the matrix as it stands now."""
    form = VisitForm()
    if not form.validate_on_submit():
        return index()
    actor, made = current_actor(), made_now()
    with transaction(actor) as tx:
        service.take(tx, service.TakeVisit(made, form.note.data or ""), clock.now(), actor)
    flash(_("The matrix was kept as it stands now. The next visit will show what has changed."), "good")
    return redirect(url_for(".index", **_asked()))
