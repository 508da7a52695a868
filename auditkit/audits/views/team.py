"""Changing who audits, before an audit or in the middle of it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members, members_with
from auditkit.audits import queries, service
from auditkit.audits.forms import TeamForm
from auditkit.audits.views.blueprint import bp
from auditkit.audits.views.plans import people_of
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.web.access import access
from auditkit.web.acting import done


@bp.route("/<number>/team", methods=["GET", "POST"])
@access("audits.plan")
def team(number: str) -> str | Response:
    """Change the team, with the reason."""
    head = queries.plans.by_number(reading(), number)
    form = _form(data={**people_of(head), "version": head.version})
    if done(
        form,
        service.change_team,
        lambda: service.ChangeTeam(number, form.version.data or 0, form.team(), form.reason.data),
    ):
        flash(_("The team was changed."), "good")
        return redirect(url_for(".show", number=number, _anchor="plan"))
    return render_template("audits/team.html", form=form, head=head)


def _form(**more: Any) -> TeamForm:
    form = TeamForm(**more)
    auditors = [(one.person_id, one.name) for one in members_with(reading(), "audits.run")]
    form.offer_people(auditors, [(one.person_id, one.name) for one in members(reading())])
    return form
