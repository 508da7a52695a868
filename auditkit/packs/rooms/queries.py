"""Reads over rooms: by link, of a pack, with everything that was said and looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.actions import queries as actions
from auditkit.actions.queries import ActionLine
from auditkit.base.db import Session, UtcDateTime
from auditkit.base.errors import NotFound
from auditkit.packs.models import Pack
from auditkit.packs.rooms.models import (
    ReviewRoom,
    RoomAccount,
    RoomComment,
    RoomJudgement,
    RoomRequest,
    RoomVisit,
)
from auditkit.packs.rooms.rules import Standing, Verdict, standing

ANSWER = "room-request"
"""The subject under which files of an answer are kept."""
CONCERN = "room-judgement"
"""What actions answer: a concern of a reviewer, or what they found not sufficient."""
MOST_VISITS = 200


@dataclass(frozen=True)
class Room:
    """A room as it stands today."""

    id: int
    pack_id: int
    body: str
    reviewer: str
    last_day: date
    opened_at: datetime
    opened_by_id: int | None
    revoked_at: datetime | None
    concluded_at: datetime | None
    outcome: str
    account: int | None
    """The person who signs in to enter; None for a room that is entered by its link."""
    standing: Standing


Place = tuple[str, str]
"""What something is said of: a clause, and the path of the item shown for it, empty for the clause itself."""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer said of a clause or of an item (`path`), when. `concern`: it could become a nonconformity."""

    id: int
    clause: str
    path: str
    verdict: Verdict
    concern: bool
    comment: str
    judged_at: datetime

    @property
    def place(self) -> Place:
        """What it was said of."""
        return self.clause, self.path

    @property
    def number(self) -> str:
        """`7.4` of the clause."""
        return self.clause.rpartition(":")[2]


@dataclass(frozen=True)
class Request:
    """A request and its answer; `answer` is empty until then, `path` where it is about the clause as a whole."""

    id: int
    serial: int
    clause: str
    path: str
    text: str
    due_on: date | None
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by_id: int | None

    @property
    def place(self) -> Place:
        """What it is about."""
        return self.clause, self.path

    @property
    def number(self) -> str:
        """`7.4` of the clause."""
        return self.clause.rpartition(":")[2]

    def overdue(self, today: date) -> bool:
        """Whether it waits for an answer after the day by which one was wanted."""
        return not self.answer and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Comment:
    """Words without a judgement. `clause` is empty where they are about the pack, `said_by_id` for the reviewer's."""

    id: int
    clause: str
    path: str
    text: str
    said_at: datetime
    said_by_id: int | None

    @property
    def place(self) -> Place:
        """What it is about."""
        return self.clause, self.path

    @property
    def number(self) -> str:
        """`7.4` of the clause."""
        return self.clause.rpartition(":")[2]


@dataclass(frozen=True)
class Visit:
    """What was looked at (`path` empty: the room) or taken."""

    path: str
    taken: bool
    at: datetime


_COLUMNS = (getattr(ReviewRoom, name) for name in Room.__dataclass_fields__ if name not in ("account", "standing"))
_ROOMS = select(*_COLUMNS, RoomAccount.person_id).outerjoin(RoomAccount, RoomAccount.room_id == ReviewRoom.id)
_JUDGEMENT = tuple(getattr(RoomJudgement, name) for name in Judgement.__dataclass_fields__)
_COMMENT = tuple(getattr(RoomComment, name) for name in Comment.__dataclass_fields__)
_REQUEST = tuple(getattr(RoomRequest, name) for name in Request.__dataclass_fields__)


def by_secret(tx: Session, digest: str, today: date) -> Room | None:
    """The session's organisation's room behind a link, however it stands; None for none."""
    row = tx.execute(_ROOMS.where(ReviewRoom.secret_digest == digest)).one_or_none()
    return _room(row, today) if row is not None else None


def room(tx: Session, room_id: int, today: date) -> Room:
    """One room. Raises NotFound, also for another organisation's."""
    row = tx.execute(_ROOMS.where(ReviewRoom.id == room_id)).one_or_none()
    if row is None:
        raise NotFound
    return _room(row, today)


def of_pack(tx: Session, pack_id: int, today: date) -> list[Room]:
    """The rooms of a pack, newest first."""
    query = _ROOMS.where(ReviewRoom.pack_id == pack_id).order_by(ReviewRoom.id.desc())
    return [_room(row, today) for row in tx.execute(query)]


def given_to(tx: Session, person_id: int, today: date) -> list[tuple[Room, str, str]]:
    """The rooms that a person enters by signing in, newest first, each with definition and title of its pack."""
    query = _ROOMS.add_columns(Pack.definition, Pack.title).join(Pack, Pack.id == ReviewRoom.pack_id)
    rows = tx.execute(query.where(RoomAccount.person_id == person_id).order_by(ReviewRoom.id.desc()))
    return [(_room(row[:-2], today), row[-2], row[-1]) for row in rows]


def earlier_room(tx: Session, here: Room) -> tuple[int, int] | None:
    """The last room in which the same body looked at another pack, and the id of that pack; None for its first."""
    query = (
        select(ReviewRoom.id, ReviewRoom.pack_id)
        .join(Pack, Pack.id == ReviewRoom.pack_id)
        .where(ReviewRoom.body == here.body, ReviewRoom.id < here.id, ReviewRoom.pack_id != here.pack_id, Pack.stored)
        .order_by(ReviewRoom.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None


def judgements(tx: Session, room_id: int) -> list[Judgement]:
    """Everything said of clauses and items, oldest first."""
    query = select(*_JUDGEMENT).where(RoomJudgement.room_id == room_id).order_by(RoomJudgement.id)
    return [_judgement(row) for row in tx.execute(query)]


def judgement(tx: Session, judgement_id: int) -> tuple[Judgement, int]:
    """One judgement and its room. Raises NotFound."""
    query = select(*_JUDGEMENT, RoomJudgement.room_id).where(RoomJudgement.id == judgement_id)
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _judgement(row[:-1]), row[-1]


def newest(found: Iterable[Judgement]) -> dict[Place, Judgement]:
    """Clause or item -> what was said of it last."""
    return {one.place: one for one in found}


def of_clauses(said: dict[Place, Judgement]) -> dict[str, Judgement]:
    """Of these, what was said of clauses themselves."""
    return {clause: one for (clause, path), one in said.items() if not path}


def of_items(said: dict[Place, Judgement], clause: str) -> dict[str, Judgement]:
    """Of these, what was said of the items shown for a clause, by path."""
    return {path: one for (ref, path), one in said.items() if path and ref == clause}


def actions_on(tx: Session, found: Iterable[Judgement]) -> dict[Place, list[ActionLine]]:
    """The actions that answer what was ever said of a clause or an item, also where it was said again since."""
    found = list(found)
    answering = actions.for_origins(tx, CONCERN, [one.id for one in found])
    opened: dict[Place, list[ActionLine]] = {}
    for one in found:
        opened.setdefault(one.place, []).extend(answering.get(one.id, ()))
    return opened


def comments(tx: Session, room_id: int) -> list[Comment]:
    """Everything said without a judgement, by both sides, oldest first."""
    query = select(*_COMMENT).where(RoomComment.room_id == room_id).order_by(RoomComment.id)
    return [Comment(*row) for row in tx.execute(query)]


def requests(tx: Session, room_id: int) -> list[Request]:
    """The requests of a room by number."""
    query = select(*_REQUEST).where(RoomRequest.room_id == room_id).order_by(RoomRequest.serial)
    return [Request(*row) for row in tx.execute(query)]


def waiting(tx: Session) -> list[tuple[int, str, Request]]:
    """The requests of all rooms that nobody has answered, those with the nearest day first: room, body, request."""
    query = (
        select(*_REQUEST, RoomRequest.room_id, ReviewRoom.body)
        .join(ReviewRoom, ReviewRoom.id == RoomRequest.room_id)
        .where(RoomRequest.answered_at.is_(None), ReviewRoom.revoked_at.is_(None))
        .order_by(RoomRequest.due_on.is_(None), RoomRequest.due_on, RoomRequest.id)
    )
    return [(row[-2], row[-1], Request(*row[:-2])) for row in tx.execute(query)]


def next_serial(tx: Session, room_id: int) -> int:
    """The number of the next request of a room."""
    query = select(func.coalesce(func.max(RoomRequest.serial), 0)).where(RoomRequest.room_id == room_id)
    return int(tx.execute(query).scalar_one()) + 1


def visits(tx: Session, room_id: int) -> list[Visit]:
    """What was looked at and taken, newest first, at most 200."""
    query = select(RoomVisit.path, RoomVisit.taken, RoomVisit.at).where(RoomVisit.room_id == room_id)
    return [Visit(*row) for row in tx.execute(query.order_by(RoomVisit.id.desc()).limit(MOST_VISITS))]


def seen(tx: Session, room_id: int) -> list[tuple[str, bool, int, datetime]]:
    """Everything that was looked at or taken: its path (empty: the room), whether taken, how often, when last."""
    last, times = func.max(RoomVisit.at, type_=UtcDateTime), func.count()
    query = select(RoomVisit.path, RoomVisit.taken, times, last).where(RoomVisit.room_id == room_id)
    rows = tx.execute(query.group_by(RoomVisit.path, RoomVisit.taken).order_by(RoomVisit.path, RoomVisit.taken))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _room(row: Sequence[object], today: date) -> Room:
    values = dict(zip((name for name in Room.__dataclass_fields__ if name != "standing"), row, strict=True))
    where = standing(values["last_day"], values["revoked_at"], values["concluded_at"], today)  # type: ignore[arg-type]  # columns of a row
    return Room(**values, standing=where)  # type: ignore[arg-type]  # columns of a row


def _judgement(row: Sequence[object]) -> Judgement:
    values = dict(zip(Judgement.__dataclass_fields__, row, strict=True))
    return Judgement(**{**values, "verdict": Verdict(values["verdict"])})  # type: ignore[arg-type]  # columns of a row
