"""Due dates for open complaints that have none, many at once. Checked by
tests/slices/complaints_clock/test_catching_up.py."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.clock import keeping, knowing, rules
from auditkit.journal import service as journal


@dataclass(frozen=True)
class SetMissing:
    """Set the due dates of these complaints, whose time is not kept; `import_run`: all are of this import."""

    complaint_ids: tuple[int, ...]
    import_run: int | None = None


@verb("complaints.handle", leaves=rules.DUE_SET_FOR_MANY)
def set_missing(tx: Session, command: SetMissing, now: datetime, actor: Actor) -> int:
    """Set them by the limits in force now; returns for how many. Whoever got dates or was closed meanwhile is left as
    it is, and so is one that no limit in force is for."""
    number = 0
    for complaint_id in command.complaint_ids:
        found = knowing.known(tx, complaint_id)
        if found is None or found.standing.closed or knowing.clock_of(tx, complaint_id) is not None:
            continue
        number += keeping.begin(tx, found, now, actor)
    journal.record(
        tx,
        rules.DUE_SET_FOR_MANY,
        now=now,
        actor=actor,
        subject=("organisation", actor.organisation_id),
        facts={"looked_at": len(command.complaint_ids), "set": number, "import": command.import_run},
    )
    return number
