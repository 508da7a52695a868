"""Upload, what the file was understood to be, the answers, and the import itself."""

from typing import IO, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.text import _, lazy_
from auditkit.complaints.importing import jobs, keeping, queries
from auditkit.complaints.importing.answers import ASKED, to_keep
from auditkit.complaints.importing.containers import container_of
from auditkit.complaints.importing.dates import FORMATS, format_title
from auditkit.complaints.importing.encodings import known_encodings
from auditkit.complaints.importing.fields import FIELDS
from auditkit.complaints.importing.forms import ConfirmForm, KeepForm, UploadForm
from auditkit.complaints.importing.looking import announcement
from auditkit.complaints.importing.profiles import ProfileShape, ProfileUnusable, profile_digest
from auditkit.complaints.importing.rules import profile_name
from auditkit.complaints.importing.staging import Staged
from auditkit.complaints.importing.views.blueprint import bp, uploads
from auditkit.complaints.importing.views.work import job_of, listed
from auditkit.complaints.intake.channels import channel_title
from auditkit.complaints.rules import CHANNEL_TITLES, KIND_TITLES, OUTCOME_TITLES, SEVERITY_TITLES, STAGE_TITLES
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor

FIND_OUT = lazy_("Find out from the file")


@bp.route("/", methods=["GET", "POST"])
@access("complaints.import")
def start() -> str | AnyResponse:
    """Upload a table; the way to earlier imports and to profiles."""
    form = UploadForm()
    offered = queries.profiles_offered(reading())
    form.profile.choices = [("", str(FIND_OUT)), *((one.id, f"{one.id}: {one.title}") for one in offered)]
    if form.validate_on_submit():
        staged = uploads().keep(
            form.table.data.filename or "", form.table.data.stream, _stream(form.profile_file.data), clock.now()
        )
        try:
            return _look(staged, form.profile.data, {})
        except BadInput as refusal:
            staged.discard()
            form.refuse("profile_file" if isinstance(refusal, ProfileUnusable) else "table", refusal)
    return render_template("complaints/importing/start.html", form=form, **listed())


@bp.get("/<token>")
@access("complaints.import")
def preview(token: str) -> str | AnyResponse:
    """What an import would do: announcements, columns, first rows, refused rows."""
    if (working := _working_on(token)) is not None:
        return working
    staged = uploads().waiting(token)
    if not staged.has_look:
        return _look(staged, "", {})
    return _page(staged, ConfirmForm.about(staged.look()))


@bp.post("/<token>/look")
@access("complaints.import")
def look_again(token: str) -> AnyResponse:
    """Look at the table again, with the answers of the page."""
    if (working := _working_on(token)) is not None:
        return working
    staged = uploads().waiting(token)
    answers = {name: value for name, value in request.form.items() if name != "csrf_token"}
    asked = answers.pop("profile", "")
    try:
        return _look(staged, asked, answers)
    except BadInput as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".preview", token=token))


@bp.post("/<token>")
@access("complaints.import")
def confirm(token: str) -> str | AnyResponse:
    """Import the table as it was shown: a job does it."""
    if (working := _working_on(token)) is not None:
        return working
    staged = uploads().waiting(token)
    look = staged.look()
    form = ConfirmForm.about(look)
    if look["questions"] or not form.validate_on_submit():
        return _page(staged, form)
    rows = look["counts"]["rows"] + look["counts"]["left_out"]
    return jobs_page.begin(jobs.IMPORT, {"upload": token, "rows": max(rows, 1)})


@bp.post("/<token>/profile")
@access("complaints.import")
def keep(token: str) -> str | AnyResponse:
    """Keep how this table was understood as a profile for the next one."""
    staged, form, actor = uploads().waiting(token), KeepForm(), current_actor()
    if not form.validate_on_submit():
        return _page(staged, ConfirmForm.about(staged.look()), form)
    try:
        shape = _shape(staged, form.title.data)
        with transaction(actor) as tx:
            keeping.keep_profile(tx, keeping.KeepProfile(shape), clock.now(), actor)
    except AuditkitError as refusal:
        form.refuse("title", refusal)
        return _page(staged, ConfirmForm.about(staged.look()), form)
    flash(_("Kept as the profile %(name)s. A file with these columns is recognised by itself", name=shape.id), "good")
    return redirect(url_for(".preview", token=token))


@bp.post("/<token>/discard")
@access("complaints.import")
def discard(token: str) -> AnyResponse:
    """Delete the upload without importing it."""
    if (working := _working_on(token)) is not None:
        return working
    uploads().find(token).discard()
    return redirect(url_for(".start"))


def _look(staged: Staged, profile_id: str, answers: dict[str, str]) -> AnyResponse:
    """Look at a small table at once, at any other by a job; leads to the page of the look. Raises BadInput."""
    asked = jobs.asked_of(staged, profile_id, answers)
    if not jobs.is_small(staged, container_of(staged.table)):
        return jobs_page.begin(jobs.LOOK, asked)
    jobs.look(staged, asked, current_actor(), lambda _share: None)
    return redirect(url_for(".preview", token=staged.token))


def _shape(staged: Staged, title: str) -> ProfileShape:
    look = staged.look()
    plan = jobs.plan_of(staged)
    shape = plan.profile
    name = profile_name(title, profile_digest(shape))
    return to_keep(shape, title, name, plan.table.original_names or look["columns"])


def _page(staged: Staged, form: ConfirmForm, keep_form: KeepForm | None = None) -> str:
    look = staged.look()
    return render_template(
        "complaints/importing/preview.html",
        staged=staged,
        look=look,
        form=form,
        keep_form=keep_form or KeepForm(),
        said=[announcement(one) for one in look["announcements"]],
        **_choices(look),
    )


def _working_on(token: str) -> AnyResponse | None:
    """The way to the job that is at this upload, if one is."""
    found = job_of(token)
    return redirect(url_for("work.show", job_id=found.id)) if found else None


def _stream(upload: FileStorage | None) -> IO[bytes] | None:
    return upload.stream if upload is not None and upload.filename else None


def _choices(look: dict[str, Any]) -> dict[str, object]:
    """What the page offers to answer, with what holds now."""
    sources = look["sources"]
    others = [name for name in FIELDS if name not in ASKED]
    return {
        "columns": list(enumerate(look["columns"], 1)),
        "asked": [(name, _(FIELDS[name].title), _one(sources.get(name))) for name in ASKED],
        "asked_too": [(name, _(FIELDS[name].title), _one(sources.get(name))) for name in others],
        "field_titles": {name: _(field.title) for name, field in FIELDS.items()},
        "formats": [(name, format_title(name)) for name in FORMATS],
        "format_title": format_title,
        "encodings": known_encodings(),
        "delimiters": [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", _("vertical bar"))],
        "meanings": {
            "kind": [(str(word), _(title)) for word, title in KIND_TITLES.items()],
            "status": [(str(word), _(title)) for word, title in STAGE_TITLES.items()],
            "outcome": [(str(word), _(title)) for word, title in OUTCOME_TITLES.items()],
            "channel": [(str(word), _(title)) for word, title in CHANNEL_TITLES.items()],
            "severity": [(str(word), _(title)) for word, title in SEVERITY_TITLES.items()],
        },
        "stage_titles": STAGE_TITLES,
        "kind_titles": KIND_TITLES,
        "severity_titles": SEVERITY_TITLES,
        "channel_title": channel_title,
    }


def _one(places: list[int] | None) -> int | str:
    return places[0] if places else ""
