"""Pages of one action: opening, its overview with the next step, changing, done, effect, closing."""

from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.actions import figures, origins, queries, rules, service
from auditkit.actions.forms import ActionForm, CloseForm, CompleteForm, VerifyForm
from auditkit.actions.origins import OWN, Origin
from auditkit.actions.queries import ActionView
from auditkit.actions.rules import COMPLETION, CORRECTION_FILES, NC, TOLD_ORIGINS, VERIFICATION, Grade, Kind, State
from auditkit.actions.views.blueprint import about, bp, checked_work, done, names, number_in, people, schemes, today
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import _
from auditkit.evidence import queries as evidence
from auditkit.journal.queries import timeline
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import day_there


@bp.route("/new", methods=["GET", "POST"])
@access("actions.edit")
def new() -> str | Response:
    """Open an action, for what the address names (`origin`, `id`) or of one's own accord."""
    origin_key, origin = _origin_asked_for()
    form = _form_for(origin)
    if form.validate_on_submit():
        command = service.OpenAction(
            origin=origin_key if origin else (form.origin_kind.data, origin_key[1]),
            origin_title=origin.title if origin else form.origin_title.data or "",
            cause_required=bool(origin and origin.cause_required),
            grade=Grade(form.grade.data if "grade" in form else origin.grade if origin else ""),
            scheme_id=(form.scheme_id.data or None) if "scheme_id" in form else None,
            **_asked(form),
        )
        if number := _opened(form, command):
            return redirect(url_for(".show", number=number))
    return render_template("actions/edit.html", form=form, origin=origin, action=None, names=names(), is_nc=_is_nc())


def _form_for(origin: Origin | None) -> ActionForm:
    """The form with what is asked for: an origin on record brings its title, and its grade where it has one."""
    form = ActionForm(people(), schemes())
    asked = request.args.get("origin", "")
    if origin is None:
        if request.method == "GET" and asked in TOLD_ORIGINS:
            form.origin_kind.data = asked
        return form
    del form.origin_kind, form.origin_title
    if origin.grade or _is_nc():
        del form.grade
    offered = [key for key, _title in form.scheme_id.choices]
    if _is_nc():
        del form.scheme_id
    elif request.method == "GET" and origin.grade and len(offered) == 2:
        form.scheme_id.data = offered[1]
    return form


def _is_nc() -> bool:
    return request.args.get("origin") == NC


def _opened(form: ActionForm, command: service.OpenAction) -> str:
    try:
        with transaction(current_actor()) as tx:
            number = str(service.open_action(tx, command, clock.now(), current_actor()))
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return ""
    flash(_("%(number)s was opened.", number=number), "good")
    return number


def _origin_asked_for() -> tuple[tuple[str, int], Origin | None]:
    name, number = request.args.get("origin", ""), request.args.get("id", 0, type=int)
    if not name or name in TOLD_ORIGINS:
        return (name or OWN, current_actor().organisation_id), None
    kind = origins.kind_of(name)
    if kind is not None:
        current_actor().require(kind.permission)
    return (name, number), origins.resolve(reading(), (name, number))


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
    shown = about(action)
    offered = rules.may_verify(
        state=action.state,
        person_id=actor.person_id,
        owner_id=action.owner_id,
        completed_by=action.completed_by,
    )
    return render_template(
        "actions/show.html",
        origin=_origin_of(tx, action),
        files=evidence.for_subject(tx, (COMPLETION, action.id)),
        correction_files=evidence.for_subject(tx, (CORRECTION_FILES, action.id)),
        effect_files=evidence.for_subject(tx, (VERIFICATION, action.id)),
        entries=_entries(tx, action),
        may_verify=oversees and offered and actor.person_id not in shown["path"].people,
        may_close=oversees and action.state is State.VERIFIED,
        figures=_figures(tx, action, shown["path"]),
        complete_form=forms.get("complete") or CompleteForm(formdata=None, data=named),
        verify_form=forms.get("verify") or VerifyForm(formdata=None, data=named),
        close_form=forms.get("close") or CloseForm(formdata=None, data=named),
        **shown,
    )


def _figures(tx: Session, action: ActionView, path: queries.PathView) -> tuple[str, str] | None:
    """The figures of the criterion as they are now, while the effect waits for its check."""
    effect = path.effect
    if effect is None or action.state is not State.DONE:
        return None
    opened_on = day_there(action.opened_at)
    found = figures.computed(tx, effect.measure, effect.parameter, opened_on, today(), effect.window_days)
    return (rules.figure_text(found[0]), rules.figure_text(found[1])) if found else None


def _origin_of(tx: Session, action: ActionView) -> str:
    """The address of what the action answers, empty where this person may not see it."""
    kind = origins.kind_of(action.origin[0])
    return kind.resolve(tx, action.origin[1]).url if kind is not None and may(kind.permission) else ""


_ICONS = {
    rules.OPENED.name: "plus-lg",
    rules.CHANGED.name: "pencil",
    rules.CORRECTED.name: "bandaid",
    rules.EXTENT_WRITTEN.name: "search",
    rules.CAUSE_SETTLED.name: "diagram-3",
    rules.STEP_PLANNED.name: "list-check",
    rules.STEP_DONE.name: "check",
    rules.STEP_DROPPED.name: "x",
    rules.CRITERION_STATED.name: "bullseye",
    rules.PLAN_READY.name: "clipboard-check",
    rules.REVIEWED.name: "building-check",
    rules.DUE_NOTICED.name: "bell",
    rules.COMPLETED.name: "check-lg",
    rules.VERIFIED.name: "check2-all",
    rules.REOPENED.name: "arrow-counterclockwise",
    rules.CLOSED.name: "lock",
}
_TONES = {
    rules.VERIFIED.name: "good",
    rules.REOPENED.name: "bad",
    rules.CLOSED.name: "good",
    rules.DUE_NOTICED.name: "warn",
}


def _entries(tx: Session, action: ActionView) -> list[dict[str, Any]]:
    """What happened, newest first; the same act of one person several times running is told once, with its number."""
    called = names()
    told: list[dict[str, Any]] = []
    for (event, actor_id), group in groupby(
        timeline(tx, current_actor().organisation_id, ("action", action.id)), key=lambda one: (one.event, one.actor_id)
    ):
        same = list(group)
        title = _(same[0].title)
        told.append(
            {
                "when": same[0].at,
                "title": title if len(same) == 1 else _("%(title)s, %(number)s times", title=title, number=len(same)),
                "by": called.get(actor_id, "") if actor_id else "",
                "icon": _ICONS.get(event),
                "tone": _TONES.get(event, "neutral"),
            }
        )
    return told


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access("actions.edit")
def edit(number: str) -> str | Response:
    """Change an open action: cause, plan, owner, due date."""
    action = queries.by_number(reading(), number)
    checked_work(action)
    form = ActionForm(people(), schemes(), obj=action)
    del form.origin_kind, form.origin_title, form.grade, form.scheme_id

    def command(_files: tuple[int, ...]) -> service.ChangeAction:
        return service.ChangeAction(number=number, version=form.version.data or 0, **_asked(form))

    if done(form, service.change, command):
        flash(_("The change was saved."), "good")
        return redirect(url_for(".show", number=number))
    return render_template("actions/edit.html", form=form, origin=None, action=action, names=names(), is_nc=False)


@bp.post("/<number>/done")
@access("actions.edit")
def complete(number: str) -> str | Response:
    """Report an action as done."""
    action, form = queries.by_number(reading(), number), CompleteForm()

    def command(files: tuple[int, ...]) -> service.CompleteAction:
        return service.CompleteAction(number, number_in(form.version.data), form.proof.data or "", files)

    if done(form, service.complete, command):
        flash(_("Reported as done. Somebody else now verifies the effect."), "good")
        return redirect(url_for(".show", number=number))
    return _page(action, complete=form)


@bp.post("/<number>/effect")
@access("actions.verify")
def verify(number: str) -> str | Response:
    """Record whether the action had its effect."""
    action, form = queries.by_number(reading(), number), VerifyForm()
    effective = form.effective.data == "yes"

    def command(files: tuple[int, ...]) -> service.VerifyAction:
        return service.VerifyAction(number, number_in(form.version.data), effective, form.text.data or "", files)

    if done(form, service.verify, command):
        flash(_("The effect is verified.") if effective else _("The action is open again."), "good")
        return redirect(url_for(".show", number=number))
    return _page(action, verify=form)


@bp.post("/<number>/close")
@access("actions.verify")
def close(number: str) -> str | Response:
    """Close a verified action."""
    action, form = queries.by_number(reading(), number), CloseForm()

    def command(_files: tuple[int, ...]) -> service.CloseAction:
        return service.CloseAction(number, number_in(form.version.data))

    if done(form, service.close, command):
        flash(_("%(number)s is closed.", number=number), "good")
        return redirect(url_for(".show", number=number))
    return _page(action, close=form)
