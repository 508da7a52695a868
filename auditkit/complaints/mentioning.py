"""The mail to members whom a note mentions. It names the case and who wrote; what the note says stays in the house.

It hears of notes through the journal and goes into the outbox in the same transaction. Checked by
tests/slices/complaints/test_side_ways.py.
"""

from flask import current_app

from auditkit.accounts.queries import members, organisations, reads_in
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.outbox import About
from auditkit.base.text import _, spoken
from auditkit.complaints.queries import reference_of
from auditkit.complaints.rules import NOTED
from auditkit.journal.rules import EntryContent
from auditkit.journal.service import follows

SUBJECT = "complaint-mention"


@follows("complaint")
def tell_mentioned(tx: Session, entry: EntryContent, actor: Actor) -> None:
    """One mail to each, in the language of their screens; nobody is told of their own note."""
    wanted = set(entry.facts.get("mentions", ())) - {actor.person_id} if entry.event == NOTED.name else set()
    if not wanted:
        return
    house = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    reference, note_id = reference_of(tx, entry.subject_id), int(entry.facts["note"])
    base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    address = f"{base}/o/{house.slug}/complaints/{reference}#note-{note_id}"
    for one in members(tx):
        if one.person_id not in wanted:
            continue
        with spoken(reads_in(tx, one.person_id)):
            said = _(
                "%(name)s mentions you in an internal note of %(reference)s. Read it here:",
                name=actor.name,
                reference=reference,
            )
            outbox.put(
                tx,
                to=one.email,
                subject=f"{house.name}: " + _("A note in %(reference)s mentions you", reference=reference),
                body=f"{said}\n\n{address}\n",
                now=entry.at,
                about=About(house.id, SUBJECT, note_id, reference),
            )
