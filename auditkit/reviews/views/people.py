"""Who takes part: invitations, who came, and that the review was held."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.reviews import queries, service
from auditkit.reviews.forms import (
    HoldForm,
    InviteForm,
    ReviewForm,
    attendance_form,
    attendance_of,
    note_field,
    state_field,
)
from auditkit.reviews.queries import Head
from auditkit.reviews.views.blueprint import REFUSALS, bp, done
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there


@bp.get("/<number>/people")
@access("reviews.read")
def people(number: str) -> str:
    """Who was invited, and who came."""
    return _page(queries.by_number(reading(), number))


def _page(head: Head, **forms: ReviewForm) -> str:
    guests = queries.guests(reading(), head.id)
    return render_template(
        "reviews/people.html",
        head=head,
        guests=guests,
        form=forms.get("attendance") or attendance_form(guests),
        invite_form=forms.get("invite") or InviteForm(_members(guests), nobody=_("Nobody of them"), formdata=None),
        hold_form=forms.get("hold") or HoldForm(formdata=None, held_on=min(day_there(clock.now()), head.planned_on)),
        state_field=state_field,
        note_field=note_field,
    )


def _members(guests: list[queries.GuestView]) -> list[tuple[int, str]]:
    there = {one.person_id for one in guests}
    return [(one.person_id, one.name) for one in members(reading()) if one.person_id not in there]


@bp.post("/<number>/people")
@access("reviews.edit")
def attend(number: str) -> str | Response:
    """Note who came."""
    head = queries.by_number(reading(), number)
    guests = queries.guests(reading(), head.id)
    form = attendance_form(guests)

    def note(tx: Any) -> None:
        command = service.NoteAttendance(number, attendance_of(form, guests))
        service.attend(tx, command, clock.now(), current_actor())

    if done(form, note):
        flash(_("The attendance is noted."), "good")
        return redirect(url_for(".people", number=number))
    return _page(head, attendance=form)


@bp.post("/<number>/people/invite")
@access("reviews.edit")
def invite(number: str) -> str | Response:
    """Put somebody on the list."""
    head = queries.by_number(reading(), number)
    form = InviteForm(_members(queries.guests(reading(), head.id)), nobody=_("Nobody of them"))

    def put(tx: Any) -> None:
        command = service.InviteGuest(
            number, form.person_id.data or None, form.name.data or "", form.function.data or "",
            bool(form.top_management.data),
        )  # fmt: skip
        service.invite(tx, command, clock.now(), current_actor())

    if done(form, put):
        return redirect(url_for(".people", number=number))
    return _page(head, invite=form)


@bp.post("/<number>/people/remove")
@access("reviews.edit")
def remove(number: str) -> Response:
    """Take somebody off the list before the meeting."""
    try:
        with transaction(current_actor()) as tx:
            command = service.RemoveGuest(number, request.form.get("guest", 0, type=int))
            service.remove_guest(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for(".people", number=number))


@bp.post("/<number>/hold")
@access("reviews.edit")
def hold(number: str) -> str | Response:
    """Note that the review was held."""
    head, form = queries.by_number(reading(), number), HoldForm()

    def held(tx: Any) -> None:
        service.hold(tx, service.HoldReview(number, form.held_on.data), clock.now(), current_actor())

    if done(form, held):
        flash(_("The review was held; its inputs stand from now on. Finish the minutes, then the chair signs."), "good")
        return redirect(url_for(".show", number=number))
    return _page(head, hold=form)
