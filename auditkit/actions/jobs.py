"""What the worker does by itself for actions: it notices what has become due, and tells each person in one mail.

Each level (soon, overdue, long overdue) of each due date is noticed and mailed once, in one transaction, however long
no worker was there. A mail names numbers and days; what an action is about stays in the house.
"""

from datetime import datetime

from flask import current_app

from auditkit.accounts.queries import OrganisationView, members, members_with, organisations
from auditkit.actions import queries, service
from auditkit.actions.rules import NOTICED_TITLES, TARGET_TITLES, Noticed, Target
from auditkit.actions.service import Told
from auditkit.actions.timing import calendar_at
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.calendar import Calendar
from auditkit.base.db import Session, db, separate_scope, transaction
from auditkit.base.text import _, ngettext, spoken
from auditkit.web.languages import day

PORTION = 200
LISTED = 60


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
            while _notice_portion(known[organisation_id], actor):
                pass


def _notice_portion(house: OrganisationView, actor: Actor) -> bool:
    """Notice one portion and put its mails, together or not at all; whether there is more."""
    with transaction(actor) as tx:
        now = clock.now()
        found = queries.to_notice(tx, now, PORTION)
        if found:
            told = service.notice_due(tx, service.NoticeDue(found), now, actor)
            _mail(tx, house, told, now, actor)
        return len(found) == PORTION


def _mail(tx: Session, house: OrganisationView, told: list[Told], now: datetime, actor: Actor) -> None:
    addresses = {one.person_id: one.email for one in members(tx)}
    overseers = [one.person_id for one in members_with(tx, "organisation.manage")]
    waiting: dict[int, list[Told]] = {}
    for one in told:
        for person_id in recipients(one, set(addresses), overseers):
            waiting.setdefault(person_id, []).append(one)
    calendar = calendar_at(tx, now)
    for person_id, dues in sorted(waiting.items()):
        with spoken(house.locale):
            command = _letter(house, person_id, addresses[person_id], dues, calendar)
        service.mail_due(tx, command, now, actor)


def recipients(told: Told, members_now: set[int], overseers: list[int]) -> list[int]:
    """Who is told: the owner while a member, else those who oversee; these also once it is long overdue."""
    owner = [told.owner_id] if told.owner_id in members_now else []
    if told.level is Noticed.ESCALATED or not owner:
        return list(dict.fromkeys([*owner, *overseers]))
    return owner


def _letter(house: OrganisationView, person_id: int, to: str, dues: list[Told], calendar: Calendar) -> service.MailDue:
    lines = [_line(one, calendar) for one in dues[:LISTED]]
    if len(dues) > LISTED:
        lines.append(_("and %(number)s more", number=len(dues) - LISTED))
    public_url = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    lines += ["", f"{public_url}/o/{house.slug}/actions/?whose=mine", "", _("Times of %(zone)s.", zone=calendar.zone)]
    number = len({one.number for one in dues})
    subject = ngettext("What is due: %(num)s action", "What is due: %(num)s actions", number)
    ids = tuple(one.due_id for one in dues)
    return service.MailDue(person_id, to, f"{house.name}: {subject}", "\n".join(lines), ids)


def _line(one: Told, calendar: Calendar) -> str:
    on = day(one.due_at.astimezone(calendar.timezone).date())
    return f"{one.number}  {on}  {_(NOTICED_TITLES[one.level])}: {_(TARGET_TITLES[Target(one.target)])}"
