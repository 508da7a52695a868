"""Messages of a case with what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select

from auditkit.base import outbox
from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.correspondence.models import (
    ComplaintBounce,
    ComplaintMessage,
    ComplaintMessageFile,
    IncomingMail,
)
from auditkit.complaints.correspondence.queries.mails import MESSAGE_KIND, Came, came
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import asked_first
from auditkit.evidence import queries as evidence

MESSAGES = asked_first(ComplaintMessage.__tablename__)


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
    answered = {
        one.message_id: one for one in came(tx, IncomingMail.message_id.in_(ids), IncomingMail.outcome == "answered")
    }
    return [
        MessageView(
            **{name: getattr(row, name) for name in _PLAIN},
            **_delivery(parcels.get(row.id)),
            files=tuple(attached.get(row.id, ())),
            bounces=tuple(returned.get(row.id, ())),
            came=answered.get(row.id),
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
