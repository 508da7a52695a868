"""The worker reminds the keeper of an entry: on the day its review is due, and once more two weeks later.

Whatever the server slept through, each keeper gets one mail about everything that waits, not one an entry.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, or_, select

from auditkit.accounts.queries import OrganisationView, members, organisations
from auditkit.base import clock, jobs, outbox
from auditkit.base.actor import Actor
from auditkit.base.calendar.days import zone_of
from auditkit.base.db import UNSCOPED, Session, db, separate_scope, transaction
from auditkit.base.text import _, ngettext, spoken
from auditkit.registers.models import RegisterEntry
from auditkit.registers.rules import REMIND_AGAIN_AFTER

LISTED = 30
_DAY = timedelta(days=1)


@jobs.watch
def remind() -> None:
    """One round for every organisation that has anything due; a plain read where there is nothing."""
    session = db.session()
    now = clock.now()
    # A day later than the server's: somewhere it is tomorrow already; each house decides by its own day.
    near = set(session.execute(_houses(_due(now, now.date() + _DAY))).scalars())
    known = {one.id: one for one in organisations(session) if one.id in near} if near else {}
    houses = [
        one.id
        for one in known.values()
        if session.execute(_houses(_due(now, _day(one, now)) & (RegisterEntry.organisation_id == one.id))).first()
    ]
    session.rollback()
    for organisation_id in houses:
        with separate_scope(), spoken(known[organisation_id].locale):
            actor = Actor.system(organisation_id)
            with transaction(actor) as tx:
                _mail(tx, known[organisation_id], now)


def _day(house: OrganisationView, now: datetime) -> date:
    return now.astimezone(zone_of(house.zone)).date()


def _houses(waiting: ColumnElement[bool]) -> Select[int]:
    """Whose entries these are. Across organisations, a plain read."""
    return select(RegisterEntry.organisation_id).where(waiting).distinct().execution_options(**{UNSCOPED: True})


def _due(now: datetime, today: date) -> ColumnElement[bool]:
    """Review reached, and not reminded for it, or reminded long ago and still waiting (once more, no oftener)."""
    again = RegisterEntry.review_on <= today - REMIND_AGAIN_AFTER
    return (
        RegisterEntry.retired_at.is_(None)
        & (RegisterEntry.review_on <= today)
        & or_(
            RegisterEntry.reminded_at.is_(None),
            again & (RegisterEntry.reminded_at <= now - REMIND_AGAIN_AFTER) & (RegisterEntry.reminders < 2),
        )
    )


def _mail(tx: Session, house: OrganisationView, now: datetime) -> None:
    addresses = {one.person_id: one.email for one in members(tx)}
    waiting: dict[str, list[RegisterEntry]] = defaultdict(list)
    due = _due(now, _day(house, now))
    rows = tx.execute(select(RegisterEntry).where(due).order_by(RegisterEntry.review_on)).scalars().all()
    for row in rows:
        address = addresses.get(row.keeper_id or 0)
        if address:
            waiting[address].append(row)
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    for address, entries in waiting.items():
        lines = [f"{one.number}  {one.title}\n{base}/o/{house.slug}/registers/{one.register}/{one.number}"
                 for one in entries[:LISTED]]  # fmt: skip
        if len(entries) > LISTED:
            lines.append(_("… and %(count)s more", count=len(entries) - LISTED))
        body = _("These entries are to be looked at again:") + "\n\n" + "\n\n".join(lines) + "\n"
        subject = ngettext(
            "%(num)s entry of a register is to be reviewed",
            "%(num)s entries of registers are to be reviewed",
            len(entries),
        )
        outbox.put(tx, to=address, subject=subject, body=body, now=now)
    for row in rows:
        row.reminded_at, row.reminders = now, row.reminders + 1
