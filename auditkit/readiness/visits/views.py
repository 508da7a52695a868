"""The page of visits: keep the matrix as it stands, and see what has changed since."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from auditkit.accounts.queries import organisations_of
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.insights.charts import asked as file_asked
from auditkit.library.here import library
from auditkit.readiness import rules
from auditkit.readiness.views.matrix import made_now, standing
from auditkit.readiness.visits import queries, service
from auditkit.readiness.visits.clients import clients
from auditkit.readiness.visits.forms import VisitForm
from auditkit.readiness.visits.trend import chart, said
from auditkit.web.access import SIGNED_IN, access, current_actor
from auditkit.web.languages import day_there, locale

bp = Blueprint("readiness_visits", __name__, url_prefix="/readiness/visits", template_folder="templates")
mine_bp = Blueprint("readiness_mine", __name__, template_folder="templates")
PAGE = 10
"""Organisations of a page: the matrix of each is counted from its records."""


def _asked() -> dict[str, Any]:
    return dict(request.args)


@bp.get("/")
@access("readiness.read")
def index() -> str | Response:
    """The visits of an edition, newest first, and what has changed since the last one."""
    made = made_now()
    found = queries.visits(reading(), made.edition)
    trend = chart(found, made, day_there(clock.now()))
    return file_asked([trend] if trend else []) or render_template(
        "readiness/visits/index.html",
        made=made,
        trend=trend,
        visits=found,
        since=queries.changed(found[0], made) if found else None,
        form=VisitForm(),
        edition=library().edition(made.edition),
        numbers={row.ref: row.number for row in made.rows},
        **standing(made),
    )


@mine_bp.get("/readiness")
@access(SIGNED_IN)
def mine() -> str:
    """Readiness of every organisation of the person: now, since the last visit, and what would stop a first stage."""
    houses = organisations_of(reading(), current_user.id)
    page = max(request.args.get("page", 1, type=int), 1)
    shown = houses[(page - 1) * PAGE : page * PAGE]
    instance = current_app.extensions["auditkit.settings"].instance
    return render_template(
        "readiness/visits/mine.html",
        found=list(clients(shown, (current_user.id, current_user.name), instance, locale(), clock.now())),
        period=rules.year_to(day_there(clock.now())),
        said=said,
        previous_url=url_for(".mine", page=page - 1) if page > 1 else None,
        next_url=url_for(".mine", page=page + 1) if page * PAGE < len(houses) else None,
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
