"""Reads of correspondence: settings, messages with what became of them, mails seen, wordings in force."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select

from auditkit.accounts.queries import organisations
from auditkit.base import outbox
from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.correspondence import wording
from auditkit.complaints.correspondence.models import (
    ComplaintBounce,
    ComplaintMessage,
    ComplaintMessageFile,
    ComplaintThread,
    CorrespondenceSetting,
    IncomingMail,
    LetterWording,
    MailboxPosition,
)
from auditkit.complaints.correspondence.wording import Letter
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence

MESSAGE_KIND = "complaint-message"
PAGE = 50


@dataclass(frozen=True)
class Setting:
    """How the organisation corresponds. `organisation` is its name, `locale` its language."""

    organisation: str
    locale: str
    version: int = 0
    reply_address: str = ""
    plus_addresses: bool = False
    sender_name: str = ""
    automatic_acknowledgement: bool = False
    automatic_counts: bool = False
    own_lists: str = ""

    @property
    def lists(self) -> frozenset[str]:
        """List-Ids and group addresses through which complaints come in, in small letters."""
        return frozenset(line.strip().strip("<>").lower() for line in self.own_lists.splitlines() if line.strip())


_SETTINGS = (
    "version",
    "reply_address",
    "plus_addresses",
    "sender_name",
    "automatic_acknowledgement",
    "automatic_counts",
    "own_lists",
)


def setting(tx: Session) -> Setting:
    """The organisation's setting, defaults where nothing was set."""
    here = next(one for one in organisations(tx) if one.id == tx.info[SCOPE])
    row = tx.execute(select(CorrespondenceSetting)).scalar_one_or_none()
    known = {name: getattr(row, name) for name in _SETTINGS} if row is not None else {}
    return Setting(here.name, here.locale, **known)


# Letters


def letter(tx: Session, kind: str, language: str) -> Letter:
    """The letter in force: the own wording, else the supplied one, in English where it lacks the language.

    Raises UnknownLetter for an unknown kind.
    """
    own = _own(tx, kind, language)
    if own is not None and own.text:
        base = wording.supplied(kind, language if language in wording.languages_of(kind) else "en")
        return Letter(kind, language, own.subject, own.text, base.nameless, own.version)
    known = wording.languages_of(kind)
    return wording.supplied(kind, language if language in known else "en")


def _own(tx: Session, kind: str, language: str) -> LetterWording | None:
    newest = (
        select(LetterWording)
        .where(LetterWording.kind == kind, LetterWording.language == language)
        .order_by(LetterWording.version.desc())
        .limit(1)
    )
    return tx.execute(newest).scalar_one_or_none()


def wording_version(tx: Session, kind: str, language: str) -> int:
    """The newest version of the organisation's own wording, 0 where there is none."""
    own = _own(tx, kind, language)
    return own.version if own is not None else 0


def own_wordings(tx: Session) -> dict[tuple[str, str], int]:
    """(kind, language) -> version, of the wordings in force that are the organisation's own."""
    rows = tx.execute(
        select(LetterWording.kind, LetterWording.language, LetterWording.version, LetterWording.text).order_by(
            LetterWording.version
        )
    )
    newest = {(kind, language): (version, text) for kind, language, version, text in rows}
    return {key: version for key, (version, text) in newest.items() if text}


# Messages


@dataclass(frozen=True)
class Refused:
    """An attachment that was not taken, and why."""

    name: str
    message: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Came:
    """The e-mail that a complaint or a message came by."""

    id: int
    kind: str
    outcome: str
    sender: str
    sender_name: str
    subject: str
    language: str
    says_about: str
    original: evidence.File | None
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]
    arrived_at: datetime | None
    message_id: int | None


@dataclass(frozen=True)
class BounceView:
    """What a mail server said about a message."""

    action: str
    status: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class MessageView:
    """One message for reading. `delivery`: empty (nothing to deliver), or a state of the outbox; `mail_subject` and
    `mail_body` are what left, sign and foot included; `try_error` is what the other side said last."""

    id: int
    complaint_id: int
    direction: str
    channel: str
    kind: str
    author: str
    person_id: int | None
    automatic: bool
    language: str
    subject: str
    text: str
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    delivery: str = ""
    recipient: str = ""
    error: str = ""
    due_at: datetime | None = None
    files: tuple[evidence.File, ...] = ()
    bounces: tuple[BounceView, ...] = ()
    came: Came | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether it failed, may have failed, or came back."""
        return self.delivery in outbox.NEED_A_PERSON or any(one.action == "failed" for one in self.bounces)

    @property
    def waits_for_post(self) -> bool:
        """Whether it is a letter that nobody noted as posted."""
        return self.channel == "post" and self.direction == "out" and self.sent_at is None


_PLAIN = (
    "id",
    "complaint_id",
    "direction",
    "channel",
    "kind",
    "author",
    "person_id",
    "automatic",
    "language",
    "subject",
    "text",
    "created_at",
    "sent_at",
    "read_at",
)


def messages(tx: Session, complaint_id: int) -> list[MessageView]:
    """All messages of a complaint, oldest first."""
    return _messages(tx, ComplaintMessage.complaint_id == complaint_id)


def message(tx: Session, message_id: int) -> MessageView:
    """One message. Raises NotFound."""
    found = _messages(tx, ComplaintMessage.id == message_id)
    if not found:
        raise NotFound
    return found[0]


def _messages(tx: Session, condition: ColumnElement[bool]) -> list[MessageView]:
    rows = list(tx.execute(select(ComplaintMessage).where(condition).order_by(ComplaintMessage.id)).scalars())
    ids = [row.id for row in rows]
    if not ids:
        return []
    parcels = {mail.about_id: mail for mail in tx.execute(_parcels(tx.info[SCOPE], ids)).scalars()}
    attached: dict[int, list[evidence.File]] = {}
    for message_id, file_id in _file_ids(tx, ids):
        attached.setdefault(message_id, []).append(evidence.file(tx, file_id))
    returned: dict[int, list[BounceView]] = {}
    bounces = select(ComplaintBounce).where(ComplaintBounce.message_id.in_(ids)).order_by(ComplaintBounce.id)
    for one in tx.execute(bounces).scalars():
        returned.setdefault(one.message_id, []).append(BounceView(one.action, one.status, one.reason, one.at))
    came = {
        one.message_id: one for one in _came(tx, IncomingMail.message_id.in_(ids), IncomingMail.outcome == "answered")
    }
    return [
        MessageView(
            **{name: getattr(row, name) for name in _PLAIN},
            **_delivery(parcels.get(row.id)),
            files=tuple(attached.get(row.id, ())),
            bounces=tuple(returned.get(row.id, ())),
            came=came.get(row.id),
        )
        for row in rows
    ]


def _delivery(mail: OutboxMail | None) -> dict[str, Any]:
    if mail is None:
        return {}
    return {
        "delivery": mail.state,
        "recipient": mail.recipient,
        "error": mail.last_error or "",
        "due_at": mail.due_at if mail.state == "waiting" else None,
    }


def _parcels(organisation_id: int, ids: list[int]) -> Any:
    return select(OutboxMail).where(
        OutboxMail.organisation_id == organisation_id,
        OutboxMail.about_kind == MESSAGE_KIND,
        OutboxMail.about_id.in_(ids),
    )


def parcel_of(tx: Session, organisation_id: int, message_id: int, *, lock: bool = False) -> OutboxMail | None:
    """The parcel of a message in the outbox, None where it has none."""
    query = _parcels(organisation_id, [message_id])
    found: OutboxMail | None = tx.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    return found


def _file_ids(tx: Session, ids: list[int]) -> list[tuple[int, int]]:
    query = (
        select(ComplaintMessageFile.message_id, ComplaintMessageFile.file_id)
        .where(ComplaintMessageFile.message_id.in_(ids))
        .order_by(ComplaintMessageFile.message_id, ComplaintMessageFile.position)
    )
    return [(message_id, file_id) for message_id, file_id in tx.execute(query)]


def files_of(tx: Session, message_id: int) -> list[evidence.File]:
    """The files of a message, in their order."""
    return [evidence.file(tx, file_id) for _message, file_id in _file_ids(tx, [message_id])]


@dataclass(frozen=True)
class Failure:
    """A message that needs a person: it failed, may have failed, or came back."""

    reference: str
    message: MessageView


def failures(tx: Session, limit: int = 200) -> list[Failure]:
    """The organisation's messages that need a person, newest first, at most `limit`."""
    stuck = select(OutboxMail.about_id).where(
        OutboxMail.organisation_id == tx.info[SCOPE],
        OutboxMail.about_kind == MESSAGE_KIND,
        OutboxMail.state.in_(outbox.NEED_A_PERSON),
    )
    returned = select(ComplaintBounce.message_id).where(ComplaintBounce.action == "failed")
    query = (
        select(ComplaintMessage.id, Complaint.reference)
        .join(Complaint, Complaint.id == ComplaintMessage.complaint_id)
        .where(or_(ComplaintMessage.id.in_(stuck), ComplaintMessage.id.in_(returned)))
        .order_by(ComplaintMessage.id.desc())
        .limit(limit)
    )
    references = {row.id: row.reference for row in tx.execute(query)}
    found = _messages(tx, ComplaintMessage.id.in_(references)) if references else []
    return [Failure(references[one.id], one) for one in reversed(found)]


def automatic_letters_to(tx: Session, address: str, now: datetime, within: timedelta) -> int:
    """How many automatic messages went to `address` in the time `within` before `now`: a brake on loops."""
    query = (
        select(func.count())
        .select_from(OutboxMail)
        .join(ComplaintMessage, and_(ComplaintMessage.id == OutboxMail.about_id, ComplaintMessage.automatic.is_(True)))
        .where(
            OutboxMail.organisation_id == tx.info[SCOPE],
            OutboxMail.about_kind == MESSAGE_KIND,
            OutboxMail.recipient == address,
            ComplaintMessage.created_at > now - within,
        )
    )
    return tx.execute(query).scalar_one()


# Mails seen


def _came(tx: Session, *conditions: ColumnElement[bool]) -> list[Came]:
    rows = tx.execute(select(IncomingMail).where(*conditions).order_by(IncomingMail.id)).scalars()
    return [
        Came(
            id=row.id,
            kind=row.kind,
            outcome=row.outcome,
            sender=row.sender,
            sender_name=row.sender_name,
            subject=row.subject,
            language=row.language,
            says_about=row.says_about,
            original=evidence.file(tx, row.original_file_id) if row.original_file_id else None,
            refused=tuple(Refused(one["name"], one["message"], one["params"]) for one in row.refused),
            notes=tuple(row.notes),
            arrived_at=row.arrived_at,
            message_id=row.message_id,
        )
        for row in rows
    ]


def came_by(tx: Session, complaint_id: int) -> list[Came]:
    """The mails of a complaint that are no message: the one that opened it, and automatic answers to ours."""
    return _came(tx, IncomingMail.complaint_id == complaint_id, IncomingMail.outcome.in_(("opened", "noted")))


def mail_thread(tx: Session, complaint_id: int, newest: int = 10) -> list[str]:
    """The Message-IDs of a complaint's mails in and out, in the order of time: the newest of each way."""
    arrived = (
        select(IncomingMail.taken_at, IncomingMail.message_id_header)
        .where(IncomingMail.complaint_id == complaint_id, IncomingMail.outcome.in_(("opened", "answered")))
        .order_by(IncomingMail.id.desc())
        .limit(newest)
    )
    left = (
        select(ComplaintMessage.created_at, OutboxMail.message_id)
        .join(OutboxMail, and_(OutboxMail.about_id == ComplaintMessage.id, OutboxMail.about_kind == MESSAGE_KIND))
        .where(ComplaintMessage.complaint_id == complaint_id, OutboxMail.organisation_id == tx.info[SCOPE])
        .order_by(ComplaintMessage.id.desc())
        .limit(newest)
    )
    both: list[tuple[datetime, str]] = []
    for query in (arrived, left):
        both += [(at, name) for at, name in reversed(tx.execute(query).all())]
    return [name for _at, name in sorted(both, key=lambda one: one[0]) if name]


@dataclass(frozen=True)
class SeenMail:
    """A mail in the list of those that came in."""

    id: int
    digest: str
    source: str
    kind: str
    outcome: str
    reason: str
    complaint_id: int | None
    reference: str | None
    sender: str
    subject: str
    taken_at: datetime


@dataclass(frozen=True)
class Acknowledgements:
    """Complaints that got an acknowledgement in a time: by a person, and by the automatic letter alone."""

    by_person: int
    automatic_only: int


def acknowledgements(tx: Session, since: datetime, until: datetime) -> Acknowledgements:
    """How many complaints were first acknowledged from `since` to before `until`, the automatic ones counted apart."""
    written = (
        select(ComplaintMessage.complaint_id, func.min(ComplaintMessage.automatic.cast(Integer)).label("automatic"))
        .where(
            ComplaintMessage.kind == "acknowledgement",
            ComplaintMessage.created_at >= since,
            ComplaintMessage.created_at < until,
        )
        .group_by(ComplaintMessage.complaint_id)
        .subquery()
    )
    counted = tx.execute(select(written.c.automatic, func.count()).group_by(written.c.automatic))
    found = {bool(automatic): count for automatic, count in counted}
    return Acknowledgements(by_person=found.get(False, 0), automatic_only=found.get(True, 0))


def mails(tx: Session, outcome: str = "", before: int | None = None) -> tuple[list[SeenMail], int | None]:
    """Mails that came in, newest first, and the `before` of the next page or None."""
    columns = [getattr(IncomingMail, name) for name in SeenMail.__dataclass_fields__ if name != "reference"]
    query = (
        select(*columns, Complaint.reference)
        .outerjoin(Complaint, Complaint.id == IncomingMail.complaint_id)
        .order_by(IncomingMail.id.desc())
        .limit(PAGE + 1)
    )
    if outcome:
        query = query.where(IncomingMail.outcome == outcome)
    if before is not None:
        query = query.where(IncomingMail.id < before)
    rows = [SeenMail(**row._asdict()) for row in tx.execute(query)]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def seen(tx: Session, mail_id: int) -> SeenMail:
    """One mail that came in. Raises NotFound."""
    rows, _next = mails(tx, before=mail_id + 1)
    if not rows or rows[0].id != mail_id:
        raise NotFound
    return rows[0]


def aside_count(tx: Session) -> int:
    """How many mails could not be read and wait for a person."""
    query = select(func.count()).select_from(IncomingMail).where(IncomingMail.outcome == "aside")
    return tx.execute(query).scalar_one()


def mail_digest(tx: Session, mail_id: int) -> str:
    """The digest of a mail that came in. Raises NotFound."""
    found = tx.execute(select(IncomingMail.digest).where(IncomingMail.id == mail_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def is_known(tx: Session, digest: str, message_id: str = "", content_digest: str = "") -> bool:
    """Whether a mail was seen: the same bytes, or the same Message-ID with the same content."""
    same = IncomingMail.digest == digest
    if message_id and content_digest:
        same = or_(
            same, and_(IncomingMail.message_id_header == message_id, IncomingMail.content_digest == content_digest)
        )
    return tx.execute(select(IncomingMail.id).where(same).limit(1)).first() is not None


def thread_of(tx: Session, token: str) -> tuple[int, str] | None:
    """(id, reference) of the complaint whose mail thread has `token`."""
    row = tx.execute(
        select(Complaint.id, Complaint.reference)
        .join(ComplaintThread, ComplaintThread.complaint_id == Complaint.id)
        .where(ComplaintThread.token == token)
    ).one_or_none()
    return (row.id, row.reference) if row is not None else None


def known_references(tx: Session, candidates: list[str]) -> list[str]:
    """Those of `candidates` that are references of complaints here, in their order."""
    if not candidates:
        return []
    found = set(tx.execute(select(Complaint.reference).where(Complaint.reference.in_(candidates))).scalars())
    return [one for one in candidates if one in found]


def message_of_mail(tx: Session, message_ids: tuple[str, ...]) -> int | None:
    """The message that left under one of these Message-IDs, None where none did."""
    query = select(OutboxMail.about_id).where(
        OutboxMail.organisation_id == tx.info[SCOPE],
        OutboxMail.about_kind == MESSAGE_KIND,
        OutboxMail.message_id.in_(message_ids),
    )
    return tx.execute(query.limit(1)).scalar_one_or_none() if message_ids else None


def position(tx: Session, mailbox: str, uid_validity: int) -> int:
    """The last UID read in a mailbox, 0 where it was not read or was made anew."""
    row = tx.execute(select(MailboxPosition).where(MailboxPosition.mailbox == mailbox)).scalar_one_or_none()
    return row.last_uid if row is not None and row.uid_validity == uid_validity else 0


def taken_uids(tx: Session, mailbox: str, uid_validity: int, uids: list[int]) -> list[int]:
    """Those of `uids` whose mails were taken (not set aside), in their order."""
    found: set[int] = set()
    for start in range(0, len(uids), 500):
        query = select(IncomingMail.uid).where(
            IncomingMail.mailbox == mailbox,
            IncomingMail.uid_validity == uid_validity,
            IncomingMail.outcome != "aside",
            IncomingMail.uid.in_(uids[start : start + 500]),
        )
        found.update(uid for uid in tx.execute(query).scalars() if uid is not None)
    return [uid for uid in uids if uid in found]


# What letters are filled with


@dataclass(frozen=True)
class Facts:
    """What letters can say about a complaint. `email` and `phone` are empty where not known."""

    id: int
    reference: str
    subject: str
    received: date
    stage: str
    outcome: str
    decision: str
    remedy: str
    complainant: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    version: int
    language: str = field(default="")


def reference_of(tx: Session, complaint_id: int) -> str:
    """What people call a complaint. Raises NotFound."""
    found = tx.execute(select(Complaint.reference).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def facts(tx: Session, reference: str) -> Facts:
    """The complaint as letters need it. Raises NotFound."""
    row = tx.execute(select(Complaint).where(Complaint.reference == reference)).scalar_one_or_none()
    if row is None:
        raise NotFound
    last = tx.execute(
        select(ComplaintMessage.language)
        .where(ComplaintMessage.complaint_id == row.id, ComplaintMessage.language != "")
        .order_by(ComplaintMessage.direction, ComplaintMessage.id.desc())  # `in` sorts before `out`
        .limit(1)
    ).scalar_one_or_none()
    if last is None:
        opened = select(IncomingMail.language).where(IncomingMail.complaint_id == row.id).order_by(IncomingMail.id)
        last = tx.execute(opened.limit(1)).scalar_one_or_none()
    return Facts(
        id=row.id,
        reference=row.reference,
        subject=row.subject,
        received=row.received_at.date(),
        stage=row.stage,
        outcome=row.outcome,
        decision=row.decision,
        remedy=row.remedy,
        complainant=row.complainant_name,
        email=row.complainant_email,
        phone=row.complainant_phone,
        street=row.complainant_street,
        postcode=row.complainant_postcode,
        city=row.complainant_city,
        region=row.complainant_region,
        country=row.complainant_country,
        version=row.version,
        language=last or "",
    )
