"""The verb of sharing: decide what of a file a redacted pack shows."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.evidence import queries
from auditkit.evidence.sharing import rules
from auditkit.evidence.sharing.models import EvidenceSharing
from auditkit.evidence.sharing.rules import DECIDED, MAX_NOTE_CHARACTERS, Sharing
from auditkit.journal.service import record


@dataclass(frozen=True)
class Decide:
    """`copy_id` is the evidence that stands for the file where `sharing` is a copy."""

    file_id: int
    sharing: Sharing
    note: str
    copy_id: int | None = None


@verb("evidence.add", leaves=DECIDED)
def decide(tx: Session, command: Decide, now: datetime, actor: Actor) -> None:
    """Put a decision on record; it replaces the one before.

    Raises NotFound, ReasonMissing, CopyMissing, CopyIsTheFile.
    """
    file = queries.file(tx, command.file_id)
    copy_id = command.copy_id if command.sharing is Sharing.COPY else None
    rules.check(command.sharing, command.note, file.id, copy_id)
    copy = queries.file(tx, copy_id) if copy_id is not None else None
    tx.add(
        EvidenceSharing(
            file_id=file.id,
            sharing=command.sharing,
            copy_id=copy_id,
            note=command.note.strip()[:MAX_NOTE_CHARACTERS],
            decided_by_id=actor.person_id,
            decided_at=now,
        )
    )
    facts = {"digest": file.digest, "sharing": command.sharing.value, "copy": copy.digest if copy else None}
    record(tx, DECIDED, now=now, actor=actor, subject=("evidence", file.id), facts=facts)
