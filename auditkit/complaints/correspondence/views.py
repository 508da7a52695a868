"""Pages of correspondence: writing from a case, letters to print, what needs a person, mails in, settings, wordings."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.text import N_, _
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import document, drafting, queries, regular, rules, service, wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.forms import (
    LANGUAGE_NAMES,
    Empty,
    NoteForm,
    PostedForm,
    SettingsForm,
    WordingForm,
    WriteForm,
    begin_choices,
)
from auditkit.complaints.correspondence.mail.threads import new_and_quoted
from auditkit.complaints.correspondence.queries import Facts
from auditkit.complaints.correspondence.rules import Channel, MessageKind
from auditkit.complaints.correspondence.running import MailIn, told_in_words
from auditkit.complaints.correspondence.taking import ReadAside, read_aside
from auditkit.complaints.privacy.queries import cases as privacy
from auditkit.complaints.privacy.rules import MARK
from auditkit.complaints.queries import Case
from auditkit.complaints.views.parts import MAIN, case_part
from auditkit.documents.own import here
from auditkit.evidence import queries as evidence
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.languages import day_there, locale

bp = Blueprint("correspondence", __name__, url_prefix="/correspondence", template_folder="templates")

REFUSALS = (RuleBroken, BadInput, Conflict)
LATE = timedelta(minutes=10)
"""How long a reading may be overdue before the page doubts that the server's worker runs."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES = {
    "waiting": (N_("Waits to be sent"), "info"),
    "taken": (N_("Is being sent"), "info"),
    "sending": (N_("Is being sent"), "info"),
    "sent": (N_("Handed over"), "good"),
    "failed": (N_("Not delivered"), "bad"),
    "uncertain": (N_("May have arrived"), "warn"),
}


@case_part(MAIN)
def _on_the_case(case: Case) -> str:
    """The section of messages on the page of a case."""
    return render_template("complaints/correspondence/_messages.html", case=case, post=_of_case(case))


def _of_case(case: Case) -> dict[str, Any]:
    tx = reading()
    messages = queries.messages(tx, case.id) if case.has(queries.MESSAGES) else []
    came = queries.came_by(tx, case.id) if case.has(queries.MAILS) else []
    shown, wants_reason = _put_on_record(case) if messages or came else (False, False)
    return {
        "messages": messages,
        "came": came,
        "shown": shown,
        "wants_reason": wants_reason,
        "names": current_app.extensions["auditkit.directory"].names(),
        "posted": PostedForm(None, posted_on=day_there(clock.now())),
        "split": new_and_quoted,
        **_words(),
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


def _words() -> dict[str, Any]:
    return {
        "kinds": {str(word): _(title) for word, title in rules.KIND_TITLES.items()},
        "channels": {str(word): _(title) for word, title in rules.CHANNEL_TITLES.items()},
        "states": {name: (_(title), tone) for name, (title, tone) in STATES.items()},
        "notes": {name: _(text) for name, text in rules.NOTES.items()},
        "letter_titles": {name: _(title) for name, title in rules.LETTER_TITLES.items()},
        "mail_kinds": {name: _(title) for name, title in rules.MAIL_KIND_TITLES.items()},
        "outcomes": {name: _(title) for name, title in rules.OUTCOME_TITLES.items()},
        "languages": LANGUAGE_NAMES,
    }


# Writing


@bp.get("/<reference>/write")
@access("complaints.handle")
def write(reference: str) -> str:
    """Begin a message from a letter in the complainant's language."""
    facts = _known(reference)
    kind = request.args.get("kind", "")
    if kind not in dict(begin_choices()):
        kind = MessageKind.MESSAGE.value
    language = request.args.get("language", "") or facts.language
    if language not in rules.LANGUAGES:
        language = locale() if locale() in rules.LANGUAGES else "en"
    form = _write_form(facts)
    form.kind.data, form.language.data = kind, language
    if kind in rules.LETTER_KINDS:
        _begin(form, facts, kind, language)
    return _write_page(form, facts)


@bp.post("/<reference>/write")
@access("complaints.handle")
def send(reference: str) -> str | AnyResponse:
    """Show how the message will look, or send it."""
    facts = queries.facts(reading(), reference)  # what it says was read when the message was begun
    form = _write_form(facts)
    if not form.validate_on_submit():
        return _write_page(form, facts)
    if request.form.get("do") != "send":
        return _write_page(form, facts, preview=True)
    try:
        with transaction(current_actor()) as tx:
            service.send_letter(tx, form.command(facts.id), clock.now(), current_actor())
    except REFUSALS as refusal:
        form.refuse_verb(refusal)
        return _write_page(form, facts)
    flash(_SENT_WORDS[form.channel.data](), "good")
    return redirect(url_for("complaints.show", reference=reference, _anchor="messages"))


_SENT_WORDS = {
    "e-mail": lambda: _("The message is on its way."),
    "sms": lambda: _("The message is on its way."),
    "chat": lambda: _("The message is on its way."),
    "web": lambda: _("The message stands on the complainant's page."),
    "post": lambda: _("The letter is ready. Print it, and note here when it was posted."),
}


def _known(reference: str) -> Facts:
    """The complaint with its identity, where the role may read it; that reading goes on record."""
    if may("identity.read"):
        with transaction(current_actor()) as tx:
            complaints.read_identity(tx, complaints.ReadIdentity(reference), clock.now(), current_actor())
            return queries.facts(tx, reference)
    return queries.facts(reading(), reference)


def _write_form(facts: Facts) -> WriteForm:
    settings = current_app.extensions["auditkit.settings"]
    wanted = [
        (Channel.EMAIL, bool(facts.email.strip())),
        (Channel.WEB, True),
        (Channel.POST, True),
        (Channel.SMS, bool(settings.sms_url and facts.phone.strip())),
        (Channel.CHAT, bool(settings.chat_url and facts.phone.strip())),
    ]
    attached = evidence.for_subject(reading(), ("complaint", facts.id))
    files = [one for one in attached if one.file.kind.id != "eml"]  # the complainant's own mails stay here
    return WriteForm([channel for channel, possible in wanted if possible], files)


def _begin(form: WriteForm, facts: Facts, kind: str, language: str) -> None:
    tx = reading()
    letter = queries.letter(tx, kind, language)
    draft = drafting.begin(tx, letter, facts, handler=current_actor().name, now=clock.now())
    form.subject.data, form.text.data = draft.subject, draft.text
    form.language.data, form.wording.data = letter.language, letter.name


def _write_page(form: WriteForm, facts: Facts, *, preview: bool = False) -> str:
    return render_template(
        "complaints/correspondence/write.html",
        form=form,
        facts=facts,
        begin=begin_choices(),
        preview=preview,
        blank=(rules.BLANK_BEGINS, rules.BLANK_ENDS),
        setting=queries.setting(reading()),
        **_words(),
    )


@bp.route("/<reference>/note", methods=["GET", "POST"])
@access("complaints.handle")
def note(reference: str) -> str | AnyResponse:
    """Note a call, a visit or a letter that happened."""
    facts = queries.facts(reading(), reference)
    form = NoteForm(clock.now())
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.note_contact(tx, form.command(facts.id), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The contact is noted."), "good")
            return redirect(url_for("complaints.show", reference=reference, _anchor="messages"))
    return render_template("complaints/correspondence/note.html", form=form, reference=reference)


# One message


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
        **_words(),
    )


@bp.get("/messages/<int:message_id>/letter.docx")
@access("identity.read")
def letter(message_id: int) -> Response:
    """The message as a letter in Word."""
    message = queries.message(reading(), message_id)
    facts = _facts_of(message.complaint_id)
    context = document.letter(message, facts, current_organisation().name)
    kind = MessageKind(message.kind)
    title = f"{facts.reference} {_(rules.KIND_TITLES[kind])}"
    template = document.LETTERS.get(kind, document.LETTER)
    letter = here.made(template, context, title, language=message.language or "en")
    response = Response(letter, mimetype=WORD)
    response.headers["Content-Disposition"] = content_disposition(download_name(f"{title}.docx", (".docx",)))
    return response


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
        moment = min(datetime.combine(form.posted_on.data, time(12), UTC), clock.now())
        if form.posted_on.data > day_there(clock.now()):
            moment = datetime.combine(form.posted_on.data, time(12), UTC)
        _act(service.mark_posted, service.MarkPosted(message_id, moment), _("It is noted that the letter was posted."))
    else:
        flash(_("Enter the day the letter was posted"), "bad")
    return _to_case(message.complaint_id)


@bp.post("/messages/<int:message_id>/again")
@access("complaints.handle")
def again(message_id: int) -> AnyResponse:
    """Try again to send a message."""
    if Empty().validate_on_submit():
        _act(service.try_again, service.TryAgain(message_id), _("The message waits to be sent again."))
    if request.form.get("back") == "list":
        return redirect(url_for(".failures"))
    return _to_case(queries.message(reading(), message_id).complaint_id)


def _act(verb: Any, command: Any, done: str) -> None:
    try:
        with transaction(current_actor()) as tx:
            verb(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(done, "good")


def _to_case(complaint_id: int) -> AnyResponse:
    reference = queries.reference_of(reading(), complaint_id)
    return redirect(url_for("complaints.show", reference=reference, _anchor="messages"))


# Lists


@bp.get("/")
@access("complaints.handle")
def failures() -> str:
    """The messages that need a person."""
    return render_template(
        "complaints/correspondence/failures.html",
        failures=queries.failures(reading()),
        tabs=_tabs(".failures"),
        **_reading(),
        **_words(),
    )


@bp.get("/mail")
@access("complaints.handle")
def mails() -> str:
    """The mails that came in, and what became of each."""
    outcome = request.args.get("outcome", "")
    before = request.args.get("before", type=int)
    found, further = queries.mails(reading(), outcome if outcome in rules.OUTCOMES else "", before)
    return render_template(
        "complaints/correspondence/mails.html",
        mails=found,
        further=further,
        before=before,
        outcome=outcome,
        erased=MARK,
        tabs=_tabs(".mails"),
        **_reading(),
        **_words(),
    )


def _reading() -> dict[str, Any]:
    """How the regular reading of the mailbox goes, for the pages that show it."""
    settings, now = current_app.extensions["auditkit.settings"], clock.now()
    fetching = queries.fetching(reading(), now)
    waits_since = fetching.next_at if fetching is not None and not fetching.running else None
    return {
        "mailbox": bool(settings.mailboxes.get(current_organisation().slug)),
        "every": settings.mailbox_every,
        "fetching": fetching,
        "late": bool(settings.mailbox_every and waits_since and now - waits_since > LATE),
        "advice": {name: _(text) for name, text in rules.FAULT_ADVICE.items()},
    }


@bp.post("/mail/fetch")
@access("complaints.handle")
def fetch() -> AnyResponse:
    """Have the mailbox read now."""
    if Empty().validate_on_submit() and _reading()["mailbox"]:
        regular.ask(current_actor())
        flash(_("The mailbox is being read. Load this page again in a moment."), "good")
    return redirect(url_for(".mails"))


@bp.post("/mail/<int:mail_id>/open")
@access("complaints.handle")
def open_mail(mail_id: int) -> AnyResponse:
    """Open a complaint from a mail that was set aside or taken for a machine's."""
    if Empty().validate_on_submit():
        mails_in = MailIn(current_app.extensions["auditkit.settings"], current_actor(), acknowledge=False)
        try:
            told = mails_in.open_after_all(mail_id)
        except REFUSALS as refusal:
            flash(str(refusal), "bad")
        else:
            flash(told_in_words(told), "good" if told.outcome == "opened" else "warn")
            if told.reference:
                return redirect(url_for("complaints.show", reference=told.reference))
    return redirect(url_for(".mails"))


@bp.get("/mail/<int:mail_id>/original.eml")
@access("identity.read")
def original(mail_id: int) -> Response:
    """A mail that lies aside, as it came, to download."""
    aside = MailIn(current_app.extensions["auditkit.settings"], current_actor()).aside
    with transaction(current_actor()) as tx:
        raw = aside.bytes_of(read_aside(tx, ReadAside(mail_id), clock.now(), current_actor()))
    response = Response(raw, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition(f"mail-{mail_id}.eml")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


# Practice


@bp.route("/settings", methods=["GET", "POST"])
@access("organisation.manage")
def settings() -> str | AnyResponse:
    """How the organisation corresponds."""
    form = SettingsForm.of(queries.setting(reading())) if request.method == "GET" else SettingsForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.change_settings(tx, form.command(), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The settings are saved."), "good")
            return redirect(url_for(".settings"))
    return render_template("complaints/correspondence/settings.html", form=form, tabs=_tabs(".settings"))


@bp.get("/letters")
@access("complaints.handle")
def letters() -> str:
    """All letters in all languages, and which are the organisation's own."""
    rows = [
        (kind, [(language, language in wording.languages_of(kind)) for language in rules.LANGUAGES])
        for kind in rules.LETTER_KINDS
    ]
    own = queries.own_wordings(reading())
    return render_template(
        "complaints/correspondence/letters.html", rows=rows, own=own, tabs=_tabs(".letters"), **_words()
    )


@bp.route("/letters/<kind>/<language>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_letter(kind: str, language: str) -> str | AnyResponse:
    """An own wording of a letter."""
    if kind not in rules.LETTER_KINDS or language not in rules.LANGUAGES:
        raise NotFound
    version = queries.wording_version(reading(), kind, language)
    inforce = queries.letter(reading(), kind, language)
    form = WordingForm.of(inforce, version) if request.method == "GET" else WordingForm()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = form.command(kind, language, back=request.form.get("do") == "back")
                service.change_wording(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The wording is saved."), "good")
            return redirect(url_for(".letters"))
    return _wording_page(form, kind, language, inforce, version)


def _wording_page(form: WordingForm, kind: str, language: str, inforce: wording.Letter, version: int) -> str:
    return render_template(
        "complaints/correspondence/letter_edit.html",
        form=form,
        kind=kind,
        language=language,
        letter=inforce,
        version=version,
        blanks=[(name, _(title), name in wording.OPTIONAL) for name, title in wording.BLANKS.items()],
        **_words(),
    )


def _tabs(current: str) -> list[tuple[str, str, bool]]:
    pages = [
        (_("Need a person"), ".failures", "complaints.handle"),
        (_("E-mail in"), ".mails", "complaints.handle"),
        (_("Letters"), ".letters", "complaints.handle"),
        (_("Settings"), ".settings", "organisation.manage"),
    ]
    return [(text, url_for(endpoint), endpoint == current) for text, endpoint, needs in pages if may(needs)]
