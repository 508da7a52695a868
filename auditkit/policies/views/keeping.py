"""Pages of the retention table."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.library.here import here
from auditkit.policies import service, tables
from auditkit.policies.forms.base import ButtonForm
from auditkit.policies.forms.keeping import KeepingForm
from auditkit.policies.queries import keeping
from auditkit.policies.queries.keeping import Kept
from auditkit.policies.views.blueprint import TABS, bp, done, sent
from auditkit.web.access import access

TABS.append((N_("Retention table"), "policies.kept"))


@bp.get("/retention")
@access("policies.read")
def kept() -> str:
    """Every kind of record with how long it is kept."""
    return render_template("policies/kept.html", rows=keeping.table(reading(), here().library))


@bp.get("/retention.xlsx")
@access("policies.read")
def kept_listed() -> Response:
    """The table as a workbook."""
    return sent(tables.keeping(keeping.table(reading(), here().library)))


@bp.route("/retention/record/<record>", methods=["GET", "POST"])
@access("policies.edit")
def keep_record(record: str) -> str | AnyResponse:
    """Say how long a kind of record of the library is kept."""
    rows = {one.record: one for one in keeping.table(reading(), here().library) if one.record}
    if record not in rows:
        raise NotFound
    return _edit(rows[record], record=record)


@bp.route("/retention/own", methods=["GET", "POST"])
@access("policies.edit")
def keep_new() -> str | AnyResponse:
    """A row for a record of one's own."""
    return _edit(Kept(None, "", "", "", (), "", "", ""))


@bp.route("/retention/own/<int:row_id>", methods=["GET", "POST"])
@access("policies.edit")
def keep_own(row_id: int) -> str | AnyResponse:
    """Change a row of one's own."""
    rows = {one.id: one for one in keeping.table(reading(), here().library) if not one.record}
    if row_id not in rows:
        raise NotFound
    return _edit(rows[row_id], row_id=row_id)


@bp.post("/retention/drop/<int:row_id>")
@access("policies.edit")
def drop_kept(row_id: int) -> AnyResponse:
    """Take back what the organisation said about a record."""
    form = ButtonForm()
    if form.validate_on_submit() and done(form, service.drop_keeping, service.DropKeeping(row_id)):
        flash(_("The row was taken out."), "good")
    return redirect(url_for(".kept"))


def _edit(row: Kept, *, record: str = "", row_id: int | None = None) -> str | AnyResponse:
    form = _form(row)
    if form.validate_on_submit():
        names = ("title", "period", "source", "basis", "place", "keeper", "disposal")
        given = {name: form[name].data or "" for name in names}
        command = service.SetKeeping(record, row_id, **given)
        if done(form, service.set_keeping, command, library=here().library):
            flash(_("The row was saved."), "good")
            return redirect(url_for(".kept"))
    return render_template("policies/keep.html", row=row, form=form)


def _form(row: Kept) -> KeepingForm:
    sources = keeping.sources(reading())
    choices = [(name, f"{title} ({value})" if value else title) for name, (title, value) in sources.items()]
    return KeepingForm(
        choices,
        title=row.title,
        period="" if row.source else row.period,
        source=row.source,
        basis=row.basis,
        place=row.place,
        keeper=row.keeper,
        disposal=row.disposal,
    )
