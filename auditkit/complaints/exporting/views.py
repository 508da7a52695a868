"""Downloads of a case: Word and ZIP, whole or redacted; and the copy for a person who asked for their data."""

import io
import tempfile
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_, _, lazy_, spoken
from auditkit.complaints.clock import queries as dues_of
from auditkit.complaints.exporting import archive, document, gathering, service
from auditkit.complaints.exporting.archive import CaseFolder
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.rules import COPY_SUBJECT, EXTENT_TITLES, CopyMissing, Extent, member_name
from auditkit.complaints.privacy.queries import cases, requests
from auditkit.complaints.privacy.rules import ReasonMissing, ReasonTooLong, Verdict
from auditkit.complaints.privacy.service import requests as privacy
from auditkit.complaints.queries import Case
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.documents import catalogue
from auditkit.documents.contexts.case import ComplaintCaseFile
from auditkit.documents.own import feeding
from auditkit.documents.own.making import make
from auditkit.evidence import intake as files_intake
from auditkit.evidence import queries as evidence
from auditkit.evidence import subjects
from auditkit.evidence.rules import UploadsRefused
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.forms import Form
from auditkit.web.languages import locale

bp = Blueprint("case_files", __name__, url_prefix="/complaints/case-files", template_folder="templates")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HELD_IN_MEMORY = 8 << 20
REASON_REFUSED = (ReasonMissing, ReasonTooLong)


@case_part(ASIDE)
def section(case: Case) -> str:
    """The buttons on the page of a case."""
    return render_template("complaints/exporting/_case.html", case=case)


class CopyForm(Form):
    """The redacted copy of one file."""

    copy = FileField(lazy_("The redacted copy"))


@bp.get("/<reference>/copies")
@access("complaints.handle")
def copies(reference: str) -> str:
    """The files of a case, and what goes out in place of each."""
    return _copies_page(reference)


@bp.post("/<reference>/copies/<int:file_id>")
@access("complaints.handle")
def add_copy(reference: str, file_id: int) -> str | AnyResponse:
    """Take a redacted copy in."""
    form, upload = CopyForm(), request.files.get("copy")
    if form.validate_on_submit():
        try:
            if upload is None or not upload.filename:
                raise CopyMissing
            (received,) = files_intake.receive_uploads([upload])
            with transaction(current_actor()) as tx:
                command = service.AddCopy(reference, file_id, received)
                service.add_copy(tx, command, clock.now(), current_actor())
        except UploadsRefused as refused:
            for one in refused.refusals:
                form.refuse("copy", one)
        except (RuleBroken, BadInput) as refusal:
            form.refuse("copy", refusal)
        else:
            flash(_("The copy goes out in place of the file from now on."), "good")
            return redirect(url_for(".copies", reference=reference))
    return _copies_page(reference, file_id, form)


@bp.post("/<reference>/copies/<int:file_id>/away")
@access("complaints.handle")
def remove_copy(reference: str, file_id: int) -> AnyResponse:
    """Let the copy go out no longer."""
    with transaction(current_actor()) as tx:
        service.remove_copy(tx, service.RemoveCopy(reference, file_id), clock.now(), current_actor())
    flash(_("Nothing goes out in place of the file any more."), "good")
    return redirect(url_for(".copies", reference=reference))


def _copies_page(reference: str, file_id: int = 0, form: CopyForm | None = None) -> str:
    tx = reading()
    case = cases.subject(tx, reference)
    files = [one for one in gathering.files_of(tx, case.id) if evidence.erasure(tx, one.id) is None]
    return render_template(
        "complaints/exporting/copies.html",
        reference=reference,
        files=files,
        copies=gathering.copies_of(tx, case.id),
        forms={one.id: form if form and one.id == file_id else CopyForm(formdata=None) for one in files},
    )


def _case_address(complaint_id: int) -> str | None:
    found = cases.subjects(reading(), [complaint_id])
    return url_for("complaints.show", reference=found[0].reference) if found else None


subjects.declare(COPY_SUBJECT, N_("Redacted copy for a complaint"), _case_address)


@bp.post("/<reference>/<extent>/word")
@access("complaints.read")
def word(reference: str, extent: str) -> AnyResponse:
    """The case as a Word file."""
    now = clock.now()
    try:
        with transaction(current_actor()) as tx:
            command = _wanted(tx, reference, extent, "docx")
            gathered = service.export(tx, command, now, current_actor())
            made = _word(tx, gathered, now)
    except REASON_REFUSED as refusal:
        return _say_why(refusal, "complaints.show", reference=reference, _anchor="case-file")
    name = f"{member_name(reference)}-{gathered.extent}.docx"
    return send_file(io.BytesIO(made), mimetype=WORD, as_attachment=True, download_name=name)


@bp.post("/<reference>/<extent>/zip")
@access("complaints.read")
def zip_(reference: str, extent: str) -> AnyResponse:
    """Everything of the case as a ZIP."""
    now = clock.now()
    try:
        with transaction(current_actor()) as tx:
            command = _wanted(tx, reference, extent, "zip")
            folder = _folder(tx, service.export(tx, command, now, current_actor()), now)
    except REASON_REFUSED as refusal:
        return _say_why(refusal, "complaints.show", reference=reference, _anchor="case-file")
    return _zipped([folder], now, f"{member_name(reference)}-{folder.gathered.extent}.zip", extent)


@bp.post("/requests/<int:request_id>/zip")
@access("identity.read")
def person_zip(request_id: int) -> AnyResponse:
    """Everything held in the cases of a person's request, for that person."""
    now, actor, reason = clock.now(), current_actor(), request.form.get("reason", "")
    try:
        with transaction(actor) as tx:
            listed = [one for one in requests.cases_of(tx, request_id) if one.verdict != Verdict.KEPT]
            privacy.hand_over(tx, privacy.HandOver(request_id), now, actor)
            folders = []
            for one in listed:
                command = service.Export(one.complaint_id, Extent.WHOLE.value, "zip", request_id, reason)
                folders.append(_folder(tx, service.export(tx, command, now, actor), now))
    except REASON_REFUSED as refusal:
        return _say_why(refusal, "privacy.show_request", request_id=request_id)
    return _zipped(folders, now, f"personal-data-{request_id}.zip", Extent.WHOLE.value)


def _wanted(tx: Session, reference: str, extent: str, form: str) -> service.Export:
    reason = request.form.get("reason", "")
    return service.Export(cases.subject(tx, reference).id, extent, form, reason=reason)


def _say_why(refusal: Exception, endpoint: str, **about: Any) -> AnyResponse:
    """No file without its reason: back to where it is given."""
    flash(str(refusal), "bad")
    return redirect(url_for(endpoint, **about))


def _folder(tx: Session, gathered: Gathered, now: datetime) -> CaseFolder:
    dues = dues_of.snapshots(tx, [gathered.id]).get(gathered.id, [])
    return CaseFolder(gathered, _word(tx, gathered, now), dues)


@bp.get("/<reference>/sources")
@access("complaints.read")
def sources(reference: str) -> str:
    """Which record feeds which paragraph of the file without personal data; nothing leaves the house."""
    tx, organisation = reading(), current_actor().organisation_id
    case = cases.subject(tx, reference)
    return _sources(tx, gathering.gather(tx, organisation, case.id, Extent.REDACTED), clock.now())


@bp.post("/<reference>/whole/sources")
@access("identity.read")
def whole_sources(reference: str) -> str | AnyResponse:
    """The same of the whole file: nothing leaves the house, but it shows who complained, so that it has its reason."""
    now, actor = clock.now(), current_actor()
    try:
        with transaction(actor) as tx:
            gathered = service.trace(tx, service.Trace(reference, request.form.get("reason", "")), now, actor)
    except REASON_REFUSED as refusal:
        return _say_why(refusal, "complaints.show", reference=reference, _anchor="case-file")
    return _sources(reading(), gathered, now)


def _sources(tx: Session, gathered: Gathered, now: datetime) -> str:
    context, language = _filled(tx, gathered, now)
    back = url_for("complaints.show", reference=gathered.reference)
    title = f"{gathered.reference} · {_(EXTENT_TITLES[gathered.extent])}"
    return feeding.page(document.TEMPLATE, context, title, back, language=language)


def _word(tx: Session, gathered: Gathered, now: datetime) -> bytes:
    context, language = _filled(tx, gathered, now)
    made = make(tx, document.TEMPLATE, context, language)
    made.tell(tx, context.document.reference, now, current_actor())
    return made.content


def _filled(tx: Session, gathered: Gathered, now: datetime) -> tuple[ComplaintCaseFile, str]:
    kept = dues_of.for_case(tx, gathered.id, now)
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    language = locale() if locale() in catalogue.languages_of(document.TEMPLATE) else "en"
    with spoken(language):
        context = document.context(gathered, [*kept.running, *kept.ended], current_organisation().name, names, now)
    return context, language


def _zipped(folders: list[CaseFolder], now: datetime, name: str, extent: str) -> Response:
    out = tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    about = [current_organisation().name, _(EXTENT_TITLES[Extent(extent)])]
    if extent == Extent.WHOLE:
        about.append(_("Read it before it is handed over: notes, statements and files may name other people."))
    try:
        archive.write(out, folders, now, about)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
