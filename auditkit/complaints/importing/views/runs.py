"""Earlier imports: their state and counts, and taking one back."""

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.importing import jobs, queries
from auditkit.complaints.importing.service import FINISHED
from auditkit.complaints.importing.undoing import built_on
from auditkit.complaints.importing.views.blueprint import bp
from auditkit.web import jobs_page
from auditkit.web.access import access


@bp.get("/runs")
@access("complaints.import")
def runs() -> str:
    """The organisation's newest imports."""
    return render_template(
        "complaints/importing/runs.html", runs=queries.newest_runs(reading()), working=jobs_page.under_way(jobs.IMPORT)
    )


@bp.get("/runs/<int(max=9007199254740991):run_id>")
@access("complaints.import")
def run(run_id: int) -> str:
    """One import: counts, what was built on it, and the button that takes it back."""
    found = queries.run_by_id(reading(), run_id)
    return render_template(
        "complaints/importing/run.html",
        run=found,
        blocking=built_on(reading(), run_id) if found.state == FINISHED else [],
        working=jobs_page.under_way(jobs.UNDO, run=run_id),
        by=current_app.extensions["auditkit.directory"].names().get(found.person_id, ""),
    )


@bp.post("/runs/<int(max=9007199254740991):run_id>/undo")
@access("complaints.import")
def undo(run_id: int) -> AnyResponse:
    """Take the import back, by a job."""
    found = queries.run_by_id(reading(), run_id)
    if found.state != FINISHED or built_on(reading(), run_id, limit=1):
        flash(_("This import cannot be taken back. This page says why"), "bad")
        return redirect(url_for(".run", run_id=run_id))
    return jobs_page.begin(jobs.UNDO, {"run": run_id, "file": found.file_name})
