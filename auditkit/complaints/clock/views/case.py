"""The due dates of one case: a part of its page, a page with every explanation, and the two acts over them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.complaints import queries as core
from auditkit.complaints.clock import queries, service, telling
from auditkit.complaints.clock.forms import ReasonForm
from auditkit.complaints.clock.rules import (
    DUE_EXTENDED,
    DUE_MOVED,
    DUE_NOTICED,
    DUE_SET,
    HOLD_TITLES,
    STATE_TITLES,
    STATE_TONES,
    TARGET_TITLES,
)
from auditkit.complaints.clock.views.blueprint import bp, refuse
from auditkit.complaints.queries import Case
from auditkit.complaints.rules import SEVERITY_TITLES, WAITS_FOR_TITLES, Stage
from auditkit.complaints.views.given import overdue_by
from auditkit.complaints.views.parts import ASIDE, case_part, shown_as
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS

shown_as(DUE_SET, "calendar-check", follows=True)
shown_as(DUE_MOVED, "calendar2-range", follows=True)
shown_as(DUE_EXTENDED, "calendar-plus", "info")
shown_as(DUE_NOTICED, "alarm", "warn")


@case_part(ASIDE)
def section(case: Case) -> str:
    """What is due in the case, first things first."""
    shown = _shown(case)
    offered = shown["may_handle"] and case.stage != Stage.CLOSED and not shown["clock"].kept
    offers = offered and bool(queries.limit_sets(reading()))
    return render_template("complaints/clock/_case.html", **shown, has_limits=offers)


@overdue_by
def missed(case: Case) -> bool:
    """Whether a due date of the case has passed: a reason to take it to another level."""
    if not case.has(queries.CLOCK):
        return False
    now = clock.now()
    due = queries.next_dues(reading(), [case.id], now).get(case.id)
    return due is not None and now > due.due_at


@bp.get("/case/<reference>")
@access("complaints.read")
def show(reference: str) -> str:
    """Every due date of the case, line by line."""
    return _page(reference)


@bp.post("/case/<reference>/recompute")
@access("complaints.handle")
def recompute(reference: str) -> str | Response:
    """Compute the due dates anew, or set them for the first time."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = service.Recompute(reference, form.reason.data)
                service.recompute(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            refuse(form, refusal)
        else:
            flash(_("The due dates are set by what is in force now."), "good")
            return redirect(url_for(".show", reference=reference))
    return _page(reference, recompute_form=form)


@bp.post("/case/<reference>/extend")
@access("complaints.handle")
def extend(reference: str) -> str | Response:
    """The complainant was told that the decision takes longer."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.extend(tx, service.Extend(reference, form.reason.data), clock.now(), current_actor())
        except REFUSALS as refusal:
            refuse(form, refusal)
        else:
            flash(_("The decision is now due at its latest date."), "good")
            return redirect(url_for(".show", reference=reference))
    return _page(reference, extend_form=form)


def _page(reference: str, **forms: Any) -> str:
    case = core.by_reference(reading(), reference)
    given = {"recompute_form": ReasonForm(None), "extend_form": ReasonForm(None), **forms}
    has_limits = bool(queries.limit_sets(reading()))
    return render_template("complaints/clock/case.html", **_shown(case), has_limits=has_limits, **given)


def _shown(case: Case) -> dict[str, Any]:
    tx = reading()
    found = queries.for_case(tx, case.id, clock.now(), case.has)
    return {
        "case": case,
        "clock": found,
        "may_handle": may("complaints.handle"),
        "now": clock.now(),
        "telling": telling,
        "tones": STATE_TONES,
        "titles": {
            "target": TARGET_TITLES,
            "state": STATE_TITLES,
            "hold": HOLD_TITLES,
            "waits_for": WAITS_FOR_TITLES,
            "severity": SEVERITY_TITLES,
        },
    }
