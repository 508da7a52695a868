"""The table that leaves and comes back, and the response form as a Word document."""

import io

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.actions import document, exchanging, queries, service
from auditkit.actions.exchanging import CSV, MEDIA_TYPES, XLSX, Compared
from auditkit.actions.forms import ImportForm
from auditkit.actions.rules import NC
from auditkit.actions.views.blueprint import bp, names
from auditkit.actions.views.board import wanted
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.documents import catalogue
from auditkit.documents.contexts.nc_response import NcResponse
from auditkit.documents.own import feeding, here
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import locale


def _download(body: bytes, kind: str, title: str, suffix: str) -> PlainResponse:
    response = PlainResponse(body, mimetype=kind)
    response.headers["Content-Disposition"] = content_disposition(download_name(f"{title}{suffix}", (suffix,)))
    return response


@bp.get("/export.<table>")
@access("actions.read")
def export(table: str) -> PlainResponse:
    """The actions that the filters leave, as CSV or Excel."""
    if table not in (CSV, XLSX):
        raise NotFound()
    out = io.BytesIO()
    exchanging.write(queries.table(reading(), wanted()), table, out, clock.now())
    return _download(out.getvalue(), MEDIA_TYPES[table], _("Actions"), f".{table}")


@bp.route("/import", methods=["GET", "POST"])
@access("actions.verify")
def bring_in() -> str | Response:
    """Bring a changed table back: look at what it asks for, then take it over."""
    form, found = ImportForm(), None
    if form.validate_on_submit():
        found = _compared(form)
        if found is not None and form.apply.data and found.commands and not found.problems and _taken_over(form, found):
            flash(_("Actions changed: %(number)s", number=len(found.commands)), "good")
            return redirect(url_for(".index"))
    columns = {name: title for name, (title, _width) in exchanging.COLUMNS.items()}
    return render_template("actions/import.html", form=form, found=found, columns=columns, editable=exchanging.EDITABLE)


def _compared(form: ImportForm) -> Compared | None:
    sent = form.table.data
    try:
        rows = exchanging.read(sent.read(exchanging.MOST_BYTES + 1) if sent else b"")
    except REFUSALS as refusal:
        form.refuse("table", refusal)
        return None
    return exchanging.compare(rows, queries.table_of(reading(), [row["number"].strip() for row in rows]))


def _taken_over(form: ImportForm, found: Compared) -> bool:
    """All changes in one transaction, or none."""
    try:
        with transaction(current_actor()) as tx:
            for command in found.commands:
                service.change(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        form.refuse("table", refusal)
        return False
    return True


@bp.get("/<number>/response.docx")
@access("actions.read")
def response(number: str) -> PlainResponse:
    """The response to a nonconformity as a Word document, as far as it is written."""
    context, title, language = _response(number)
    return _download(here.made(document.TEMPLATE, context, title, language=language), document.WORD, title, ".docx")


@bp.get("/<number>/response/sources")
@access("actions.read")
def response_sources(number: str) -> str:
    """Which record feeds which paragraph of it."""
    context, title, language = _response(number)
    return feeding.page(document.TEMPLATE, context, title, url_for(".show", number=number), language=language)


def _response(number: str) -> tuple[NcResponse, str, str]:
    """What the response is filled with, its title and its language."""
    tx = reading()
    action = queries.by_number(tx, number)
    nc = queries.nonconformity(tx, action.origin[1]) if action.origin[0] == NC else None
    context = document.response(
        action, queries.path(tx, action.id), nc, current_organisation().name, names(), clock.now()
    )
    title = _("Response %(number)s", number=number)
    return context, title, locale() if locale() in catalogue.languages_of(document.TEMPLATE) else "en"
