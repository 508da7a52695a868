"""Writing to whoever complained, and noting a contact that happened."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import drafting, own_page, queries, rules, service
from auditkit.complaints.correspondence.forms import (
    NoteForm,
    WriteForm,
    begin_choices,
)
from auditkit.complaints.correspondence.queries import Facts
from auditkit.complaints.correspondence.rules import Channel, MessageKind
from auditkit.complaints.correspondence.views.blueprint import bp, words
from auditkit.complaints.intake.public_views.blueprint import entry_address
from auditkit.evidence import queries as evidence
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import locale


@bp.get("/<reference>/write")
@access("complaints.handle")
def write(reference: str) -> str:
    """Begin a message from a letter in the complainant's language."""
    facts = _known(reference)
    kind = request.args.get("kind", "")
    if kind not in dict(begin_choices(facts.kind)):
        kind = MessageKind.MESSAGE.value
    language = request.args.get("language", "") or facts.language
    if language not in rules.LANGUAGES:
        language = locale() if locale() in rules.LANGUAGES else "en"
    form = _write_form(facts)
    form.kind.data, form.language.data = kind, language
    if kind in rules.LETTER_KINDS:
        _begin(form, facts, kind, language)
    else:
        form.text.data = drafting.first_words(reading(), facts, language, entry_address())
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
    letter = queries.letter(tx, kind, language, facts.kind)
    handler, page = current_actor().name, entry_address()
    draft = drafting.begin(tx, letter, facts, handler=handler, now=clock.now(), page=page)
    form.subject.data, form.text.data = draft.subject, draft.text
    form.language.data, form.wording.data = letter.language, letter.name


def _write_page(form: WriteForm, facts: Facts, *, preview: bool = False) -> str:
    return render_template(
        "complaints/correspondence/write.html",
        form=form,
        facts=facts,
        begin=begin_choices(facts.kind),
        preview=preview,
        blank=(rules.BLANK_BEGINS, rules.BLANK_ENDS),
        mark=own_page.MARK if own_page.address("", facts.reference) in (form.text.data or "") else "",
        setting=queries.setting(reading()),
        **words(),
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
