"""Giving out a new tracking secret: the part of a case's page, the form, and the receipt to print or to send."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from flask import current_app, flash, g, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from auditkit.base import clock, limits
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, RuleBroken, TooMany
from auditkit.base.limits import Limit, Used
from auditkit.base.text import N_, _, lazy_
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence.rules import AddressUnusable, NoAddress
from auditkit.complaints.intake import queries, rules, service, tickets
from auditkit.complaints.intake.public_views import grants
from auditkit.complaints.intake.public_views.blueprint import entry_address
from auditkit.complaints.intake.qr import drawn as qr
from auditkit.complaints.privacy.queries.cases import ERASED, tombstone
from auditkit.complaints.queries import Case, by_reference
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.web.access import access, current_actor, current_organisation, may
from auditkit.web.forms import Form, TextField, required
from auditkit.web.languages import LANGUAGES, day_there, direction, locale

Said = TypeVar("Said")
SHOWN_FOR = timedelta(minutes=30)
REFUSALS = (RuleBroken, BadInput, TooMany)
NO_WAY = (rules.NoAddressOnFile, NoAddress, AddressUnusable)


class TooManySecrets(TooMany):
    message = N_("Too many new secrets were given out in this hour. Try again in %(minutes)s minutes")


class ReissueForm(Form):
    """How the member made sure who asks, and how the secret goes out."""

    checked = TextField(
        lazy_("How did you make sure that this is the complainant?"),
        [required(lazy_("Write down how you made sure that this is the complainant"))],
        max_length=rules.LONGEST["checked"],
    )
    handed = RadioField(lazy_("How does it go to the complainant?"), [InputRequired(lazy_("Choose how it goes out"))])

    def __init__(self) -> None:
        super().__init__()
        self.handed.choices = [(str(word), _(title)) for word, title in rules.HANDED_TITLES.items()]


@case_part(ASIDE)
def own_page(case: Case) -> str:
    """Whether the complainant has an own page, and who was given a new secret."""
    tx = reading()
    if case.has(ERASED) and tombstone(tx, case.id) is not None:
        return ""
    return render_template(
        "complaints/intake/_own_page.html",
        case=case,
        has_secret=case.has(queries.TRACKING) and queries.has_secret(tx, case.id),
        reissues=queries.reissues(tx, case.id) if case.has(queries.REISSUES) else [],
        names=current_app.extensions["auditkit.directory"].names(),
        handed=rules.HANDED_TITLES,
    )


@bp.route("/<reference>/secret", methods=["GET", "POST"])
@access("complaints.handle")
def reissue(reference: str) -> str | Response | tuple[str, int]:
    """Give out a new tracking secret."""
    case, form = by_reference(reading(), reference), ReissueForm()
    if form.validate_on_submit():
        try:
            _count(case.id)
            return _give_out(reference, form)
        except REFUSALS as refusal:
            form.refuse("handed" if isinstance(refusal, NO_WAY) else "", refusal)
    had = queries.has_secret(reading(), case.id)
    return render_template("complaints/intake/reissue.html", form=form, reference=reference, had=had)


def _give_out(reference: str, form: ReissueForm) -> Response:
    now, actor = clock.now(), current_actor()
    ticket = tickets.issue(now)
    secret, mailed = tickets.secret_of(ticket.id), form.handed.data == rules.Handed.EMAIL
    command = service.Reissue(reference, secret, form.checked.data, form.handed.data)
    if mailed:
        command = _as_mail(command)
    with transaction(actor) as tx:
        service.reissue(tx, command, now, actor)
    flash(_("The new secret works; the old one opens nothing any more."), "good")
    if mailed:
        flash(_("The message is on its way."), "good")
        return redirect(url_for("complaints.show", reference=reference, _anchor="messages"))
    grants.show_reissued(ticket.id, reference, form.handed.data, now)
    return redirect(url_for("complaints.reissued", reference=reference))


def _as_mail(command: service.Reissue) -> service.Reissue:
    """With the message that carries it, in the complainant's language."""
    reference, secret, entry = command.reference, command.secret, entry_address()
    language = queries.language_of(reading(), by_reference(reading(), reference).id)

    def written() -> tuple[str, str]:
        parts = [
            _(
                "You asked for a new secret. With it and your reference you see how your complaint stands, write to "
                "us, and answer our decision. The old one works no longer."
            ),
            "\n".join(
                f"{name}: {value}"
                for name, value in (
                    (_("Reference"), reference),
                    (_("Tracking secret"), secret),
                    (_("Your page"), f"{entry}#{reference}:{secret}"),
                )
            ),
            _("If it was not you who asked for it, tell us at once."),
            current_organisation().name,
        ]
        return f"{_('A new secret for your complaint')} {reference}", "\n\n".join(parts)

    subject, text = _spoken_in(language, written)
    return replace(command, subject=subject, text=text, language=language)


@bp.get("/<reference>/secret/receipt")
@access("complaints.handle")
def reissued(reference: str) -> str | Response:
    """The new receipt to print, or as a letter: for half an hour, in the browser that gave it out."""
    found = grants.shown_reissued(clock.now(), SHOWN_FOR)
    if found is None or found[0] != reference:
        return redirect(url_for("complaints.show", reference=reference))
    secret, handed = found[1], found[2]
    case = by_reference(reading(), reference)
    language = queries.language_of(reading(), case.id)
    letter = _spoken_in(language, lambda: _letter(reference, secret, as_letter=handed == rules.Handed.POST))
    return render_template("complaints/intake/reissued.html", reference=reference, letter=letter, handed=handed)


def _spoken_in(language: str, render: Callable[[], Said]) -> Said:
    if language not in LANGUAGES:
        return render()
    mine, g.locale = locale(), language
    try:
        return render()
    finally:
        g.locale = mine


def _letter(reference: str, secret: str, *, as_letter: bool) -> Markup:
    """The receipt in the language that is spoken. A letter carries the address, whose reading goes on record."""
    identity = None
    if as_letter and may("identity.read"):
        with transaction(current_actor()) as tx:
            command = complaints.ReadIdentity(reference)
            identity = complaints.read_identity(tx, command, clock.now(), current_actor())
    entry = entry_address()
    return Markup(  # noqa: S704 - rendered by a template, which escapes
        render_template(
            "complaints/intake/_secret_letter.html",
            organisation=current_organisation(),
            identity=identity,
            reference=reference,
            secret=secret,
            entry=entry,
            code=qr(f"{entry}#{reference}:{secret}", _("QR code that opens the complainant's page")),
            today=day_there(clock.now()),
            language=locale(),
            direction=direction(),
        )
    )


def _count(complaint_id: int) -> None:
    """Raises TooManySecrets for a case or a member that had too many in this hour."""
    now, actor = clock.now(), current_actor()
    with transaction(actor) as tx:
        used = [
            _take(tx, rules.REISSUE_LIMIT, f"case {complaint_id}", now),
            _take(tx, rules.REISSUES_LIMIT, f"person {actor.person_id}", now),
        ]
    left = [one.minutes_left(now) for one in used if one.exceeded]
    if left:
        raise TooManySecrets(minutes=max(left))


def _take(tx: Session, limit: Limit, scope: str, now: datetime) -> Used:
    return limits.take(tx, limit, None, now, scope=f"{current_actor().organisation_id} {scope}")
