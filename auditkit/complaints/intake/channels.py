"""The organisation's own list of channels; the supplied words hold until it makes one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.text import _
from auditkit.complaints import rules
from auditkit.complaints.intake.models import OPENING, ComplaintChannel

_MAIL_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


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
    kind: str = rules.Kind.COMPLAINT.value

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings of the channel."""
        kept = (self.address, self.owner_id, self.opening, self.public, self.in_use, self.kind)
        return digest(repr(kept).encode())[:16]

    @property
    def title(self) -> str:
        """What it is called, in the language of the page."""
        return channel_title(self.name)

    @property
    def supplied(self) -> bool:
        """Whether its name is one of the supplied words."""
        return self.name in list(rules.Channel)

    @property
    def takes_mail(self) -> bool:
        """Whether e-mails can come by it: the supplied e-mail, and own channels by the addresses they are found at."""
        return not self.supplied or self.name == rules.Channel.EMAIL

    @property
    def mail_addresses(self) -> frozenset[str]:
        """The e-mail addresses that people find it at, in lower case."""
        return frozenset(one.rstrip(".").casefold() for one in _MAIL_ADDRESS.findall(self.address))


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


def mail_channel(tx: Session, recipients: Iterable[str]) -> ChannelView:
    """The channel that a mail came by: the own one, in use, at whose address it arrived; else the supplied e-mail."""
    arrived, listed = {one.casefold() for one in recipients}, channels(tx)
    own = (one for one in listed if one.in_use and not one.supplied and one.mail_addresses & arrived)
    return next(own, None) or next(one for one in listed if one.name == rules.Channel.EMAIL)


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
