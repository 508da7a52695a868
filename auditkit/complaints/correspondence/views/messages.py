"""Messages: on the page of their case, one as it was sent, as a letter in Word, and what is done with it after."""

from datetime import datetime, time
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import zone_of_house
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _, spoken
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import document, queries, rules, service
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.forms import (
    Empty,
    PostedForm,
)
from auditkit.complaints.correspondence.mail.threads import new_and_quoted
from auditkit.complaints.correspondence.queries import Facts
from auditkit.complaints.correspondence.rules import MessageKind
from auditkit.complaints.correspondence.views.blueprint import act, bp, to_case, words
from auditkit.complaints.privacy.queries import cases as privacy
from auditkit.complaints.queries import Case
from auditkit.complaints.views.given import is_erased
from auditkit.complaints.views.parts import MAIN, beside_next_act, case_part
from auditkit.documents.contexts.letter import Letter
from auditkit.documents.own import choosing, feeding, here
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.languages import day_there, locale

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@case_part(MAIN)
def _on_the_case(case: Case) -> str:
    """The section of messages on the page of a case."""
    return render_template("complaints/correspondence/_messages.html", case=case, post=_of_case(case))


LETTER_OF = {"acknowledge": MessageKind.ACKNOWLEDGEMENT, "tell": MessageKind.DECISION}


@beside_next_act
def _letter_of(case: Case, act: str) -> str:
    """Where telling the complainant is the next step: the way to the letter that does it and puts it on record."""
    if act not in LETTER_OF:
        return ""
    return render_template("complaints/correspondence/_letter_of.html", case=case, kind=LETTER_OF[act].value)


def _of_case(case: Case) -> dict[str, Any]:
    tx = reading()
    messages = queries.messages(tx, case.id) if case.has(queries.MESSAGES) else []
    came = queries.came_by(tx, case.id) if case.has(queries.MAILS) else []
    shown, wants_reason = _put_on_record(case) if messages or came else (False, False)
    return {
        "messages": messages,
        "erased": is_erased(case),
        "came": came,
        "shown": shown,
        "wants_reason": wants_reason,
        "names": current_app.extensions["auditkit.directory"].names(),
        "posted": PostedForm(None, posted_on=day_there(clock.now())),
        "split": new_and_quoted,
        **words(),
    }


def _put_on_record(case: Case) -> tuple[bool, bool]:
    """Whether the words are shown, and whether a reason is wanted before. A look that shows them goes on record."""
    if not may("identity.read"):
        return False, False
    now, actor = clock.now(), current_actor()
    standing = privacy.may_read_messages(reading(), actor, case.id, now)
    if standing is privacy.MayRead.ON_RECORD:
        with transaction(actor) as tx:
            complaints.read_messages(tx, complaints.ReadMessages(case.id), now, actor)
    wants_reason = standing is privacy.MayRead.WITH_REASON
    return not wants_reason, wants_reason


@bp.get("/messages/<int:message_id>")
@access("identity.read")
def show(message_id: int) -> str:
    """One message as it was sent, to read or to print."""
    message = queries.message(reading(), message_id)
    facts = _facts_of(message.complaint_id)
    parcel = queries.parcel_of(reading(), current_actor().organisation_id, message_id)
    form = PostedForm(None, posted_on=day_there(clock.now()))
    return render_template(
        "complaints/correspondence/message.html",
        message=message,
        facts=facts,
        parcel=parcel,
        posted=form,
        day=written_day(day_there(message.sent_at or message.created_at), message.language or locale()),
        **words(),
    )


@bp.get("/messages/<int:message_id>/letter.docx")
@access("identity.read")
def letter(message_id: int) -> Response:
    """The message as a letter in Word."""
    template, context, title, language = _letter(message_id)
    response = Response(here.made(template, context, title, language=language), mimetype=WORD)
    response.headers["Content-Disposition"] = content_disposition(download_name(f"{title}.docx", (".docx",)))
    return response


@bp.get("/messages/<int:message_id>/sources")
@access("identity.read")
def sources(message_id: int) -> str:
    """Which record feeds which paragraph of the letter."""
    template, context, title, language = _letter(message_id)
    return feeding.page(template, context, title, url_for(".show", message_id=message_id), language=language)


def _letter(message_id: int) -> tuple[str, Letter, str, str]:
    """Template, what it is filled with, title and language of a letter; reading it goes on record."""
    message = queries.message(reading(), message_id)
    facts = _facts_of(message.complaint_id)
    template, language = document.template_of(message.kind), message.language or "en"
    chosen = choosing.chosen(reading(), current_app.extensions["auditkit.settings"].instance, template, language)
    with spoken(language):
        context = document.letter(message, facts, current_organisation().name, chosen.edition)
    return template, context, f"{facts.reference} {_(rules.KIND_TITLES[MessageKind(message.kind)])}", language


def _facts_of(complaint_id: int) -> Facts:
    """The complaint with its identity; that reading goes on record."""
    with transaction(current_actor()) as tx:
        reference = queries.reference_of(tx, complaint_id)
        complaints.read_identity(tx, complaints.ReadIdentity(reference), clock.now(), current_actor())
        return queries.facts(tx, reference)


@bp.post("/messages/<int:message_id>/posted")
@access("complaints.handle")
def posted(message_id: int) -> AnyResponse:
    """Note that a letter went to the post."""
    form = PostedForm()
    message = queries.message(reading(), message_id)
    if form.validate_on_submit():
        noon = datetime.combine(form.posted_on.data, time(12), zone_of_house(reading()))
        moment = noon if form.posted_on.data > day_there(clock.now()) else min(noon, clock.now())
        act(service.mark_posted, service.MarkPosted(message_id, moment), _("It is noted that the letter was posted."))
    else:
        flash(_("Enter the day the letter was posted"), "bad")
    return to_case(message.complaint_id)


@bp.post("/messages/<int:message_id>/again")
@access("complaints.handle")
def again(message_id: int) -> AnyResponse:
    """Try again to send a message."""
    if Empty().validate_on_submit():
        act(service.try_again, service.TryAgain(message_id), _("The message waits to be sent again."))
    if request.form.get("back") == "list":
        return redirect(url_for(".failures"))
    return to_case(queries.message(reading(), message_id).complaint_id)
