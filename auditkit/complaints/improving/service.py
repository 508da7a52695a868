"""Gathering complaints under one action."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints.improving import queries, rules
from auditkit.complaints.improving.models import ComplaintGathered, ComplaintGathering
from auditkit.complaints.models import Complaint
from auditkit.journal import service as journal


@dataclass(frozen=True)
class GatherCategory:
    category: str


@dataclass(frozen=True)
class GatherSelection:
    """`references` as typed, one a line; `title` says what they have in common."""

    title: str
    references: str


@verb("actions.edit", leaves=rules.GATHERED)
def gather_category(tx: Session, command: GatherCategory, now: datetime, actor: Actor) -> int:
    """Every complaint of a category, now and later; the id of the gathering. Raises CategoryUnknown."""
    used = select(Complaint.id).where(Complaint.category == command.category).limit(1)
    if not command.category or tx.execute(used).first() is None:
        raise rules.CategoryUnknown
    kept = select(ComplaintGathering).where(ComplaintGathering.category == command.category)
    row = tx.execute(kept).scalar_one_or_none()
    if row is None:
        row = ComplaintGathering(category=command.category, made_at=now, made_by=actor.person_id)
        tx.add(row)
    return _tell(tx, row, now, actor, 0)


@verb("actions.edit", leaves=rules.GATHERED)
def gather_selection(tx: Session, command: GatherSelection, now: datetime, actor: Actor) -> int:
    """These complaints; the id of the gathering. Raises BadInput for what is missing or unknown."""
    title, wanted = rules.check_title(command.title), rules.references_in(command.references)
    found = queries.ids_of(tx, wanted)
    if absent := rules.missing(wanted, found):
        raise rules.NotFoundHere(references=absent[:20])
    row = ComplaintGathering(title=title, made_at=now, made_by=actor.person_id)
    tx.add(row)
    tx.flush()
    for complaint_id in found.values():
        tx.add(ComplaintGathered(gathering_id=row.id, complaint_id=complaint_id))
    return _tell(tx, row, now, actor, len(found))


def _tell(tx: Session, row: ComplaintGathering, now: datetime, actor: Actor, number: int) -> int:
    tx.flush()
    facts = {"category": row.category, "complaints": number}
    journal.record(tx, rules.GATHERED, now=now, actor=actor, subject=(queries.GATHERING, row.id), facts=facts)
    return int(row.id)
