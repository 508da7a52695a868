"""The page of dashboards that are sent."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with, organisations
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, NotFound, RuleBroken
from auditkit.base.text import _, spoken
from auditkit.documents.own import feeding
from auditkit.insights.sending import document, jobs, queries, service
from auditkit.insights.sending.forms import ScheduleForm
from auditkit.insights.sending.rules import EVERY_TITLES, KIND_TITLES, Every, Kind
from auditkit.web.access import access, current_actor
from auditkit.web.languages import locale

__all__ = ["bp", "jobs"]  # the worker's part is imported with the pages, as other slices do

bp = Blueprint("sending", __name__, url_prefix="/insights/sending", template_folder="templates")


@bp.route("/", methods=["GET", "POST"])
@access("complaints.read")
def index() -> str | Response:
    """What the person sends, and a form for one more."""
    actor, tx = current_actor(), reading()
    people = [(one.person_id, one.name) for one in members_with(tx, service.READ)]
    dashboards = queries.kept(tx, actor.person_id)
    form = ScheduleForm(dashboards, people, data={"recipients": [actor.person_id], "every": Every.MONTH.value})
    if form.validate_on_submit() and _scheduled(form):
        flash(_("The dashboard is sent from its next day on."), "good")
        return redirect(url_for(".index"))
    return render_template(
        "sending/index.html",
        form=form,
        dashboards=dashboards,
        schedules=queries.of_person(tx, actor.person_id),
        EVERY_TITLES=EVERY_TITLES,
        KIND_TITLES=KIND_TITLES,
        names=current_app.extensions["auditkit.directory"].names(),
    )


def _scheduled(form: ScheduleForm) -> bool:
    try:
        with transaction(current_actor()) as tx:
            command = service.ScheduleDashboard(
                form.dashboard_id.data,
                Every(form.every.data),
                Kind(form.kind.data),
                tuple(form.recipients.data or ()),
                locale(),
            )
            service.schedule(tx, command, clock.now(), current_actor())
    except (RuleBroken, BadInput) as refusal:
        form.refuse_verb(refusal)
        return False
    return True


@bp.get("/<int(max=9007199254740991):schedule_id>/sources")
@access("complaints.read")
def sources(schedule_id: int) -> str:
    """Which record feeds which paragraph of a report that the person sends, as counted now."""
    tx, actor, now = reading(), current_actor(), clock.now()
    found = next((one for one in queries.of_person(tx, actor.person_id) if one.id == schedule_id), None)
    if found is None:
        raise NotFound
    house = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    with spoken(found.language):
        context = jobs.filled(found, house, document.charts(tx, found, now), tx, now)
    return feeding.page(document.TEMPLATE, context, found.name, url_for(".index"), language=found.language)


@bp.post("/<int(max=9007199254740991):schedule_id>/stop")
@access("complaints.read")
def stop(schedule_id: int) -> Response:
    """Send a dashboard no longer."""
    with transaction(current_actor()) as tx:
        service.stop(tx, service.StopSending(schedule_id), clock.now(), current_actor())
    flash(_("It is sent no longer."), "good")
    return redirect(url_for(".index"))
