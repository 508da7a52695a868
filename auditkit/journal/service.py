"""Writing the journal: one function, called by every verb in the verb's own transaction.

Who stands above a slice may follow what happens to its records: a follower is called in the same transaction, after
the entry stands. So the clock of complaints hears of every verb without any verb knowing the clock.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, insert, select, update

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.base.ids import new_secret
from auditkit.base.prepared import Prepared
from auditkit.journal.models import JournalEntry, JournalHead, JournalPersonal
from auditkit.journal.rules import GENESIS, EntryContent, entry_hash, personal_hash

Follower = Callable[[Session, EntryContent, Actor], None]
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


_CHAIN = bindparam("chain", type_=BigInteger)
_HEAD = Prepared(
    select(JournalHead.seq, JournalHead.hash).where(JournalHead.organisation_id == _CHAIN).with_for_update()
)
_BEGIN = Prepared(insert(JournalHead).inline(), columns=("organisation_id", "seq", "hash"))
_MOVE = Prepared(
    update(JournalHead)
    .where(JournalHead.organisation_id == _CHAIN)
    .values(seq=bindparam("newest"), hash=bindparam("newest_hash"))
)
_COLUMNS = (*EntryContent.__dataclass_fields__, "hash")
_APPEND = Prepared(insert(JournalEntry).inline(), columns=_COLUMNS)
_APPEND_KNOWN = Prepared(insert(JournalEntry).returning(JournalEntry.id), columns=_COLUMNS)


def record(
    tx: Session,
    what: Event,
    *,
    now: datetime,
    actor: Actor,
    subject: tuple[str, int],
    facts: dict[str, Any] | None = None,
    personal: dict[str, str] | None = None,
) -> EntryContent:
    """Append `what` to the chain of the actor's organisation.

    `facts` is plain JSON without personal data; `personal` holds values that may have to be erased one day: the chain
    carries their salted hashes, a side table the values. Raises ValueError when `facts` is not plain JSON.
    """
    tx.flush()  # so that what the event tells of has been accepted by the database, and has its id
    head = _HEAD.one_or_none(tx, {"chain": actor.organisation_id})
    salts = {name: new_secret() for name in personal or {}}
    content = EntryContent(
        organisation_id=actor.organisation_id,
        seq=head.seq + 1 if head else 1,
        previous=head.hash if head else GENESIS,
        event=what.name,
        at=now,
        actor_id=actor.person_id,
        role=actor.role,
        subject_kind=subject[0],
        subject_id=subject[1],
        facts=facts or {},
        personal={name: personal_hash(salts[name], value) for name, value in (personal or {}).items()},
    )
    made = entry_hash(content)
    values = {**vars(content), "hash": made}
    if personal:
        entry_id = _APPEND_KNOWN.one_or_none(tx, values).id
        tx.execute(
            insert(JournalPersonal),
            [{"entry_id": entry_id, "name": name, "value": value, "salt": salts[name]}
             for name, value in personal.items()],
        )  # fmt: skip
    else:
        _APPEND.touched(tx, values)
    if head:
        _MOVE.touched(tx, {"chain": actor.organisation_id, "newest": content.seq, "newest_hash": made})
    else:
        _BEGIN.touched(tx, {"organisation_id": actor.organisation_id, "seq": content.seq, "hash": made})
    tx.info.setdefault("journalled", []).append(what.name)
    for follower in _followers.get(subject[0], ()):
        follower(tx, content, actor)
    return content
