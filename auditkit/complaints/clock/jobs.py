"""What the worker does by itself for the clock: it notices what has become due, and mails each person once a day.

Whatever the server slept through: each due date is noticed once, in the state it has reached by then.
"""

from datetime import date

from flask import current_app

from auditkit.accounts.queries import OrganisationView, members, members_with, organisations
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.calendar import Calendar
from auditkit.base.db import db, separate_scope, transaction
from auditkit.base.text import N_, _, ngettext, spoken
from auditkit.complaints.clock import knowing, queries, rules, service
from auditkit.complaints.clock.queries import NextDue, Waiting
from auditkit.web.languages import local_moment

PORTION = 200
MAIL_FROM_HOUR = 8
"""Local hour from which the mail of the day may leave, where the organisation keeps no opening hours."""
LISTED = 40

MORE = N_("and more; the whole list:")


@jobs.watch
def notice() -> None:
    """Notice and mail for every organisation that has anything; a plain read where there is nothing."""
    session = db.session()
    houses = queries.houses_to_notice(session, clock.now())
    known = {one.id: one for one in organisations(session)} if houses else {}
    session.rollback()
    for organisation_id in houses:
        with separate_scope():
            actor = Actor.system(organisation_id)
            while _notice_portion(actor):
                pass
            _mail(known[organisation_id], actor)


def _notice_portion(actor: Actor) -> bool:
    with transaction(actor) as tx:
        found = queries.to_notice(tx, clock.now(), PORTION)
        if found:
            service.notice_due(tx, service.NoticeDue(found), clock.now(), actor)
        return len(found) == PORTION


def _mail(house: OrganisationView, actor: Actor) -> None:
    """Put the mails of the day, once the working day has begun where the organisation is."""
    now = clock.now()
    with transaction(actor) as tx:
        calendar = knowing.calendar_at(tx, now)
        if not _working(calendar):
            return
        addresses = {one.person_id: one.email for one in members(tx)}
        stand_ins = [one.person_id for one in members_with(tx, "organisation.manage")]
        today = calendar.today(now)
        for waiting in queries.mails_waiting(tx, today, now, addresses.keys(), stand_ins):
            with spoken(house.locale):
                command = _digest(house, waiting, addresses[waiting.person_id], calendar, today)
            service.send_digest(tx, command, now, actor)


def _working(calendar: Calendar) -> bool:
    now = clock.now()
    today = calendar.today(now)
    if calendar.closed(today):
        return False
    if calendar.closes_at(today):
        return now >= calendar.opening(today)
    return now.astimezone(calendar.timezone).hour >= MAIL_FROM_HOUR


def _digest(house: OrganisationView, waiting: Waiting, to: str, calendar: Calendar, today: date) -> service.SendDigest:
    """One person's mail. References only: what a complaint is about stays in the house."""
    lines = [_line(reference, due, calendar) for reference, due in waiting.cases[:LISTED]]
    if waiting.more or len(waiting.cases) > LISTED:
        lines.append(_(MORE))
    public_url = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    lines += ["", f"{public_url}/o/{house.slug}/complaints/due/", "", _("Times of %(zone)s", zone=calendar.zone)]
    number = len(waiting.cases)
    subject = (
        _("What is due: more than %(count)s complaints", count=number)
        if waiting.more
        else ngettext("What is due: %(num)s complaint", "What is due: %(num)s complaints", number)
    )
    return service.SendDigest(
        waiting.person_id, today, to, f"{house.name}: {subject}", "\n".join(lines), number, waiting.due_ids
    )


def _line(reference: str, due: NextDue, calendar: Calendar) -> str:
    at = local_moment(due.due_at, calendar.timezone)
    said = f"{_(rules.STATE_TITLES[due.state])}: {_(rules.TARGET_TITLES[due.target])}"
    return f"{reference}  {at}  {said}"
