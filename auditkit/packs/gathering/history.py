"""What packs take from the journal: its tree, and the packs that were built before.

A pack counts as earlier when its building stands in the journal before the head of the new one. So building packs does
not change later buildings from the same records.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.journal import queries as journal
from auditkit.journal.queries import Head
from auditkit.packs.models import Pack
from auditkit.packs.rules import BUILT
from auditkit.packs.verify.tree import Tree, leaf_hash


@dataclass(frozen=True)
class EarlierPack:
    """A pack that was built before, with the journal's entry it was made from."""

    bag: str
    root: str
    entry: int
    hash: str


def earlier(tx: Session, organisation_id: int, head: Head) -> Iterator[EarlierPack]:
    """The packs built before the head's entry, each root once, oldest first."""
    built = journal.subjects_of(tx, organisation_id, BUILT.name, before=head.seq)
    packs = tx.execute(
        select(Pack.id, Pack.bag, Pack.root, Pack.journal_entry)
        .where(Pack.journal_entry.is_not(None), Pack.journal_entry <= head.seq)
        .order_by(Pack.id)
    ).all()
    known = [one for one in packs if one.id in built]
    hashes = journal.hashes_at(tx, organisation_id, {one.journal_entry for one in known})
    roots = set()
    for one in known:
        if one.root not in roots:
            roots.add(one.root)
            yield EarlierPack(one.bag, one.root, one.journal_entry, hashes[one.journal_entry])


def tree(tx: Session, organisation_id: int, head: Head) -> Tree:
    """The Merkle tree over the hashes of all entries up to the head."""
    return Tree([leaf_hash(bytes.fromhex(one)) for one in journal.hashes(tx, organisation_id, head.seq)])
