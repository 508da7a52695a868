"""Verbs of read-and-understood: who must read, that somebody has, and what was mailed about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from auditkit.accounts.queries import today_of_house
from auditkit.accounts.rules import ROLE_TITLES
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.policies.drafts import draft, tell
from auditkit.policies.models import PolicyConfirmation, PolicyNotice, PolicyReader
from auditkit.policies.queries import policy as policy_view
from auditkit.policies.queries import readers as reads
from auditkit.policies.rules import ApproverUnknown, Notice, readers


@dataclass(frozen=True)
class SetReaders:
    policy_id: int
    roles: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Confirm:
    """`ticked`: that the person says the text was read and understood. `language` it was read in."""

    policy_id: int
    number: int
    ticked: bool
    language: str = ""


@dataclass(frozen=True)
class Mail:
    """A mail about a version to a person, that has gone nowhere before."""

    policy_id: int
    version_id: int
    person_id: int
    kind: Notice
    to: str
    subject: str
    body: str


@verb("policies.edit", leaves=readers.READERS_SET)
def set_readers(tx: Session, command: SetReaders, now: datetime, actor: Actor) -> None:
    """Say who must read the document from now on. Raises NotFound, ReaderUnknown."""
    policy = draft(tx, command.policy_id)
    members = {one.person_id for one in reads.possible_readers(tx)}
    roles, people = sorted(set(command.roles)), sorted(set(command.people))
    if not set(roles) <= set(map(str, ROLE_TITLES)) or not set(people) <= members:
        raise readers.ReaderUnknown
    tx.execute(delete(PolicyReader).where(PolicyReader.policy_id == policy.id))
    tx.add_all(PolicyReader(policy_id=policy.id, role=role) for role in roles)
    tx.add_all(PolicyReader(policy_id=policy.id, person_id=person) for person in people)
    tell(tx, readers.READERS_SET, policy.id, now, actor, roles=roles, people=people)


@verb("policies.read", leaves=readers.CONFIRMED)
def confirm(tx: Session, command: Confirm, now: datetime, actor: Actor) -> None:
    """Confirm to have read and understood a version, under one's name.

    Raises NotFound, NotToBeRead, ReadAlready, ReadingNotTicked, ApproverUnknown (not a person).
    """
    policy = policy_view(tx, command.policy_id)
    version = policy.version(command.number)
    if actor.person_id is None:
        raise ApproverUnknown
    if not command.ticked:
        raise readers.ReadingNotTicked
    readers.require_to_be_read([one.dates for one in policy.versions], version.number, today_of_house(tx, now))
    if reads.own_confirmation(tx, version.id, actor.person_id):
        raise readers.ReadAlready
    tx.add(
        PolicyConfirmation(
            version_id=version.id,
            person_id=actor.person_id,
            name=actor.name,
            role=actor.role,
            language=command.language or policy.language,
            confirmed_at=now,
        )
    )
    tell(tx, readers.CONFIRMED, policy.id, now, actor, version=version.number, digest=version.digest)


@verb(None, leaves=readers.NOTICED)
def mail(tx: Session, command: Mail, now: datetime, actor: Actor) -> None:
    """Mail to somebody about a version, and note it, so that it goes once."""
    notice = {"version_id": command.version_id, "person_id": command.person_id, "kind": command.kind.value}
    tx.add(PolicyNotice(sent_at=now, **notice))
    about = outbox.About(actor.organisation_id, "policy", command.policy_id)
    outbox.put(tx, to=command.to, subject=command.subject, body=command.body, now=now, about=about)
    tell(tx, readers.NOTICED, command.policy_id, now, actor, **notice)
