"""What the verbs share: a document under lock, that it was edited, and the journal entry about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.ids import digest
from auditkit.base.numbering import next_number
from auditkit.content.shapes import PolicyShape
from auditkit.journal.service import record
from auditkit.policies import queries
from auditkit.policies.models import Policy, PolicyCard, PolicyVersion
from auditkit.policies.rules import STARTED, DraftChanged, Kind, cards

LANGUAGE = "en"
"""Of a document for which no other is said."""


def draft(tx: Session, policy_id: int, revision: int | None = None) -> Policy:
    """The document, locked against other writers where the database can. Raises NotFound, DraftChanged."""
    policy = tx.execute(select(Policy).where(Policy.id == policy_id).with_for_update()).scalar_one_or_none()
    if policy is None:
        raise NotFound
    if revision is not None and revision != policy.revision:
        raise DraftChanged
    return policy


def version_of(policy: Policy, number: int) -> PolicyVersion:
    """Raises NotFound."""
    for version in policy.versions:
        if version.number == number:
            return version
    raise NotFound


def edited(policy: Policy, now: datetime, actor: Actor) -> None:
    """The draft is another one now, by this person."""
    policy.revision += 1
    policy.edited_by_id, policy.edited_at = actor.person_id, now


def tell(tx: Session, what: Event, policy_id: int, now: datetime, actor: Actor, **facts: Any) -> None:
    """Journal something about a document."""
    record(tx, what, now=now, actor=actor, subject=("policy", policy_id), facts=facts)


def stored_sections(shape: PolicyShape) -> list[dict[str, Any]]:
    """The sections of a text of the library as a draft stores them."""
    sections: Iterable[queries.Section] = (
        queries.Section(one.id, str(one.title), tuple(one.clauses), str(one.text)) for one in shape.sections
    )
    return queries.as_json(sections)


def make(tx: Session, now: datetime, actor: Actor, kind: Kind, **values: Any) -> int:
    """A new document with its reference and its card; its id. Journals STARTED."""
    prefix = cards.PREFIXES[kind]
    series = "policy" if kind is Kind.POLICY else f"policy-{prefix.lower()}"
    reference = f"{prefix}-{next_number(tx, series, 0):02d}"
    own = {"content_id": f"own-{reference.lower()}", "content_digest": digest(b""), "is_public": False}
    empty: dict[str, Any] = {"questions": [], "sections": [], "answers": {}}
    policy = Policy(
        reference=reference, started_at=now, edited_by_id=actor.person_id, edited_at=now, **(own | empty | values)
    )
    tx.add(policy)
    tx.flush()
    tx.add(PolicyCard(policy_id=policy.id, kind=kind.value, owner_id=actor.person_id))
    tx.flush()
    content = {"content": policy.content_id, "content_digest": policy.content_digest}
    tell(tx, STARTED, policy.id, now, actor, **content)
    return policy.id
