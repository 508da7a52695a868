"""Verbs of rooms. Those of the organisation need a permission; those of the reviewer need the room's secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with
from auditkit.base import ids
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.evidence import service as evidence
from auditkit.evidence.intake import Received
from auditkit.journal.service import record
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries, rules
from auditkit.packs.rooms.models import ReviewRoom, RoomAccount, RoomJudgement, RoomRequest, RoomVisit
from auditkit.packs.rooms.queries import ANSWER
from auditkit.packs.rooms.rules import (
    ANSWERED,
    ASKED,
    CONCLUDED,
    ENTERED,
    JUDGED,
    MAX_TEXT,
    OPENED,
    REVOKED,
    TAKEN,
    AnsweredAlready,
    AnswerEmpty,
    NoSuchRoom,
    NotAReviewer,
    OutcomeMissing,
    PackElsewhere,
    RequestEmpty,
    ReviewerMissing,
    RoomConcluded,
    Standing,
    Verdict,
)

SUBJECT = "room"
REVIEW = "rooms.review"
"""The permission of those who enter by signing in."""


@dataclass(frozen=True)
class OpenRoom:
    """Whom the room is for; `last_day` is included.

    `account`: the person who enters by signing in, whose name is the reviewer's; without one, a link leads in.
    """

    pack_id: int
    body: str
    reviewer: str
    last_day: date
    account: int | None = None


@dataclass(frozen=True)
class RevokeRoom:
    room_id: int


@dataclass(frozen=True)
class AnswerRequest:
    """Words, and files that `intake` received; files become evidence."""

    request_id: int
    text: str
    received: Sequence[Received] = ()


@dataclass(frozen=True)
class Enter:
    secret: str


@dataclass(frozen=True)
class EnterGiven:
    """By the account of the actor."""

    room_id: int


@dataclass(frozen=True)
class LookAt:
    """`path` is a clause, a file of the pack, or empty for the room; `taken` when a file was handed out."""

    room_id: int
    path: str = ""
    taken: bool = False


@dataclass(frozen=True)
class Judge:
    room_id: int
    clause: str
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True)
class AskFor:
    room_id: int
    clause: str
    text: str
    due_on: date | None = None


@dataclass(frozen=True)
class Conclude:
    room_id: int
    outcome: str


@verb("packs.build", leaves=OPENED)
def open_room(tx: Session, command: OpenRoom, now: datetime, actor: Actor) -> tuple[int, str]:
    """Open a room; its id and the secret of its link, which is told this once and is empty for one with an account.

    Raises NotFound, LastDayWrong, PackElsewhere, ReviewerMissing, NotAReviewer.
    """
    rules.check_last_day(command.last_day, now.date())
    if not packs.by_id(tx, command.pack_id).stored:
        raise PackElsewhere
    reviewer = _reviewer(tx, command)
    secret = ids.new_secret()
    room = ReviewRoom(
        pack_id=command.pack_id,
        body=command.body.strip(),
        reviewer=reviewer,
        secret_digest=ids.digest(secret.encode()),
        last_day=command.last_day,
        opened_at=now,
        opened_by_id=actor.person_id,
    )
    tx.add(room)
    tx.flush()
    facts: dict[str, object] = {
        "pack": command.pack_id,
        "body": room.body,
        "last_day": command.last_day.isoformat(),
    }
    if command.account is not None:
        tx.add(RoomAccount(room_id=room.id, person_id=command.account))
        facts["account"] = command.account
    personal = {"reviewer": room.reviewer}
    record(tx, OPENED, now=now, actor=actor, subject=(SUBJECT, room.id), facts=facts, personal=personal)
    return room.id, "" if command.account is not None else secret


def _reviewer(tx: Session, command: OpenRoom) -> str:
    """The name of who reviews. Raises ReviewerMissing, NotAReviewer."""
    if command.account is not None:
        found = next((one for one in members_with(tx, REVIEW) if one.person_id == command.account), None)
        if found is None:
            raise NotAReviewer
        return found.name or found.email
    if not command.reviewer.strip():
        raise ReviewerMissing
    return command.reviewer.strip()


@verb("packs.build", leaves=REVOKED)
def revoke(tx: Session, command: RevokeRoom, now: datetime, actor: Actor) -> None:
    """Close a room; its link opens nothing from now on. Raises NotFound."""
    room = _room(tx, command.room_id)
    room.revoked_at = room.revoked_at or now
    record(tx, REVOKED, now=now, actor=actor, subject=(SUBJECT, room.id))


@verb("packs.build", leaves=ANSWERED)
def answer(tx: Session, command: AnswerRequest, now: datetime, actor: Actor) -> None:
    """Answer a request. Raises NotFound, AnsweredAlready, AnswerEmpty."""
    asked = tx.execute(select(RoomRequest).where(RoomRequest.id == command.request_id)).scalar_one_or_none()
    if asked is None:
        raise NotFound
    if asked.answered_at is not None:
        raise AnsweredAlready
    text = command.text.strip()[:MAX_TEXT]
    if not text and not command.received:
        raise AnswerEmpty
    if command.received:
        evidence.add(tx, evidence.Add(command.received, (ANSWER, asked.id), text, clauses=[asked.clause]), now, actor)
    asked.answer, asked.answered_at, asked.answered_by_id = text or "–", now, actor.person_id
    facts = {"request": asked.serial, "files": len(command.received)}
    record(tx, ANSWERED, now=now, actor=actor, subject=(SUBJECT, asked.room_id), facts=facts)


@verb(None, leaves=ENTERED)
def enter(tx: Session, command: Enter, now: datetime, actor: Actor) -> int:
    """Come in by the link; the room's id. Raises NoSuchRoom, also where it expired or was closed."""
    found = queries.by_secret(tx, ids.digest(command.secret.encode()), now.date())
    if found is None or not rules.may_enter(found.standing):
        raise NoSuchRoom
    tx.add(RoomVisit(room_id=found.id, at=now))
    record(tx, ENTERED, now=now, actor=actor, subject=(SUBJECT, found.id))
    return found.id


@verb(REVIEW, leaves=ENTERED)
def enter_given(tx: Session, command: EnterGiven, now: datetime, actor: Actor) -> int:
    """Come in by signing in; the room's id. Raises NoSuchRoom, also for a room that was given to somebody else."""
    found = queries.room(tx, command.room_id, now.date())
    if found.account is None or found.account != actor.person_id or not rules.may_enter(found.standing):
        raise NoSuchRoom
    tx.add(RoomVisit(room_id=found.id, at=now))
    record(tx, ENTERED, now=now, actor=actor, subject=(SUBJECT, found.id))
    return found.id


@verb(None, leaves=(ENTERED, TAKEN))
def look_at(tx: Session, command: LookAt, now: datetime, actor: Actor) -> None:
    """Note what the reviewer looks at or takes. Raises NoSuchRoom."""
    found = _inside(tx, command.room_id, now)
    tx.add(RoomVisit(room_id=found.id, path=command.path[:300], taken=command.taken, at=now))
    what = TAKEN if command.taken else ENTERED
    record(tx, what, now=now, actor=actor, subject=(SUBJECT, found.id), facts={"path": command.path})


@verb(None, leaves=JUDGED)
def judge(tx: Session, command: Judge, now: datetime, actor: Actor) -> None:
    """Say of a clause that it is accepted, a question, or not sufficient. Raises NoSuchRoom, RoomConcluded,
    CommentMissing."""
    found = _open(tx, command.room_id, now)
    rules.check_judgement(command.verdict, command.comment)
    said = {"clause": command.clause, "verdict": command.verdict, "comment": command.comment.strip()[:MAX_TEXT]}
    tx.add(RoomJudgement(room_id=found.id, judged_at=now, **said))
    facts = {"clause": command.clause, "verdict": command.verdict.value}
    record(tx, JUDGED, now=now, actor=actor, subject=(SUBJECT, found.id), facts=facts)


@verb(None, leaves=ASKED)
def ask(tx: Session, command: AskFor, now: datetime, actor: Actor) -> int:
    """Ask the organisation for something; the number of the request. Raises NoSuchRoom, RoomConcluded, RequestEmpty."""
    found = _open(tx, command.room_id, now)
    text = command.text.strip()[:MAX_TEXT]
    if not text:
        raise RequestEmpty
    serial = queries.next_serial(tx, found.id)
    tx.add(
        RoomRequest(
            room_id=found.id, serial=serial, clause=command.clause, text=text, due_on=command.due_on, asked_at=now
        )
    )
    facts = {"request": serial, "clause": command.clause}
    record(tx, ASKED, now=now, actor=actor, subject=(SUBJECT, found.id), facts=facts)
    return serial


@verb(None, leaves=CONCLUDED)
def conclude(tx: Session, command: Conclude, now: datetime, actor: Actor) -> None:
    """Write what the review came to; nothing is added afterwards. Raises NoSuchRoom, RoomConcluded, OutcomeMissing."""
    found = _open(tx, command.room_id, now)
    if not command.outcome.strip():
        raise OutcomeMissing
    row = _room(tx, found.id)
    row.outcome, row.concluded_at = command.outcome.strip()[:MAX_TEXT], now
    record(tx, CONCLUDED, now=now, actor=actor, subject=(SUBJECT, found.id))


def _room(tx: Session, room_id: int) -> ReviewRoom:
    found = tx.execute(select(ReviewRoom).where(ReviewRoom.id == room_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _inside(tx: Session, room_id: int, now: datetime) -> queries.Room:
    found = queries.room(tx, room_id, now.date())
    if not rules.may_enter(found.standing):
        raise NoSuchRoom
    return found


def _open(tx: Session, room_id: int, now: datetime) -> queries.Room:
    found = _inside(tx, room_id, now)
    if found.standing is Standing.CONCLUDED:
        raise RoomConcluded
    return found
