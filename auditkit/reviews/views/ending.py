"""The end of a review: signing, the minutes as a Word document, the signature to check without auditkit."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.proving import has_password, prove
from auditkit.base import clock, signing
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _, translated_by
from auditkit.documents import catalogue
from auditkit.documents.contexts.review import ReviewMinutes
from auditkit.documents.own import feeding, here
from auditkit.evidence.names import content_disposition, download_name
from auditkit.reviews import document, minutes, queries, rules, service
from auditkit.reviews.forms import SignForm
from auditkit.reviews.rules import Proof
from auditkit.reviews.views.blueprint import REFUSALS, bp, names
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.catalogues import catalogue as texts_in
from auditkit.web.languages import locale


def _key() -> Any:
    return signing.load_key(current_app.extensions["auditkit.settings"].instance)


@bp.route("/<number>/sign", methods=["GET", "POST"])
@access("reviews.sign")
def sign(number: str) -> str | AnyResponse:
    """What is signed, what is missing, and the signature."""
    head = queries.by_number(reading(), number)
    form = SignForm(has_password=has_password())
    if form.validate_on_submit() and _signed(number, form):
        flash(_("The minutes are signed. Every decision is an action now."), "good")
        return redirect(url_for(".show", number=number))
    decided = queries.decisions(reading(), head.id)
    guests = queries.guests(reading(), head.id)
    return render_template(
        "reviews/sign.html",
        head=head,
        form=form,
        decisions=decided,
        guests=guests,
        missing=_missing(head, decided, guests),
        is_chair=head.chair_id == current_actor().person_id,
        names=names(),
    )


def _signed(number: str, form: SignForm) -> bool:
    try:
        proof = Proof(prove(form.password.data or "" if "password" in form else ""))
        with transaction(current_actor()) as tx:
            command = service.SignMinutes(number, form.typed_name.data or "", proof)
            service.sign(tx, command, clock.now(), current_actor(), key=_key())
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return False
    return True


def _missing(head: queries.Head, decided: list[queries.DecisionView], guests: list[queries.GuestView]) -> list[str]:
    """What stands in the way of signing, each as the refusal says it."""
    found = []
    standings = queries.standings(head, queries.notes(reading(), head.id), decided)
    checks: list[Callable[[], None]] = [
        lambda: rules.check_attendance(queries.as_guests(head, guests)),
        lambda: rules.check_minutes(standings),
    ]
    for check in checks:
        try:
            check()
        except REFUSALS as refusal:
            found.append(str(refusal))
    return found


@bp.get("/<number>/minutes.docx")
@access("reviews.read")
def minutes_file(number: str) -> Response:
    """The minutes as a Word document, as far as they are: in the screens' language, else in English."""
    context, title, language = _minutes(number)
    response = Response(here.made(document.TEMPLATE, context, title, language=language), mimetype=document.WORD)
    filename = download_name(f"{title}.docx", (".docx",))
    response.headers["Content-Disposition"] = content_disposition(filename)
    return response


@bp.get("/<number>/minutes/sources")
@access("reviews.read")
def minutes_sources(number: str) -> str:
    """Which record feeds which paragraph of the minutes."""
    context, title, language = _minutes(number)
    return feeding.page(document.TEMPLATE, context, title, url_for(".show", number=number), language=language)


def _minutes(number: str) -> tuple[ReviewMinutes, str, str]:
    """What the minutes are filled with, their title and language."""
    language = locale() if locale() in catalogue.languages_of(document.TEMPLATE) else "en"
    with translated_by(str if language == "en" else texts_in(language).text, language):
        context = document.minutes(reading(), number, current_organisation().name, clock.now())
        return context, _("Minutes %(number)s", number=number), language


@bp.get("/<number>/signature.json")
@access("reviews.read")
def signature_file(number: str) -> Response:
    """The signature with everything needed to check it without auditkit."""
    head = queries.by_number(reading(), number)
    found = queries.signature(reading(), head.id)
    if found is None:
        raise NotFound()
    response = jsonify(
        algorithm="Ed25519 over the 32 bytes of the SHA-256 of content (UTF-8)",
        review=head.number,
        fits=minutes.fits(found),
        digest=found.digest,
        signature=found.signature,
        public_key=found.public_key,
        content=found.content,
    )
    filename = download_name(f"{head.number} {_('signature')}.json", (".json",))
    response.headers["Content-Disposition"] = content_disposition(filename)
    return response
