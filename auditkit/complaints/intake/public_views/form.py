"""Complaining, suggesting, asking and praising without an account: the form, which loses nothing, and the receipt."""

from contextlib import ExitStack, suppress
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from auditkit.base import clock, limits
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, NotFound, RuleBroken, TooMany
from auditkit.base.text import _
from auditkit.complaints.intake import queries, rules, service, tickets
from auditkit.complaints.intake.drafts import Draft
from auditkit.complaints.intake.forms import PublicComplaintForm
from auditkit.complaints.intake.public_views import grants
from auditkit.complaints.intake.public_views.blueprint import bp, entry_address, exempt_from_token, languages
from auditkit.complaints.intake.qr import drawn as qr
from auditkit.complaints.intake.rules import Ticket
from auditkit.complaints.intake.service import Received, Send
from auditkit.complaints.rules import Kind
from auditkit.evidence import intake as files_intake
from auditkit.evidence.rules import StorageFailed, StorageFull, UploadsRefused
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation
from auditkit.web.languages import LANGUAGES, locale

REFUSALS = (RuleBroken, BadInput, UploadsRefused, StorageFull, StorageFailed)
RECEIPT_SHOWN_FOR = timedelta(minutes=30)


@bp.route("/new", methods=["GET", "POST"])
@access(PUBLIC)
def new() -> str | Response | tuple[str, int]:
    """The complaint form; sent, it leads to the receipt."""
    now = clock.now()
    form = PublicComplaintForm(kind=_kind_asked())
    ticket = tickets.read(form.ticket.data or "", now)
    if request.method == "GET" or ticket is None:
        return _fresh(form, now)
    if known := queries.by_ticket(reading(), service.form_digest(ticket.id)):
        return _received(ticket, known, now)
    draft = Draft(ticket.id)
    kept = _keep_files(draft, now)
    if "keep" in request.form or not form.validate() or kept:
        _show(form, kept)
        return _page(form, ticket, draft, now)
    try:
        _pass_gate(form, ticket, now)
        return _received(ticket, _send(form, ticket, draft, now).reference, now)
    except TooMany as limit:
        return _page(form, ticket, draft, now, limit=limit), 429
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return _page(form, ticket, draft, now)


exempt_from_token(f"{__name__}.new")


@bp.get("/receipt")
@access(PUBLIC)
def receipt() -> str | Response:
    """The receipt with the tracking secret, for half an hour in the browser that sent the form."""
    found = grants.shown_receipt(clock.now(), RECEIPT_SHOWN_FOR)
    if found is None:
        return redirect(url_for(".track"))
    return _receipt_page(*found)


def _kind_asked() -> str:
    """What kind of feedback the link was for; a complaint where it says none."""
    asked = request.args.get("kind", "")
    return asked if asked in list(Kind) else Kind.COMPLAINT.value


def _fresh(form: PublicComplaintForm, now: datetime) -> str:
    ticket = tickets.issue(now)
    if request.method == "POST":
        form.refuse_verb(rules.OpenTooLong())
    return _page(form, ticket, Draft(ticket.id), now)


def _page(
    form: PublicComplaintForm, ticket: Ticket, draft: Draft, now: datetime, *, limit: TooMany | None = None
) -> str:
    used = limits.used(reading(), rules.FORM_LIMIT, request.remote_addr, now, scope=_scope())
    form.ticket.data = tickets.write(ticket)
    form.proof.data = ""
    return render_template(
        "complaints/intake/new.html",
        form=form,
        draft=draft.files(),
        limit=limit,
        bits=rules.difficulty(used.count),
        ticket=ticket.id,
        languages=[(code, LANGUAGES[code]) for code in languages()],
        most_files=rules.MAX_FILES,
        most_mib=rules.MAX_FILE_BYTES >> 20,
        settings=queries.settings(reading()),
        organisation=current_organisation(),
    )


def _show(form: PublicComplaintForm, refused: list[Exception]) -> None:
    if "keep" in request.form:
        for field in form:
            field.errors = []
        form.form_errors = []
    for refusal in refused:
        form.refuse("files", refusal)


def _scope() -> str:
    return str(current_actor().organisation_id)


def _keep_files(draft: Draft, now: datetime) -> list[Exception]:
    """Put what was uploaded into the draft; a refusal for each file that cannot be taken."""
    draft.drop(request.form.getlist("drop"))
    uploads = [one for one in request.files.getlist("files") if one.filename]
    if not uploads:
        return []
    with transaction() as tx:
        used = limits.take(tx, rules.FILES_LIMIT, request.remote_addr, now)
    if used.exceeded:
        return [TooMany(minutes=used.minutes_left(now))]
    return draft.add(uploads)


def _pass_gate(form: PublicComplaintForm, ticket: Ticket, now: datetime) -> None:
    """Let people through. Raises TooFast, TrapFilled, PleaseWait or TooMany."""
    rules.check_pace(ticket, form.website.data or "", now)
    used = limits.used(reading(), rules.FORM_LIMIT, request.remote_addr, now, scope=_scope())
    bits = rules.difficulty(used.count)
    proven = rules.proof_fits(ticket.id, form.proof.data or "", bits)
    if used.count < used.an_hour and not proven and not tickets.has_waited(ticket, form.wait.data or "", now):
        form.wait.data = tickets.ask_to_wait(ticket, now)
        raise rules.PleaseWait
    with transaction() as tx:
        used = limits.take(tx, rules.FORM_LIMIT, request.remote_addr, now, scope=_scope())
    if used.exceeded:
        raise TooMany(minutes=used.minutes_left(now))


def _send(form: PublicComplaintForm, ticket: Ticket, draft: Draft, now: datetime) -> Received:
    """Store the files, then record everything at once."""
    actor, digest = current_actor(), service.form_digest(ticket.id)
    command = Send(
        ticket.id,
        tickets.secret_of(ticket.id),
        current_organisation().name,
        form.complaint(now),
        form.asked(locale()),
        receive_draft(draft),
    )
    try:
        with transaction(actor) as tx:
            known = queries.by_ticket(tx, digest)
            received = Received(0, known, again=True) if known else service.receive(tx, command, now, actor)
    except IntegrityError:  # the same form, sent twice at the same moment, on PostgreSQL
        known = queries.by_ticket(reading(actor), digest)
        if known is None:
            raise
        received = Received(0, known, again=True)
    draft.discard()
    return received


def receive_draft(draft: Draft) -> list[files_intake.Received]:
    """The files of a draft, stored as evidence without a record yet. Raises UploadsRefused."""
    with ExitStack() as opened:
        streams = []
        for file in draft.files():
            with suppress(FileNotFoundError):  # the button was pressed twice, and the other one is done
                streams.append((opened.enter_context(file.path.open("rb")), file.name))
        return files_intake.receive(streams)


def _received(ticket: Ticket, reference: str, now: datetime) -> Response | str:
    secret = tickets.secret_of(ticket.id)
    try:
        grants.open_page(reading(), reference, secret, now)
    except NotFound:  # sent again after a new secret was given out: this one opens nothing any more
        return redirect(url_for(".track"))
    grants.show_receipt(ticket.id, reference, now)
    if not request.cookies:  # a browser that keeps none gets its receipt at once
        return _receipt_page(reference, secret)
    return redirect(url_for(".receipt"))


def _receipt_page(reference: str, secret: str) -> str:
    entry = entry_address()
    return render_template(
        "complaints/intake/receipt.html",
        organisation=current_organisation(),
        reference=reference,
        secret=secret,
        entry=entry,
        # What stands behind the # never reaches a server or its log.
        code=qr(f"{entry}#{reference}:{secret}", _("QR code that opens your page")),
        tracked=queries.tracked(reading(), reference, secret),
        receipt=queries.receipt(reading(), reference),
        settings=queries.settings(reading()),
    )
