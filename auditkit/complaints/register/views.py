"""Pages over the register: kept filters, the chosen complaints and their new owner, exports."""

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import members_with
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.complaints import queries as register
from auditkit.complaints import service as complaints
from auditkit.complaints.register import jobs, queries, service
from auditkit.complaints.register.asking import LISTED, asked_for
from auditkit.complaints.register.exporting import CSV, MEDIA_TYPES, XLSX
from auditkit.complaints.register.forms import AssignForm, ExportForm, FilterForm
from auditkit.complaints.register.rules import MOST_AT_ONCE, NothingChosen, TooManyChosen
from auditkit.complaints.rules import STAGE_TITLES
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day_there

bp = Blueprint("complaints_register", __name__, url_prefix="/complaints", template_folder="templates")


@bp.route("/filters", methods=["GET", "POST"])
@access("complaints.read")
def filters() -> str | AnyResponse:
    """The filters a person keeps; the one in the address can be kept too."""
    form, actor, asked = FilterForm(), current_actor(), _asked()
    if form.validate_on_submit():
        try:
            asked_for(dict(parse_qsl(asked)), actor, clock.now())
            with transaction(actor) as tx:
                service.keep_filter(tx, service.KeepFilter(form.name.data, asked), clock.now(), actor)
        except AuditkitError as refusal:
            form.refuse("name", refusal)
        else:
            return redirect(f"{url_for('complaints.index')}?{asked}")
    kept = queries.kept_filters(reading(), actor.person_id)
    return render_template("complaints/register/filters.html", form=form, asked=asked, kept=kept)


@bp.post("/filters/<int(max=9007199254740991):filter_id>/remove")
@access("complaints.read")
def remove_filter(filter_id: int) -> AnyResponse:
    """Keep a filter no longer."""
    actor = current_actor()
    with transaction(actor) as tx:
        service.remove_filter(tx, service.RemoveFilter(filter_id), clock.now(), actor)
    flash(_("The filter is no longer kept"), "good")
    return redirect(url_for(".filters"))


@bp.route("/chosen", methods=["GET", "POST"])
@access("complaints.handle")
def chosen() -> str | AnyResponse:
    """The complaints chosen in the list; all of them get another owner."""
    references = request.values.getlist("chosen")
    if not 0 < len(references) <= MOST_AT_ONCE:
        flash(str(TooManyChosen(most=MOST_AT_ONCE) if references else NothingChosen()), "bad")
        return redirect(url_for("complaints.index"))
    form, found = AssignForm(), queries.chosen(reading(), references)
    form.owner.choices = [(str(one.person_id), one.name) for one in members_with(reading(), "complaints.handle")]
    if form.validate_on_submit():
        _assign(int(form.owner.data))
        return redirect(url_for("complaints.index"))
    return render_template(
        "complaints/register/chosen.html",
        form=form,
        chosen=found,
        stage_titles=STAGE_TITLES,
        names=current_app.extensions["auditkit.directory"].names(),
    )


def _assign(owner_id: int) -> None:
    """Each by itself, in the version that was shown, so that one refusal does not stop the others."""
    actor, done, refused = current_actor(), 0, []
    for reference in request.form.getlist("chosen"):
        version = request.form.get(f"version-{reference}", 0, type=int)
        try:
            with transaction(actor) as tx:
                complaints.assign(tx, complaints.Assign(reference, version, owner_id), clock.now(), actor)
            done += 1
        except AuditkitError as refusal:
            refused.append(f"{reference}: {refusal}")
    if done:
        flash(_("%(count)s complaints have a new owner", count=done), "good")
    for text in refused[:10]:
        flash(text, "bad")
    if len(refused) > 10:
        flash(_("%(count)s more were not changed", count=len(refused) - 10), "bad")


@bp.route("/export", methods=["GET", "POST"])
@access("complaints.read")
def export() -> str | AnyResponse:
    """A part of the register as a file: at once when it is small, else by a job."""
    form, actor, asked = ExportForm(), current_actor(), _asked()
    wanted = asked_for(dict(parse_qsl(asked)), actor, clock.now())
    page = register.register_page(reading(), wanted)
    form.kind.choices = [(CSV, _("Plain table (CSV)")), (XLSX, _("Excel workbook (XLSX)"))]
    if not may("identity.read"):
        del form.identity, form.reason
    if not form.validate_on_submit():
        return render_template("complaints/register/export.html", form=form, asked=asked, page=page)
    identity = "identity" in form and bool(form.identity.data)
    work = {"asked": asked, "format": form.kind.data, "identity": identity}
    if identity:
        work["reason"] = form.reason.data
    if page.more:
        return jobs_page.begin(jobs.EXPORT, work)
    return _content(jobs.stored(actor.organisation_id, jobs.make(work, actor)["file"]))


@bp.get("/export/<name>")
@access("complaints.read")
def exported(name: str) -> Response:
    """The file of an export."""
    path = jobs.stored(current_actor().organisation_id, name)
    return send_file(path, mimetype=MEDIA_TYPES[path.suffix[1:]], as_attachment=True, download_name=_title(path))


def _content(path: Path) -> Response:
    """A small file, whole; it is not kept."""
    headers = {"Content-Disposition": f'attachment; filename="{_title(path)}"'}
    content = path.read_bytes()
    path.unlink()
    return Response(content, mimetype=MEDIA_TYPES[path.suffix[1:]], headers=headers)


def _title(path: Path) -> str:
    return f"complaints-{day_there(clock.now())}{path.suffix}"


def _asked() -> str:
    return urlencode({name: request.args[name] for name in LISTED if request.args.get(name)})


def _result(job: JobView) -> str | None:
    try:
        jobs.stored(current_actor().organisation_id, (job.result or {}).get("file", ""))
    except jobs.ExportGone:
        return None
    return url_for("complaints_register.exported", name=(job.result or {})["file"])


jobs_page.shows(
    jobs.EXPORT,
    jobs_page.Shown(
        title=N_("Exporting complaints"),
        permission="complaints.read",
        failed=N_("No file was made. Try it again."),
        subject=lambda job: {CSV: "CSV", XLSX: "XLSX"}[job.payload["format"]],
        result=_result,
        again=lambda job: f"{url_for('complaints_register.export')}?{job.payload['asked']}",
        facts=lambda job: [(_("rows"), (job.result or {}).get("rows"))],
    ),
)
