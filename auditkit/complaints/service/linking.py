"""Complaints that belong together, and internal notes with mentions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint, ComplaintLink, ComplaintMention, ComplaintNote
from auditkit.complaints.rules import Relation
from auditkit.complaints.service.taking import HANDLE, changed, check_not_erased, for_change, found, note, texts

READ = "complaints.read"


@dataclass(frozen=True)
class LinkTo:
    """The complaint belongs to another one."""

    reference: str
    version: int
    other: str
    relation: str = Relation.RELATED.value


@dataclass(frozen=True)
class UnlinkFrom:
    """It does not belong to it after all."""

    reference: str
    version: int
    other: str


@dataclass(frozen=True)
class WriteNote:
    """An internal note; members who may read it are mentioned as @name.

    It changes nothing about the case, so it needs no version.
    """

    reference: str
    note: str


@dataclass(frozen=True)
class SeeMentions:
    """The member read the notes of a case that mention them."""

    reference: str


@verb(HANDLE, leaves=rules.LINKED)
def link(tx: Session, command: LinkTo, now: datetime, actor: Actor) -> None:
    """Link two complaints. Raises LinkedToItself, LinkedAlready, UnknownWord, Conflict or NotFound (either)."""
    complaint = for_change(tx, command.reference, command.version)
    relation = Relation(rules.known_word(command.relation, Relation))
    other = found(tx, command.other.strip())
    if _linked(tx, complaint, other) is not None:
        raise rules.LinkedAlready
    joined(tx, complaint, other, relation, now, actor)


def joined(
    tx: Session, complaint: Complaint, other: Complaint, relation: Relation, now: datetime, actor: Actor
) -> None:
    """Link the two, or change how they are linked; both hear of it. Raises LinkedToItself."""
    if complaint.id == other.id:
        raise rules.LinkedToItself
    one = _linked(tx, complaint, other)
    if one is None:
        later, earlier = max(complaint.id, other.id), min(complaint.id, other.id)
        one = ComplaintLink(complaint_id=later, other_id=earlier)
        tx.add(one)
    one.relation, one.linked_at, one.linked_by = relation.value, now, actor.person_id
    changed(tx, complaint, rules.LINKED, now, actor, {"to": other.reference, "relation": relation.value})
    note(tx, other, rules.LINKED, now, actor, {"to": complaint.reference, "relation": relation.value})


@verb(HANDLE, leaves=rules.UNLINKED)
def unlink(tx: Session, command: UnlinkFrom, now: datetime, actor: Actor) -> None:
    """Take a link away. Raises NotLinked, Conflict or NotFound."""
    complaint = for_change(tx, command.reference, command.version)
    other = found(tx, command.other)
    one = _linked(tx, complaint, other)
    if one is None:
        raise rules.NotLinked
    facts = {"relation": one.relation}
    tx.delete(one)
    changed(tx, complaint, rules.UNLINKED, now, actor, {"to": other.reference, **facts})
    note(tx, other, rules.UNLINKED, now, actor, {"to": complaint.reference, **facts})


def _linked(tx: Session, complaint: Complaint, other: Complaint) -> ComplaintLink | None:
    later, earlier = max(complaint.id, other.id), min(complaint.id, other.id)
    query = select(ComplaintLink).where(ComplaintLink.complaint_id == later, ComplaintLink.other_id == earlier)
    return tx.execute(query).scalar_one_or_none()


@verb(HANDLE, leaves=rules.NOTED)
def write_note(tx: Session, command: WriteNote, now: datetime, actor: Actor) -> int:
    """Write an internal note; returns its id. Whom it mentions finds it on the start page and is told by e-mail.

    Raises NothingWritten, TextTooLong, ErasedStays or NotFound.
    """
    complaint = found(tx, command.reference)
    check_not_erased(tx, complaint.id)
    written = texts(note=command.note)
    if not written["note"]:
        raise rules.NothingWritten
    one = ComplaintNote(complaint_id=complaint.id, written_at=now, written_by=actor.person_id, **written)
    tx.add(one)
    tx.flush()
    people = {member.person_id: (member.name, member.email.partition("@")[0]) for member in members_with(tx, READ)}
    mentioned = rules.mentioned(written["note"], people)
    tx.add_all(ComplaintMention(note_id=one.id, person_id=person_id) for person_id in mentioned)
    note(tx, complaint, rules.NOTED, now, actor, {"note": one.id, "mentions": mentioned}, written)
    return int(one.id)


@verb(READ, leaves=rules.MENTION_SEEN)
def see_mentions(tx: Session, command: SeeMentions, now: datetime, actor: Actor) -> None:
    """The actor read where a case's notes mention them. Raises NothingMentioned or NotFound."""
    complaint = found(tx, command.reference)
    query = (
        select(ComplaintMention)
        .join(ComplaintNote, ComplaintNote.id == ComplaintMention.note_id)
        .where(
            ComplaintNote.complaint_id == complaint.id,
            ComplaintMention.person_id == actor.person_id,
            ComplaintMention.seen_at.is_(None),
        )
    )
    waiting = list(tx.execute(query).scalars())
    if not waiting:
        raise rules.NothingMentioned
    for one in waiting:
        one.seen_at = now
    note(tx, complaint, rules.MENTION_SEEN, now, actor, {"mentions": len(waiting)})


__all__ = [
    "LinkTo",
    "SeeMentions",
    "UnlinkFrom",
    "WriteNote",
    "joined",
    "link",
    "see_mentions",
    "unlink",
    "write_note",
]
