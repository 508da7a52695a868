"""The verbs of the register: register, receive, acknowledge, decide, record the answer, close, read the identity.

Every command about an existing complaint carries the `version` its person looked at; when somebody else changed the
complaint meanwhile the verb raises Conflict and nothing is overwritten. What people wrote enters the journal as a
salted hash, so that it is proven and can still be erased.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.base.numbering import next_number
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.models import SERIES, Complaint
from auditkit.complaints.rules import Answer, Category, Channel, Ground, Kind, Outcome, Severity, Stage
from auditkit.journal import service as journal

SUBJECT_KIND = "complaint"


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
class Acknowledge:
    """The complainant was told that the complaint came in."""

    reference: str
    version: int


@dataclass(frozen=True)
class Decide:
    """The decision, its reasons, and the remedy offered (empty: none)."""

    reference: str
    version: int
    outcome: str
    reasons: str
    remedy: str = ""


@dataclass(frozen=True)
class RecordAnswer:
    """What the complainant said to the decision."""

    reference: str
    version: int
    answer: str


@dataclass(frozen=True)
class Close:
    """Close on a ground; `note` says which external body decided or which steps are exhausted."""

    reference: str
    version: int
    ground: str
    note: str = ""


@dataclass(frozen=True)
class ReadIdentity:
    """Somebody is shown who complained."""

    reference: str


@dataclass(frozen=True)
class Registered:
    """The new complaint."""

    id: int
    reference: str


_TEXTS = ("subject", "description", "product", "site", "wanted_remedy", "external_reference")


@verb("complaints.register", leaves=rules.REGISTERED)
def register(tx: Session, command: Register, now: datetime, actor: Actor) -> Registered:
    """Record a complaint under the next reference of the organisation and year.

    Raises SubjectMissing, ReceivedInFuture, HappenedAfterReceipt, UnknownWord, TextTooLong or TextNotStorable.
    """
    return _record(tx, rules.REGISTERED, command, now, actor)


@verb(None, leaves=rules.RECEIVED)
def receive(tx: Session, command: Register, now: datetime, actor: Actor) -> Registered:
    """Record a complaint that a stranger sent (`intake` makes its receipt). Raises what `register` raises."""
    return _record(tx, rules.RECEIVED, command, now, actor)


def _record(tx: Session, what: Event, command: Register, now: datetime, actor: Actor) -> Registered:
    if not command.subject.strip():
        raise rules.SubjectMissing
    rules.check_dates(command.received_at, command.happened_on, now)
    texts = {name: rules.check_text(name, getattr(command, name)) for name in _TEXTS}
    identity = _identity_columns(command.complainant)
    reference = rules.reference(now.year, next_number(tx, SERIES, now.year))
    complaint = Complaint(
        organisation_id=actor.organisation_id,
        reference=reference,
        kind=rules.known_word(command.kind, Kind),
        channel=rules.known_word(command.channel, Channel),
        category=rules.known_word(command.category, Category, empty=True),
        severity=rules.known_word(command.severity, Severity, empty=True),
        received_at=command.received_at,
        received_is_day=command.received_is_day,
        happened_on=command.happened_on,
        recorded_at=now,
        changed_at=now,
        **texts,
        **identity,
    )
    complaint.search_words = _search_words(complaint)
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


@verb("complaints.handle", leaves=rules.ACKNOWLEDGED)
def acknowledge(tx: Session, command: Acknowledge, now: datetime, actor: Actor) -> None:
    """Note that the complainant was told (7.4). Raises AlreadyAcknowledged, Conflict or NotFound."""
    complaint = _for_change(tx, command.reference, command.version)
    rules.may_acknowledge(_standing(complaint))
    complaint.stage = Stage.ACKNOWLEDGED.value
    complaint.acknowledged_at = now
    _changed(tx, complaint, rules.ACKNOWLEDGED, now, actor)


@verb("complaints.handle", leaves=rules.DECIDED)
def decide(tx: Session, command: Decide, now: datetime, actor: Actor) -> None:
    """Record a decision with its reasons; it replaces one that was refused. Raises what `rules.may_decide` raises."""
    complaint = _for_change(tx, command.reference, command.version)
    rules.may_decide(_standing(complaint), command.reasons)
    complaint.stage = Stage.DECIDED.value
    complaint.outcome = rules.known_word(command.outcome, Outcome)
    complaint.decision = rules.check_text("decision", command.reasons)
    complaint.remedy = rules.check_text("remedy", command.remedy)
    complaint.decided_at = now
    complaint.answer, complaint.answered_at = "", None
    personal = {"reasons": command.reasons, "remedy": command.remedy}
    _changed(tx, complaint, rules.DECIDED, now, actor, {"outcome": complaint.outcome}, personal)


@verb("complaints.handle", leaves=(rules.DECISION_ACCEPTED, rules.DECISION_REFUSED))
def record_answer(tx: Session, command: RecordAnswer, now: datetime, actor: Actor) -> None:
    """Record acceptance or refusal. A refusal keeps the case open (7.9). Raises what `rules.may_answer` raises."""
    complaint = _for_change(tx, command.reference, command.version)
    rules.may_answer(_standing(complaint))
    complaint.answer = rules.known_word(command.answer, Answer)
    complaint.answered_at = now
    accepted = complaint.answer == Answer.ACCEPTED
    _changed(tx, complaint, rules.DECISION_ACCEPTED if accepted else rules.DECISION_REFUSED, now, actor)


@verb("complaints.handle", leaves=rules.CLOSED)
def close(tx: Session, command: Close, now: datetime, actor: Actor) -> None:
    """Close the complaint on a ground. Raises what `rules.may_close` raises."""
    complaint = _for_change(tx, command.reference, command.version)
    ground = Ground(rules.known_word(command.ground, Ground))
    rules.may_close(_standing(complaint), ground, command.note)
    complaint.stage = Stage.CLOSED.value
    complaint.closed_at = now
    complaint.closing_ground = ground.value
    complaint.closing_note = rules.check_text("closing_note", command.note)
    _changed(tx, complaint, rules.CLOSED, now, actor, {"ground": ground.value}, {"note": command.note})


@verb("identity.read", leaves=rules.IDENTITY_READ)
def read_identity(tx: Session, command: ReadIdentity, now: datetime, actor: Actor) -> Identity:
    """Who complained; the reading is on record (decision 16). Raises NotFound."""
    complaint = _found(tx, command.reference)
    journal.record(tx, rules.IDENTITY_READ, now=now, actor=actor, subject=(SUBJECT_KIND, complaint.id))
    return Identity(*(getattr(complaint, f"complainant_{one.name}") for one in fields(Identity)))


def _identity_columns(identity: Identity) -> dict[str, str]:
    columns = {f"complainant_{one.name}": getattr(identity, one.name) for one in fields(Identity)}
    return {name: rules.check_text(name, value) for name, value in columns.items()}


def _search_words(complaint: Complaint) -> str:
    return rules.search_words(
        complaint.organisation_id,
        complaint.reference,
        [getattr(complaint, name) or "" for name in rules.SEARCHED],
        [getattr(complaint, name) or "" for name in rules.SEARCHED_IDENTITY],
    )


def _found(tx: Session, reference: str, *, lock: bool = False) -> Complaint:
    query = select(Complaint).where(Complaint.reference == reference)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    complaint = tx.execute(query).scalar_one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


def _for_change(tx: Session, reference: str, version: int) -> Complaint:
    complaint = _found(tx, reference, lock=True)
    if complaint.version != version:
        raise Conflict
    return complaint


def _standing(complaint: Complaint) -> rules.Standing:
    return rules.Standing(Stage(complaint.stage), complaint.answer)


def _changed(
    tx: Session,
    complaint: Complaint,
    what: Event,
    now: datetime,
    actor: Actor,
    facts: dict[str, str] | None = None,
    written: dict[str, str] | None = None,
) -> None:
    complaint.version += 1
    complaint.changed_at = now
    journal.record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT_KIND, complaint.id),
        facts={"reference": complaint.reference, "version": complaint.version, **(facts or {})},
        personal={name: value for name, value in (written or {}).items() if value},
    )
