"""What the organisation decides about its public side: channels, pattern of references, languages, figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict
from auditkit.base.verbs import verb
from auditkit.complaints.intake import rules
from auditkit.complaints.intake.channels import channels
from auditkit.complaints.intake.models import OPENING, ComplaintChannel, IntakeSettings, ReferencePattern
from auditkit.complaints.intake.queries import settings
from auditkit.complaints.intake.references import patterns
from auditkit.complaints.rules import Kind, known_word
from auditkit.journal import service as journal


@dataclass(frozen=True)
class KeepChannel:
    """A channel as it is to be. An empty `name` with an `id` keeps the name: what complaints store never changes.

    `seen`: the stamp of the channel the person looked at, None where nobody did.
    """

    name: str
    address: str = ""
    owner_id: int | None = None
    opening: str = OPENING[0]
    public: bool = True
    in_use: bool = True
    seen: str | None = None
    kind: str = Kind.COMPLAINT.value


@dataclass(frozen=True)
class KeepPattern:
    """The pattern of references from now on."""

    pattern: str


@dataclass(frozen=True)
class KeepSettings:
    """What the public pages say; `languages` empty: every language of the screens.

    `seen`: the stamp of the settings the person looked at, None where nobody did.
    """

    languages: Sequence[str] = ()
    phone: str = ""
    post: str = ""
    publishes_figures: bool = False
    seen: str | None = None


@verb("organisation.manage", leaves=rules.CHANNEL_CHANGED)
def keep_channel(tx: Session, command: KeepChannel, now: datetime, actor: Actor) -> None:
    """Add a channel, or change the one of this name.

    Raises ChannelNameMissing, LineTooLong, LineNotStorable, UnknownWord, and Conflict when somebody else changed it
    since.
    """
    name = rules.check_line("channel_name", command.name)
    if not name:
        raise rules.ChannelNameMissing
    if command.seen is not None and command.seen not in {one.stamp for one in channels(tx) if one.name == name}:
        raise Conflict
    found = tx.execute(select(ComplaintChannel).where(ComplaintChannel.name == name)).scalar_one_or_none()
    if found is None:
        last = tx.execute(select(func.coalesce(func.max(ComplaintChannel.position), 0))).scalar_one()
        found = ComplaintChannel(name=name, position=last + 1)
        tx.add(found)
    found.address = rules.check_line("channel_address", command.address)
    found.owner_id = command.owner_id
    found.opening = command.opening if command.opening in OPENING else OPENING[0]
    found.public, found.in_use = command.public, command.in_use
    found.kind = known_word(command.kind, Kind)
    tx.flush()
    names = ("name", "opening", "kind", "public", "in_use")
    facts = {name: getattr(found, name) for name in names}
    journal.record(
        tx, rules.CHANNEL_CHANGED, now=now, actor=actor, subject=("complaint-channel", found.id), facts=facts
    )


@verb("organisation.manage", leaves=rules.PATTERN_CHANGED)
def keep_pattern(tx: Session, command: KeepPattern, now: datetime, actor: Actor) -> None:
    """Give references another look from now on. Raises PatternMalformed or PatternAmbiguous."""
    pattern = rules.check_new_pattern(command.pattern, patterns(tx))
    kept = ReferencePattern(pattern=pattern.text, since=now)
    tx.add(kept)
    tx.flush()
    facts = {"pattern": pattern.text}
    journal.record(tx, rules.PATTERN_CHANGED, now=now, actor=actor, subject=("reference-pattern", kept.id), facts=facts)


@verb("organisation.manage", leaves=rules.SETTINGS_CHANGED)
def keep_settings(tx: Session, command: KeepSettings, now: datetime, actor: Actor) -> None:
    """Change what the public pages say.

    Raises LineTooLong, LineNotStorable, and Conflict when somebody else changed it since it was `seen`.
    """
    if command.seen is not None and command.seen != settings(tx).stamp:
        raise Conflict
    found = tx.execute(select(IntakeSettings)).scalar_one_or_none()
    if found is None:
        found = IntakeSettings(organisation_id=actor.organisation_id)
        tx.add(found)
    found.languages = list(command.languages)
    found.phone, found.post = rules.check_line("phone", command.phone), rules.check_line("post", command.post)
    found.publishes_figures = command.publishes_figures
    tx.flush()
    facts = {"languages": found.languages, "publishes_figures": found.publishes_figures}
    journal.record(tx, rules.SETTINGS_CHANGED, now=now, actor=actor, subject=("intake-settings", found.id), facts=facts)
