"""Reading an organisation's mailbox: by the worker every few minutes, by the command line, or because somebody asked.

Nothing goes over the network where no mailbox is set up. Checked by
tests/slices/complaints/correspondence/test_regular_fetching.py.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app

from auditkit.accounts.queries import OrganisationView, organisations
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import db, separate_scope, transaction
from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.settings import Settings
from auditkit.base.text import N_, spoken
from auditkit.complaints.correspondence import queries, turns
from auditkit.complaints.correspondence.fetching import fetch
from auditkit.complaints.correspondence.mailbox import (
    AfterUnknown,
    MailboxMisnamed,
    MailboxUnusable,
    address_of,
    after_of,
)
from auditkit.complaints.correspondence.running import MailIn, Tally, Told
from auditkit.evidence.rules import StorageFailed, StorageFull

FETCH = "mail.fetch"
FAILURES = (MailboxUnusable, MailboxMisnamed, AfterUnknown, StorageFull, StorageFailed)
"""What can go wrong with a reading that a person can do something about."""


class NoMailbox(BadInput):
    message = N_("No mailbox is set up for %(slug)s. Set AUDITKIT_MAILBOXES")


def every(settings: Settings) -> timedelta:
    """How long the server waits between two readings; nothing: it reads only when it is asked."""
    return timedelta(minutes=settings.mailbox_every)


def mail_in(settings: Settings, house: OrganisationView, *, acknowledge: bool = True) -> MailIn:
    """What takes an organisation's mails in, with the address of the complainants' page."""
    tracking = f"{settings.public_url.rstrip('/')}/p/{house.slug}/complaints/track"
    return MailIn(settings, Actor.system(house.id), tracking=tracking, acknowledge=acknowledge)


def read_mailbox(
    settings: Settings,
    house: OrganisationView,
    on_mail: Callable[[Told], None] = lambda _told: None,
    on_step: Callable[[], None] = lambda: None,
) -> Tally:
    """Take in what is new, if nobody else is at it; how it went is noted for the page E-mail in.

    `on_step` is called after each mail. Raises NoMailbox, MailboxBusy, and the failures above.
    """
    url = settings.mailboxes.get(house.slug)
    if not url:
        raise NoMailbox(slug=house.slug)
    mails = mail_in(settings, house)
    turn = turns.take(mails.actor, _name(url))

    def step() -> None:
        turn.renew()
        on_step()

    try:
        tally = fetch(mails, address_of(url), after_of(settings.mailbox_after), on_mail, step)
        turn.succeeded(len(tally.told), clock.now() + every(settings))
    except FAILURES as error:
        with spoken(house.locale):
            turn.failed(_fault(error), str(error.params.get("reason") or error), every(settings))
        raise
    finally:
        turn.end()
    return tally


def _name(url: str) -> str:
    try:
        return address_of(url).name
    except MailboxMisnamed:
        return ""


def _fault(error: AuditkitError) -> str:
    if isinstance(error, MailboxUnusable):
        return error.fault
    return "storage" if isinstance(error, (StorageFull, StorageFailed)) else "misnamed"


@jobs.watch
def fetch_due() -> None:
    """Ask for every reading that is due. No mailbox, or no interval: not even the database is asked."""
    settings: Settings = current_app.extensions["auditkit.settings"]
    if not settings.mailboxes or not settings.mailbox_every:
        return
    session = db.session()
    waits = queries.houses_not_to_fetch(session, clock.now())
    due = [one for one in organisations(session) if settings.mailboxes.get(one.slug) and one.id not in waits]
    session.rollback()
    for house in due:
        with separate_scope():
            ask(Actor.system(house.id))


def ask(actor: Actor) -> None:
    """Queue a reading, unless one is queued; those that ended are forgotten, for their row says how they went."""
    system = Actor.system(actor.organisation_id)
    with transaction(system) as tx:
        if not jobs.under_way(tx, FETCH):
            jobs.forget_ended(tx, FETCH)
            jobs.put(tx, FETCH, {}, now=clock.now(), actor=system)


@jobs.handler(FETCH)
def fetch_now(_payload: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Read the mailbox. That it failed is on record and no fault of the job."""
    settings: Settings = current_app.extensions["auditkit.settings"]
    house = next(one for one in organisations(db.session()) if one.id == actor.organisation_id)
    db.session.rollback()
    try:
        tally = read_mailbox(settings, house, on_step=lambda: progress(0.0))
    except (*FAILURES, NoMailbox, turns.MailboxBusy) as error:
        return {"not_read": type(error).__name__}
    return {"counts": dict(tally.counts)}
