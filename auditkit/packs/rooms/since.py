"""What changed since the pack that a body reviewed before, and what became of what it asked for and doubted there.

Checked by tests/slices/packs/test_rooms_since.py; the comparison itself by tests/rules/test_packs_rooms_rules.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.packs.rooms import queries, rules
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.queries import Judgement, Place, Request, Room
from auditkit.packs.rooms.rules import Fate, NotInThePack, Verdict


@dataclass(frozen=True)
class Unsettled:
    """A request of the earlier review, or a doubt that was its last word on a clause or an item.

    `here`: whether this pack shows the clause or the item too, so that there is a page to go to.
    """

    about: Request | Judgement
    fate: Fate
    here: bool

    @property
    def asked(self) -> Request | None:
        """The request, where it is one."""
        return self.about if isinstance(self.about, Request) else None


@dataclass(frozen=True)
class Since:
    """Paths of the payload that came, went and changed, and what was unsettled."""

    came: list[str]
    went: list[str]
    changed: list[str]
    unsettled: list[Unsettled]


def since(tx: Session, room: Room, pack: SealedPack, sealed: Callable[[int], SealedPack]) -> tuple[Since | None, str]:
    """What changed, None where the body saw no pack before; or the reason why that cannot be told.

    `sealed` opens a pack by its id.
    """
    earlier = queries.earlier_room(tx, room)
    if earlier is None:
        return None, ""
    room_id, pack_id = earlier
    try:
        before = sealed(pack_id)
        came, went, changed = rules.changes(before.digests, pack.digests)
        left: list[Request | Judgement] = [*queries.requests(tx, room_id), *_doubts(tx, room_id)]
        unsettled = [Unsettled(one, *_fate(one.place, before, pack)) for one in left]
    except NotFound as error:
        return None, str(error)
    return Since(came, went, changed, unsettled), ""


def _doubts(tx: Session, room_id: int) -> Iterator[Judgement]:
    last = queries.newest(queries.judgements(tx, room_id)).values()
    return (one for one in last if one.verdict is not Verdict.ACCEPTED)


def _fate(place: Place, before: SealedPack, after: SealedPack) -> tuple[Fate, bool]:
    shown = _shown(place, after)
    return rules.fate(_shown(place, before), shown), shown is not None


def _shown(place: Place, pack: SealedPack) -> dict[str, str] | None:
    """Path -> digest of what a pack shows there (empty where withheld); None where it has no such clause or item."""
    clause, path = place
    try:
        found = pack.clause(clause)
        items = [found.item(path)] if path else found.items
    except NotInThePack:
        return None
    return {one.path: one.sha256 for one in items}
