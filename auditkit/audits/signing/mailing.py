"""The mail to the auditee's representative: a signed report waits for them.

It names the audit by its number and says where to look; what the report says, and about whom, stays in the house.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from auditkit.accounts.queries import members, organisations, reads_in
from auditkit.audits.models import Audit
from auditkit.audits.signing import queries
from auditkit.base import outbox
from auditkit.base.db import Session
from auditkit.base.outbox import About, OutboxMail
from auditkit.base.text import _, spoken

SUBJECT = "audit-signature"


def tell_auditee(tx: Session, audit: Audit, now: datetime) -> None:
    """Put one mail into the outbox for each signature that waits for the auditee; nothing where nobody is named."""
    person_id, signed = queries.auditee(tx, audit.id), queries.signatures(tx, audit.id)
    if person_id is None or not signed or signed[-1].acknowledged_at is not None:
        return
    to = {one.person_id: one.email for one in members(tx)}.get(person_id)
    newest = signed[-1]
    if to is None or _was_told(tx, newest.id, to):
        return
    house = next(one for one in organisations(tx) if one.id == audit.organisation_id)
    with spoken(reads_in(tx, person_id)):
        outbox.put(
            tx,
            to=to,
            subject=f"{house.name}: " + _("Please acknowledge: audit report %(number)s", number=audit.number),
            body=_body(audit.number, newest.serial, house.slug),
            now=now,
            about=About(house.id, SUBJECT, newest.id, audit.number),
        )


def _was_told(tx: Session, signature_id: int, to: str) -> bool:
    query = select(OutboxMail.id).where(
        OutboxMail.about_kind == SUBJECT, OutboxMail.about_id == signature_id, OutboxMail.recipient == to
    )
    return tx.execute(query.limit(1)).first() is not None


def _body(number: str, serial: int, slug: str) -> str:
    if serial:
        said = _(
            "The report of audit %(number)s was amended and signed again, and waits for your acknowledgement.",
            number=number,
        )
    else:
        said = _("The report of audit %(number)s is signed and waits for your acknowledgement.", number=number)
    means = _(
        "Acknowledging says that you have read the report, not that you agree. A finding can be disputed on the same "
        "page."
    )
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    return f"{said}\n\n{means}\n\n{base}/o/{slug}/audits/{number}/auditee\n"
