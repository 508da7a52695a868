"""Pages of actions: the list, one action with its next step, opening and changing one."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.actions import origins, queries, rules, service
from auditkit.actions.forms import ActionForm, CloseForm, CompleteForm, VerifyForm
from auditkit.actions.origins import OWN, Origin
from auditkit.actions.queries import ActionView
from auditkit.actions.rules import COMPLETION, KIND_TITLES, STATE_TITLES, VERIFICATION, Kind, State
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.text import N_, _
from auditkit.evidence import intake, subjects
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.journal.queries import timeline
from auditkit.web.access import access, current_actor, may

bp = Blueprint("actions", __name__, url_prefix="/actions", template_folder="../templates")


def _address(action_id: int) -> str:
    return url_for("actions.show", number=queries.number_of(reading(), action_id))


subjects.declare(COMPLETION, N_("Action, what was done"), _address)
subjects.declare(VERIFICATION, N_("Action, its effect"), _address)

REFUSALS = (RuleBroken, BadInput, Conflict)
STATE_TONES = {State.OPEN: "warn", State.DONE: "info", State.VERIFIED: "good", State.CLOSED: "neutral"}


def _today() -> date:
    return clock.now().date()


def _names() -> dict[int, str]:
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return names


@bp.get("/")
@access("actions.read")
def index() -> str:
    """Actions by due date, filtered by owner, state and lateness."""
    state = request.args.get("state", "")
    wanted = queries.Filter(
        owner_id=current_actor().person_id if request.args.get("whose") == "mine" else None,
        state=State(state) if state in list(State) else None,
        overdue_on=_today() if request.args.get("late") == "yes" else None,
    )
    lines, following = queries.listing(reading(), wanted, _after(request.args.get("after", "")))
    return render_template(
        "actions/index.html",
        lines=lines,
        filtered=wanted != queries.Filter(),
        next_url=_next_url(following),
        state_choices=[(state.value, _(title)) for state, title in STATE_TITLES.items()],
        today=_today(),
        names=_names(),
        **_words(),
    )


def _after(text: str) -> tuple[date, int] | None:
    day, _dot, number = text.partition(".")
    try:
        return (date.fromisoformat(day), int(number)) if text else None
    except ValueError:  # an address typed by hand: the list from its start
        return None


def _next_url(following: tuple[date, int] | None) -> str | None:
    if following is None:
        return None
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in ("whose", "state", "late") and value
    }
    return url_for(".index", after=f"{following[0].isoformat()}.{following[1]}", **kept)


def _words() -> dict[str, Any]:
    return {"STATE_TITLES": STATE_TITLES, "STATE_TONES": STATE_TONES, "KIND_TITLES": KIND_TITLES, "State": State}


@bp.route("/new", methods=["GET", "POST"])
@access("actions.edit")
def new() -> str | Response:
    """Open an action, for what the address names (`origin`, `id`) or of one's own accord."""
    origin_key, origin = _origin_asked_for()
    form = ActionForm(_owners())
    if form.validate_on_submit():
        command = service.OpenAction(
            origin=origin_key,
            origin_title=origin.title if origin else form.origin_title.data or "",
            cause_required=bool(origin and origin.cause_required),
            **_asked(form),
        )
        try:
            with transaction(current_actor()) as tx:
                number = service.open_action(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("%(number)s was opened.", number=number), "good")
            return redirect(url_for(".show", number=number))
    return render_template("actions/edit.html", form=form, origin=origin, action=None)


def _origin_asked_for() -> tuple[tuple[str, int], Origin | None]:
    name, number = request.args.get("origin", ""), request.args.get("id", 0, type=int)
    if not name:
        return (OWN, current_actor().organisation_id), None
    kind = origins.kind_of(name)
    if kind is not None:
        current_actor().require(kind.permission)
    return (name, number), origins.resolve(reading(), (name, number))


def _owners() -> list[tuple[int, str]]:
    return [(member.person_id, member.name) for member in members_with(reading(), "actions.edit")]


def _asked(form: ActionForm) -> dict[str, Any]:
    return {
        "kind": Kind(form.kind.data),
        "title": form.title.data,
        "correction": form.correction.data or "",
        "cause": form.cause.data or "",
        "plan": form.plan.data or "",
        "owner_id": form.owner_id.data,
        "due_on": form.due_on.data,
    }


@bp.get("/<number>")
@access("actions.read")
def show(number: str) -> str:
    """One action: what it is, how far it is, and the one thing to do next."""
    return _page(queries.by_number(reading(), number))


def _page(action: ActionView, **forms: Any) -> str:
    tx, actor = reading(), current_actor()
    oversees = actor.may(service.MANAGE)
    named = {"version": action.version}
    return render_template(
        "actions/show.html",
        action=action,
        today=_today(),
        names=_names(),
        origin=_origin_of(tx, action),
        files=evidence.for_subject(tx, (COMPLETION, action.id)),
        effect_files=evidence.for_subject(tx, (VERIFICATION, action.id)),
        entries=_entries(tx, action),
        may_work=oversees or action.owner_id == actor.person_id,
        may_verify=oversees
        and rules.may_verify(
            state=action.state,
            person_id=actor.person_id,
            owner_id=action.owner_id,
            completed_by=action.completed_by,
        ),
        may_close=oversees and action.state is State.VERIFIED,
        complete_form=forms.get("complete") or CompleteForm(formdata=None, data=named),
        verify_form=forms.get("verify") or VerifyForm(formdata=None, data=named),
        close_form=forms.get("close") or CloseForm(formdata=None, data=named),
        **_words(),
    )


def _origin_of(tx: Session, action: ActionView) -> str:
    """The address of what the action answers, empty where this person may not see it."""
    kind = origins.kind_of(action.origin[0])
    return kind.resolve(tx, action.origin[1]).url if kind is not None and may(kind.permission) else ""


def _entries(tx: Session, action: ActionView) -> list[dict[str, Any]]:
    names = _names()
    icons = {
        rules.OPENED.name: "plus-lg",
        rules.CHANGED.name: "pencil",
        rules.COMPLETED.name: "check-lg",
        rules.VERIFIED.name: "check2-all",
        rules.REOPENED.name: "arrow-counterclockwise",
        rules.CLOSED.name: "lock",
    }
    tones = {rules.VERIFIED.name: "good", rules.REOPENED.name: "bad", rules.CLOSED.name: "good"}
    return [
        {
            "when": entry.at,
            "title": _(entry.title),
            "by": names.get(entry.actor_id, "") if entry.actor_id else "",
            "icon": icons.get(entry.event),
            "tone": tones.get(entry.event, "neutral"),
        }
        for entry in timeline(tx, current_actor().organisation_id, ("action", action.id))
    ]


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access("actions.edit")
def edit(number: str) -> str | Response:
    """Change an open action: cause, plan, owner, due date."""
    action = queries.by_number(reading(), number)
    rules.check_may_work(
        person_id=current_actor().person_id,
        owner_id=action.owner_id,
        oversees=current_actor().may(service.MANAGE),
    )
    form = ActionForm(_owners(), obj=action)
    if form.validate_on_submit():
        command = service.ChangeAction(number=number, version=form.version.data or 0, **_asked(form))
        try:
            with transaction(current_actor()) as tx:
                service.change(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The change was saved."), "good")
            return redirect(url_for(".show", number=number))
    return render_template("actions/edit.html", form=form, origin=None, action=action)


@bp.post("/<number>/done")
@access("actions.edit")
def complete(number: str) -> str | Response:
    """Report an action as done."""
    action, form = queries.by_number(reading(), number), CompleteForm()
    if form.validate_on_submit():
        try:
            files = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = service.CompleteAction(number, _version(form), form.proof.data or "", _kept(tx, files))
                service.complete(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Reported as done. Somebody else now verifies the effect."), "good")
            return redirect(url_for(".show", number=number))
    return _page(action, complete=form)


@bp.post("/<number>/effect")
@access("actions.verify")
def verify(number: str) -> str | Response:
    """Record whether the action had its effect."""
    action, form = queries.by_number(reading(), number), VerifyForm()
    if form.validate_on_submit():
        effective = form.effective.data == "yes"
        try:
            files = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = service.VerifyAction(number, _version(form), effective, form.text.data, _kept(tx, files))
                service.verify(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The effect is verified.") if effective else _("The action is open again."), "good")
            return redirect(url_for(".show", number=number))
    return _page(action, verify=form)


@bp.post("/<number>/close")
@access("actions.verify")
def close(number: str) -> str | Response:
    """Close a verified action."""
    action, form = queries.by_number(reading(), number), CloseForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.close(tx, service.CloseAction(number, _version(form)), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("%(number)s is closed.", number=number), "good")
            return redirect(url_for(".show", number=number))
    return _page(action, close=form)


def _version(form: Any) -> int:
    text = form.version.data or ""
    return int(text) if text.isdecimal() else 0


def _kept(tx: Session, received: list[intake.Received]) -> tuple[int, ...]:
    if not received:
        return ()
    return tuple(evidence_service.add(tx, evidence_service.Add(received), clock.now(), current_actor()))
