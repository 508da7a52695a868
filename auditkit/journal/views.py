"""The journal's page: what happened, filtered by subject."""

from flask import Blueprint, current_app, render_template, request

from auditkit.base.db import reading
from auditkit.base.events import registered
from auditkit.journal import queries
from auditkit.web.access import access, current_actor

bp = Blueprint("journal", __name__, url_prefix="/journal", template_folder="templates")


@bp.get("/")
@access("journal.read")
def index() -> str:
    """Entries, newest first, filtered by kind of subject, subject and event."""
    wanted = {"subject_kind": request.args.get("kind", ""), "event": request.args.get("event", "")}
    subject_id = request.args.get("id", type=int)
    organisation_id = current_actor().organisation_id
    entries, before = queries.page(
        reading(),
        organisation_id,
        subject_id=subject_id,
        before=request.args.get("before", type=int),
        **wanted,
    )
    return render_template(
        "journal/index.html",
        entries=entries,
        before=before,
        wanted={**wanted, "subject_id": subject_id},
        kinds=queries.subject_kinds(reading(), organisation_id),
        events=sorted(registered().values(), key=lambda one: one.name),
        names=current_app.extensions["auditkit.directory"].names(),
        check=queries.verify(reading(), organisation_id) if request.args.get("check") else None,
    )
