"""Due dates for the open complaints that have none: how many there are, and the work of setting them."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock, jobs
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.complaints.clock import queries
from auditkit.complaints.clock.catching_up import SET_MISSING
from auditkit.complaints.clock.forms import MissingForm
from auditkit.complaints.clock.views.blueprint import bp
from auditkit.complaints.rules import KIND_TITLES, Kind
from auditkit.web import jobs_page
from auditkit.web.access import access


@bp.route("/missing", methods=["GET", "POST"])
@access("complaints.handle")
def missing() -> str | Response:
    """How many open complaints have no due dates, of all or of one import; and set them."""
    form, tx = MissingForm(), reading()
    run = request.args.get("run", type=int)
    file_name = queries.import_named(tx, run) if run is not None else None
    if run is not None and file_name is None:
        raise NotFound
    found = queries.missing(tx, clock.now(), run)
    if form.validate_on_submit() and found.fitting:
        return jobs_page.begin(SET_MISSING, {"import": run})
    return render_template(
        "complaints/clock/missing.html",
        form=form,
        found=found,
        run=run,
        file_name=file_name,
        kinds=[(_(KIND_TITLES[Kind(kind)]), number) for kind, number in found.kinds],
        has_limits=bool(queries.limit_sets(tx)),
        working=jobs_page.under_way(SET_MISSING),
    )


def _numbers(job: JobView) -> list[tuple[str, object]]:
    done = job.result or {}
    return [(_("Due dates set for"), done.get("set")), (_("Left as they were"), done.get("left"))]


@bp.get("/missing/<int(max=9007199254740991):job_id>")
@access("complaints.handle")
def caught_up(job_id: int) -> str:
    """What came of it."""
    job = jobs.view(reading(), job_id)
    if job is None or job.kind != SET_MISSING or job.result is None:
        raise NotFound
    return render_template("complaints/clock/caught_up.html", set=job.result["set"], left=job.result["left"])


jobs_page.shows(
    SET_MISSING,
    jobs_page.Shown(
        title=N_("Setting due dates"),
        permission="complaints.handle",
        failed=N_("The due dates that were set stay. Start again: it goes on where it stopped."),
        subject=lambda _job: _("open complaints without due dates"),
        result=lambda job: url_for("complaints_due.caught_up", job_id=job.id),
        again=lambda job: url_for("complaints_due.missing", run=job.payload["import"]),
        facts=_numbers,
    ),
)
