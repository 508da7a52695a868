"""Verbs of rooms. Those of the organisation need a permission; those of the reviewer need the room's secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with, reads_in, today_of_house
from auditkit.actions import service as opening
from auditkit.actions.rules import Grade as ActionGrade
from auditkit.actions.rules import Kind, State
from auditkit.base import ids
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.text import _, spoken
from auditkit.base.verbs import verb
from auditkit.evidence import service as evidence
from auditkit.evidence.intake import Received
from auditkit.journal.service import record
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries, rules
from auditkit.packs.rooms.models import (
    ReviewRoom,
    RoomAccount,
    RoomComment,
    RoomJudgement,
    RoomRequest,
    RoomVisit,
)
from auditkit.packs.rooms.queries import ANSWER, CONCERN
from auditkit.packs.rooms.rules import (
    ANSWERED,
    ASKED,
    COMMENTED,
    CONCLUDED,
    ENTERED,
    ITEM_JUDGED,
    JUDGED,
    MAX_TEXT,
    OPENED,
    REVOKED,
    TAKEN,
    AnsweredAlready,
    AnswerEmpty,
    CommentEmpty,
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
LONGEST_TITLE, LONGEST_ORIGIN = 200, 300
"""Characters of an action's title, and of what it answers."""


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
    """`path` is the item of the clause that is judged, empty for the clause itself.

    `concern`: it could become a nonconformity, so an action is opened for it at once.
    """

    room_id: int
    clause: str
    verdict: Verdict
    comment: str = ""
    path: str = ""
    concern: bool = False


@dataclass(frozen=True)
class Say:
    """A comment. `clause` and `path` may be empty: then it is about the pack, or about a clause as a whole."""

    room_id: int
    text: str
    clause: str = ""
    path: str = ""


@dataclass(frozen=True)
class AskFor:
    """`path` is the item of the clause that is asked about, empty for the clause itself."""

    room_id: int
    clause: str
    text: str
    due_on: date | None = None
    path: str = ""


@dataclass(frozen=True)
class Conclude:
    room_id: int
    outcome: str


@verb("packs.build", leaves=OPENED)
def open_room(tx: Session, command: OpenRoom, now: datetime, actor: Actor) -> tuple[int, str]:
    """Open a room; its id and the secret of its link, which is told this once and is empty for one with an account.

    Raises NotFound, LastDayWrong, PackElsewhere, ReviewerMissing, NotAReviewer.
    """
    rules.check_last_day(command.last_day, today_of_house(tx, now))
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
    found = queries.by_secret(tx, ids.digest(command.secret.encode()), today_of_house(tx, now))
    if found is None or not rules.may_enter(found.standing):
        raise NoSuchRoom
    tx.add(RoomVisit(room_id=found.id, at=now))
    record(tx, ENTERED, now=now, actor=actor, subject=(SUBJECT, found.id))
    return found.id


@verb(REVIEW, leaves=ENTERED)
def enter_given(tx: Session, command: EnterGiven, now: datetime, actor: Actor) -> int:
    """Come in by signing in; the room's id. Raises NoSuchRoom, also for a room that was given to somebody else."""
    found = queries.room(tx, command.room_id, today_of_house(tx, now))
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


@verb(None, leaves=(JUDGED, ITEM_JUDGED))
def judge(tx: Session, command: Judge, now: datetime, actor: Actor) -> None:
    """Say of a clause, or of an item shown for it, that it is accepted, a question, or not sufficient.

    Raises NoSuchRoom, RoomConcluded, CommentMissing, ConcernWithoutDoubt.
    """
    found = _open(tx, command.room_id, now)
    rules.check_judgement(command.verdict, command.comment, command.concern)
    row = RoomJudgement(
        room_id=found.id,
        clause=command.clause,
        path=command.path,
        verdict=command.verdict,
        concern=command.concern,
        comment=command.comment.strip()[:MAX_TEXT],
        judged_at=now,
    )
    tx.add(row)
    tx.flush()
    facts: dict[str, object] = {"clause": command.clause, "verdict": command.verdict.value}
    if command.path:
        facts["path"] = command.path
    if command.concern:
        facts["concern"] = True
        facts["action"] = _action_on(tx, found, row, now)
    what = ITEM_JUDGED if command.path else JUDGED
    record(tx, what, now=now, actor=actor, subject=(SUBJECT, found.id), facts=facts)


def _action_on(tx: Session, here: queries.Room, row: RoomJudgement, now: datetime) -> str:
    """The number of the action that answers a concern; empty where nobody could own one.

    It is opened by the program: a reviewer has no part in the organisation's actions. Who opened the room owns it until
    somebody is chosen, and the last day of the room is its day. A concern that is said again has one already.
    """
    earlier = queries.actions_on(tx, queries.judgements(tx, here.id)).get((row.clause, row.path), [])
    going_on = [one for one in earlier if one.state is not State.CLOSED]
    if going_on:
        return going_on[0].number
    owners = [one.person_id for one in members_with(tx, "actions.edit")]
    if not owners:
        return ""
    owner = here.opened_by_id if here.opened_by_id in owners else owners[0]
    with spoken(reads_in(tx, owner)):
        named = concern_title(here.body, row)
    command = opening.OpenAction(
        kind=Kind.CORRECTIVE,
        title=named[:LONGEST_TITLE],
        origin=(CONCERN, row.id),
        origin_title=named,
        owner_id=owner,
        due_on=here.last_day,
        grade=ActionGrade.MINOR,
    )
    return opening.open_action(tx, command, now, Actor.system(tx.info["organisation_id"]))


def concern_title(body: str, said: RoomJudgement | queries.Judgement) -> str:
    """What an action answers, in a line: who doubts what, and why. An item is called as its file in the pack."""
    clause, file = said.clause.rpartition(":")[2], said.path.rpartition("/")[2]
    if file:
        title = _("%(body)s on %(file)s, clause %(clause)s", body=body, file=file, clause=clause)
    else:
        title = _("%(body)s on clause %(clause)s", body=body, clause=clause)
    return f"{title}: {said.comment}"[:LONGEST_ORIGIN]


@verb(None, leaves=COMMENTED)
def say(tx: Session, command: Say, now: datetime, actor: Actor) -> None:
    """A comment of the reviewer. Raises NoSuchRoom, RoomConcluded, CommentEmpty."""
    _comment(tx, _open(tx, command.room_id, now), command, now, actor, None)


@verb("packs.build", leaves=COMMENTED)
def say_back(tx: Session, command: Say, now: datetime, actor: Actor) -> None:
    """A comment of the organisation. Raises NotFound, NoSuchRoom, RoomConcluded, CommentEmpty."""
    _comment(tx, _open(tx, command.room_id, now), command, now, actor, actor.person_id)


def _comment(tx: Session, here: queries.Room, said: Say, now: datetime, actor: Actor, person: int | None) -> None:
    text = said.text.strip()[:MAX_TEXT]
    if not text:
        raise CommentEmpty
    place = {"clause": said.clause, "path": said.path}
    tx.add(RoomComment(room_id=here.id, text=text, said_at=now, said_by_id=person, **place))
    facts = {name: value for name, value in place.items() if value}
    record(tx, COMMENTED, now=now, actor=actor, subject=(SUBJECT, here.id), facts=facts)


@verb(None, leaves=ASKED)
def ask(tx: Session, command: AskFor, now: datetime, actor: Actor) -> int:
    """Ask the organisation for something; the number of the request. Raises NoSuchRoom, RoomConcluded, RequestEmpty."""
    found = _open(tx, command.room_id, now)
    text = command.text.strip()[:MAX_TEXT]
    if not text:
        raise RequestEmpty
    serial = queries.next_serial(tx, found.id)
    place = {"clause": command.clause, "path": command.path}
    tx.add(RoomRequest(room_id=found.id, serial=serial, text=text, due_on=command.due_on, asked_at=now, **place))
    facts = {"request": serial, **{name: value for name, value in place.items() if value}}
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
    found = queries.room(tx, room_id, today_of_house(tx, now))
    if not rules.may_enter(found.standing):
        raise NoSuchRoom
    return found


def _open(tx: Session, room_id: int, now: datetime) -> queries.Room:
    found = _inside(tx, room_id, now)
    if found.standing is Standing.CONCLUDED:
        raise RoomConcluded
    return found
