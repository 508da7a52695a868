"""What a browser was let into: the own page of one complaint in each organisation, and for a while its receipt.

Kept in the signed session cookie, which a complainant's own browser holds. A grant ends after two hours without use,
with the secret it was opened by, and when the complainant says so. A secret is never part of an address.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, session

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.intake import queries, tickets
from auditkit.complaints.intake.queries import Tracked

OPEN_FOR = timedelta(hours=2)


def open_page(tx: Session, reference: str, secret: str, now: datetime) -> Tracked:
    """Let this browser in. Raises NotFound, the same whatever is wrong."""
    found = queries.tracked(tx, reference, secret)
    _keep("tracking", [found.id, found.stamp, _stamp(now)])
    return found


def opened(tx: Session, now: datetime) -> Tracked | None:
    """The complaint that this browser was let into; None when it has to ask again."""
    kept = _kept("tracking")
    if kept is None or now - datetime.fromtimestamp(kept[2], UTC) > OPEN_FOR:
        return None
    try:
        found = queries.still_tracked(tx, kept[0], kept[1])
    except NotFound:
        return None
    if _stamp(now) - kept[2] > 60:
        _keep("tracking", [*kept[:2], _stamp(now)])
    return found


def show_receipt(ticket_id: str, reference: str, now: datetime) -> None:
    """Let this browser see the receipt of its form."""
    _keep("receipt", [ticket_id, reference, _stamp(now)])


def shown_receipt(now: datetime, shown_for: timedelta) -> tuple[str, str] | None:
    """(reference, secret) of the receipt that this browser may still see."""
    kept = _kept("receipt")
    if kept is None or now - datetime.fromtimestamp(kept[2], UTC) > shown_for:
        return None
    return kept[1], tickets.secret_of(kept[0])


def show_reissued(ticket_id: str, reference: str, handed: str, now: datetime) -> None:
    """Let this browser see the receipt of the secret that it gave out."""
    _keep("reissued", [ticket_id, reference, _stamp(now), handed])


def shown_reissued(now: datetime, shown_for: timedelta) -> tuple[str, str, str] | None:
    """(reference, secret, how it goes out) of the secret that this browser gave out."""
    kept = _kept("reissued")
    if kept is None or now - datetime.fromtimestamp(kept[2], UTC) > shown_for:
        return None
    return kept[1], tickets.secret_of(kept[0]), kept[3]


def leave(*, receipt_only: bool = False) -> None:
    """Forget what this browser was let into."""
    for purpose in ("receipt",) if receipt_only else ("receipt", "tracking"):
        kept = {slug: value for slug, value in session.get(purpose, {}).items() if slug != g.organisation.slug}
        session[purpose] = kept


def _kept(purpose: str) -> Any:
    return session.get(purpose, {}).get(g.organisation.slug)


def _keep(purpose: str, value: list[Any]) -> None:
    session[purpose] = {**session.get(purpose, {}), g.organisation.slug: value}


def _stamp(now: datetime) -> int:
    return int(now.timestamp())
