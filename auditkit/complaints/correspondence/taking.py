"""Taking a mail in: a new complaint, a message in one, a bounce of one of ours, or nothing; and what could not be read.

One mail, one transaction: the complaint, its original and attachments, the automatic answer and the journal stand
together or not at all. Checked by tests/slices/complaints/correspondence/test_mail_in.py, killed in test_mailbox.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import queries, rules
from auditkit.complaints.correspondence.mail.bounces import bounce_of
from auditkit.complaints.correspondence.mail.kinds import MailKind, kind_of
from auditkit.complaints.correspondence.mail.language import language_of
from auditkit.complaints.correspondence.mail.reading import Mail
from auditkit.complaints.correspondence.mail.threads import references_in, signs_in
from auditkit.complaints.correspondence.models import ComplaintBounce, IncomingMail
from auditkit.complaints.correspondence.rules import Channel
from auditkit.complaints.correspondence.service.acknowledging import (
    AcknowledgeAutomatically,
    acknowledge_automatically,
)
from auditkit.complaints.correspondence.service.messages import SUBJECT_KIND, Reply, reply_from_complainant
from auditkit.complaints.intake import service as intake
from auditkit.complaints.intake.channels import mail_channel
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import LONGEST
from auditkit.evidence import service as evidence
from auditkit.evidence.intake import Received
from auditkit.journal.service import record

ACKNOWLEDGED_WITHIN = timedelta(days=7)
"""An archive that is imported is not answered."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MAIL_KIND = "mail"


@dataclass(frozen=True)
class Place:
    """Where a mail came from: `source` for people; in a mailbox also which one and under which number."""

    source: str
    mailbox: str = ""
    uid_validity: int | None = None
    uid: int | None = None


@dataclass(frozen=True)
class TakeMail:
    """A mail that was read, its files already received by `evidence.intake`.

    `original` None: it could not be evidence and lies aside. `refused` as `IncomingMail.refused`. `arrived_at`: when
    the mailbox got it, where that is known. `tracking` is the address of the page for complainants, empty: not told.
    `is_letter`: a person says that somebody wrote it, whatever its headers say.
    """

    mail: Mail
    place: Place
    original: Received | None
    files: Sequence[Received] = ()
    refused: Sequence[dict[str, Any]] = ()
    arrived_at: datetime | None = None
    own_addresses: frozenset[str] = frozenset()
    tracking: str = ""
    acknowledge: bool = True
    is_letter: bool = False


@dataclass(frozen=True)
class SetAside:
    """Bytes that are no mail that we could read; `reason` says why, as people read it."""

    digest: str
    place: Place
    reason: str


@dataclass(frozen=True)
class ReadAside:
    """Somebody downloads a mail that lies aside: it may hold who complained."""

    mail_id: int


@dataclass(frozen=True)
class Taken:
    """What became of a mail. `outcome` as in `IncomingMail`; `message_id`: what it became or came back from."""

    outcome: str
    kind: str
    reference: str = ""
    complaint_id: int | None = None
    message_id: int | None = None
    says_about: str = ""
    acknowledged: bool = False


@verb(
    "complaints.register",
    leaves=(rules.CAME_BY_MAIL, rules.REPLIED, rules.BOUNCED, rules.MAIL_NOTED),
)
def take_mail(tx: Session, command: TakeMail, now: datetime, actor: Actor) -> Taken:
    """Take one mail in. The caller has asked `queries.is_known`. Raises what `intake.take_down` raises."""
    setting = queries.setting(tx)
    kind = kind_of(command.mail, setting.lists, command.own_addresses)
    thread = _thread(tx, command.mail)
    if command.is_letter or (kind is MailKind.LIST and thread is not None):
        kind = MailKind.LETTER
    if kind is MailKind.BOUNCE:
        return _came_back(tx, command, kind, now, actor)
    if kind is MailKind.LETTER:
        if thread is not None:
            return _answered(tx, command, kind, thread, now, actor)
        return _opened(tx, command, kind, setting, now, actor)
    return _noted(tx, command, kind, thread if kind is MailKind.AUTO_REPLY else None, now, actor)


@verb("complaints.register", leaves=rules.MAIL_ASIDE)
def set_aside(tx: Session, command: SetAside, now: datetime, actor: Actor) -> int:
    """Note that something could not be read, and where it lies; the id of the row."""
    row = IncomingMail(
        digest=command.digest,
        source=command.place.source[:400],
        mailbox=command.place.mailbox,
        uid_validity=command.place.uid_validity,
        uid=command.place.uid,
        outcome="aside",
        reason=command.reason,
        taken_at=now,
    )
    tx.add(row)
    _note(tx, row, now, actor, rules.MAIL_ASIDE)
    return int(row.id)


@verb("identity.read", leaves=rules.READ)
def read_aside(tx: Session, command: ReadAside, now: datetime, actor: Actor) -> str:
    """Put on record that a mail that lies aside is read; its digest. Raises NotFound."""
    found = queries.mail_digest(tx, command.mail_id)
    facts = {"digest": found}
    record(tx, rules.READ, now=now, actor=actor, subject=(MAIL_KIND, command.mail_id), facts=facts)
    return found


# The ways


def _thread(tx: Session, mail: Mail) -> Complaint | None:
    """The complaint whose reference and token the mail carries together."""
    for sign in signs_in(mail):
        found = queries.thread_of(tx, sign.token)
        if found is not None and found[1].upper() == sign.reference:
            return tx.execute(select(Complaint).where(Complaint.id == found[0])).scalar_one()
    return None


def _opened(
    tx: Session, command: TakeMail, kind: MailKind, setting: queries.Setting, now: datetime, actor: Actor
) -> Taken:
    mail, notes = command.mail, _notes(command)
    language = language_of(f"{mail.subject}\n{mail.text}", setting.locale)
    subject = mail.subject or next((line.strip() for line in mail.text.splitlines() if line.strip()), "") or "…"
    received_at = _received_at(command, now, notes)
    says_about = next(iter(queries.known_references(tx, references_in(mail))), "")
    way = mail_channel(tx, mail.recipients)
    taken = intake.take_down(
        tx,
        intake.TakeDown(
            ticket=f"mail:{actor.organisation_id}:{mail.digest}",
            secret="",
            organisation=setting.organisation,
            complaint=complaints.Register(
                subject=_cut(subject, LONGEST["subject"], notes, "subject-cut"),
                description=_cut(mail.text, LONGEST["description"], notes, "text-cut"),
                received_at=received_at,
                kind=way.kind,
                channel=way.name,
                complainant=complaints.Identity(
                    name=mail.sender_name[: LONGEST["complainant_name"]],
                    email=mail.sender_address[: LONGEST["complainant_email"]],
                ),
            ),
            asked=intake.Asked(language=language, preference="e-mail"),
            files=command.files,
        ),
        now,
        actor,
    )
    row = _row(tx, command, kind, "opened", now, complaint_id=taken.id)
    row.language, row.notes, row.says_about = language, notes, says_about[:40]
    _keep(tx, replace(command, files=()), row, taken.id, now, actor)
    facts = {"digest": mail.digest, "says_about": says_about, "refused": len(command.refused)}
    subject_of_entry = (SUBJECT_KIND, taken.id)
    record(tx, rules.CAME_BY_MAIL, now=now, actor=actor, subject=subject_of_entry, facts=facts)
    acknowledged = None
    if command.acknowledge and now - received_at <= ACKNOWLEDGED_WITHIN:
        answer = AcknowledgeAutomatically(taken.id, language, command.tracking)
        acknowledged = acknowledge_automatically(tx, answer, now, actor)
    return Taken("opened", kind.value, taken.reference, taken.id, None, says_about, acknowledged is not None)


def _answered(
    tx: Session, command: TakeMail, kind: MailKind, complaint: Complaint, now: datetime, actor: Actor
) -> Taken:
    mail, notes = command.mail, _notes(command)
    if complaint.complainant_email.strip().casefold() not in ("", mail.sender_address.casefold()):
        notes.append("other-sender")
    row = _row(tx, command, kind, "noted", now, complaint_id=complaint.id)
    files = _keep(tx, command, row, complaint.id, now, actor)
    reply = Reply(
        complaint_id=complaint.id,
        subject=_cut(mail.subject, rules.LONGEST_SUBJECT, notes, "subject-cut"),
        text=_cut(mail.text, rules.LONGEST_TEXT, notes, "text-cut"),
        channel=Channel.EMAIL.value,
        language=language_of(mail.text, ""),
        files=files,
        may_be_empty=True,
    )
    message_id = reply_from_complainant(tx, reply, now, actor)
    row.outcome, row.message_id, row.notes, row.language = "answered", message_id, notes, reply.language
    tx.flush()
    return Taken("answered", kind.value, complaint.reference, complaint.id, message_id)


def _noted(
    tx: Session, command: TakeMail, kind: MailKind, thread: Complaint | None, now: datetime, actor: Actor
) -> Taken:
    """Written by a machine: noted in the case it answers to, else only on the list of mails."""
    if thread is None:
        row = _row(tx, command, kind, "ignored", now)
    else:
        row = _row(tx, command, kind, "noted", now, complaint_id=thread.id)
        _keep(tx, command, row, thread.id, now, actor)
    _note(tx, row, now, actor)
    if thread is None:
        return Taken("ignored", kind.value)
    return Taken("noted", kind.value, thread.reference, thread.id)


def _came_back(tx: Session, command: TakeMail, kind: MailKind, now: datetime, actor: Actor) -> Taken:
    bounce = bounce_of(command.mail)
    message_id = queries.message_of_mail(tx, bounce.message_ids)
    if message_id is None or bounce.action not in ("failed", "delayed"):
        thread = _thread(tx, command.mail)
        return _noted(tx, command, kind, thread if message_id is None else None, now, actor)
    message = queries.message(tx, message_id)
    complaint = tx.execute(select(Complaint).where(Complaint.id == message.complaint_id)).scalar_one()
    row = _row(tx, command, kind, "bounced", now, complaint_id=complaint.id, message_id=message_id)
    _keep(tx, replace(command, files=()), row, complaint.id, now, actor)
    tx.add(
        ComplaintBounce(
            message_id=message_id,
            incoming_id=row.id,
            action=bounce.action,
            status=bounce.status,
            reason=bounce.reason,
            at=now,
        )
    )
    facts = {"message": message_id, "action": bounce.action, "status": bounce.status}
    subject = (SUBJECT_KIND, complaint.id)
    personal = {"reason": bounce.reason} if bounce.reason else None
    record(tx, rules.BOUNCED, now=now, actor=actor, subject=subject, facts=facts, personal=personal)
    return Taken("bounced", kind.value, complaint.reference, complaint.id, message_id)


# Parts


def _row(tx: Session, command: TakeMail, kind: MailKind, outcome: str, now: datetime, **values: Any) -> IncomingMail:
    """The row of this mail, made; or found, where it was set aside or ignored before."""
    mail = command.mail
    row = tx.execute(select(IncomingMail).where(IncomingMail.digest == mail.digest)).scalar_one_or_none()
    if row is None:
        row = IncomingMail(digest=mail.digest, source=command.place.source[:400])
        row.mailbox, row.uid_validity, row.uid = command.place.mailbox, command.place.uid_validity, command.place.uid
        tx.add(row)
    row.content_digest, row.message_id_header = mail.content_digest, mail.message_id
    row.kind, row.outcome, row.reason, row.taken_at = kind.value, outcome, "", now
    row.sender_name, row.sender = mail.sender_name[:200], mail.sender_address[:320]
    row.subject = mail.subject[: rules.LONGEST_SUBJECT]
    row.refused, row.notes, row.arrived_at = list(command.refused), _notes(command), _arrived(command, now)
    for name, value in values.items():
        setattr(row, name, value)
    tx.flush()
    return row


def _notes(command: TakeMail) -> list[str]:
    notes = ["charset-guessed"] if command.mail.guessed else []
    return notes + (["original-aside"] if command.original is None else [])


def _keep(
    tx: Session, command: TakeMail, row: IncomingMail, complaint_id: int, now: datetime, actor: Actor
) -> list[int]:
    """Attach the original and the files to the case; the ids of the files."""
    may = replace(actor, permissions=actor.permissions | {"evidence.add"})
    subject = (SUBJECT_KIND, complaint_id)
    if command.original is not None:
        added = evidence.add(tx, evidence.Add([command.original], subject=subject), now, may)
        row.original_file_id = added[0]
    files = evidence.add(tx, evidence.Add(command.files, subject=subject), now, may) if command.files else []
    tx.flush()
    return list(files)


def _arrived(command: TakeMail, now: datetime) -> datetime | None:
    for moment in (command.arrived_at, command.mail.arrived_at, command.mail.written_at):
        if moment is not None and EARLIEST <= moment <= now:
            return moment
    return None


def _received_at(command: TakeMail, now: datetime, notes: list[str]) -> datetime:
    """When the mailbox got it; else the last server's time, else the writer's; never later than now."""
    arrived = _arrived(command, now)
    if arrived is None:
        notes.append("date-unusable")
    return arrived or now


def _cut(text: str, longest: int, notes: list[str], note: str) -> str:
    if len(text) <= longest:
        return text
    notes.append(note)
    return text[: longest - 1] + "…"


def _note(tx: Session, row: IncomingMail, now: datetime, actor: Actor, what: Event = rules.MAIL_NOTED) -> None:
    tx.flush()
    facts = {"digest": row.digest, "kind": row.kind, "outcome": row.outcome}
    record(tx, what, now=now, actor=actor, subject=(MAIL_KIND, row.id), facts=facts)
