"""Pages of plans: the gap analyses, the plan of one, a step, and the way from an action back to its step."""

from typing import Any, cast

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.actions import origins
from auditkit.actions.origins import Origin, OriginKind
from auditkit.actions.rules import STATE_TITLES as ACTION_STATE_TITLES
from auditkit.audits.queries import plans as audits
from auditkit.audits.rules import STATE_TITLES as AUDIT_STATE_TITLES
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import ngettext
from auditkit.library.here import library
from auditkit.readiness.planning import queries, service
from auditkit.readiness.planning.forms import MakeForm, StepForm
from auditkit.readiness.planning.rules import NoPlan
from auditkit.readiness.views.blueprint import names
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.forms import Form
from auditkit.web.languages import day_there

bp = Blueprint("readiness_planning", __name__, url_prefix="/readiness/plan", template_folder="templates")


def _as_origin(tx: Session, step_id: int) -> Origin:
    step = queries.step(tx, step_id)
    return Origin(f"{step.audit}: {step.title}", url_for("readiness_planning.show", number=step.audit))


@bp.record
def _make_steps_known(setup: BlueprintSetupState) -> None:
    origins.register(cast("Flask", setup.app), queries.ORIGIN, OriginKind("readiness.read", _as_origin))


def _people() -> list[tuple[int, str]]:
    return [(one.person_id, one.name) for one in members_with(reading(), service.MAY_OWN)]


@bp.get("/")
@access("readiness.read")
def index() -> str:
    """The gap analyses, and whether each has a plan."""
    return render_template(
        "readiness/planning/index.html",
        analyses=queries.analyses(reading(), library(), day_there(clock.now())),
        states=AUDIT_STATE_TITLES,
        DONE=service.DONE,
        asked={},
    )


@bp.get("/<number>")
@access("readiness.read")
def show(number: str) -> str:
    """The plan of a gap analysis, or what it would be."""
    return _page(number)


def _page(number: str, form: MakeForm | None = None) -> str:
    tx = reading()
    head = audits.by_number(tx, number)
    try:
        plan: queries.PlanView | None = queries.plan(tx, number)
    except NoPlan:
        plan = None
    has_steps, wanted = (True, []) if plan else queries.wanted(tx, head)
    today = day_there(clock.now())
    return render_template(
        "readiness/planning/show.html",
        head=head,
        plan=plan,
        has_steps=has_steps,
        wanted=wanted,
        reported=head.state in service.DONE,
        form=form or MakeForm(_people(), formdata=None, data={"starts_on": today}),
        names=names(),
        today=today,
        action_states=ACTION_STATE_TITLES,
        known_policies=library().policies,
        asked={},
    )


@bp.post("/<number>")
@access("readiness.assess")
def make(number: str) -> str | Response:
    """Make the plan."""
    form = MakeForm(_people())
    if form.validate_on_submit():
        command = service.MakePlan(number, form.starts_on.data, form.owner_id.data)
        try:
            with transaction(current_actor()) as tx:
                made = service.make(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(ngettext("The plan has %(num)s step. Give it an owner.",
                           "The plan has %(num)s steps. Give each its owner.", made), "good")  # fmt: skip
            return redirect(url_for(".show", number=number))
    return _page(number, form)


@bp.route("/steps/<int:step_id>", methods=["GET", "POST"])
@access("readiness.assess")
def step(step_id: int) -> Any:
    """Change owner and days of a step."""
    found = queries.step(reading(), step_id)
    form = StepForm(_people(), obj=found)
    if form.validate_on_submit():
        command = service.ChangeStep(
            step_id, form.version.data or 0, form.owner_id.data, form.starts_on.data, form.due_on.data
        )
        try:
            with transaction(current_actor()) as tx:
                service.change_step(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            return redirect(url_for(".show", number=found.audit))
    return render_template("readiness/planning/step.html", step=found, form=form)


@bp.post("/<number>/open")
@access("actions.edit")
def open_actions(number: str) -> Response:
    """Open an action for each step that has none."""
    actor, form = current_actor(), Form()
    if form.validate_on_submit():
        with transaction(actor) as tx:
            opened = service.open_actions(tx, service.OpenPlan(number), clock.now(), actor)
        flash(ngettext("%(num)s action was opened", "%(num)s actions were opened", len(opened)), "good")
    return redirect(url_for(".show", number=number))
