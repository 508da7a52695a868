"""The organisation's own list of channels; the supplied words hold until it makes one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.text import _
from auditkit.complaints import rules
from auditkit.complaints.intake.models import OPENING, ComplaintChannel


@dataclass(frozen=True)
class ChannelView:
    """One way in. `id` is None for a supplied one that the organisation did not change."""

    id: int | None
    name: str
    address: str = ""
    owner_id: int | None = None
    opening: str = OPENING[0]
    public: bool = True
    in_use: bool = True

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings of the channel."""
        kept = (self.address, self.owner_id, self.opening, self.public, self.in_use)
        return digest(repr(kept).encode())[:16]

    @property
    def title(self) -> str:
        """What it is called, in the language of the page."""
        return channel_title(self.name)

    @property
    def supplied(self) -> bool:
        """Whether its name is one of the supplied words."""
        return self.name in list(rules.Channel)


def channel_title(name: str) -> str:
    """A stored channel as people read it; the organisation's own names stay as they are."""
    known = {str(word): title for word, title in rules.CHANNEL_TITLES.items()}
    return _(known[name]) if name in known else name


def channels(tx: Session) -> list[ChannelView]:
    """Every channel, the supplied ones first, those out of use among them."""
    columns = [getattr(ComplaintChannel, name) for name in ChannelView.__dataclass_fields__]
    rows = tx.execute(select(*columns).order_by(ComplaintChannel.position, ComplaintChannel.id))
    own = {row.name: ChannelView(**row._mapping) for row in rows}
    supplied = [own.pop(str(word), ChannelView(None, str(word), public=False)) for word in rules.Channel]
    return [*supplied, *own.values()]


def in_use(tx: Session) -> Sequence[ChannelView]:
    """The channels that complaints can come in by."""
    return [one for one in channels(tx) if one.in_use]


def check_channel(tx: Session, name: str) -> str:
    """`name` when complaints can come in by it. Raises UnknownWord, naming the channels there are.

    A supplied word that is out of use is still a word: what was said is written down as it was.
    """
    if name in list(rules.Channel):
        return name
    own = [one.name for one in in_use(tx)]
    if name not in own:
        raise rules.UnknownWord(word=name, known=own)
    return name
