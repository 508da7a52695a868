"""Rules of assignment hear of every complaint that is recorded or assessed, in the verb's own transaction.

An owner whom a person named stays: rules name one where there is none, where it fell to whoever assessed, or where it
was a rule that named the one there is.
"""

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.complaints import rules as core
from auditkit.complaints.assigning import naming, queries, rules
from auditkit.complaints.models import Complaint
from auditkit.journal.rules import EntryContent
from auditkit.journal.service import follows

_RECORDED = frozenset({core.REGISTERED.name, core.RECEIVED.name})
_ASSESSED = frozenset({core.ASSESSED.name, core.ASSESSED_AGAIN.name})


@follows("complaint")
def name_owner(tx: Session, entry: EntryContent, actor: Actor) -> None:
    """Name the owner by the rules, where that is for them to do."""
    if entry.event == core.ASSIGNED.name:
        naming.forget(tx, entry.subject_id)
        return
    if entry.event not in _RECORDED | _ASSESSED:
        return
    complaint = tx.execute(select(Complaint).where(Complaint.id == entry.subject_id)).scalar_one()
    if entry.event in _RECORDED:
        if complaint.owner_id is None:
            naming.assign(tx, complaint, rules.RECORDED, entry.at, actor)
        return
    decided = queries.by_rule(tx, complaint.id)
    ours = decided is not None and decided.owner_id == complaint.owner_id
    if ours or entry.facts.get("fell_to_assessor"):
        naming.assign(tx, complaint, rules.ASSESSED, entry.at, actor)
