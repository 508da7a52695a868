"""Downloads of a case: Word and ZIP, whole or redacted; and the copy for a person who asked for their data."""

import io
import tempfile
from datetime import datetime

from flask import Blueprint, Response, current_app, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import Session, transaction
from auditkit.base.text import _
from auditkit.complaints.clock import queries as dues_of
from auditkit.complaints.exporting import archive, document, service
from auditkit.complaints.exporting.archive import CaseFolder
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.rules import EXTENT_TITLES, Extent, member_name
from auditkit.complaints.privacy.queries import cases, requests
from auditkit.complaints.privacy.rules import Verdict
from auditkit.complaints.privacy.service import requests as privacy
from auditkit.complaints.queries import Case
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.documents import catalogue, render
from auditkit.web.access import access, current_actor, current_organisation

bp = Blueprint("case_files", __name__, url_prefix="/complaints/case-files", template_folder="templates")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HELD_IN_MEMORY = 8 << 20


@case_part(ASIDE)
def section(case: Case) -> str:
    """The buttons on the page of a case."""
    return render_template("complaints/exporting/_case.html", case=case)


@bp.post("/<reference>/<extent>/word")
@access("complaints.read")
def word(reference: str, extent: str) -> AnyResponse:
    """The case as a Word file."""
    now = clock.now()
    with transaction(current_actor()) as tx:
        case = cases.subject(tx, reference)
        gathered = service.export(tx, service.Export(case.id, extent, "docx"), now, current_actor())
        made = _word(tx, gathered, now)
    name = f"{member_name(reference)}-{gathered.extent}.docx"
    return send_file(io.BytesIO(made), mimetype=WORD, as_attachment=True, download_name=name)


@bp.post("/<reference>/<extent>/zip")
@access("complaints.read")
def zip_(reference: str, extent: str) -> AnyResponse:
    """Everything of the case as a ZIP."""
    now = clock.now()
    with transaction(current_actor()) as tx:
        case = cases.subject(tx, reference)
        command = service.Export(case.id, extent, "zip")
        folder = _folder(tx, service.export(tx, command, now, current_actor()), now)
    return _zipped([folder], now, f"{member_name(reference)}-{folder.gathered.extent}.zip", extent)


@bp.post("/requests/<int:request_id>/zip")
@access("identity.read")
def person_zip(request_id: int) -> AnyResponse:
    """Everything held in the cases of a person's request, for that person."""
    now, actor = clock.now(), current_actor()
    with transaction(actor) as tx:
        listed = [one for one in requests.cases_of(tx, request_id) if one.verdict != Verdict.KEPT]
        privacy.hand_over(tx, privacy.HandOver(request_id), now, actor)
        folders = []
        for one in listed:
            command = service.Export(one.complaint_id, Extent.WHOLE.value, "zip", request_id)
            folders.append(_folder(tx, service.export(tx, command, now, actor), now))
    return _zipped(folders, now, f"personal-data-{request_id}.zip", Extent.WHOLE.value)


def _folder(tx: Session, gathered: Gathered, now: datetime) -> CaseFolder:
    dues = dues_of.snapshots(tx, [gathered.id]).get(gathered.id, [])
    return CaseFolder(gathered, _word(tx, gathered, now), dues)


def _word(tx: Session, gathered: Gathered, now: datetime) -> bytes:
    kept = dues_of.for_case(tx, gathered.id, now)
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    made = document.context(gathered, [*kept.running, *kept.ended], current_organisation().name, names, now)
    out = io.BytesIO()
    render.render(catalogue.entry(document.TEMPLATE).file, catalogue.data_of(made), out)
    return out.getvalue()


def _zipped(folders: list[CaseFolder], now: datetime, name: str, extent: str) -> Response:
    out = tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    about = [current_organisation().name, _(EXTENT_TITLES[Extent(extent)])]
    if extent == Extent.WHOLE:
        about.append(_("Read it before it is handed over: notes, statements and files may name other people."))
    archive.write(out, folders, now, about)
    out.seek(0)
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
