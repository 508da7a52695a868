"""The organisation's time limits: taken over from the library or its own, and what stops the clock."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import _
from auditkit.complaints.categories import category_titles, offered
from auditkit.complaints.clock import queries, service, telling
from auditkit.complaints.clock.adopting import preset
from auditkit.complaints.clock.forms import LimitForm, PauseForm, SetForm
from auditkit.complaints.clock.rules import TARGET_TITLES
from auditkit.complaints.clock.views.blueprint import bp, refuse
from auditkit.complaints.rules import CHANNEL_TITLES, KIND_TITLES, SEVERITY_TITLES, WAITS_FOR_TITLES
from auditkit.complaints.service import MATRIX
from auditkit.library.here import here, library
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import listed


@bp.get("/limits")
@access("complaints.read")
def limits() -> str:
    """The limits in force, the rules of pauses, and what the library offers."""
    tx = reading()
    sets = queries.limit_sets(tx)
    taken = {one.source for one in sets}
    presets = [preset(shape) for shape in here().library.time_limits.values() if shape.id not in taken]
    return render_template(
        "complaints/clock/limits.html",
        sets=sets,
        offered=sorted(presets, key=lambda one: (one.id != "time-limits-generic", one.title)),
        pauses=[(WAITS_FOR_TITLES[word], rule) for word, rule in queries.pause_table(tx)],
        telling=telling,
        titles={"target": TARGET_TITLES, "severity": SEVERITY_TITLES},
        scope_words=_scope_words,
        priorities=_priorities(),
    )


@bp.post("/limits/adopt/<preset_id>")
@access("organisation.manage")
def adopt(preset_id: str) -> Response:
    """Copy a preset of the library into the organisation's own limits."""
    wanted = preset(here().library.limits(preset_id))
    try:
        with transaction(current_actor()) as tx:
            service.adopt(tx, service.Adopt(wanted), clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("Taken over. The limits hold for complaints that come in from now on."), "good")
    return redirect(url_for(".limits"))


@bp.route("/limits/new", methods=["GET", "POST"])
@access("organisation.manage")
def new_set() -> str | Response:
    """Begin a set of the organisation's own."""
    return _put_set(None)


@bp.route("/limits/<int:set_id>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_set(set_id: int) -> str | Response:
    """Change what a set is called and which complaints it is for."""
    return _put_set(set_id)


@bp.post("/limits/<int:set_id>/end")
@access("organisation.manage")
def end_set(set_id: int) -> Response:
    """Let a set end."""
    with transaction(current_actor()) as tx:
        service.end_set(tx, service.EndSet(set_id), clock.now(), current_actor())
    flash(_("Ended. Due dates that are set stay as they are."), "good")
    return redirect(url_for(".limits"))


@bp.route("/limits/<int:set_id>/new", methods=["GET", "POST"])
@access("organisation.manage")
def new_limit(set_id: int) -> str | Response:
    """Add a limit."""
    return _put_limit(set_id, None)


@bp.route("/limits/<int:set_id>/<int:limit_id>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_limit(set_id: int, limit_id: int) -> str | Response:
    """Change a limit."""
    return _put_limit(set_id, limit_id)


@bp.post("/limits/<int:set_id>/<int:limit_id>/end")
@access("organisation.manage")
def end_limit(set_id: int, limit_id: int) -> Response:
    """Let a limit end."""
    with transaction(current_actor()) as tx:
        service.end_limit(tx, service.EndLimit(limit_id), clock.now(), current_actor())
    flash(_("Ended. Due dates that are set stay as they are."), "good")
    return redirect(url_for(".limits"))


@bp.route("/pauses", methods=["GET", "POST"])
@access("organisation.manage")
def pauses() -> str | Response:
    """What stops the clock, for how long, how often."""
    table = queries.pause_table(reading())
    forms = [PauseForm(word.value, _(WAITS_FOR_TITLES[word]), rule) for word, rule in table]
    sound = [form.validate() for form in forms] if forms[0].is_submitted() else [False]
    if all(sound) and _change_pauses(forms):
        flash(_("The rules hold for pauses that begin from now on."), "good")
        return redirect(url_for(".limits"))
    return render_template("complaints/clock/pauses.html", forms=forms)


def _change_pauses(forms: list[PauseForm]) -> bool:
    """Keep the rules that were changed, all or none; whether they are kept."""
    try:
        with transaction(current_actor()) as tx:
            for form in forms:
                if form.rule() != form.was():
                    command = service.ChangePause(form.waits_for, form.rule(), form.was())
                    service.change_pause(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        refuse(forms[0], refusal)
        if isinstance(refusal, Conflict):
            for form, (_word, rule) in zip(forms, queries.pause_table(reading()), strict=True):
                form.show(rule)
        return False
    return True


def _put_set(set_id: int | None) -> str | Response:
    shown = queries.limit_set(reading(), set_id) if set_id is not None else None
    form = SetForm(shown, offered(library()))
    if form.validate_on_submit():
        command = service.PutSet(set_id, form.title.data, form.scope(), form.seen.data or None)
        try:
            with transaction(current_actor()) as tx:
                service.put_set(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            refuse(form, refusal)
            if set_id is not None and isinstance(refusal, Conflict):
                form.seen.data = queries.limit_set(reading(), set_id).stamp
        else:
            return redirect(url_for(".limits"))
    return render_template("complaints/clock/edit_set.html", form=form, shown=shown)


def _put_limit(set_id: int, limit_id: int | None) -> str | Response:
    owner = queries.limit_set(reading(), set_id)
    form = LimitForm(_shown(owner, limit_id), list(_priorities().items()))
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = service.PutLimit(set_id, limit_id, form.values())
                service.put_limit(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            refuse(form, refusal)
        else:
            flash(_("The limit holds for complaints that come in from now on."), "good")
            return redirect(url_for(".limits"))
    return render_template("complaints/clock/edit_limit.html", form=form, owner=owner, limit_id=limit_id)


def _shown(owner: queries.SetView, limit_id: int | None) -> queries.LimitView | None:
    """The limit that is changed; None for a new one, and for one that ended while its form was filled in."""
    if limit_id is None or (request.method == "POST" and limit_id not in {one.id for one in owner.limits}):
        return None
    return owner.limit(limit_id)


def _priorities() -> dict[str, str]:
    """The words of the priority matrix, as the library of this organisation has them."""
    return {one.id: one.label for one in library().matrix(MATRIX).priorities}


def _scope_words(shown: Any) -> list[str]:
    """Which complaints a set is for, in words."""
    categories = category_titles(library())
    parts = ((shown.kinds, KIND_TITLES), (shown.channels, CHANNEL_TITLES), (shown.categories, categories))
    return [listed(_(titles.get(word, word)) for word in words) for words, titles in parts if words]
