"""Pages of importing: upload, what the file was understood to be, the answers, the import, its result."""

from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import BadInput
from auditkit.base.text import _, lazy_
from auditkit.complaints.importing import queries
from auditkit.complaints.importing.answers import ASKED, Answers
from auditkit.complaints.importing.dates import FORMATS, format_title
from auditkit.complaints.importing.encodings import known_encodings
from auditkit.complaints.importing.fields import FIELDS
from auditkit.complaints.importing.forms import UploadForm
from auditkit.complaints.importing.planning import Plan, plan_import
from auditkit.complaints.importing.profiles import ProfileShape, named_profile, shipped_profiles
from auditkit.complaints.importing.rejects import RejectsFile
from auditkit.complaints.importing.running import ImportResult, run_import
from auditkit.complaints.importing.staging import Staged, Staging
from auditkit.complaints.rules import STAGE_TITLES
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
        staged = _staging().keep(
            form.table.data.filename or "", form.table.data.stream, _stream(form.profile_file.data), clock.now()
        )
        try:
            _plan(staged, form.profile.data, Answers())
        except BadInput as refusal:
            staged.discard()
            form.refuse("table", refusal)
        else:
            return redirect(url_for(".preview", token=staged.token, profile=form.profile.data or None))
    return render_template("complaints/importing/start.html", form=form, runs=queries.newest_runs(reading()))


@bp.get("/<token>")
@access("complaints.import")
def preview(token: str) -> str:
    """What an import would do: announcements, columns, first rows, refused rows."""
    staged, answers, refusal = _staging().waiting(token), Answers.read(request.args), None
    try:
        plan = _plan(staged, request.args.get("profile", ""), answers)
    except BadInput as error:
        refusal, answers = error, Answers()
        plan = _plan(staged, request.args.get("profile", ""), answers)
    result = run_import(staged.table, current_actor(), profile=plan.given, dry_run=True)
    return render_template(
        "complaints/importing/preview.html", staged=staged, result=result, refusal=refusal, **_choices(result, answers)
    )


@bp.post("/<token>")
@access("complaints.import")
def confirm(token: str) -> AnyResponse:
    """Import the table as it was shown."""
    staged, answers = _staging().waiting(token), Answers.read(request.form)
    profile_id = request.form.get("profile", "")
    try:
        profile = _plan(staged, profile_id, answers).given
        with RejectsFile(staged.rejects) as rejects:
            result = run_import(staged.table, current_actor(), profile=profile, file_name=staged.name, rejects=rejects)
    except BadInput as refusal:
        flash(str(refusal), "bad")
        asked = urlencode({"profile": profile_id, **answers.as_values()})
        return redirect(f"{url_for('.preview', token=token)}?{asked}")
    staged.keep_result({**result.as_json(), "resumed_after": result.resumed_after})
    return redirect(url_for(".done", token=token))


@bp.post("/<token>/discard")
@access("complaints.import")
def discard(token: str) -> AnyResponse:
    """Delete the upload without importing it."""
    _staging().find(token).discard()
    return redirect(url_for(".start"))


@bp.get("/<token>/result")
@access("complaints.import")
def done(token: str) -> str:
    """What became of the table."""
    staged = _staging().find(token)
    return render_template("complaints/importing/done.html", staged=staged, result=staged.result())


@bp.get("/<token>/refused-rows")
@access("complaints.import")
def refused_rows(token: str) -> Response:
    """The refused rows as CSV."""
    staged = _staging().find(token)
    staged.result()
    name = f"{Path(staged.name).stem}-refused.csv"
    return send_file(staged.rejects, mimetype="text/csv", as_attachment=True, download_name=name)


def _staging() -> Staging:
    return Staging(current_app.extensions["auditkit.settings"].instance, current_actor().organisation_id)


def _plan(staged: Staged, profile_id: str, answers: Answers) -> Plan:
    """The plan of an import; raises BadInput for a table, a profile or answers that cannot be used."""
    profile: ProfileShape | None = None
    if staged.profile.exists() and staged.profile.stat().st_size:
        profile = named_profile(str(staged.profile))
    elif profile_id:
        profile = named_profile(profile_id)
    plan = plan_import(staged.table, profile)
    return plan_import(staged.table, answers.profile_for(plan)) if answers else plan


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
