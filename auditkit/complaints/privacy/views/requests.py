"""Requests of people about their data: taken down, their cases found, each given a verdict, answered."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.forms import ReasonForm, RequestForm, SearchForm, SettleForm
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.privacy.queries import requests as queries
from auditkit.complaints.privacy.queries.requests import Match
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.privacy.service import requests as service
from auditkit.complaints.privacy.views.blueprint import bp, does, people
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import day_there


@bp.route("/requests/new", methods=["GET", "POST"])
@access("identity.read")
def new_request() -> str | Response:
    """Take a request down, from a case or on its own."""
    form = RequestForm(received_on=day_there(clock.now()))
    reference = request.args.get("case", "")
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                cases_known = (reference,) if reference else ()
                command = service.OpenRequest(form.kind.data or "", form.received_on.data, cases_known)
                made = service.open_request(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse("", refusal)
        else:
            return redirect(url_for(".show_request", request_id=made))
    return render_template("complaints/privacy/request_new.html", form=form, reference=reference)


@bp.get("/requests/<int:request_id>")
@access("identity.read")
def show_request(request_id: int) -> str:
    """One request with its cases."""
    return _page(request_id)


@bp.post("/requests/<int:request_id>/search")
@access("identity.read")
def search(request_id: int) -> str:
    """Look for the person's cases; that their identities were read goes on record."""
    form, found = SearchForm(), None
    if form.validate_on_submit():
        typed = form.typed.data or ""
        if len(typed) < rules.SHORTEST_SEARCH:
            form.refuse("typed", rules.SearchTooShort(shortest=rules.SHORTEST_SEARCH))
        else:
            with transaction(current_actor()) as tx:
                found = queries.matches(tx, typed)
                shown = tuple(one.complaint_id for one in found)
                service.note_search(tx, service.NoteSearch(shown), clock.now(), current_actor())
    return _page(request_id, search_form=form, found=found)


@bp.post("/requests/<int:request_id>/cases/<reference>/add")
@access("identity.read")
def add_case(request_id: int, reference: str) -> Response:
    """Make a case part of the request."""
    does(service.add_case, service.AddCase(request_id, reference), _("The case is part of the request."))
    return redirect(url_for(".show_request", request_id=request_id))


@bp.post("/requests/<int:request_id>/cases/<reference>/erase")
@access("organisation.manage")
def erase_case(request_id: int, reference: str) -> Response:
    """Erase the case because the person asked."""
    does(service.erase_case, service.EraseCase(request_id, reference), _("The personal data was erased."))
    return redirect(url_for(".show_request", request_id=request_id))


@bp.post("/requests/<int:request_id>/cases/<reference>/keep")
@access("identity.read")
def keep_case(request_id: int, reference: str) -> str | Response:
    """Say why the case is kept."""
    form = ReasonForm()
    if form.validate_on_submit():
        command = service.KeepCase(request_id, reference, form.reason.data or "")
        if does(service.keep_case, command, _("The reason is on record."), form):
            return redirect(url_for(".show_request", request_id=request_id))
    return _page(request_id, keep_forms={reference: form})


@bp.post("/requests/<int:request_id>/settle")
@access("identity.read")
def settle(request_id: int) -> str | Response:
    """Note that the person was answered."""
    form = SettleForm()
    if form.validate_on_submit():
        command = service.Settle(request_id, form.refused.data, form.answer.data or "")
        if does(service.settle, command, _("The request is answered."), form):
            return redirect(url_for(".show_request", request_id=request_id))
    return _page(request_id, settle_form=form)


def _page(
    request_id: int,
    search_form: SearchForm | None = None,
    found: list[Match] | None = None,
    keep_forms: dict[str, ReasonForm] | None = None,
    settle_form: SettleForm | None = None,
) -> str:
    tx, today = reading(), day_there(clock.now())
    shown = queries.request(tx, request_id)
    listed = queries.cases_of(tx, request_id)
    against, forms = {}, {}
    for one in listed:
        standing = cases.standing(tx, cases.subject(tx, one.reference), current_actor().organisation_id)
        against[one.reference] = [anonymising.said(other, standing) for other in rules.obstacles(standing, today)]
        forms[one.reference] = (keep_forms or {}).get(one.reference) or ReasonForm(
            None, reason="\n".join(against[one.reference])
        )
    return render_template(
        "complaints/privacy/request.html",
        shown=shown,
        listed=listed,
        against=against,
        keep_forms=forms,
        found=found,
        known={one.reference for one in listed},
        search_form=search_form or SearchForm(None),
        settle_form=settle_form or SettleForm(None),
        REQUEST_TITLES=rules.REQUEST_TITLES,
        STATE_TITLES=rules.STATE_TITLES,
        VERDICT_TITLES=rules.VERDICT_TITLES,
        names=people(),
    )
