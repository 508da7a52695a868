"""How long personal data is kept: rules, what comes to its end, settings."""

from collections.abc import Mapping
from itertools import islice

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import N_plural, _, ngettext
from auditkit.complaints import queries as core
from auditkit.complaints.categories import known_title, offered
from auditkit.complaints.privacy import beside, jobs
from auditkit.complaints.privacy.forms import KeepingForm, RuleForm, SettingsForm
from auditkit.complaints.privacy.queries import keeping as queries
from auditkit.complaints.privacy.queries.requests import all_requests
from auditkit.complaints.privacy.rules import REQUEST_TITLES, STATE_TITLES, WARN_DAYS, Aside
from auditkit.complaints.privacy.service import keeping as service
from auditkit.complaints.privacy.views.blueprint import bp, does, people, words
from auditkit.content.shapes import Limit, LimitStage
from auditkit.library.here import library
from auditkit.web.access import access, current_actor
from auditkit.web.forms import Form
from auditkit.web.languages import day_there

SHOWN = 100
MONTHS = {"days": 0, "weeks": 0, "months": 1, "years": 12}
SPANS = {
    "months": N_plural("%(num)s month", "%(num)s months"),
    "years": N_plural("%(num)s year", "%(num)s years"),
}


@bp.get("/")
@access("organisation.manage")
def index() -> str:
    """Times of keeping, what comes to its end, requests, settings."""
    return _page()


@bp.post("/rules")
@access("organisation.manage")
def put_rule() -> str | Response:
    """Set how long complaints of a kind and category are kept."""
    form = _rule_form()
    if form.validate_on_submit():
        command = service.PutRule(
            form.months.data,
            form.warn_days.data,
            form.kind.data or "",
            form.category.data or "",
            duty=form.duty.data,
            automatic=form.automatic.data,
            basis=form.basis.data or "",
            seen=form.seen.data,
        )
        if does(service.put_rule, command, _("The time of keeping is set."), form):
            return redirect(url_for(".index"))
    return _page(rule_form=form)


@bp.post("/rules/<int:rule_id>/end")
@access("organisation.manage")
def end_rule(rule_id: int) -> Response:
    """End a rule."""
    does(service.end_rule, service.EndRule(rule_id), _("The rule has ended."))
    return redirect(url_for(".index"))


@bp.post("/presets/<limits_id>/<limit_id>")
@access("organisation.manage")
def take_preset(limits_id: str, limit_id: str) -> Response:
    """Take a time of keeping of the library over, for every complaint."""
    for shape_id, limit in _presets():
        if (shape_id, limit.id) == (limits_id, limit_id):
            command = service.PutRule(
                limit.amount * MONTHS[limit.unit],
                WARN_DAYS,
                duty=limit.binding,
                basis=limit.rule,
                source=f"{shape_id}/{limit.id}",
                seen=request.form.get("seen"),
            )
            does(service.put_rule, command, _("The time of keeping is taken over from the library."))
            return redirect(url_for(".index"))
    flash(_("There is no such time of keeping in the library"), "bad")
    return redirect(url_for(".index"))


@bp.post("/settings")
@access("organisation.manage")
def settings() -> str | Response:
    """Change the settings."""
    form = SettingsForm()
    if form.validate_on_submit():
        command = service.PutSettings(form.reason_required.data, form.request_days.data, form.seen.data)
        if does(service.put_settings, command, _("Saved."), form):
            return redirect(url_for(".index"))
    return _page(settings_form=form)


@bp.post("/keeping")
@access("organisation.manage")
def put_keeping() -> str | Response:
    """Set the times of what is kept beside the cases."""
    form = KeepingForm()
    if form.validate_on_submit():
        days = {what.value: form[f"keep_{what.name.lower()}"].data for what in beside.KEPT}
        command = service.PutKeeping(days, form.seen.data)
        if does(service.put_keeping, command, _("The times of keeping are set."), form):
            return redirect(url_for(".index", _anchor="beside"))
    return _page(keeping_form=form)


@bp.post("/look")
@access("organisation.manage")
def look() -> Response:
    """Look now for cases whose time ends, as the worker does once a day."""
    done = jobs.look(current_actor())
    jobs.tidy(current_actor())
    flash(
        _(
            "Warned of: %(warned)s. Erased: %(erased)s. Waiting for a person: %(waits)s. Held: %(held)s. "
            "Refused: %(refused)s.",
            **vars(done),
        ),
        "good",
    )
    return redirect(url_for(".index"))


def _fields(kept: Mapping[Aside, int]) -> dict[str, int]:
    return {f"keep_{what.name.lower()}": days for what, days in kept.items()}


def _rule_form() -> RuleForm:
    _channels, used = core.words_used(reading())
    known = offered(library())
    more = {word: known_title(library(), word) for word in used if word not in known}
    return RuleForm({**known, **more}, warn_days=WARN_DAYS)


def _stamped(form: Form, stamp: str) -> Form:
    """The form with the stamp of what the page shows, unless it came in with one."""
    form["seen"].data = form["seen"].data or stamp
    return form


def _presets() -> list[tuple[str, Limit]]:
    """Times of keeping that the library knows, with the id of their framework."""
    return [
        (shape.id, limit)
        for shape in library().time_limits.values()
        for limit in shape.limits
        if limit.stage is LimitStage.KEEP and MONTHS.get(limit.unit)
    ]


def _page(
    rule_form: RuleForm | None = None,
    settings_form: SettingsForm | None = None,
    keeping_form: KeepingForm | None = None,
) -> str:
    tx, today = reading(), day_there(clock.now())
    now_set, in_force, kept = queries.settings(tx), queries.rules_in_force(tx), beside.days(tx)
    seen = queries.stamp(in_force)
    ending = list(islice(queries.endings(tx, today), SHOWN + 1))
    return render_template(
        "complaints/privacy/index.html",
        rules=in_force,
        seen=seen,
        presets=[(shape_id, limit, ngettext(*SPANS[limit.unit], limit.amount)) for shape_id, limit in _presets()],
        ending=ending[:SHOWN],
        more=len(ending) > SHOWN,
        today=today,
        requests=all_requests(tx),
        rule_form=_stamped(rule_form or _rule_form(), seen),
        settings_form=_stamped(settings_form or SettingsForm(obj=now_set), now_set.stamp),
        keeping_form=_stamped(keeping_form or KeepingForm(data=_fields(kept)), beside.stamp(kept)),
        beside=[f"keep_{what.name.lower()}" for what in beside.KEPT],
        REQUEST_TITLES=REQUEST_TITLES,
        STATE_TITLES=STATE_TITLES,
        names=people(),
        words=words(),
    )
