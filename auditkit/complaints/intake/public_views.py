"""Complaining without an account: the form, and the page where the complainant sees how the complaint stands."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.complaints import rules
from auditkit.complaints.intake import queries, service
from auditkit.complaints.intake.forms import PublicComplaintForm
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation

bp = Blueprint("public_complaints", __name__, url_prefix="/complaints", template_folder="templates")


@bp.route("/new", methods=["GET", "POST"])
@access(PUBLIC)
def new() -> str | Response:
    """The complaint form; sent, it leads to the complaint's own page."""
    form = PublicComplaintForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                received = service.receive(tx, form.command(), clock.now(), current_actor())
        except (RuleBroken, BadInput) as refusal:
            form.refuse_verb(refusal)
        else:
            return redirect(url_for(".track", reference=received.reference, secret=received.secret))
    return render_template("complaints/intake/new.html", form=form, organisation=current_organisation())


@bp.get("/<reference>/<secret>")
@access(PUBLIC)
def track(reference: str, secret: str) -> str:
    """How the complaint stands, for whoever holds its address."""
    return render_template(
        "complaints/intake/track.html",
        complaint=queries.tracked(reading(), reference, secret),
        organisation=current_organisation(),
        stages=list(rules.Stage),
        titles=rules.STAGE_TITLES,
        outcomes=rules.OUTCOME_TITLES,
        address=url_for(".track", reference=reference, secret=secret, _external=True),
    )
