"""A register of the organisation's own: begun from another, tried, then kept."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.content.shapes import RegisterShape
from auditkit.library.here import here, library
from auditkit.registers import defining
from auditkit.registers.forms import DefinitionForm, EntryForm, entry_form
from auditkit.registers.views.blueprint import bp, people
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.acting import REFUSALS

BLANK = """\
kind: register
id: site-visits
title: Visits to sites
entry: Visit
purpose: What is written here, and why.
edition: iso10002-2018
clauses: ["8.3"]
source: practice
series: VISIT
review_months: 12
fields:
  - {id: site, title: Site, kind: line, required: true, listed: true}
  - {id: on, title: Visited on, kind: day, required: true, listed: true}
  - {id: seen, title: What was seen, kind: text, help: In a few words}
  - id: impression
    title: Impression
    kind: choice
    listed: true
    choices:
      - {id: good, label: Good}
      - {id: bad, label: Bad}
"""


@bp.route("/own", methods=["GET", "POST"])
@access("organisation.manage")
def own() -> str | Response:
    """Write a register, or change one: *Try it* shows its form, *Keep it* makes it one of the registers."""
    form, faults, shape = DefinitionForm(), list[str](), None
    if form.validate_on_submit():
        try:
            if "keep" in request.form:
                return _kept(form)
            shape, _name = defining.examined(reading(), _command(form))
        except defining.DefinitionRefused as refusal:
            faults = refusal.faults
        except REFUSALS as refusal:
            form.refuse("text", refusal)
    elif not form.is_submitted():
        form.text.data = _begun(request.args.get("from", ""))
    begin = [(one.id, one.title) for one in library().registers.values()]
    tried = _tried(shape) if shape else None
    return render_template("registers/own.html", form=form, faults=faults, shape=shape, tried=tried, registers=begin)


def _command(form: DefinitionForm) -> defining.Define:
    instance = current_app.extensions["auditkit.settings"].instance
    return defining.Define(here(), instance, current_organisation().slug, form.text.data or "")


def _kept(form: DefinitionForm) -> Response:
    with transaction(current_actor()) as tx:
        shape = defining.define(tx, _command(form), clock.now(), current_actor())
    flash(_("The register is kept. Write its first entry."), "good")
    return redirect(url_for(".entries", register=shape.id))


def _begun(name: str) -> str:
    return defining.begun(here(), current_app.extensions["auditkit.settings"].instance, name) if name else BLANK


def _tried(shape: RegisterShape) -> EntryForm:
    form: EntryForm = entry_form(EntryForm, shape, list(people().items()))
    return form
