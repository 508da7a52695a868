"""Tables of correspondence: messages in and out with their files, the mails they came by, settings and wordings.

What became of a message on its way (waiting, sent, failed, uncertain) is the state of its row in the outbox, found by
`about_kind = 'complaint-message'`; `sent_at` is filled in from there. Checked by
tests/slices/complaints/correspondence/test_correspondence_constraints.py.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.correspondence.mail.bounces import ACTIONS
from auditkit.complaints.correspondence.mail.threads import TOKEN_LENGTH
from auditkit.complaints.correspondence.rules import (
    FAULTS,
    FROM_COMPLAINANT,
    LETTER_KINDS,
    LONGEST_SUBJECT,
    OUTCOMES,
    SORTS,
    Author,
    Channel,
    Direction,
    MessageKind,
)


def _known(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = one_of(words)
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


class ComplaintThread(OfOrganisation, Model):
    """The secret of a complaint's mail thread: who answers with it and the reference speaks for the complainant.

    Kept as it is, because every further mail has to carry it; it lets somebody write into the case, never read it.
    """

    __tablename__ = "complaint_thread"

    complaint_id: Mapped[int] = mapped_column(Key, ForeignKey("complaint.id"), primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(TOKEN_LENGTH))

    __table_args__ = (
        UniqueConstraint("organisation_id", "token"),
        CheckConstraint(f"length(token) = {TOKEN_LENGTH} AND token = lower(token)", name="token_is_whole"),
    )


class IncomingMail(OfOrganisation, Model):
    """One mail that was seen, and what became of it; a mail seen again is known by `digest`, or by Message-ID and
    `content_digest` where only its way here differed.

    `outcome`: opened (a complaint), answered (a message in one), bounced, noted (an automatic answer in a case),
    ignored (written by a machine, no case), aside (could not be read: `reason` says why). `original_file_id` is the
    evidence that keeps it whole; mails without a case lie in the instance's folder `mail-aside` under their digest.
    `says_about`: the reference it claims without the secret. `refused`: attachments not taken, each with its reason.
    """

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content_digest: Mapped[str] = mapped_column(String(64), default="")
    message_id_header: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(400))
    mailbox: Mapped[str] = mapped_column(String(400), default="")
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)
    uid: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_message.id"), index=True)
    original_file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    says_about: Mapped[str] = mapped_column(String(40), default="")
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    notes: Mapped[list[str]] = mapped_column(JsonDict, default=list)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "digest"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome_known"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint("outcome NOT IN ('opened', 'answered') OR complaint_id IS NOT NULL", name="outcome_has_case"),
        CheckConstraint("outcome <> 'answered' OR message_id IS NOT NULL", name="answer_has_message"),
        CheckConstraint("outcome <> 'aside' OR reason <> ''", name="aside_has_reason"),
        CheckConstraint("(uid IS NULL) = (uid_validity IS NULL)", name="uid_is_whole"),
        Index(None, "organisation_id", "message_id_header"),
        Index(None, "organisation_id", "mailbox", "uid_validity", "uid"),
        Index(None, "organisation_id", "outcome", "id"),
    )


class ComplaintBounce(OfOrganisation, Model):
    """What a mail server said about a message of ours. `action` failed or delayed; `status` such as 5.1.1 or empty."""

    __tablename__ = "complaint_bounce"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("complaint_message.id"), index=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_mail.id"))
    action: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"action IN {ACTIONS}", name="bounce_action_known"),
        UniqueConstraint("message_id", "incoming_id"),
    )


class CorrespondenceSetting(OfOrganisation, Model):
    """How an organisation corresponds; without a row, the defaults of `queries.Setting`."""

    __tablename__ = "correspondence_setting"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    reply_address: Mapped[str] = mapped_column(String(254), default="")
    plus_addresses: Mapped[bool] = mapped_column(Boolean, default=False)
    sender_name: Mapped[str] = mapped_column(String(100), default="")
    automatic_acknowledgement: Mapped[bool] = mapped_column(Boolean, default=False)
    automatic_counts: Mapped[bool] = mapped_column(Boolean, default=False)
    own_lists: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("version >= 1", name="setting_version_from_one"),
        CheckConstraint("automatic_acknowledgement OR NOT automatic_counts", name="only_sent_counts"),
        CheckConstraint("reply_address <> '' OR NOT plus_addresses", name="plus_needs_address"),
    )


class LetterWording(OfOrganisation, Model):
    """An organisation's own wording of a letter, one row a version; an empty text goes back to the supplied one."""

    __tablename__ = "letter_wording"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sort: Mapped[str] = mapped_column(
        String(20), CheckConstraint(f"sort IN {SORTS}", name="sort_known"), default="", server_default=""
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "language", "version"),
        CheckConstraint(f"kind IN {LETTER_KINDS}", name="letter_known"),
        CheckConstraint("version >= 1", name="wording_version_from_one"),
        CheckConstraint("(subject = '') = (text = '')", name="wording_is_whole"),
    )


class MailboxPosition(OfOrganisation, Model):
    """How far a mailbox was read: mails up to `last_uid` were taken or set aside."""

    __tablename__ = "mailbox_position"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(400))
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("organisation_id", "mailbox"),
        CheckConstraint("last_uid >= 0", name="position_from_zero"),
    )


class MailboxFetch(OfOrganisation, Model):
    """How the regular reading of an organisation's mailbox goes; one row each, none before the first.

    Whoever reads holds the row until `held_until`, under a token of its own, and renews it: so there are never two at
    once, and one that died is not waited for. `failures` in a row decide how long the next one waits (`next_at`);
    `fault` is a word of `rules.FAULTS`, `failure` what the server said. `taken`: mails of the last one that succeeded.
    """

    __tablename__ = "mailbox_fetch"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(400), default="")
    held_by: Mapped[str] = mapped_column(String(40), default="")
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    fault: Mapped[str] = mapped_column(String(20), default="")
    failure: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint(f"fault IN {('', *FAULTS)}", name="fault_known"),
        CheckConstraint("failures >= 0 AND taken >= 0", name="fetch_counts_from_zero"),
        CheckConstraint("(failures = 0) = (fault = '')", name="failing_has_fault"),
        CheckConstraint("(held_by = '') = (held_until IS NULL)", name="holding_has_end"),
    )
