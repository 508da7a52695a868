"""The mail to members whom a note mentions. It names the case and who wrote; what the note says stays in the house."""

from datetime import datetime

from flask import current_app

from auditkit.accounts.queries import Member, organisations, reads_in
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.outbox import About
from auditkit.base.text import _, spoken
from auditkit.complaints.models import Complaint

SUBJECT = "complaint-mention"


def tell_mentioned(
    tx: Session, complaint: Complaint, note_id: int, people: list[Member], now: datetime, actor: Actor
) -> None:
    """Put one mail into the outbox for each, in the language of their screens; nobody is told of their own note."""
    others = [one for one in people if one.person_id != actor.person_id]
    if not others:
        return
    house = next(one for one in organisations(tx) if one.id == complaint.organisation_id)
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    address = f"{base}/o/{house.slug}/complaints/{complaint.reference}#note-{note_id}"
    for one in others:
        with spoken(reads_in(tx, one.person_id)):
            outbox.put(
                tx,
                to=one.email,
                subject=f"{house.name}: " + _("A note in %(reference)s mentions you", reference=complaint.reference),
                body=_(
                    "%(name)s mentions you in an internal note of %(reference)s. Read it here:",
                    name=actor.name,
                    reference=complaint.reference,
                )
                + f"\n\n{address}\n",
                now=now,
                about=About(complaint.organisation_id, SUBJECT, note_id, complaint.reference),
            )
