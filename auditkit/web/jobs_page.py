"""The page of long work: how far it is, what became of it, and what to do when it failed; one page for every kind.

It can be left and come back to. A slice says by `shows` what its kind of job is called and where the result stands, and
queues one by `begin`. Checked by tests/slices/web/test_jobs_page.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock, jobs
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.jobs import JobView
from auditkit.web.access import SIGNED_IN, access, current_actor
from auditkit.web.languages import locale

bp = Blueprint("work", __name__, url_prefix="/work", template_folder="templates")

LONG = timedelta(minutes=1)

Facts = list[tuple[str, Any]]


@dataclass(frozen=True)
class Shown:
    """How a kind of job is shown. `title` and `failed` are message ids.

    `permission` is that of the verb the job carries out: who holds it may look at the jobs of others. `subject` names
    what it works on; `result` is the address of what came of it (None where that is no longer kept: then `facts` are
    shown); `again` the address where one tries once more, and `failed` says what a failure left behind.
    """

    title: str
    permission: str
    failed: str
    subject: Callable[[JobView], str]
    result: Callable[[JobView], str | None]
    again: Callable[[JobView], str]
    facts: Callable[[JobView], Facts]


_shown: dict[str, Shown] = {}


def shows(kind: str, shown: Shown) -> None:
    """Declare how jobs of `kind` are shown; a job of a kind that nobody declared has no page."""
    _shown[kind] = shown


def begin(kind: str, payload: dict[str, Any]) -> AnyResponse:
    """Queue a job for the current actor and lead to its page; the same work that is under way is not begun twice."""
    actor = current_actor()
    with transaction(actor) as tx:
        same = [job.id for job in jobs.under_way(tx, kind) if job.payload == payload]
        number = same[0] if same else jobs.put(tx, kind, payload, now=clock.now(), actor=actor, locale=locale()).id
    return redirect(url_for("work.show", job_id=number))


def under_way(kind: str, **payload: Any) -> list[JobView]:
    """The organisation's jobs of `kind` that are queued or running and carry these parts of a payload, oldest first."""
    found = jobs.under_way(reading(), kind)
    return [job for job in found if payload.items() <= job.payload.items()]


@bp.get("/<int(max=9007199254740991):job_id>")
@access(SIGNED_IN)
def show(job_id: int) -> str | AnyResponse:
    """A job while it works, after it failed, or when its result is gone; else the way leads on to the result."""
    job, shown = _job(job_id)
    result = shown.result(job) if job.state == "done" else None
    if "HX-Request" in request.headers and not job.under_way:
        return Response(status=204, headers={"HX-Redirect": result or request.path})
    if result:
        return redirect(result)
    page = "web/work_progress.html" if "HX-Request" in request.headers else "web/work.html"
    return render_template(
        page,
        job=job,
        shown=shown,
        by=current_app.extensions["auditkit.directory"].names().get(job.person_id, ""),
        waits=job.state == "queued" and clock.now() - job.created_at > LONG,
        silent=job.state == "running" and clock.now() - job.heard_at > LONG,
    )


def _job(job_id: int) -> tuple[JobView, Shown]:
    """The job and how it is shown. Raises NotFound; Forbidden for others without the permission of its verb."""
    job = jobs.view(reading(), job_id)
    if job is None or job.kind not in _shown:
        raise NotFound
    actor, shown = current_actor(), _shown[job.kind]
    if actor.person_id != job.person_id:
        actor.require(shown.permission)
    return job, shown
