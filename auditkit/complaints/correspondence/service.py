"""Writing to a complainant and taking their answers: the verbs over messages.

    write_to_complainant(tx, Write(complaint_id, "progress", text), now, actor)      -> id of the message
    reply_from_complainant(tx, Reply(complaint_id, text, channel="web"), now, actor)  -> id of the message

Both write the journal under ("complaint", complaint_id), texts as salted hashes. What goes by e-mail, SMS or chat goes
through the outbox in the same transaction. Checked by tests/slices/complaints/correspondence/test_messages.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints.correspondence import rules
from auditkit.complaints.correspondence.models import ComplaintMessage, ComplaintMessageFile
from auditkit.complaints.correspondence.rules import Author, Channel, Direction, MessageKind
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import known_word
from auditkit.evidence.models import EvidenceFile
from auditkit.journal.service import record

SUBJECT_KIND = "complaint"
MESSAGE_KIND = "complaint-message"


@dataclass(frozen=True)
class Write:
    """A message to the complainant, edited and ready. `files` are ids of evidence of the organisation.

    `channel` empty: by e-mail where an address is known, else on the tracking page. `automatic`: no person decided it.
    `hidden`: texts in `text` (a tracking secret) that are sent but not kept.
    """

    complaint_id: int
    kind: str
    text: str
    subject: str = ""
    channel: str = ""
    language: str = ""
    files: Sequence[int] = ()
    automatic: bool = False
    wording: str = ""
    hidden: Sequence[str] = ()


@dataclass(frozen=True)
class Reply:
    """What the complainant wrote. `files` are ids of evidence of the organisation; a text may be empty beside files."""

    complaint_id: int
    text: str
    subject: str = ""
    channel: str = Channel.WEB.value
    language: str = ""
    files: Sequence[int] = ()


@verb("complaints.handle", leaves=rules.WRITTEN)
def write_to_complainant(tx: Session, command: Write, now: datetime, actor: Actor) -> int:
    """Keep a message to the complainant and let it leave; the id of the message.

    On the tracking page it has arrived at once; by post it waits to be noted as posted; otherwise the outbox has it.
    Raises NotFound, UnknownWord, TextMissing, TextTooLong, TextNotStorable, SubjectTooLong, BlankLeft, NoAddress,
    AddressUnusable, NoNumber.
    """
    complaint = _complaint(tx, command.complaint_id)
    rules.check_filled(command.subject, command.text)
    kept_text = command.text
    for secret in command.hidden:
        kept_text = kept_text.replace(secret, outbox.HIDDEN)
    channel = Channel(known_word(command.channel or _best_channel(complaint), Channel))
    automatic = command.automatic or actor.person_id is None
    message = ComplaintMessage(
        complaint_id=complaint.id,
        direction=Direction.OUT.value,
        channel=channel.value,
        kind=known_word(command.kind, MessageKind),
        author=(Author.SYSTEM if automatic else Author.PERSON).value,
        person_id=None if automatic else actor.person_id,
        automatic=automatic,
        language=command.language,
        wording=command.wording,
        subject=rules.check_subject(command.subject),
        text=rules.check_text(kept_text),
        created_at=now,
        sent_at=now if channel is Channel.WEB else None,
    )
    _store(tx, message, command.files)
    if channel in rules.BY_OUTBOX:
        outbox.put(
            tx,
            channel=channel.value,
            to=_address(complaint, channel),
            subject=command.subject,
            body=command.text,
            now=now,
            about=outbox.About(actor.organisation_id, MESSAGE_KIND, message.id, complaint.reference),
            hidden=command.hidden,
        )
    _tell(tx, rules.WRITTEN, message, now, actor)
    return int(message.id)


@verb(None, leaves=rules.REPLIED)
def reply_from_complainant(tx: Session, command: Reply, now: datetime, actor: Actor) -> int:
    """Keep what the complainant wrote; the id of the message. The caller knows that it is the complainant.

    Raises NotFound, UnknownWord, TextMissing, TextTooLong, TextNotStorable, SubjectTooLong.
    """
    complaint = _complaint(tx, command.complaint_id)
    message = ComplaintMessage(
        complaint_id=complaint.id,
        direction=Direction.IN.value,
        channel=known_word(command.channel, Channel),
        kind=MessageKind.REPLY.value,
        author=Author.COMPLAINANT.value,
        automatic=False,
        language=command.language,
        subject=rules.check_subject(command.subject),
        text=rules.check_text(command.text, may_be_empty=bool(command.files)),
        created_at=now,
        sent_at=now,
    )
    _store(tx, message, command.files)
    _tell(tx, rules.REPLIED, message, now, actor)
    return int(message.id)


def _complaint(tx: Session, complaint_id: int) -> Complaint:
    complaint = tx.execute(select(Complaint).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


def _best_channel(complaint: Complaint) -> str:
    return (Channel.EMAIL if complaint.complainant_email.strip() else Channel.WEB).value


def _address(complaint: Complaint, channel: Channel) -> str:
    if channel is Channel.EMAIL:
        return rules.mail_address(complaint.complainant_email)
    return rules.phone_number(complaint.complainant_phone)


def _store(tx: Session, message: ComplaintMessage, files: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(files))
    known = set(tx.execute(select(EvidenceFile.id).where(EvidenceFile.id.in_(wanted))).scalars()) if wanted else set()
    if known != set(wanted):
        raise NotFound
    tx.add(message)
    tx.flush()
    for position, file_id in enumerate(wanted, 1):
        tx.add(ComplaintMessageFile(message_id=message.id, file_id=file_id, position=position))
    tx.flush()


def _tell(tx: Session, what: Event, message: ComplaintMessage, now: datetime, actor: Actor) -> None:
    record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT_KIND, message.complaint_id),
        facts={
            "message": message.id,
            "kind": message.kind,
            "channel": message.channel,
            "direction": message.direction,
            "automatic": message.automatic,
        },
        personal={name: value for name, value in (("subject", message.subject), ("text", message.text)) if value},
    )
