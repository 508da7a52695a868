"""Writing the journal: one function, called by every verb in the verb's own transaction.

Who stands above a slice may follow what happens to its records: a follower is called in the same transaction, after
the entry stands. So the clock of complaints hears of every verb without any verb knowing the clock.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.base.ids import new_secret
from auditkit.journal.models import JournalEntry, JournalHead, JournalPersonal
from auditkit.journal.rules import GENESIS, EntryContent, entry_hash, personal_hash

Follower = Callable[[Session, JournalEntry, Actor], None]
_followers: dict[str, list[Follower]] = {}


def follows(subject_kind: str) -> Callable[[Follower], Follower]:
    """Declare a function that hears of each entry about a record of this kind: `(tx, entry, actor)`.

    It runs inside the transaction of the verb; what it raises undoes the verb. Entries it leaves about the same kind
    of record reach it again, so it passes over its own.
    """

    def declare(follower: Follower) -> Follower:
        _followers.setdefault(subject_kind, []).append(follower)
        return follower

    return declare


def record(
    tx: Session,
    what: Event,
    *,
    now: datetime,
    actor: Actor,
    subject: tuple[str, int],
    facts: dict[str, Any] | None = None,
    personal: dict[str, str] | None = None,
) -> JournalEntry:
    """Append `what` to the chain of the actor's organisation.

    `facts` is plain JSON without personal data; `personal` holds values that may have to be erased one day: the chain
    carries their salted hashes, a side table the values. Raises ValueError when `facts` is not plain JSON.
    """
    tx.flush()  # so that what the event tells of has been accepted by the database, and has its id
    head = tx.execute(
        select(JournalHead).where(JournalHead.organisation_id == actor.organisation_id).with_for_update()
    ).scalar_one_or_none()
    if head is None:
        head = JournalHead(organisation_id=actor.organisation_id, seq=0, hash=GENESIS)
        tx.add(head)
    salts = {name: new_secret() for name in personal or {}}
    content = EntryContent(
        organisation_id=actor.organisation_id,
        seq=head.seq + 1,
        previous=head.hash,
        event=what.name,
        at=now,
        actor_id=actor.person_id,
        role=actor.role,
        subject_kind=subject[0],
        subject_id=subject[1],
        facts=facts or {},
        personal={name: personal_hash(salts[name], value) for name, value in (personal or {}).items()},
    )
    entry = JournalEntry(**vars(content), hash=entry_hash(content))
    tx.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    tx.flush()
    if personal:
        tx.execute(
            insert(JournalPersonal),
            [
                {"entry_id": entry.id, "name": name, "value": value, "salt": salts[name]}
                for name, value in personal.items()
            ],
        )
    tx.info.setdefault("journalled", []).append(what.name)
    for follower in _followers.get(subject[0], ()):
        follower(tx, entry, actor)
    return entry
