"""Verbs over the rules of assignment and over absences."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, Forbidden, NotFound
from auditkit.base.verbs import verb
from auditkit.complaints.assigning import naming, queries, rules
from auditkit.complaints.assigning.models import AssignmentRule, HandlerAbsence
from auditkit.complaints.assigning.rules import ASKED, Asked
from auditkit.complaints.service.taking import HANDLE
from auditkit.journal import service as journal

MANAGE = "organisation.manage"
SUBJECT_KIND, ABSENCE_KIND = "assignment-rule", "absence"
PORTION = 500


@dataclass(frozen=True)
class PutRule:
    """A rule: a new one at the end (`rule_id` None), or other words for one there is. `last`: the last line.

    `seen`: the stamp of the rule the person looked at (of there being none, for the last line), None where nobody did.
    """

    asked: Asked
    owner_id: int
    deputy_id: int | None = None
    rule_id: int | None = None
    last: bool = False
    seen: str | None = None


@dataclass(frozen=True)
class MoveRule:
    """Take a rule one place up or down."""

    rule_id: int
    up: bool


@dataclass(frozen=True)
class RemoveRule:
    """`seen`: as in PutRule."""

    rule_id: int
    seen: str | None = None


@dataclass(frozen=True)
class SetAbsence:
    """A member is away from the first to the last day, and somebody stands in."""

    person_id: int
    deputy_id: int
    first_day: date
    last_day: date


@dataclass(frozen=True)
class EndAbsence:
    absence_id: int


@verb(MANAGE, leaves=rules.RULE_PUT)
def put_rule(tx: Session, command: PutRule, now: datetime, actor: Actor) -> int:
    """Write a rule; returns its key. It holds for what is recorded and assessed from then on.

    Raises NothingAsked, OwnerCannotHandle, DeputyIsOwner, TooManyRules, NotFound, and Conflict when somebody else
    changed the rule since it was `seen`.
    """
    asked = Asked() if command.last else rules.check_asked(command.asked, last=False)
    handlers = queries.may_own(tx)
    if command.owner_id not in handlers or (command.deputy_id is not None and command.deputy_id not in handlers):
        raise rules.OwnerCannotHandle
    if command.owner_id == command.deputy_id:
        raise rules.DeputyIsOwner
    _check_seen(tx, command.seen, command.rule_id)
    one = _rule_for(tx, command)
    for name in ASKED:
        setattr(one, name, list(getattr(asked, name)))
    one.owner_id, one.deputy_id, one.put_at = command.owner_id, command.deputy_id, now
    tx.flush()
    facts = {"number": one.position, **naming.words(asked), "owner": one.owner_id, "deputy": one.deputy_id}
    journal.record(tx, rules.RULE_PUT, now=now, actor=actor, subject=(SUBJECT_KIND, one.id), facts=facts)
    return one.id


def _check_seen(tx: Session, seen: str | None, rule_id: int | None) -> None:
    """Raises Conflict unless the rule, or the last line for None, stands as it was seen."""
    if seen is None:
        return
    found = (one for one in queries.rules_in_force(tx) if (one.id == rule_id if rule_id else not one.number))
    if rules.stamp_of(next(found, None)) != seen:
        raise Conflict


def _rule_for(tx: Session, command: PutRule) -> AssignmentRule:
    if command.rule_id is not None:
        return _found(tx, command.rule_id)
    every = list(tx.execute(select(AssignmentRule).with_for_update()).scalars())
    if command.last:
        before = next((one for one in every if one.is_last), None)
        one = before or AssignmentRule(position=0, is_last=True)
    else:
        if len(every) >= rules.MOST_RULES:
            raise rules.TooManyRules(most=rules.MOST_RULES)
        one = AssignmentRule(position=1 + max((one.position for one in every), default=0), is_last=False)
    tx.add(one)
    return one


@verb(MANAGE, leaves=rules.RULE_MOVED)
def move_rule(tx: Session, command: MoveRule, now: datetime, actor: Actor) -> None:
    """Take a rule one place up or down; at the end of the list it stays. Raises NotFound."""
    one = _found(tx, command.rule_id)
    ordered = _ordered(tx)
    here = ordered.index(one)
    there = min(max(here + (-1 if command.up else 1), 0), len(ordered) - 1)
    ordered.insert(there, ordered.pop(here))
    _number(ordered)
    tx.flush()
    facts = {"order": [rule.id for rule in ordered]}
    journal.record(tx, rules.RULE_MOVED, now=now, actor=actor, subject=(SUBJECT_KIND, one.id), facts=facts)


@verb(MANAGE, leaves=rules.RULE_REMOVED)
def remove_rule(tx: Session, command: RemoveRule, now: datetime, actor: Actor) -> None:
    """Take a rule out; the owners it named stay. Raises NotFound, and Conflict when it changed since it was `seen`."""
    one = tx.execute(select(AssignmentRule).where(AssignmentRule.id == command.rule_id)).scalar_one_or_none()
    if one is None:
        raise NotFound
    _check_seen(tx, command.seen, None if one.is_last else one.id)
    facts = {"number": one.position, "owner": one.owner_id}
    tx.delete(one)
    tx.flush()
    _number(_ordered(tx))
    journal.record(tx, rules.RULE_REMOVED, now=now, actor=actor, subject=(SUBJECT_KIND, command.rule_id), facts=facts)


@verb(HANDLE, leaves=rules.ABSENCE_SET)
def set_absence(tx: Session, command: SetAbsence, now: datetime, actor: Actor) -> int:
    """Note that somebody is away: members for themselves, whoever manages the organisation for anybody.

    Raises Forbidden, AwayBackwards, DeputyIsAway, OwnerCannotHandle or AwayAlready.
    """
    _check_own(command.person_id, actor)
    rules.check_absence(command.person_id, command.deputy_id, command.first_day, command.last_day)
    if not {command.person_id, command.deputy_id} <= queries.may_own(tx):
        raise rules.OwnerCannotHandle
    for other in queries.absences(tx, command.first_day):
        if other.person_id == command.person_id and other.first_day <= command.last_day:
            raise rules.AwayAlready(name=_name(tx, command.person_id))
    one = HandlerAbsence(**asdict(command), noted_at=now)
    tx.add(one)
    tx.flush()
    facts: dict[str, Any] = {"person": one.person_id, "deputy": one.deputy_id}
    facts |= {"first": one.first_day.isoformat(), "last": one.last_day.isoformat()}
    journal.record(tx, rules.ABSENCE_SET, now=now, actor=actor, subject=(ABSENCE_KIND, one.id), facts=facts)
    return one.id


@verb(HANDLE, leaves=rules.ABSENCE_ENDED)
def end_absence(tx: Session, command: EndAbsence, now: datetime, actor: Actor) -> None:
    """Take an absence out. Raises NotFound or Forbidden."""
    one = tx.execute(select(HandlerAbsence).where(HandlerAbsence.id == command.absence_id)).scalar_one_or_none()
    if one is None:
        raise NotFound
    _check_own(one.person_id, actor)
    facts = {"person": one.person_id, "first": one.first_day.isoformat(), "last": one.last_day.isoformat()}
    tx.delete(one)
    journal.record(
        tx, rules.ABSENCE_ENDED, now=now, actor=actor, subject=(ABSENCE_KIND, command.absence_id), facts=facts
    )


def _found(tx: Session, rule_id: int) -> AssignmentRule:
    query = select(AssignmentRule).where(AssignmentRule.id == rule_id, AssignmentRule.is_last.is_(False))
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound
    return one


def _ordered(tx: Session) -> list[AssignmentRule]:
    query = select(AssignmentRule).where(AssignmentRule.is_last.is_(False))
    return list(tx.execute(query.order_by(AssignmentRule.position, AssignmentRule.id).with_for_update()).scalars())


def _number(ordered: list[AssignmentRule]) -> None:
    for position, one in enumerate(ordered, 1):
        one.position = position


def _check_own(person_id: int, actor: Actor) -> None:
    if person_id != actor.person_id and not actor.may(MANAGE):
        raise Forbidden


def _name(tx: Session, person_id: int) -> str:
    return next((one.name for one in queries.members_with(tx, HANDLE) if one.person_id == person_id), "")
