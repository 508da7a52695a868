"""Calendar feeds under a secret address, for calendar programs, which cannot sign in."""

from datetime import timedelta

from flask import Blueprint, Response, abort, request

from auditkit.accounts.queries import active_member, reads_in, today_of_house
from auditkit.audits.agenda import ics, queries
from auditkit.audits.agenda.rules import FEED_MISSES
from auditkit.base import clock, limits
from auditkit.base.actor import Actor
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.base.ids import digest
from auditkit.base.text import _, spoken
from auditkit.web.access import PUBLIC, access

bp = Blueprint("feeds", __name__)

LOOK_BACK = timedelta(days=92)


@bp.get("/feeds/<secret>.ics")
@access(PUBLIC)
def feed(secret: str) -> Response:
    """A person's audits: titles, times and places. Gone where it was taken back, or the person has left.

    Addresses that no feed has are counted for the network they come from; after too many, none is answered.
    """
    now = clock.now()
    tried = limits.used(reading(), FEED_MISSES, request.remote_addr, now)
    if tried.count >= tried.an_hour:
        return _wait(tried.minutes_left(now))
    found = queries.feed_by_secret(reading(), digest(secret.encode()))
    if found is None:
        with transaction() as counting:
            limits.take(counting, FEED_MISSES, request.remote_addr, now)
        abort(404)
    with separate_scope():
        tx = reading(Actor.system(found.organisation_id))
        if active_member(tx, found.person_id) is None:
            abort(404)
        with spoken(reads_in(tx, found.person_id)):  # a calendar program asks for no language
            happenings, days = queries.calendar_of(tx, found.person_id, today_of_house(tx, now) - LOOK_BACK)
            data = ics.feed(_("Audits"), happenings, days, now)
    response = Response(data, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _wait(minutes: int) -> Response:
    text = _("Too many calendar addresses that do not exist. Try again in %(minutes)s minutes", minutes=minutes)
    return Response(f"{text}\n", 429, {"Retry-After": str(minutes * 60)}, mimetype="text/plain")
