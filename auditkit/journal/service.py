"""Writing the journal: one function, called by every verb in the verb's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.base.ids import new_secret
from auditkit.journal.models import JournalEntry, JournalHead, JournalPersonal
from auditkit.journal.rules import GENESIS, EntryContent, entry_hash, personal_hash


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
    return entry
