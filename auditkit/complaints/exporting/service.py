"""Taking a case out of the house: checked, and on record with its extent."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.exporting import gathering, rules
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.rules import Extent
from auditkit.journal import service as journal


@dataclass(frozen=True)
class Export:
    """`form` is how it leaves: docx or zip. `request_id`: for a person who asked for a copy."""

    complaint_id: int
    extent: str
    form: str
    request_id: int | None = None


@verb("complaints.read", leaves=rules.EXPORTED)
def export(tx: Session, command: Export, now: datetime, actor: Actor) -> Gathered:
    """Everything on record about a case. Whole needs `identity.read` and counts as a reading of the identity.

    Raises NotFound, UnknownWord, Forbidden.
    """
    extent = Extent(core.known_word(command.extent, Extent))
    subject = ("complaint", command.complaint_id)
    if extent is Extent.WHOLE:
        actor.require("identity.read")
        journal.record(tx, core.IDENTITY_READ, now=now, actor=actor, subject=subject, facts={"by": "case-file"})
    facts = {"extent": extent.value, "form": command.form, "request": command.request_id}
    gathered = gathering.gather(tx, actor.organisation_id, command.complaint_id, extent)
    journal.record(tx, rules.EXPORTED, now=now, actor=actor, subject=subject, facts=facts)
    return gathered
