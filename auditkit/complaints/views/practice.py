"""The settings of complaint handling: limits of authority, external bodies, windows."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members, members_with
from auditkit.accounts.rules import ROLE_TITLES, Role
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.text import _
from auditkit.complaints import queries, rules, service
from auditkit.complaints.forms import LimitForm, PracticeForm, RemoveForm
from auditkit.complaints.views.blueprint import bp
from auditkit.web.access import access, current_actor


@bp.route("/settings/handling", methods=["GET", "POST"])
@access("organisation.manage")
def practice() -> str | Response:
    """Currency, external bodies, windows; and the limits of authority."""
    before = queries.practice(reading())
    form = PracticeForm(obj=before, data={"seen": before.stamp})
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.set_practice(tx, form.command(), clock.now(), current_actor())
        except Conflict as refusal:
            form.refuse_verb(refusal)
            form.seen.data = queries.practice(reading()).stamp
        except (RuleBroken, BadInput) as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The settings are saved."), "good")
            return redirect(url_for(".practice"))
    return _page(practice=form)


@bp.post("/settings/handling/limits")
@access("organisation.manage")
def set_limit() -> str | Response:
    """Set a limit of authority."""
    form = _limit_form()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.set_limit(tx, form.command(), clock.now(), current_actor())
        except Conflict as refusal:
            form.refuse_verb(refusal)
            form.seen.data = queries.limits_stamp(reading())
        except (RuleBroken, BadInput) as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The limit is set."), "good")
            return redirect(url_for(".practice"))
    return _page(limit=form)


@bp.post("/settings/handling/limits/<int:limit_id>/remove")
@access("organisation.manage")
def remove_limit(limit_id: int) -> Response:
    """Take a limit of authority away."""
    form = RemoveForm()
    if form.validate_on_submit():
        command = service.RemoveLimit(limit_id, form.seen.data or None)
        try:
            with transaction(current_actor()) as tx:
                service.remove_limit(tx, command, clock.now(), current_actor())
        except Conflict as refusal:
            flash(str(refusal), "bad")
        else:
            flash(_("The limit is removed."), "good")
    return redirect(url_for(".practice"))


def _limit_form(**more: object) -> LimitForm:
    return LimitForm({one.person_id: one.name for one in members_with(reading(), "complaints.handle")}, **more)


def _page(practice: PracticeForm | None = None, limit: LimitForm | None = None) -> str:
    tx = reading()
    now, stamp = queries.practice(tx), queries.limits_stamp(tx)
    names = {one.person_id: one.name for one in members(tx)}
    return render_template(
        "complaints/practice.html",
        practice_form=practice or PracticeForm(None, obj=now, data={"seen": now.stamp}),
        limit_form=limit or _limit_form(formdata=None, data={"currency": now.currency, "seen": stamp}),
        stamp=stamp,
        lines=[
            (
                one.id,
                names.get(one.limit.person_id, "") if one.limit.person_id else _(ROLE_TITLES[Role(one.limit.role)]),
                rules.amount_text(one.limit.amount),
                one.limit.currency,
            )
            for one in queries.limit_lines(tx)
        ],
    )
