"""Rooms, what reviewers said in them, and what they looked at. Judgements and visits are only ever added."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.packs.rooms.rules import Verdict

_VERDICTS = one_of(Verdict)


class ReviewRoom(OfOrganisation, Model):
    """One reviewer's view of one pack. Of the secret in the link only the SHA-256 is kept."""

    __tablename__ = "review_room"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), index=True)
    body: Mapped[str] = mapped_column(String(200))
    reviewer: Mapped[str] = mapped_column(String(200))
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    last_day: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("body <> '' AND reviewer <> ''", name="room_is_somebody_s"),
        CheckConstraint("(concluded_at IS NULL) = (outcome = '')", name="concluded_with_outcome"),
    )


class RoomAccount(OfOrganisation, Model):
    """The person who enters a room by signing in. Such a room has no link: its secret was told to nobody."""

    __tablename__ = "room_account"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("review_room.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class RoomJudgement(OfOrganisation, Model):
    """What the reviewer said of a clause, or of one item shown for it; the newest of each counts.

    `clause` is a full reference; `path` the item's file in the pack, empty for the clause itself. `concern`: it could
    become a nonconformity.
    """

    __tablename__ = "room_judgement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("review_room.id"))
    clause: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(300), default="", server_default="")
    verdict: Mapped[str] = mapped_column(String(20))
    concern: Mapped[bool] = mapped_column(
        CheckConstraint("NOT concern OR verdict = 'not-sufficient'", name="concern_is_doubt"),
        default=False,
        server_default=false(),
    )
    comment: Mapped[str] = mapped_column(Text, default="")
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(f"verdict IN ({_VERDICTS})", name="verdict_known"),
        CheckConstraint("verdict = 'accepted' OR comment <> ''", name="doubt_has_comment"),
        Index(None, "room_id", "clause", "id"),
    )


class RoomComment(OfOrganisation, Model):
    """A word in the room without a judgement. `clause` is empty for the pack as a whole, `path` for a whole clause;
    `said_by_id` is empty for the reviewer, else who of the organisation wrote it."""

    __tablename__ = "room_comment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("review_room.id"), index=True)
    clause: Mapped[str] = mapped_column(String(80), default="")
    path: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("text <> ''", name="comment_says_something"),
        CheckConstraint("path = '' OR clause <> ''", name="item_within_clause"),
    )


class RoomRequest(OfOrganisation, Model):
    """Something a reviewer asks for, numbered in its room, and the organisation's answer.

    `path` is the item of the clause that it is about, empty for the clause as a whole.
    """

    __tablename__ = "room_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("review_room.id"))
    serial: Mapped[int] = mapped_column(Integer)
    clause: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(300), default="", server_default="")
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("room_id", "serial"),
        CheckConstraint("serial > 0", name="request_is_numbered"),
        CheckConstraint("text <> ''", name="request_says_what"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_with_words"),
    )


class RoomVisit(OfOrganisation, Model):
    """What was looked at or taken, and when; `path` is a clause, a file of the pack, or empty for the room itself."""

    __tablename__ = "room_visit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("review_room.id"))
    path: Mapped[str] = mapped_column(String(300), default="")
    taken: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("NOT taken OR path <> ''", name="what_was_taken"),
        Index(None, "room_id", "id"),
    )
