"""What complainants do about their personal data on the own page: see their consent, and take it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict, NotFound, RuleBroken, TooMany
from auditkit.base.text import _
from auditkit.complaints.intake.public_views import tracking
from auditkit.complaints.intake.public_views.parts import own_page_part
from auditkit.complaints.intake.queries import Tracked
from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.privacy.service import keeping as service
from auditkit.web.access import PUBLIC, access, current_actor

bp = Blueprint("public_privacy", __name__, url_prefix="/complaints/mine/consent", template_folder="templates")

REFUSALS = (RuleBroken, Conflict, TooMany)


@own_page_part
def consent_of(found: Tracked) -> str:
    """What the complainant agreed to, each with the way to take it back; nothing where none was given."""
    given = [one for one in cases.consents(reading(), found.id) if one.given_at is not None]
    if not given or cases.tombstone(reading(), found.id) is not None:
        return ""
    return render_template(
        "complaints/privacy/_own.html", consents=given, titles=rules.CONSENT_TITLES, no_detriment=rules.NO_DETRIMENT
    )


@bp.post("/<consent>/take-back")
@access(PUBLIC)
def take_back(consent: str) -> Response:
    """Take a consent back; that the own page is open has proven who asks."""
    found = tracking.own_complaint()
    if consent not in set(rules.Consent):
        raise NotFound
    command = service.WithdrawConsent(found.id, consent)
    try:
        tracking.count_act()
        with transaction(current_actor()) as tx:
            service.withdraw_consent(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("It is on record that you took your consent back."), "good")
    return redirect(url_for("public_complaints.mine", _anchor="consent"))
