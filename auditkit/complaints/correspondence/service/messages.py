"""Writing to a complainant, taking their answers, noting what was said elsewhere: the verbs over messages.

The journal has them under ("complaint", complaint_id), texts as salted hashes. What goes by e-mail, SMS or chat goes
through the outbox in the same transaction. Checked by tests/slices/complaints/correspondence/test_messages.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.delivery import Attachment
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.outbox import OutboxMail
from auditkit.base.verbs import verb
from auditkit.complaints.correspondence import envelope, own_page, queries, rules
from auditkit.complaints.correspondence.models import ComplaintMessage, ComplaintMessageFile
from auditkit.complaints.correspondence.rules import Author, Channel, Direction, MessageKind
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import known_word
from auditkit.complaints.service.taking import check_not_erased
from auditkit.evidence import queries as evidence
from auditkit.evidence import store
from auditkit.journal.service import record

SUBJECT_KIND = "complaint"
MESSAGE_KIND = queries.MESSAGE_KIND


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
    may_be_empty: bool = False


@dataclass(frozen=True)
class NoteContact:
    """A call, a visit or a letter that happened outside this installation; `happened_at` is when."""

    complaint_id: int
    direction: str
    channel: str
    text: str
    happened_at: datetime
    kind: str = MessageKind.MESSAGE.value
    files: Sequence[int] = ()


@dataclass(frozen=True)
class MarkPosted:
    """The printed letter went to the post."""

    message_id: int
    posted_at: datetime


@dataclass(frozen=True)
class MarkRead:
    """The other side has seen the message: the complainant one of ours, a member one of theirs."""

    message_id: int


@dataclass(frozen=True)
class TryAgain:
    """Send a message again that failed, or may have failed."""

    message_id: int


@verb("complaints.handle", leaves=rules.WRITTEN)
def write_to_complainant(tx: Session, command: Write, now: datetime, actor: Actor) -> int:
    """Keep a message to the complainant and let it leave; the id of the message.

    Where the text has the mark of `own_page`, the secret of the complainant's page goes out with it. On the tracking
    page it has arrived at once; by post it waits to be noted as posted; otherwise the outbox has it.
    Raises NotFound, UnknownWord, TextMissing, TextTooLong, TextNotStorable, SubjectTooLong, BlankLeft, NoAddress,
    AddressUnusable, NoNumber, ErasedStays.
    """
    complaint = _complaint(tx, command.complaint_id)
    check_not_erased(tx, complaint.id)
    rules.check_filled(command.subject, command.text)
    channel = Channel(known_word(command.channel or _best_channel(complaint), Channel))
    leaves = channel in rules.BY_OUTBOX
    text, secret = own_page.put_in(tx, complaint, command.text, now, actor, can_send=leaves)
    if secret:
        command = replace(command, hidden=(*command.hidden, secret))
    command = replace(command, text=text)
    kept_text = rules.check_text(text)
    for hidden in command.hidden:
        kept_text = kept_text.replace(hidden, outbox.HIDDEN)
    by_person = actor.person_id is not None and not command.automatic
    message = ComplaintMessage(
        complaint_id=complaint.id,
        direction=Direction.OUT.value,
        channel=channel.value,
        kind=known_word(command.kind, MessageKind),
        author=(Author.PERSON if by_person else Author.SYSTEM).value,
        person_id=actor.person_id if by_person else None,
        automatic=not by_person,
        language=command.language,
        wording=command.wording,
        subject=rules.check_subject(command.subject),
        text=kept_text,
        created_at=now,
        sent_at=now if channel is Channel.WEB else None,
    )
    _store(tx, message, command.files)
    if leaves:
        _post(tx, complaint, message, command, now, actor)
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
        text=rules.check_text(command.text, may_be_empty=command.may_be_empty or bool(command.files)),
        created_at=now,
        sent_at=now,
    )
    _store(tx, message, command.files)
    _tell(tx, rules.REPLIED, message, now, actor)
    return int(message.id)


@verb("complaints.handle", leaves=rules.LOGGED)
def note_contact(tx: Session, command: NoteContact, now: datetime, actor: Actor) -> int:
    """Note a call, a visit or a letter; the id of the message. Raises FutureContact, NotByHand and as the others."""
    complaint = _complaint(tx, command.complaint_id)
    check_not_erased(tx, complaint.id)
    if command.happened_at > now:
        raise rules.FutureContact
    channel = Channel(known_word(command.channel, Channel))
    if channel not in rules.BY_HAND:
        raise rules.NotByHand
    direction = Direction(known_word(command.direction, Direction))
    comes_in = direction is Direction.IN
    author = Author.PERSON if actor.person_id is not None else Author.SYSTEM
    message = ComplaintMessage(
        complaint_id=complaint.id,
        direction=direction.value,
        channel=channel.value,
        kind=(MessageKind.MESSAGE if comes_in else MessageKind(known_word(command.kind, MessageKind))).value,
        author=(Author.COMPLAINANT if comes_in else author).value,
        person_id=actor.person_id,
        automatic=not comes_in and author is Author.SYSTEM,
        text=rules.check_text(command.text),
        created_at=now,
        sent_at=command.happened_at,
        read_at=now if comes_in else None,
    )
    _store(tx, message, command.files)
    _tell(tx, rules.LOGGED, message, now, actor)
    return int(message.id)


@verb("complaints.handle", leaves=rules.POSTED)
def mark_posted(tx: Session, command: MarkPosted, now: datetime, actor: Actor) -> None:
    """Note that a letter went to the post. Raises NotFound, NotToBePosted, FutureContact."""
    message = _message(tx, command.message_id)
    if message.channel != Channel.POST or message.sent_at is not None or message.direction != Direction.OUT:
        raise rules.NotToBePosted
    if command.posted_at > now:
        raise rules.FutureContact
    message.sent_at = command.posted_at
    _tell(tx, rules.POSTED, message, now, actor)


@verb(None, leaves=rules.READ)
def mark_read(tx: Session, command: MarkRead, now: datetime, actor: Actor) -> None:
    """Note when the other side saw a message; the first time counts. Raises NotFound."""
    message = _message(tx, command.message_id)
    message.read_at = message.read_at or now
    _tell(tx, rules.READ, message, now, actor)


@verb("complaints.handle", leaves=rules.TRIED_AGAIN)
def try_again(tx: Session, command: TryAgain, now: datetime, actor: Actor) -> None:
    """Let a message that failed, or may have, wait in the outbox again, to the address known now.

    Raises NotFound, NotToBeTried, NoAddress, AddressUnusable, NoNumber.
    """
    message = _message(tx, command.message_id)
    complaint = _complaint(tx, message.complaint_id)
    mail = queries.parcel_of(tx, actor.organisation_id, message.id, lock=True)
    if mail is None or mail.state not in outbox.NEED_A_PERSON:
        raise rules.NotToBeTried
    mail.recipient = _address(complaint, Channel(message.channel))
    outbox.try_again(tx, mail, now)
    _tell(tx, rules.TRIED_AGAIN, message, now, actor)


# What the outbox asks


@outbox.attaches(MESSAGE_KIND)
def _files(tx: Session, message_id: int) -> list[Attachment]:
    """The files that go along with a message; none by SMS or chat."""
    found = []
    for file in queries.files_of(tx, message_id):
        data = b"".join(store.current().open_stream(file.digest))
        found.append(Attachment(file.download_name, file.kind.media_type, data))
    return found


@outbox.settles(MESSAGE_KIND)
def _settled(tx: Session, mail: OutboxMail, now: datetime) -> None:
    """Write into the message and the journal what became of it."""
    assert mail.about_id is not None  # noqa: S101 - a CHECK of the table
    assert mail.organisation_id is not None  # noqa: S101 - likewise
    message = tx.execute(select(ComplaintMessage).where(ComplaintMessage.id == mail.about_id)).scalar_one_or_none()
    if message is None:  # erased meanwhile; the parcel was on its way all the same
        return
    sent = mail.state == "sent"
    message.sent_at = mail.sent_at
    facts = {} if sent else {"state": mail.state}
    _tell(tx, rules.SENT if sent else rules.NOT_SENT, message, now, Actor.system(mail.organisation_id), facts)


# Parts


def _complaint(tx: Session, complaint_id: int) -> Complaint:
    complaint = tx.execute(select(Complaint).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


def _message(tx: Session, message_id: int) -> ComplaintMessage:
    found = tx.execute(select(ComplaintMessage).where(ComplaintMessage.id == message_id).with_for_update())
    message = found.scalar_one_or_none()
    if message is None:
        raise NotFound
    return message


def _best_channel(complaint: Complaint) -> str:
    return (Channel.EMAIL if complaint.complainant_email.strip() else Channel.WEB).value


def _address(complaint: Complaint, channel: Channel) -> str:
    if channel is Channel.EMAIL:
        return rules.mail_address(complaint.complainant_email)
    return rules.phone_number(complaint.complainant_phone)


def _post(
    tx: Session, complaint: Complaint, message: ComplaintMessage, command: Write, now: datetime, actor: Actor
) -> None:
    channel = Channel(message.channel)
    about = outbox.About(actor.organisation_id, MESSAGE_KIND, message.id, complaint.reference)
    subject, body, headers = message.subject, command.text, {}
    if channel is Channel.EMAIL:
        made = envelope.around(tx, complaint, message, command.text)
        subject, body, headers = made.subject, made.body, made.headers
    outbox.put(
        tx,
        channel=channel.value,
        to=_address(complaint, channel),
        subject=subject,
        body=body,
        headers=headers,
        now=now,
        about=about,
        hidden=command.hidden,
    )


def _store(tx: Session, message: ComplaintMessage, files: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(files))
    for file_id in wanted:
        evidence.file(tx, file_id)
    tx.add(message)
    tx.flush()
    for position, file_id in enumerate(wanted, 1):
        tx.add(ComplaintMessageFile(message_id=message.id, file_id=file_id, position=position))
    tx.flush()


def _tell(
    tx: Session,
    what: Event,
    message: ComplaintMessage,
    now: datetime,
    actor: Actor,
    facts: dict[str, Any] | None = None,
) -> None:
    tx.flush()
    written = what in (rules.WRITTEN, rules.REPLIED, rules.LOGGED)
    texts = (("subject", message.subject), ("text", message.text)) if written else ()
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
            **(facts or {}),
        },
        personal={name: value for name, value in texts if value},
    )
