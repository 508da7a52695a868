"""Mails that came in: those seen, the threads they belong to, and how far a mailbox was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from auditkit.base.db import SCOPE, UNSCOPED, Session
from auditkit.base.errors import NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.correspondence.models import (
    ComplaintMessage,
    ComplaintThread,
    IncomingMail,
    MailboxFetch,
    MailboxPosition,
)
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import asked_first
from auditkit.evidence import queries as evidence

MESSAGE_KIND = "complaint-message"
PAGE = 50


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


def came(tx: Session, *conditions: ColumnElement[bool]) -> list[Came]:
    """Mails seen that meet the conditions, in the order in which they came."""
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


MAILS = asked_first(IncomingMail.__tablename__)


def came_by(tx: Session, complaint_id: int) -> list[Came]:
    """The mails of a complaint that are no message: the one that opened it, and automatic answers to ours."""
    return came(tx, IncomingMail.complaint_id == complaint_id, IncomingMail.outcome.in_(("opened", "noted")))


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


@dataclass(frozen=True)
class Fetching:
    """How the regular reading of the mailbox goes. `running`: somebody is at it now."""

    mailbox: str
    running: bool
    next_at: datetime | None
    succeeded_at: datetime | None
    taken: int
    failed_at: datetime | None
    failures: int
    fault: str
    failure: str


def fetching(tx: Session, now: datetime) -> Fetching | None:
    """How it goes; None before the first reading."""
    row = tx.execute(select(MailboxFetch)).scalar_one_or_none()
    if row is None:
        return None
    held = row.held_until is not None and row.held_until > now
    values = {name: getattr(row, name) for name in Fetching.__dataclass_fields__ if name != "running"}
    return Fetching(running=held, **values)


def houses_not_to_fetch(tx: Session, now: datetime) -> set[int]:
    """The organisations, by key, whose mailbox is being read or has to wait. Reads across organisations, keys only."""
    waits = or_(MailboxFetch.next_at > now, MailboxFetch.held_until > now)
    query = select(MailboxFetch.organisation_id).where(waits).execution_options(**{UNSCOPED: True})
    return set(tx.execute(query).scalars())


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
