"""The personal data of one case: who read it, how long it stays, hold, erasing, consent, and the tombstone."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.forms import ReadForm, ReasonForm
from auditkit.complaints.privacy.queries import cases, keeping
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.privacy.service import keeping as service
from auditkit.complaints.privacy.views.blueprint import bp, does, people
from auditkit.complaints.queries import Case
from auditkit.complaints.rules import Stage
from auditkit.complaints.service import Identity
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.journal import actors
from auditkit.web.access import access, current_actor
from auditkit.web.languages import day_there

NEWEST = 5
SHOWS_IDENTITY = (
    "complaints.complainant",
    "complaints.reissued",
    "correspondence.write",
)
"""Pages that show who complained; the first does nothing else. Files that hand it out ask why each time."""


@case_part(ASIDE)
def section(case: Case) -> str:
    """Who read the identity, and what becomes of it, on the page of the case."""
    tx = reading()
    organisation_id = current_actor().organisation_id
    found = cases.readings(tx, organisation_id, case.id) if case.has(cases.READ) or case.has(cases.LEFT) else []
    closed = case.stage == Stage.CLOSED  # an open case is kept anyhow
    return render_template(
        "complaints/privacy/_case.html",
        case=case,
        tombstone=cases.tombstone(tx, case.id) if case.has(cases.ERASED) else None,
        readings=found[:NEWEST],
        read_by=rules.READ_BY,
        number=len(found),
        ending=cases.ending(tx, case.id, day_there(clock.now())) if closed else None,
        held=case.has(cases.HELD) and cases.is_held(tx, case.id),
        names=people(),
        actor_named=actors.named,
    )


@bp.before_app_request
def ask_for_the_reason() -> Response | None:
    """Where the organisation asks why, no page of a case shows or hands out the identity before the reason was given
    on this one. A reason lasts as long as a reading of messages does."""
    about: dict[str, Any] = request.view_args or {}
    if request.endpoint not in SHOWS_IDENTITY or not keeping.settings(reading()).reason_required:
        return None
    if request.endpoint != SHOWS_IDENTITY[0]:
        if not current_actor().may("identity.read"):
            return None
        case_id = cases.subject(reading(), about["reference"]).id
        standing = cases.may_read_messages(reading(), current_actor(), case_id, clock.now())
        if standing is not cases.MayRead.WITH_REASON:
            return None
        flash(_("Say first why you need to know who complained. Then go on as before."), "info")
    return redirect(url_for("privacy.show", _anchor="identity", reference=about["reference"]))


@bp.get("/case/<reference>")
@access("complaints.read")
def show(reference: str) -> str:
    """Everything about the personal data of a case, but for the data."""
    return _page(reference)


@bp.post("/case/<reference>/identity")
@access("identity.read")
def identity(reference: str) -> str:
    """Show who complained, after the reason where one is asked for; it goes on record."""
    form = ReadForm()
    shown: list[Identity] = []

    def read(tx: Any, command: Any, now: Any, actor: Any) -> None:
        shown.append(service.read_identity(tx, command, now, actor))

    command = service.ReadIdentity(reference, form.reason.data or "")
    if form.validate_on_submit():
        does(read, command, _("That you read this is on record."), form)
    return _page(reference, read_form=form, who=shown[0] if shown else None)


@bp.post("/case/<reference>/hold")
@access("complaints.handle")
def hold(reference: str) -> str | Response:
    """Keep the case beyond its time."""
    return _with_reason(reference, "hold_form", service.place_hold, service.PlaceHold, _("The hold is in force."))


@bp.post("/case/<reference>/lift")
@access("organisation.manage")
def lift(reference: str) -> str | Response:
    """Lift the hold."""
    return _with_reason(reference, "lift_form", service.lift_hold, service.LiftHold, _("The hold is lifted."))


@bp.post("/case/<reference>/anonymise")
@access("organisation.manage")
def anonymise(reference: str) -> str | Response:
    """Erase the personal data of the case now."""
    said = _("The personal data was erased. What the files of the database still hold goes within minutes.")

    def command(case_reference: str, reason: str) -> anonymising.Anonymise:
        return anonymising.Anonymise(case_reference, rules.Ground.BY_HAND.value, reason)

    return _with_reason(reference, "erase_form", anonymising.anonymise, command, said)


@bp.post("/case/<reference>/consent/<consent>/withdraw")
@access("complaints.handle")
def withdraw(reference: str, consent: str) -> Response:
    """Note that the complainant took a consent back."""
    case = cases.subject(reading(), reference)
    command = service.WithdrawConsent(case.id, consent)
    does(service.withdraw_consent, command, _("The withdrawal is on record."))
    return redirect(url_for(".show", reference=reference))


def _with_reason(reference: str, name: str, verb: Any, command: Any, said: str) -> str | Response:
    form = ReasonForm()
    if form.validate_on_submit() and does(verb, command(reference, form.reason.data), said, form):
        return redirect(url_for(".show", reference=reference))
    return _page(reference, **{name: form})


def _page(reference: str, **more: Any) -> str:
    tx, today = reading(), day_there(clock.now())
    organisation_id = current_actor().organisation_id
    case = cases.subject(tx, reference)
    standing = cases.standing(tx, case, organisation_id)
    shown = {
        "case": case,
        "tombstone": cases.tombstone(tx, case.id),
        "readings": cases.readings(tx, organisation_id, case.id),
        "holds": cases.holds(tx, case.id),
        "consents": cases.consents(tx, case.id),
        "ending": cases.ending(tx, case.id, today),
        "today": today,
        "obstacles": [anonymising.said(one, standing) for one in rules.obstacles(standing, today)],
        "reason_required": keeping.settings(tx).reason_required,
        "read_form": ReadForm(None),
        "hold_form": ReasonForm(None),
        "lift_form": ReasonForm(None),
        "erase_form": ReasonForm(None),
        "who": None,
        "names": people(),
        "GROUND_TITLES": rules.GROUND_TITLES,
        "CONSENT_TITLES": rules.CONSENT_TITLES,
        "NO_DETRIMENT": rules.NO_DETRIMENT,
        "READ_BY": rules.READ_BY,
    }
    return render_template("complaints/privacy/case.html", actor_named=actors.named, **{**shown, **more})
