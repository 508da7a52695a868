"""Calendar feeds under a secret address, for calendar programs, which cannot sign in."""

from datetime import timedelta

from flask import Blueprint, Response, abort

from auditkit.accounts.queries import active_member
from auditkit.audits.agenda import ics, queries
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, separate_scope
from auditkit.base.ids import digest
from auditkit.base.text import _
from auditkit.web.access import PUBLIC, access

bp = Blueprint("feeds", __name__)

LOOK_BACK = timedelta(days=92)


@bp.get("/feeds/<secret>.ics")
@access(PUBLIC)
def feed(secret: str) -> Response:
    """A person's audits: titles, times and places. Gone where it was taken back, or the person has left."""
    found = queries.feed_by_secret(reading(), digest(secret.encode()))
    if found is None:
        abort(404)
    now = clock.now()
    with separate_scope():
        tx = reading(Actor.system(found.organisation_id))
        if active_member(tx, found.person_id) is None:
            abort(404)
        happenings, days = queries.calendar_of(tx, found.person_id, (now - LOOK_BACK).date())
    response = Response(ics.feed(_("Audits"), happenings, days, now), mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
