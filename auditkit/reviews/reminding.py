"""The worker reminds of the next review once it is near, and once more when its day has passed without one.

By the organisation's own interval, to those who prepare reviews; in the language of the organisation.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from auditkit.accounts.queries import OrganisationView, members_with, organisations, today_of_house, zone_of_house
from auditkit.base import clock, jobs, outbox
from auditkit.base.actor import Actor
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session, db, reading, separate_scope, transaction
from auditkit.base.text import _, spoken
from auditkit.journal.service import record
from auditkit.reviews import queries, rules
from auditkit.reviews.models import ReviewInterval
from auditkit.reviews.queries import Next
from auditkit.reviews.rules import Due


@jobs.watch
def remind() -> None:
    """One round for every organisation that reviews; it writes only where a reminder is due."""
    session = db.session()
    now = clock.now()
    houses = queries.houses_that_review(session)
    known = {one.id: one for one in organisations(session)} if houses else {}
    session.rollback()
    for organisation_id in houses:
        with separate_scope(), spoken(known[organisation_id].locale):
            _one_house(known[organisation_id], now)


def _one_house(house: OrganisationView, now: datetime) -> None:
    actor = Actor.system(house.id)
    if _waiting(reading(actor), now) is None:
        return
    with transaction(actor) as tx:
        due = _waiting(tx, now)
        if due is None:
            return
        row = tx.execute(select(ReviewInterval)).scalar_one_or_none()
        if row is None:
            row = ReviewInterval(every_months=rules.USUAL_MONTHS, ahead_days=rules.USUAL_AHEAD)
            tx.add(row)
        row.reminded_for, row.reminded_at = due.on, now
        tx.flush()
        told = _mail(tx, house, due, now)
        facts = {"due": str(due.on), "people": told}
        record(tx, rules.REMINDED, now=now, actor=actor, subject=("review-interval", row.id), facts=facts)


def _waiting(tx: Session, now: datetime) -> Next | None:
    """The review to remind of now: near and not reminded of, or past its day and reminded of only before that."""
    due = queries.next_review(tx, today_of_house(tx, now))
    if due.on is None or due.near not in (Due.SOON, Due.OVERDUE):
        return None
    row = tx.execute(select(ReviewInterval.reminded_for, ReviewInterval.reminded_at)).one_or_none()
    if row is None or row.reminded_for != due.on:
        return due
    return due if day_of(row.reminded_at, zone_of_house(tx)) <= due.on < today_of_house(tx, now) else None


def _mail(tx: Session, house: OrganisationView, due: Next, now: datetime) -> int:
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    place = f"/{due.number}" if due.number else "/"
    if due.near is Due.OVERDUE:
        subject = _("The management review was due on %(day)s", day=due.on)
    else:
        subject = _("A management review is due on %(day)s", day=due.on)
    body = _("Its agenda and inputs are here:") + f"\n{base}/o/{house.slug}/reviews{place}\n"
    people = [one for one in members_with(tx, "reviews.edit") if one.email]
    for one in people:
        outbox.put(tx, to=one.email, subject=subject, body=body, now=now)
    return len(people)
