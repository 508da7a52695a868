"""Tables of correspondence: messages in and out, with their files. They hang on a complaint by its id.

What became of a message on its way (waiting, sent, failed, uncertain) is the state of its row in the outbox, found by
`about_kind = 'complaint-message'`; `sent_at` is filled in from there. Checked by
tests/slices/complaints/correspondence/test_correspondence_constraints.py.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.correspondence.rules import (
    FROM_COMPLAINANT,
    LONGEST_SUBJECT,
    Author,
    Channel,
    Direction,
    MessageKind,
)


def _known(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class ComplaintMessage(OfOrganisation, Model):
    """One message, kept as it was sent or received.

    `author` person: `person_id` wrote it. For a contact that was noted by hand `person_id` is who noted it, whoever
    spoke. `automatic`: no person decided to send it. `sent_at`: when it was handed over (out) or came in (in); empty
    while it waits. `read_at`: when the other side saw it, on the tracking page or on the case. `wording` names the
    letter it began from, such as `acknowledgement/fa/2` (0: the supplied wording).
    """

    __tablename__ = "complaint_message"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    direction: Mapped[str] = mapped_column(String(3))
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    automatic: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str] = mapped_column(String(20), default="")
    wording: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), default="")
    text: Mapped[str] = mapped_column(Text, default="")

    files: Mapped[list["ComplaintMessageFile"]] = relationship(
        back_populates="message", order_by="ComplaintMessageFile.position"
    )

    __table_args__ = (
        _known("direction", Direction),
        _known("channel", Channel),
        _known("kind", MessageKind),
        _known("author", Author),
        CheckConstraint("author <> 'person' OR person_id IS NOT NULL", name="person_is_named"),
        CheckConstraint("(direction = 'in') = (author = 'complainant')", name="comes_from_complainant"),
        CheckConstraint(f"direction = 'out' OR kind IN {tuple(map(str, FROM_COMPLAINANT))}", name="letters_go_out"),
        CheckConstraint("kind <> 'reply' OR direction = 'in'", name="reply_comes_in"),
        CheckConstraint("automatic = (author = 'system')", name="automatic_is_by_system"),
        CheckConstraint("direction = 'out' OR sent_at IS NOT NULL", name="received_has_time"),
        Index(None, "complaint_id", "id"),
    )


class ComplaintMessageFile(OfOrganisation, Model):
    """A file that went or came with a message; the bytes are evidence."""

    __tablename__ = "complaint_message_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("complaint_message.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)

    message: Mapped[ComplaintMessage] = relationship(back_populates="files")

    __table_args__ = (UniqueConstraint("message_id", "file_id"),)
