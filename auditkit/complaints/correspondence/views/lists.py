"""What needs a person: messages that were not delivered, and mails that came in."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.complaints.correspondence import queries, regular, rules
from auditkit.complaints.correspondence.forms import (
    Empty,
)
from auditkit.complaints.correspondence.running import MailIn, told_in_words
from auditkit.complaints.correspondence.taking import ReadAside, read_aside
from auditkit.complaints.correspondence.views.blueprint import bp, tabs, words
from auditkit.complaints.privacy.rules import MARK
from auditkit.evidence.names import content_disposition
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.acting import REFUSALS

LATE = timedelta(minutes=10)
"""How long a reading may be overdue before the page doubts that the server's worker runs."""


@bp.get("/")
@access("complaints.handle")
def failures() -> str:
    """The messages that need a person."""
    return render_template(
        "complaints/correspondence/failures.html",
        failures=queries.failures(reading()),
        tabs=tabs(".failures"),
        **_reading(),
        **words(),
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
        tabs=tabs(".mails"),
        **_reading(),
        **words(),
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
