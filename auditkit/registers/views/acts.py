"""What can be done with an entry from its page."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import Session, transaction
from auditkit.base.errors import AuditkitError, NotFound, RuleBroken
from auditkit.base.text import _
from auditkit.evidence import service as evidence_service
from auditkit.evidence.intake import receive_uploads
from auditkit.library.here import library
from auditkit.registers import queries, service
from auditkit.registers.forms import (
    MeasureForm,
    RetireForm,
    TieForm,
)
from auditkit.registers.views.blueprint import bp, done
from auditkit.registers.views.entry import kinds, page
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there


@bp.post("/<register>/<number>/measure")
@access("registers.edit")
def measure(register: str, number: str) -> str | Response:
    """Note what an objective came to."""
    form, shape = MeasureForm(), library().register(register)

    def note(tx: Session) -> bool:
        command = service.MeasureEntry(shape, number, form.on.data, form.value.data, form.note.data or "")
        service.measure(tx, command, clock.now(), current_actor())
        return True

    if done(form, note):
        flash(_("The measurement is noted."), "good")
        return redirect(url_for(".show", register=register, number=number, _anchor="measurements"))
    return page(register, number, measure_form=form)


@bp.post("/<register>/<number>/tie")
@access("registers.edit")
def tie(register: str, number: str) -> str | Response:
    """Tie an entry to another record."""
    form = TieForm(kinds())

    def bind(tx: Session) -> bool:
        command = service.TieEntry(register, number, form.kind.data, form.name.data)
        service.tie(tx, command, clock.now(), current_actor())
        return True

    if done(form, bind):
        return redirect(url_for(".show", register=register, number=number, _anchor="ties"))
    return page(register, number, tie_form=form)


@bp.post("/<register>/<number>/untie")
@access("registers.edit")
def untie(register: str, number: str) -> Response:
    """Take a tie away."""
    with transaction(current_actor()) as tx:
        command = service.UntieEntry(register, number, request.form.get("link", 0, type=int))
        service.untie(tx, command, clock.now(), current_actor())
    return redirect(url_for(".show", register=register, number=number, _anchor="ties"))


@bp.post("/<register>/<number>/retire")
@access("registers.edit")
def retire(register: str, number: str) -> str | Response:
    """Take an entry out of use."""
    form = RetireForm()

    def away(tx: Session) -> bool:
        service.retire(tx, service.RetireEntry(register, number, form.reason.data), clock.now(), current_actor())
        return True

    if done(form, away):
        flash(_("%(number)s is taken out of use. It stays here to be read.", number=number), "good")
        return redirect(url_for(".show", register=register, number=number))
    return page(register, number, retire_form=form)


@bp.post("/<register>/<number>/restore")
@access("registers.edit")
def restore(register: str, number: str) -> Response:
    """Bring an entry back into use."""
    try:
        with transaction(current_actor()) as tx:
            command = service.RestoreEntry(library().register(register), number)
            service.restore(tx, command, clock.now(), current_actor())
    except RuleBroken as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".show", register=register, number=number))


@bp.post("/<register>/<number>/files")
@access("evidence.add")
def attach(register: str, number: str) -> Response:
    """Attach files that show it."""
    try:
        received = receive_uploads(request.files.getlist("files"))
        with transaction(current_actor()) as tx:
            entry = queries.entry(tx, register, number, day_there(clock.now()))
            subject = (queries.SUBJECT, entry.id)
            evidence_service.add(tx, evidence_service.Add(list(received), subject), clock.now(), current_actor())
    except NotFound:
        raise
    except AuditkitError as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".show", register=register, number=number, _anchor="files"))
