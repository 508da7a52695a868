"""What the complainant reads of the correspondence, and the files that are theirs to fetch. Nothing internal."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.correspondence.models import ComplaintMessage, ComplaintMessageFile
from auditkit.complaints.correspondence.rules import Channel, Direction
from auditkit.complaints.intake.models import ComplaintReceipt
from auditkit.complaints.intake.queries import files_said
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File

# Notes of calls and visits are written by members for members.
SHOWN = (Channel.WEB.value, Channel.EMAIL.value, Channel.SMS.value, Channel.CHAT.value, Channel.POST.value)
SUBJECT_KIND = "complaint"


@dataclass(frozen=True)
class Line:
    """One message: `ours` when it came from the organisation, `unread` when nobody has seen it yet."""

    id: int
    ours: bool
    at: datetime
    subject: str
    text: str
    files: tuple[File, ...]
    unread: bool = False


def lines(tx: Session, complaint_id: int) -> list[Line]:
    """What was said to and by the complainant, newest first."""
    rows = tx.execute(
        select(
            ComplaintMessage.id,
            ComplaintMessage.direction,
            ComplaintMessage.sent_at,
            ComplaintMessage.subject,
            ComplaintMessage.text,
            ComplaintMessage.read_at,
        )
        .where(
            ComplaintMessage.complaint_id == complaint_id,
            ComplaintMessage.sent_at.is_not(None),
            ComplaintMessage.channel.in_(SHOWN),
        )
        .order_by(ComplaintMessage.id.desc())
    ).all()
    files = _files_of(tx, [row.id for row in rows])
    return [
        Line(
            row.id,
            row.direction == Direction.OUT,
            row.sent_at,
            row.subject,
            row.text,
            files.get(row.id, ()),
            row.read_at is None,
        )
        for row in rows
    ]


def own_files(tx: Session, complaint_id: int) -> list[File]:
    """The files that came with the complaint, whoever took it down, or with a message of the complainant.

    Those of the complaint under the names that they came with: the same file may have come from somebody else before.
    """
    kept = select(ComplaintReceipt.document, ComplaintReceipt.content).where(
        ComplaintReceipt.complaint_id == complaint_id
    )
    receipt = tx.execute(kept).one_or_none()
    received = json.loads(receipt.document)["files_sha256"] if receipt else []
    own = {one["sha256"]: one["name"] for one in files_said(receipt.content if receipt else None)}
    return [
        replace(one.file, name=own.get(one.file.digest, one.file.name))
        for one in evidence.for_subject(tx, (SUBJECT_KIND, complaint_id))
        if one.added_by_id is None or one.file.digest in received
    ]


def file_for(tx: Session, complaint_id: int, file_id: int) -> File:
    """A file the complainant may fetch: an own one, or one that came with a message. Raises NotFound."""
    theirs = [*own_files(tx, complaint_id), *(file for line in lines(tx, complaint_id) for file in line.files)]
    for file in theirs:
        if file.id == file_id:
            return file
    raise NotFound


def _files_of(tx: Session, message_ids: list[int]) -> dict[int, tuple[File, ...]]:
    rows = tx.execute(
        select(ComplaintMessageFile.message_id, ComplaintMessageFile.file_id)
        .where(ComplaintMessageFile.message_id.in_(message_ids))
        .order_by(ComplaintMessageFile.position)
    ).all()
    found: dict[int, tuple[File, ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), evidence.file(tx, row.file_id))
    return found
