"""Verbs over time limits of actions, the list of cause categories, and what the worker notices by itself."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from auditkit.actions import rules
from auditkit.actions.models import Action, ActionDue, ActionLimit, ActionScheme, ActionStep, CauseCategory
from auditkit.actions.rules import (
    CATEGORIES_CHANGED,
    DUE_MAILED,
    DUE_NOTICED,
    SCHEME_ADDED,
    SCHEME_CHANGED,
    SCHEME_ENDED,
    Ended,
    Grade,
    Need,
    Noticed,
    Starts,
)
from auditkit.base import outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.journal.service import record

SETTLE = "organisation.manage"
_SCHEME, _CATEGORIES = "action-scheme", "cause-categories"


@dataclass(frozen=True)
class AdoptScheme:
    """Take a preset over; `title` is its title in the language of who does it."""

    preset: str
    title: str


@dataclass(frozen=True)
class PutScheme:
    """A scheme of one's own (`scheme_id` None), or the change of one: title and what each grade asks for."""

    scheme_id: int | None
    title: str
    needs: dict[Grade, frozenset[Need]] = field(default_factory=dict)
    later: frozenset[Grade] = frozenset()


@dataclass(frozen=True)
class PutLimit:
    """Set the limit of a grade and target; it takes the place of the one before."""

    scheme_id: int
    grade: str
    target: str
    amount: int
    unit: str
    working: bool = False
    starts: Starts = Starts.RAISED


@dataclass(frozen=True)
class DropLimit:
    scheme_id: int
    grade: str
    target: str


@dataclass(frozen=True)
class EndScheme:
    scheme_id: int


@dataclass(frozen=True)
class AddCategories:
    """Titles to put on the list; those that are there already are left alone where there are several."""

    titles: tuple[str, ...]


@dataclass(frozen=True)
class RetireCategory:
    """Take a category off the list of choices, or put it back (`retired` False)."""

    category_id: int
    retired: bool


@dataclass(frozen=True)
class NoticeDue:
    """Due dates, by key, of which there is something to notice."""

    due_ids: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """A due date that has newly reached `level`: whose it is, and what it is for."""

    due_id: int
    number: str
    target: str
    level: Noticed
    due_at: datetime
    owner_id: int


@dataclass(frozen=True)
class MailDue:
    """One person's mail about what has become due."""

    person_id: int
    to: str
    subject: str
    body: str
    due_ids: tuple[int, ...]


@verb(SETTLE, leaves=SCHEME_ADDED)
def adopt_scheme(tx: Session, command: AdoptScheme, now: datetime, actor: Actor) -> int:
    """Take a preset over; the id of the scheme. Raises NoSuchLimit, SchemeThere."""
    preset = rules.preset(command.preset)
    there = select(ActionScheme.id).where(ActionScheme.preset == preset.key, ActionScheme.ended_at.is_(None))
    if tx.execute(there).first() is not None:
        raise rules.SchemeThere()
    scheme = ActionScheme(title=command.title.strip() or preset.key, preset=preset.key, added_at=now)
    _fill(scheme, dict(preset.needs), preset.next_audit)
    tx.add(scheme)
    tx.flush()
    for one in preset.limits:
        tx.add(
            ActionLimit(
                scheme_id=scheme.id,
                grade=one.grade,
                target=one.target,
                starts=one.starts,
                amount=one.amount,
                unit=one.unit.value,
                working=one.working,
            )
        )
    tx.flush()
    _note(tx, SCHEME_ADDED, scheme, now, actor, preset=preset.key)
    return scheme.id


@verb(SETTLE, leaves=(SCHEME_ADDED, SCHEME_CHANGED))
def put_scheme(tx: Session, command: PutScheme, now: datetime, actor: Actor) -> int:
    """Write a scheme of one's own, or change one; its id. Raises NotFound, SchemeTitleMissing, SchemeEnded."""
    if not command.title.strip():
        raise rules.SchemeTitleMissing()
    added = command.scheme_id is None
    scheme = ActionScheme(added_at=now) if command.scheme_id is None else _scheme(tx, command.scheme_id)
    scheme.title = command.title.strip()
    _fill(scheme, command.needs, command.later)
    if added:
        tx.add(scheme)
    tx.flush()
    _note(tx, SCHEME_ADDED if added else SCHEME_CHANGED, scheme, now, actor)
    return scheme.id


def _fill(scheme: ActionScheme, needs: dict[Grade, frozenset[Need]], later: frozenset[Grade]) -> None:
    scheme.needs_major = rules.needs_text(needs.get(Grade.MAJOR, frozenset()))
    scheme.needs_minor = rules.needs_text(needs.get(Grade.MINOR, frozenset()))
    scheme.later_major, scheme.later_minor = Grade.MAJOR in later, Grade.MINOR in later


def _scheme(tx: Session, scheme_id: int) -> ActionScheme:
    scheme = tx.execute(select(ActionScheme).where(ActionScheme.id == scheme_id)).scalar_one_or_none()
    if scheme is None:
        raise NotFound()
    if scheme.ended_at is not None:
        raise rules.SchemeEnded()
    return scheme


@verb(SETTLE, leaves=SCHEME_CHANGED)
def put_limit(tx: Session, command: PutLimit, now: datetime, actor: Actor) -> None:
    """Set a limit; due dates that are set stay. Raises NotFound, SchemeEnded, NoSuchLimit, LimitOutOfRange."""
    rules.check_limit(
        grade=command.grade,
        target=command.target,
        amount=command.amount,
        unit=command.unit,
        working=command.working,
    )
    scheme = _scheme(tx, command.scheme_id)
    row = _limit(tx, command.scheme_id, command.grade, command.target)
    if row is None:
        row = ActionLimit(scheme_id=scheme.id, grade=command.grade, target=command.target)
        tx.add(row)
    row.amount, row.unit, row.working = command.amount, command.unit, command.working
    row.starts = command.starts
    tx.flush()
    _note(tx, SCHEME_CHANGED, scheme, now, actor, grade=command.grade, target=command.target, amount=command.amount)


@verb(SETTLE, leaves=SCHEME_CHANGED)
def drop_limit(tx: Session, command: DropLimit, now: datetime, actor: Actor) -> None:
    """Take a limit out; due dates that are set stay. Raises NotFound, SchemeEnded."""
    scheme = _scheme(tx, command.scheme_id)
    row = _limit(tx, command.scheme_id, command.grade, command.target)
    if row is None:
        raise NotFound()
    tx.delete(row)
    tx.flush()
    _note(tx, SCHEME_CHANGED, scheme, now, actor, grade=command.grade, target=command.target, amount=None)


def _limit(tx: Session, scheme_id: int, grade: str, target: str) -> ActionLimit | None:
    found = select(ActionLimit).where(
        ActionLimit.scheme_id == scheme_id, ActionLimit.grade == grade, ActionLimit.target == target
    )
    return tx.execute(found).scalar_one_or_none()


@verb(SETTLE, leaves=SCHEME_ENDED)
def end_scheme(tx: Session, command: EndScheme, now: datetime, actor: Actor) -> None:
    """Nothing new is opened under these limits; what is under way keeps them. Raises NotFound, SchemeEnded."""
    scheme = _scheme(tx, command.scheme_id)
    scheme.ended_at = now
    _note(tx, SCHEME_ENDED, scheme, now, actor)


@verb(SETTLE, leaves=CATEGORIES_CHANGED)
def add_categories(tx: Session, command: AddCategories, now: datetime, actor: Actor) -> int:
    """Put categories of causes on the list; how many were new. Raises CategoryTitleMissing, CategoryThere."""
    titles = [" ".join(one.split())[:200] for one in command.titles]
    if not titles or not all(titles):
        raise rules.CategoryTitleMissing()
    there = set(tx.execute(select(CauseCategory.title)).scalars())
    new = [one for one in dict.fromkeys(titles) if one not in there]
    if not new:
        raise rules.CategoryThere()
    for one in new:
        tx.add(CauseCategory(title=one, retired=False, added_at=now))
    tx.flush()
    facts = {"added": new}
    record(tx, CATEGORIES_CHANGED, now=now, actor=actor, subject=(_CATEGORIES, actor.organisation_id), facts=facts)
    return len(new)


@verb(SETTLE, leaves=CATEGORIES_CHANGED)
def retire_category(tx: Session, command: RetireCategory, now: datetime, actor: Actor) -> None:
    """Take a category off the choices, or put it back; actions that have it keep it. Raises NotFound."""
    row = tx.execute(select(CauseCategory).where(CauseCategory.id == command.category_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    row.retired = command.retired
    facts = {"category": row.title, "retired": row.retired}
    record(tx, CATEGORIES_CHANGED, now=now, actor=actor, subject=(_CATEGORIES, actor.organisation_id), facts=facts)


@verb(None, leaves=DUE_NOTICED)
def notice_due(tx: Session, command: NoticeDue, now: datetime, actor: Actor) -> list[Told]:
    """Record for each due date the farthest level it has reached, once; what is to be told of it, and to whom.

    However long the worker slept: a date that passed several levels meanwhile is recorded once, at the last.
    """
    rows = tx.execute(
        select(ActionDue, Action, ActionStep.owner_id)
        .join(Action, Action.id == ActionDue.action_id)
        .outerjoin(ActionStep, ActionStep.id == ActionDue.step_id)
        .where(ActionDue.id.in_(command.due_ids))
        .order_by(ActionDue.due_at, ActionDue.id)
    )
    told = []
    for due, action, step_owner in rows.all():
        level = rules.reached(due.starts_at, due.due_at, now)
        if due.state != Ended.RUNNING or not rules.farther(level, Noticed(due.noticed)):
            continue
        due.noticed = level
        due.notice_at = rules.next_notice(level, due.starts_at, due.due_at)
        due.version += 1
        told.append(Told(due.id, action.number, due.target, level, due.due_at, step_owner or action.owner_id))
        facts = {"number": action.number, "due": due.id, "target": due.target, "level": level.value}
        record(tx, DUE_NOTICED, now=now, actor=actor, subject=("action", action.id), facts=facts)
    return told


@verb(None, leaves=DUE_MAILED)
def mail_due(tx: Session, command: MailDue, now: datetime, actor: Actor) -> None:
    """Put one person's mail into the outbox."""
    outbox.put(tx, to=command.to, subject=command.subject, body=command.body, now=now)
    facts = {"dues": list(command.due_ids)}
    record(tx, DUE_MAILED, now=now, actor=actor, subject=("person", command.person_id), facts=facts)


def _note(tx: Session, what: Event, scheme: ActionScheme, now: datetime, actor: Actor, **facts: object) -> None:
    record(tx, what, now=now, actor=actor, subject=(_SCHEME, scheme.id), facts={"title": scheme.title, **facts})
