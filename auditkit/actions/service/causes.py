"""Verbs of the analysis of causes: lines of whys and bones, 8D, the cause that was settled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.actions import rules
from auditkit.actions.models import (
    Action,
    ActionCause,
    ActionDiscipline,
    CauseCategory,
)
from auditkit.actions.rules import (
    CAUSE_ADDED,
    CAUSE_DROPPED,
    CAUSE_SETTLED,
    DISCIPLINE_WRITTEN,
    CauseLine,
    CauseMethod,
    CauseMissing,
    NoSuchCause,
    State,
)
from auditkit.actions.taking import (
    check_open,
    note,
    path_of,
    taken,
    touch,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb


@dataclass(frozen=True)
class AddCause:
    """A line of the analysis below `parent_id`, or at the top, on a `bone` where a fishbone is drawn."""

    number: str
    method: CauseMethod
    text: str
    parent_id: int | None = None
    bone: str = ""


@dataclass(frozen=True)
class DropCause:
    """A line and all below it."""

    number: str
    cause_id: int


@dataclass(frozen=True)
class WriteDiscipline:
    """One part of the 8D report; an empty text takes it out."""

    number: str
    discipline: int
    text: str


@dataclass(frozen=True)
class SettleCause:
    """The cause in words, the method it was found with (named where it is another one), its category.

    `roots` are the lines of the analysis that are root causes.
    """

    number: str
    version: int
    method: CauseMethod
    cause: str
    method_name: str = ""
    category_id: int | None = None
    roots: tuple[int, ...] = ()


def _lines(tx: Session, action: Action) -> list[ActionCause]:
    found = select(ActionCause).where(ActionCause.action_id == action.id).order_by(ActionCause.id)
    return list(tx.execute(found).scalars())


def _pure(rows: list[ActionCause]) -> list[CauseLine]:
    return [CauseLine(one.id, one.parent_id, one.bone, one.text, one.root) for one in rows]


@verb("actions.edit", leaves=CAUSE_ADDED)
def add_cause(tx: Session, command: AddCause, now: datetime, actor: Actor) -> int:
    """Add a line to the analysis; its id. Raises what `rules.check_cause_line` raises."""
    action = taken(tx, command.number, None, actor)
    rules.check_cause_line(
        _pure(_lines(tx, action)),
        state=State(action.state),
        method=command.method,
        parent_id=command.parent_id,
        bone=command.bone,
        text=command.text,
    )
    row = ActionCause(
        action_id=action.id,
        parent_id=command.parent_id,
        bone=command.bone if command.parent_id is None else "",
        text=" ".join(command.text.split())[: rules.LONGEST_CAUSE],
        written_at=now,
    )
    tx.add(row)
    path = path_of(tx, action)
    path.method = path.method or (command.method if command.method is not CauseMethod.OTHER else "")
    tx.flush()
    touch(action, now)
    note(tx, CAUSE_ADDED, action, now, actor, cause=row.id, below=command.parent_id, method=command.method)
    return row.id


@verb("actions.edit", leaves=CAUSE_DROPPED)
def drop_cause(tx: Session, command: DropCause, now: datetime, actor: Actor) -> None:
    """Take a line out, with all below it. Raises NotOpen, NoSuchCause."""
    action = taken(tx, command.number, None, actor)
    check_open(action)
    rows = _lines(tx, action)
    ids = rules.below(_pure(rows), command.cause_id)
    if not ids:
        raise NoSuchCause()
    by_id = {one.id: one for one in rows}
    for one in ids:
        tx.delete(by_id[one])
        tx.flush()
    touch(action, now)
    note(tx, CAUSE_DROPPED, action, now, actor, causes=ids)


@verb("actions.edit", leaves=DISCIPLINE_WRITTEN)
def write_discipline(tx: Session, command: WriteDiscipline, now: datetime, actor: Actor) -> None:
    """Write one part of the 8D report; D7 and D8 may follow after the work. Raises NotFound for a part not there."""
    action = taken(tx, command.number, None, actor)
    if command.discipline not in rules.DISCIPLINES:
        raise NotFound()
    if action.state == State.CLOSED:
        raise rules.AnalysisClosed()
    found = select(ActionDiscipline).where(
        ActionDiscipline.action_id == action.id, ActionDiscipline.number == command.discipline
    )
    row = tx.execute(found).scalar_one_or_none()
    if row is None:
        row = ActionDiscipline(action_id=action.id, number=command.discipline)
        tx.add(row)
    row.text, row.written_at = command.text.strip(), now
    touch(action, now)
    note(tx, DISCIPLINE_WRITTEN, action, now, actor, discipline=command.discipline)


@verb("actions.edit", leaves=CAUSE_SETTLED)
def settle_cause(tx: Session, command: SettleCause, now: datetime, actor: Actor) -> None:
    """Settle the cause: words, method, category, which lines are root causes.

    Raises AnalysisClosed, CauseMissing, MethodNameMissing, DisciplineMissing, NoSuchCause, NotFound (category).
    """
    action = taken(tx, command.number, command.version, actor)
    written = select(ActionDiscipline.number, ActionDiscipline.text).where(ActionDiscipline.action_id == action.id)
    rules.check_method(
        state=State(action.state),
        method=command.method,
        name=command.method_name,
        disciplines={row.number: row.text for row in tx.execute(written)},
    )
    if not command.cause.strip():
        raise CauseMissing()
    rows = {one.id: one for one in _lines(tx, action)}
    if not set(command.roots) <= set(rows):
        raise NoSuchCause()
    path = path_of(tx, action)
    if command.category_id is not None and command.category_id != path.category_id:
        _check_category(tx, command.category_id)
    action.cause = command.cause.strip()
    path.method, path.category_id = command.method, command.category_id
    path.method_name = command.method_name.strip() if command.method is CauseMethod.OTHER else ""
    for one in rows.values():
        one.root = one.id in command.roots
    touch(action, now)
    note(tx, CAUSE_SETTLED, action, now, actor, method=command.method, category=command.category_id)


def _check_category(tx: Session, category_id: int) -> None:
    found = select(CauseCategory.id).where(CauseCategory.id == category_id, CauseCategory.retired.is_(False))
    if tx.execute(found).first() is None:
        raise NotFound()
