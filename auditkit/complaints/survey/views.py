"""Surveys for members: the part of a case's page, the figures, the settings."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import today_of_house
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict
from auditkit.base.text import N_, _
from auditkit.complaints.queries import Case
from auditkit.complaints.rules import Stage
from auditkit.complaints.survey import following, jobs, queries, rules, service
from auditkit.complaints.survey.forms import SettingsForm
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.web.access import access, current_actor

__all__ = ["bp", "following", "jobs"]

bp = Blueprint("survey", __name__, url_prefix="/complaints/survey", template_folder="templates")
A_YEAR = timedelta(days=365)


@case_part(ASIDE)
def section(case: Case) -> str:
    """What the complainant said afterwards, and whether it came back."""
    tx = reading()
    survey = queries.of_case(tx, case.id) if case.has(queries.SURVEY) else None
    if survey is None and case.stage != Stage.CLOSED:
        return ""
    return render_template(
        "complaints/survey/_case.html",
        case=case,
        survey=survey,
        again=queries.again(tx, case.id) if case.closed_at and case.category else [],
        on=survey is None and queries.practice(tx).on,
        now=clock.now(),
        words=rules,
    )


@bp.get("/")
@access("complaints.read")
def figures() -> str:
    """What complainants think, with how many answered; and what came back."""
    tx = reading()
    today = today_of_house(tx, clock.now())
    closed_from, closed_to = _day("from", today - A_YEAR), _day("to", today)
    return render_template(
        "complaints/survey/figures.html",
        figures=queries.figures(tx, closed_from, closed_to),
        practice=queries.practice(tx),
        closed_from=closed_from,
        closed_to=closed_to,
        words=rules,
    )


@bp.route("/settings", methods=["GET", "POST"])
@access("organisation.manage")
def settings() -> str | Response:
    """How the organisation asks."""
    before = queries.practice(reading())
    form = SettingsForm(obj=before, data={"seen": before.stamp})
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = service.PutSettings(form.practice, form.seen.data or None)
                service.put_settings(tx, command, clock.now(), current_actor())
        except BadInput as refusal:
            form.refuse("", refusal)
        except Conflict as refusal:
            form.refuse("", refusal)
            form.seen.data = queries.practice(reading()).stamp
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".figures"))
    return render_template("complaints/survey/settings.html", form=form)


def _day(name: str, otherwise: date) -> date:
    asked = request.args.get(name, "")
    try:
        return date.fromisoformat(asked) if asked else otherwise
    except ValueError as error:
        raise BadInput(N_("“%(text)s” is no day. Enter one such as 2026-03-31"), text=asked[:40]) from error
