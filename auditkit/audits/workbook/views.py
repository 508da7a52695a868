"""Pages of workbooks: take the questions out, bring them back, settle what both sides changed."""

import io
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.audits import queries as audits
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.views.asked import worded, wording
from auditkit.audits.views.blueprint import names
from auditkit.audits.views.parts import audit_tab
from auditkit.audits.workbook import queries, reading, service, writing
from auditkit.audits.workbook.forms import ReturnForm, SettleForm, TakeForm
from auditkit.audits.workbook.rules import WorkbookUnreadable
from auditkit.base import clock
from auditkit.base.db import reading as session
from auditkit.base.db import transaction
from auditkit.base.ids import digest
from auditkit.base.text import N_, _, spoken
from auditkit.content.shapes import Scale
from auditkit.content.texts import RIGHT_TO_LEFT
from auditkit.evidence.names import content_disposition, download_name, kept_name, shown_name
from auditkit.library.here import here, library
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import LANGUAGES, locale

bp = Blueprint("audits_workbook", __name__, url_prefix="/audits", template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

audit_tab(
    70, N_("Workbook"), "audits_workbook.show", permission="audits.run",
    shown=lambda head: head.state is not State.PLANNED,
)  # fmt: skip


@bp.get("/<number>/workbook")
@access("audits.run")
def show(number: str) -> str:
    """Workbooks handed out and brought back."""
    return _page(number, ReturnForm())


def _languages() -> list[str]:
    """The languages a workbook may be in: those of the questions, and that of the screens for what stands around them.

    The first is the one in which this person reads.
    """
    known, mine = here().library.languages, locale()
    reads = library().language if library().translated_from or mine in known else mine
    return sorted((one for one in LANGUAGES if one in (*known, mine)), key=lambda one: one != reads)


def _page(number: str, form: ReturnForm) -> str:
    tx = session()
    languages = _languages()
    head = audits.plans.by_number(tx, number)
    return render_template(
        "workbook/workbook.html",
        head=head,
        form=form,
        take_form=TakeForm(languages, None, data={"language": languages[0]}),
        LANGUAGES=LANGUAGES,
        running=head.state is State.RUNNING,
        taken=queries.taken(tx, head.id),
        returns=queries.returns(tx, head.id),
        names=names(),
    )


@bp.post("/<number>/workbook/take")
@access("audits.run")
def take(number: str) -> Response:
    """Hand out a workbook, in the language asked for."""
    languages, wanted = _languages(), request.form.get("language")
    command = service.Take(number, wanted if wanted in languages else languages[0])
    with transaction(current_actor()) as tx:
        given = service.take(tx, command, clock.now(), current_actor(), library=here().library)
    out = io.BytesIO()
    with spoken(command.language):
        writing.write(
            out, given.head, given.rows, given.code, now=clock.now(), right_to_left=command.language in RIGHT_TO_LEFT
        )
    response = Response(out.getvalue(), mimetype=XLSX)
    name = download_name(f"{given.head.number} {given.serial}.xlsx", (".xlsx",))
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


@bp.post("/<number>/workbook")
@access("audits.run")
def bring_back(number: str) -> str | AnyResponse:
    """Merge a workbook that comes back; the very same file a second time leads to what came of it."""
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            return redirect(url_for(".returned", number=number, return_id=_brought(number, form.workbook.data)))
        except REFUSALS as refusal:
            form.refuse("workbook", refusal)
    return _page(number, form)


def _brought(number: str, upload: Any) -> int:
    data = upload.stream.read(reading.MAX_BYTES + 1)
    if len(data) > reading.MAX_BYTES:
        raise WorkbookUnreadable(reason=_("it is larger than %(limit)s MB", limit=reading.MAX_BYTES >> 20))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(data)
        came = reading.read(path)
    mark = digest(data)
    name = shown_name(kept_name(upload.filename or ""))
    command = service.BringBack(number, came, mark, name)
    with transaction(current_actor()) as tx:
        known = queries.known(tx, number, came.code, mark)
        return known or int(service.bring_back(tx, command, clock.now(), current_actor()))


@bp.get("/<number>/workbook/returns/<int:return_id>")
@access("audits.run")
def returned(number: str, return_id: int) -> str:
    """What came of a workbook, with the conflicts to settle."""
    tx = session()
    head = wording().head(audits.plans.by_number(tx, number))
    return render_template(
        "workbook/returned.html",
        head=head,
        back=queries.returned(tx, head.id, return_id),
        conflicts=queries.conflicts(tx, return_id),
        labels=_labels(head),
        asked=wording().question,
        worded=worded,
        names=names(),
        running=head.state is State.RUNNING,
    )


def _labels(head: AuditHead) -> dict[str, str]:
    return {one.id: one.label for one in Scale.model_validate(head.scale).answers} if head.scale else {}


@bp.post("/<number>/workbook/returns/<int:return_id>/conflicts/<int:conflict_id>")
@access("audits.run")
def settle(number: str, return_id: int, conflict_id: int) -> AnyResponse:
    """Let one side of a conflict stand."""
    form = SettleForm()
    if form.validate_on_submit():
        try:
            command = service.Settle(number, conflict_id, form.choice(), form.version.data or 0)
            with transaction(current_actor()) as tx:
                service.settle(tx, command, clock.now(), current_actor())
            flash(_("Settled."), "good")
        except REFUSALS as refusal:
            flash(str(refusal), "bad")
    return redirect(url_for(".returned", number=number, return_id=return_id))
