"""How much was done in time over a period, open and overdue cases counted as late."""

from datetime import date, timedelta

from flask import render_template, request

from auditkit.accounts.queries import zone_of_house
from auditkit.base import clock
from auditkit.base.calendar.spans import Span
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.clock import queries
from auditkit.complaints.clock.rules import TARGET_TITLES
from auditkit.complaints.clock.views.blueprint import bp
from auditkit.complaints.correspondence import queries as letters
from auditkit.web.access import access

DAYS_SHOWN = 90


@bp.get("/figures")
@access("complaints.read")
def figures() -> str:
    """The shares of due dates that were kept, by step and framework."""
    now, tx = clock.now(), reading()
    zone = zone_of_house(tx)
    last = _day(request.args.get("to", "")) or now.astimezone(zone).date()
    first = _day(request.args.get("from", "")) or last - timedelta(days=DAYS_SHOWN)
    span = Span(first, last, zone)
    return render_template(
        "complaints/clock/figures.html",
        first=first,
        last=last,
        lines=queries.on_time(tx, span, now),
        paused=queries.paused_share(tx, span, now),
        acknowledged=letters.acknowledgements(tx, span.begins, span.ends),
        titles={target: _(title) for target, title in TARGET_TITLES.items()},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # an address typed by hand: the usual period
        return None
