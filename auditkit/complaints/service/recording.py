"""Taking a complaint down, by a member or from a stranger, and reading who complained."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.categories import check_category
from auditkit.complaints.intake.channels import check_channel
from auditkit.complaints.intake.references import pattern_in_force
from auditkit.complaints.models import SERIES, Complaint
from auditkit.complaints.rules import Channel, Kind, Severity
from auditkit.complaints.service.taking import SUBJECT_KIND, found
from auditkit.content.library import Library, shared
from auditkit.journal import service as journal


@dataclass(frozen=True)
class Identity:
    """Who complained: personal data. Empty texts are what the complainant did not say."""

    name: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class Register:
    """A complaint taken down by a member. `received_is_day`: only the day is known (then midnight UTC of it)."""

    subject: str
    received_at: datetime
    description: str = ""
    received_is_day: bool = False
    kind: str = Kind.COMPLAINT.value
    channel: str = Channel.OTHER.value
    category: str = ""
    severity: str = ""
    happened_on: date | None = None
    product: str = ""
    site: str = ""
    wanted_remedy: str = ""
    external_reference: str = ""
    complainant: Identity = field(default_factory=Identity)


@dataclass(frozen=True)
class ReadIdentity:
    """Somebody is shown who complained."""

    reference: str


@dataclass(frozen=True)
class ReadMessages:
    """Somebody is shown what was written to and fro."""

    complaint_id: int


@dataclass(frozen=True)
class Registered:
    """The new complaint."""

    id: int
    reference: str


_TEXTS = ("subject", "description", "product", "site", "wanted_remedy", "external_reference")


@verb("complaints.register", leaves=rules.REGISTERED)
def register(
    tx: Session, command: Register, now: datetime, actor: Actor, *, library: Library | None = None
) -> Registered:
    """Record a complaint under the next reference of the organisation and year; its category is one of `library`
    (None: as shipped).

    Raises SubjectMissing, ReceivedInFuture, HappenedAfterReceipt, UnknownWord, TextTooLong or TextNotStorable.
    """
    return _record(tx, rules.REGISTERED, command, now, actor, library)


@verb(None, leaves=rules.RECEIVED)
def receive(tx: Session, command: Register, now: datetime, actor: Actor) -> Registered:
    """Record a complaint that a stranger sent (`intake` makes its receipt). Raises what `register` raises."""
    return _record(tx, rules.RECEIVED, command, now, actor)


def _record(
    tx: Session, what: Event, command: Register, now: datetime, actor: Actor, library: Library | None = None
) -> Registered:
    if not command.subject.strip():
        raise rules.SubjectMissing
    rules.check_dates(command.received_at, command.happened_on, now)
    texts = {name: rules.check_text(name, getattr(command, name)) for name in _TEXTS}
    identity = _identity_columns(command.complainant)
    reference = pattern_in_force(tx).reference(now.year, next_number(tx, SERIES, now.year))
    complaint = Complaint(
        organisation_id=actor.organisation_id,
        reference=reference,
        kind=rules.known_word(command.kind, Kind),
        channel=check_channel(tx, command.channel),
        category=check_category(library or shared(), command.category),
        severity=rules.known_word(command.severity, Severity, empty=True),
        received_at=command.received_at,
        received_is_day=command.received_is_day,
        happened_on=command.happened_on,
        recorded_at=now,
        changed_at=now,
        **texts,
        **identity,
    )
    complaint.search_words = search_words_of(complaint)
    tx.add(complaint)
    tx.flush()
    journal.record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT_KIND, complaint.id),
        facts={
            "reference": reference,
            "kind": complaint.kind,
            "channel": complaint.channel,
            "category": complaint.category,
            "severity": complaint.severity,
            "received_at": command.received_at.isoformat(),
        },
        personal={name: value for name, value in {**texts, **identity}.items() if value},
    )
    return Registered(complaint.id, reference)


@verb("identity.read", leaves=rules.IDENTITY_READ)
def read_identity(tx: Session, command: ReadIdentity, now: datetime, actor: Actor) -> Identity:
    """Who complained; the reading is on record (decision 16). Raises NotFound."""
    return open_identity(tx, command.reference, now, actor, {})


def open_identity(tx: Session, reference: str, now: datetime, actor: Actor, facts: dict[str, object]) -> Identity:
    """Who complained, for a verb that has asked whether this person may see it; `facts` say what it rests on.

    Raises NotFound.
    """
    complaint = found(tx, reference)
    journal.record(tx, rules.IDENTITY_READ, now=now, actor=actor, subject=(SUBJECT_KIND, complaint.id), facts=facts)
    return Identity(*(getattr(complaint, f"complainant_{one.name}") for one in fields(Identity)))


@verb("identity.read", leaves=rules.MESSAGES_READ)
def read_messages(tx: Session, command: ReadMessages, now: datetime, actor: Actor) -> None:
    """Put on record that the words of the messages are read: they tell who complained as the identity does."""
    journal.record(tx, rules.MESSAGES_READ, now=now, actor=actor, subject=(SUBJECT_KIND, command.complaint_id))


def _identity_columns(identity: Identity) -> dict[str, str]:
    columns = {f"complainant_{one.name}": getattr(identity, one.name) for one in fields(Identity)}
    return {name: rules.check_text(name, value) for name, value in columns.items()}


def search_words_of(complaint: Complaint) -> str:
    """What the search index keeps of a complaint."""
    return rules.search_words(
        complaint.organisation_id,
        complaint.reference,
        [getattr(complaint, name) or "" for name in rules.SEARCHED],
        [getattr(complaint, name) or "" for name in rules.SEARCHED_IDENTITY],
    )
