"""One review to work on: its agenda with inputs beside the words, and decisions."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.actions import queries as actions
from auditkit.actions.rules import STATE_TITLES as ACTION_STATES
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.content.shapes import AgendaPart
from auditkit.library.here import here, library
from auditkit.reviews import minutes, queries, service, showing
from auditkit.reviews.forms import DecideForm, HoldForm, ReviewForm, minutes_form, seen_field, words_field
from auditkit.reviews.queries import Head
from auditkit.reviews.rules import State
from auditkit.reviews.views.blueprint import REFUSALS, bp, done, names
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day_there

PARTS = (AgendaPart.INPUT, AgendaPart.CONCLUSION, AgendaPart.DECISION)


@bp.get("/<number>")
@access("reviews.read")
def show(number: str) -> str:
    """A review as a working page."""
    return _page(queries.by_number(reading(), number))


def _page(head: Head, form: ReviewForm | None = None) -> str:
    tx = reading()
    written, decided = queries.notes(tx, head.id), queries.decisions(tx, head.id)
    signature = queries.signature(tx, head.id)
    guests = queries.guests(tx, head.id)
    return render_template(
        "reviews/show.html",
        head=head,
        parts=[(part, [item for item in head.items if item.part is part]) for part in PARTS],
        inputs=showing.shown(queries.inputs(tx, head.id)),
        notes=written,
        decisions=decided,
        actions={
            one.id: one for one in actions.told(tx, clock.now(), ids=[d.action_id for d in decided if d.action_id])
        },
        action_state=lambda one: _(ACTION_STATES[one.state_at(clock.now())]),
        guests=guests,
        open_guests=[one for one in guests if one.state.value == "invited"],
        signature=signature,
        check=minutes.check(tx, head.number, signature) if signature else None,
        form=form or minutes_form(head.items, written),
        hold_form=HoldForm(formdata=None, held_on=min(day_there(clock.now()), head.planned_on)),
        words_field=words_field,
        seen_field=seen_field,
        names=names(),
        may_write=may("reviews.edit") and head.state is not State.SIGNED,
        period_over=day_there(clock.now()) >= head.period_to,
        node=lambda ref: library().nodes.get(ref),
    )


@bp.post("/<number>/minutes")
@access("reviews.edit")
def write(number: str) -> str | Response:
    """Keep the words under all items; a button beside them leads on to a decision or takes one back."""
    head = queries.by_number(reading(), number)
    written = queries.notes(reading(), head.id)
    form = minutes_form(head.items, written)
    if not done(form, lambda tx: _keep(tx, head, form, written)):
        return _page(head, form)
    if item := request.form.get("decide"):
        return redirect(url_for(".decide", number=number, item=item))
    if serial := request.form.get("take_back", type=int):
        return _take_back(number, serial)
    flash(_("The minutes are kept."), "good")
    return redirect(url_for(".show", number=number))


def _keep(tx: Any, head: Head, form: ReviewForm, written: dict[str, queries.NoteView]) -> None:
    """Write what changed, each against the version that the person saw."""
    for item in head.items:
        text = (form[words_field(item.id)].data or "").strip()
        if text == (written[item.id].text if item.id in written else ""):
            continue
        command = service.WriteNote(head.number, item.id, text, form[seen_field(item.id)].data or 0)
        service.write(tx, command, clock.now(), current_actor())


def _take_back(number: str, serial: int) -> Response:
    try:
        with transaction(current_actor()) as tx:
            service.take_back(tx, service.TakeBackDecision(number, serial), clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The decision is out of the minutes. The journal keeps that it was there."), "good")
    return redirect(url_for(".show", number=number))


@bp.route("/<number>/decide", methods=["GET", "POST"])
@access("reviews.edit")
def decide(number: str) -> str | Response:
    """Write a decision under an item."""
    head = queries.by_number(reading(), number)
    item = head.item(request.args.get("item", ""))
    if item is None:
        raise NotFound()
    people = [(one.person_id, one.name) for one in members_with(reading(), "actions.edit")]
    form = DecideForm(people, data={"due_on": head.day + timedelta(days=90)})

    def decided(tx: Any) -> None:
        command = service.Decide(number, item.id, form.text.data, form.owner_id.data, form.due_on.data)
        service.decide(tx, command, clock.now(), current_actor())

    if done(form, decided):
        flash(_("The decision is in the minutes. Its action is opened when they are signed."), "good")
        return redirect(url_for(".show", number=number, _anchor=f"item-{item.id}"))
    return render_template("reviews/decide.html", head=head, item=item, form=form)


@bp.post("/<number>/freeze")
@access("reviews.edit")
def freeze(number: str) -> Response:
    """Compute the inputs as they are now, and freeze them."""
    try:
        with transaction(current_actor()) as tx:
            command = service.FreezeInputs(number)
            service.freeze(tx, command, clock.now(), current_actor(), library=here().library)
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The inputs are computed and frozen, each with its digest."), "good")
    return redirect(url_for(".show", number=number))
