"""The page of volumes: enter a month, bring a file in, take a month out, download what there is."""

import io

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput
from auditkit.base.text import _, ngettext
from auditkit.documents.tables import Column, write_csv
from auditkit.insights.volumes import queries, rules, service
from auditkit.insights.volumes.forms import FileForm, VolumeForm
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there

bp = Blueprint("volumes", __name__, url_prefix="/insights/volumes", template_folder="templates")

_FIELDS: dict[type[BadInput], str] = {
    rules.MonthUnreadable: "month",
    rules.MonthToCome: "month",
    rules.CountsMissing: "counts",
}


@bp.route("/", methods=["GET", "POST"])
@access("organisation.manage")
def index() -> str | AnyResponse:
    """How many orders, contracts or customers there were, by month."""
    form, actor = VolumeForm(), current_actor()
    if form.validate_on_submit():
        command = service.SetVolume(
            form.month.data or "", form.counts.data or "", form.number.data, form.site.data or ""
        )
        try:
            with transaction(actor) as tx:
                service.set_volume(tx, command, clock.now(), actor)
        except BadInput as refusal:
            form.refuse(_FIELDS.get(type(refusal), "number"), refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".index"))
    return _page(form, FileForm(formdata=None))


@bp.post("/file")
@access("organisation.manage")
def bring_in() -> str | AnyResponse:
    """Take a file over, or say which rows of it cannot be read."""
    form, actor, faults = FileForm(), current_actor(), tuple[str, ...]()
    if form.validate_on_submit():
        command = service.BringIn(form.file.data.read(rules.LARGEST + 1))
        try:
            with transaction(actor) as tx:
                fresh, same = service.bring_in(tx, command, clock.now(), actor)
        except BadInput as refusal:
            form.refuse("file", refusal)
            faults = refusal.faults if isinstance(refusal, rules.RowsRefused) else ()
        else:
            flash(_brought(fresh, same), "good")
            return redirect(url_for(".index"))
    return _page(VolumeForm(formdata=None), form, faults)


@bp.post("/take-out")
@access("organisation.manage")
def take_out() -> AnyResponse:
    """Let a month count no longer."""
    actor = current_actor()
    with transaction(actor) as tx:
        command = service.TakeOut(*(request.form.get(name, "") for name in ("month", "counts", "site")))
        service.take_out(tx, command, clock.now(), actor)
    flash(_("The month does not count any more."), "good")
    return redirect(url_for(".index"))


@bp.get("/file")
@access("organisation.manage")
def download() -> Response:
    """What is there, in the shape in which it comes in."""
    out = io.BytesIO()
    columns = [Column(_(one)) for one in rules.HEADINGS]
    write_csv(out, columns, rules.table(queries.volumes(reading(), clock.now())))
    headers = {"Content-Disposition": f'attachment; filename="volumes-{day_there(clock.now())}.csv"'}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)


def _brought(fresh: int, same: int) -> str:
    said = ngettext("%(num)s month was taken over.", "%(num)s months were taken over.", fresh)
    unchanged = ngettext("%(num)s was the same already.", "%(num)s were the same already.", same)
    return f"{said} {unchanged}" if same else said


def _page(form: VolumeForm, file_form: FileForm, faults: tuple[str, ...] = ()) -> str:
    found = queries.volumes(reading(), clock.now())
    return render_template(
        "volumes/index.html", form=form, file_form=file_form, faults=faults, found=found,
        kinds=list(queries.by_kind(found)), by_site=any(one.site for one in found),
    )  # fmt: skip
