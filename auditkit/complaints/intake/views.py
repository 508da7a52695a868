"""Taking a complaint down from a call, a letter or a visit; and the settings of the public side."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with, zone_of_house
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.text import _
from auditkit.complaints.intake import case_part, particulars, queries, reissuing, rules, service, tickets
from auditkit.complaints.intake.alike import Alike, alike
from auditkit.complaints.intake.channels import ChannelView, channels, in_use
from auditkit.complaints.intake.drafts import Draft
from auditkit.complaints.intake.forms import ChannelForm, PatternForm, SettingsForm, TakeDownForm
from auditkit.complaints.intake.public_views import grants
from auditkit.complaints.intake.public_views.blueprint import entry_address, languages
from auditkit.complaints.intake.public_views.form import receive_draft
from auditkit.complaints.intake.qr import drawn as qr
from auditkit.complaints.intake.references import pattern_in_force
from auditkit.complaints.intake.rules import Ticket
from auditkit.complaints.rules import KIND_TITLES
from auditkit.complaints.views.blueprint import bp as register_bp
from auditkit.evidence.rules import StorageFailed, StorageFull, UploadsRefused
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, current_organisation, may

REFUSALS = (RuleBroken, BadInput, Conflict, UploadsRefused, StorageFull, StorageFailed)
RECEIPT_SHOWN_FOR = timedelta(hours=2)
# Parts of the case's page declare themselves by being imported.
__all__ = ["bp", "case_part", "particulars", "reissuing"]
bp = Blueprint("intake", __name__, url_prefix="/complaints/settings", template_folder="templates")


@register_bp.route("/new", methods=["GET", "POST"])
@access("complaints.register")
def new() -> str | Response:
    """Take a complaint down."""
    now = clock.now()
    form = _form(now)
    ticket = tickets.read(form.ticket.data or "", now)
    if ticket is None:
        if request.method == "POST":
            form.refuse_verb(rules.OpenTooLong())
        return _page(form, tickets.issue(now))
    draft = Draft(ticket.id)
    draft.drop(request.form.getlist("drop"))
    refused = draft.add(request.files.getlist("files"))
    if "look" in request.form:
        return _page(form, ticket, looked=True)
    if form.validate_on_submit() and not refused:
        try:
            return _taken(ticket, _take_down(form, ticket, draft, now), now)
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
    for one in refused:
        form.refuse("files", one)
    return _page(form, ticket)


@register_bp.post("/new/alike")
@access("complaints.register")
def likeness() -> str:
    """The complaints that may be the one being taken down, as a part of the page; asked for while somebody types."""
    return render_template("complaints/intake/_alike.html", found=_alike(_form(clock.now())))


@register_bp.get("/new/receipt")
@access("complaints.register")
def taken_down() -> str | Response:
    """The receipt to print or read out, for two hours in the browser that took the complaint down."""
    found = grants.shown_receipt(clock.now(), RECEIPT_SHOWN_FOR)
    if found is None:
        return redirect(url_for("complaints.new"))
    entry = entry_address()
    return render_template(
        "complaints/intake/taken_down.html",
        reference=found[0],
        secret=found[1],
        entry=entry,
        code=qr(f"{entry}#{found[0]}:{found[1]}", _("QR code that opens the complainant's page")),
        tracked=queries.tracked(reading(), *found),
    )


def _form(now: datetime) -> TakeDownForm:
    tx = reading()
    zone = zone_of_house(tx)
    return TakeDownForm(
        in_use(tx),
        languages(),
        zone,
        received_on=now.astimezone(zone).date(),
        recipient=current_actor().name,
        language=current_organisation().locale,
    )


def _page(form: TakeDownForm, ticket: Ticket, *, looked: bool = False) -> str:
    if looked:
        for field in form:
            field.errors = []
        form.form_errors = []
    form.ticket.data = tickets.write(ticket)
    return render_template(
        "complaints/intake/take_down.html",
        form=form,
        draft=Draft(ticket.id).files(),
        found=_alike(form) if looked else [],
        looked=looked,
    )


def _alike(form: TakeDownForm) -> list[Alike]:
    return alike(reading(), form.said(), find_by_identity=may("identity.read"), show_subject=may("complaints.read"))


def _take_down(form: TakeDownForm, ticket: Ticket, draft: Draft, now: datetime) -> str:
    """Record it, once however often the form is sent; its reference."""
    actor, digest = current_actor(), service.form_digest(ticket.id)
    command = service.TakeDown(
        ticket.id,
        tickets.secret_of(ticket.id),
        current_organisation().name,
        form.command(),
        form.asked(),
        receive_draft(draft),
    )
    try:
        with transaction(actor) as tx:
            known = queries.by_ticket(tx, digest)
            reference = known or service.take_down(tx, command, now, actor, library=library()).reference
    except IntegrityError:  # the same form, sent twice at the same moment, on PostgreSQL
        known = queries.by_ticket(reading(actor), digest)
        if known is None:
            raise
        reference = known
    draft.discard()
    return reference


def _taken(ticket: Ticket, reference: str, now: datetime) -> Response:
    grants.show_receipt(ticket.id, reference, now)
    flash(_("The complaint was registered as %(reference)s.", reference=reference), "good")
    return redirect(url_for("complaints.taken_down"))


# Settings


@bp.route("/", methods=["GET", "POST"])
@access("organisation.manage")
def show() -> str | Response:
    """What the public pages say, the channels, the pattern of references."""
    form = SettingsForm.of(queries.settings(reading()))
    return _keep(form, service.keep_settings, form.command, _("The settings are kept."), settings_form=form)


@bp.post("/pattern")
@access("organisation.manage")
def pattern() -> str | Response:
    """Give references another look from now on."""
    form = PatternForm()
    return _keep(
        form,
        service.keep_pattern,
        lambda: form.command(),
        _("References look like this from now on."),
        pattern_form=form,
    )


@bp.route("/channels/<int:number>", methods=["GET", "POST"])
@access("organisation.manage")
def channel(number: int) -> str | Response:
    """Change the channel at this place of the list; 0 adds one."""
    listed = channels(reading())
    if number > len(listed):
        raise NotFound
    known = listed[number - 1] if number else None
    form = ChannelForm.of(known or ChannelView(None, "", public=True), _people())
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.keep_channel(tx, form.command(known.name if known else ""), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            if known and isinstance(refusal, Conflict):
                form.seen.data = channels(reading())[number - 1].stamp
        else:
            flash(_("The channel is kept."), "good")
            return redirect(url_for(".show"))
    return render_template("complaints/intake/channel.html", form=form, channel=known, number=number)


def _people() -> list[tuple[int, str]]:
    return [(one.person_id, one.name) for one in members_with(reading(), "complaints.handle")]


def _keep(form: Any, act: Any, command: Any, done: str, **forms: Any) -> str | Response:
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                act(tx, command(), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            if isinstance(refusal, Conflict):
                form.seen.data = queries.settings(reading()).stamp
        else:
            flash(done, "good")
            return redirect(url_for(".show"))
    tx = reading()
    kept, in_force = queries.settings(tx), pattern_in_force(tx)
    shown = {
        "settings_form": SettingsForm.of(kept, formdata=None),
        "pattern_form": PatternForm(formdata=None, pattern=in_force.text),
        **forms,
    }
    return render_template(
        "complaints/intake/settings.html",
        channels=channels(tx),
        kinds=KIND_TITLES,
        names=current_app.extensions["auditkit.directory"].names(),
        example=in_force.reference(clock.now().year, 123),
        address=entry_address().removesuffix("/track"),
        **shown,
    )
