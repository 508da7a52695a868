"""Pages of importing: upload, what the file was understood to be, the answers, the import, its result."""

from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import BadInput
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _, lazy_
from auditkit.complaints.importing import queries
from auditkit.complaints.importing.answers import ASKED, Answers
from auditkit.complaints.importing.dates import FORMATS, format_title
from auditkit.complaints.importing.encodings import known_encodings
from auditkit.complaints.importing.fields import FIELDS
from auditkit.complaints.importing.forms import UploadForm
from auditkit.complaints.importing.jobs import IMPORT, payload, understood, uploads_of
from auditkit.complaints.importing.profiles import shipped_profiles
from auditkit.complaints.importing.running import ImportResult, check_settled, run_import
from auditkit.complaints.importing.staging import Staging, UploadGone
from auditkit.complaints.rules import STAGE_TITLES
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor

bp = Blueprint("complaints_import", __name__, url_prefix="/complaints/import", template_folder="templates")

FIND_OUT = lazy_("Find out from the file")


@bp.route("/", methods=["GET", "POST"])
@access("complaints.import")
def start() -> str | AnyResponse:
    """Upload a table; earlier imports below."""
    form = UploadForm()
    form.profile.choices = [("", str(FIND_OUT)), *((one.id, f"{one.id}: {one.title}") for one in shipped_profiles())]
    if form.validate_on_submit():
        staged = _uploads().keep(
            form.table.data.filename or "", form.table.data.stream, _stream(form.profile_file.data), clock.now()
        )
        try:
            understood(staged, form.profile.data, Answers())
        except BadInput as refusal:
            staged.discard()
            form.refuse("table", refusal)
        else:
            return redirect(url_for(".preview", token=staged.token, profile=form.profile.data or None))
    return render_template(
        "complaints/importing/start.html",
        form=form,
        runs=queries.newest_runs(reading()),
        working=[(job, _file_of(job)) for job in jobs_page.under_way(IMPORT)],
    )


@bp.get("/<token>")
@access("complaints.import")
def preview(token: str) -> str | AnyResponse:
    """What an import would do: announcements, columns, first rows, refused rows."""
    if (working := _working_on(token)) is not None:
        return working
    staged, answers, refusal = _uploads().waiting(token), Answers.read(request.args), None
    profile_id = request.args.get("profile", "")
    try:
        plan = understood(staged, profile_id, answers)
    except BadInput as error:
        refusal, answers = error, Answers()
        plan = understood(staged, profile_id, answers)
    result = run_import(staged.table, current_actor(), profile=plan.given, dry_run=True)
    return render_template(
        "complaints/importing/preview.html", staged=staged, result=result, refusal=refusal, **_choices(result, answers)
    )


@bp.post("/<token>")
@access("complaints.import")
def confirm(token: str) -> AnyResponse:
    """Import the table as it was shown: a job does it."""
    if (working := _working_on(token)) is not None:
        return working
    staged, answers = _uploads().waiting(token), Answers.read(request.form)
    profile_id = request.form.get("profile", "")
    try:
        check_settled(understood(staged, profile_id, answers))
    except BadInput as refusal:
        flash(str(refusal), "bad")
        return redirect(_preview_of(token, profile_id, answers.as_values()))
    return jobs_page.begin(IMPORT, payload(staged, profile_id, answers, request.form.get("rows", 0, type=int)))


@bp.post("/<token>/discard")
@access("complaints.import")
def discard(token: str) -> AnyResponse:
    """Delete the upload without importing it."""
    if (working := _working_on(token)) is not None:
        return working
    _uploads().find(token).discard()
    return redirect(url_for(".start"))


@bp.get("/<token>/result")
@access("complaints.import")
def done(token: str) -> str:
    """What became of the table."""
    staged = _uploads().find(token)
    return render_template("complaints/importing/done.html", staged=staged, result=staged.result())


@bp.get("/<token>/refused-rows")
@access("complaints.import")
def refused_rows(token: str) -> Response:
    """The refused rows as CSV."""
    staged = _uploads().find(token)
    staged.result()
    name = f"{Path(staged.name).stem}-refused.csv"
    return send_file(staged.rejects, mimetype="text/csv", as_attachment=True, download_name=name)


def _uploads() -> Staging:
    return uploads_of(current_actor().organisation_id)


def _working_on(token: str) -> AnyResponse | None:
    """The way to the job that is importing this upload, if one is."""
    found = jobs_page.under_way(IMPORT, upload=token)
    return redirect(url_for("work.show", job_id=found[0].id)) if found else None


def _preview_of(token: str, profile_id: str, answers: dict[str, str]) -> str:
    asked = {"profile": profile_id, **answers}
    return f"{url_for('complaints_import.preview', token=token)}?{urlencode(asked)}"


def _stream(upload: FileStorage | None) -> IO[bytes] | None:
    return upload.stream if upload is not None and upload.filename else None


def _choices(result: ImportResult, answers: Answers) -> dict[str, object]:
    """What the page offers to answer, with what holds now."""
    plan = result.plan
    chosen = {name: source.positions[0] + 1 for name, source in plan.sources.items() if source.positions}
    return {
        "columns": [(position, name) for position, name in enumerate(plan.table.columns[:200], 1)],
        "asked": [(name, _(FIELDS[name].title), chosen.get(name, "")) for name in ASKED],
        "is_free": plan.is_free,
        "dates": [
            (name, _(FIELDS[name].title), source.date_format or "")
            for name, source in plan.sources.items()
            if FIELDS[name].kind == "date"
        ],
        "formats": [(name, format_title(name)) for name in FORMATS],
        "encodings": known_encodings(),
        "answers": answers,
        "stage_titles": STAGE_TITLES,
        "profile_id": request.args.get("profile", ""),
    }


# How an import is shown while it works


def _file_of(job: JobView) -> str:
    try:
        return _uploads().find(job.payload["upload"]).name
    except UploadGone:
        return ""


def _result_of(job: JobView) -> str | None:
    token = job.payload["upload"]
    try:
        kept = _uploads().find(token).has_result
    except UploadGone:
        kept = False
    return url_for("complaints_import.done", token=token) if kept else None


def _again(job: JobView) -> str:
    """The look before importing, where the upload is still there; else the upload form."""
    token, asked = job.payload["upload"], job.payload
    try:
        _uploads().waiting(token)
    except UploadGone:
        return url_for("complaints_import.start")
    return _preview_of(token, asked["profile"], asked["answers"])


def _counts_of(job: JobView) -> jobs_page.Facts:
    told = job.result or {}
    named = (
        (_("rows"), "rows"),
        (_("imported"), "imported"),
        (_("duplicates"), "duplicates"),
        (_("refused"), "rejected"),
        (_("warnings"), "warnings"),
    )
    return [(title, told.get(name)) for title, name in named]


jobs_page.shows(
    IMPORT,
    jobs_page.Shown(
        title=N_("Importing complaints"),
        permission="complaints.import",
        failed=N_(
            "What was stored before stays stored, and is not stored twice when you import the file again: it goes on "
            "where it stopped."
        ),
        subject=_file_of,
        result=_result_of,
        again=_again,
        facts=_counts_of,
    ),
)
