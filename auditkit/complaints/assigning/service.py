"""Verbs over the rules of assignment and over absences, and the naming of an owner by a rule."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.verbs import verb
from auditkit.complaints.assigning import queries, rules
from auditkit.complaints.assigning.models import AssignmentRule, ComplaintAssignment, HandlerAbsence
from auditkit.complaints.assigning.rules import ASKED, About, Asked, Rule
from auditkit.complaints.models import Complaint
from auditkit.complaints.service.taking import HANDLE, note
from auditkit.journal import service as journal

MANAGE = "organisation.manage"
SUBJECT_KIND, ABSENCE_KIND = "assignment-rule", "absence"
PORTION = 500


@dataclass(frozen=True)
class PutRule:
    """A rule: a new one at the end (`rule_id` None), or other words for one there is. `last`: the last line."""

    asked: Asked
    owner_id: int
    deputy_id: int | None = None
    rule_id: int | None = None
    last: bool = False


@dataclass(frozen=True)
class MoveRule:
    """Take a rule one place up or down."""

    rule_id: int
    up: bool


@dataclass(frozen=True)
class RemoveRule:
    rule_id: int


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

    Raises NothingAsked, OwnerCannotHandle, DeputyIsOwner, TooManyRules or NotFound.
    """
    asked = Asked() if command.last else rules.check_asked(command.asked, last=False)
    handlers = queries.may_own(tx)
    if command.owner_id not in handlers or (command.deputy_id is not None and command.deputy_id not in handlers):
        raise rules.OwnerCannotHandle
    if command.owner_id == command.deputy_id:
        raise rules.DeputyIsOwner
    one = _rule_for(tx, command)
    for name in ASKED:
        setattr(one, name, list(getattr(asked, name)))
    one.owner_id, one.deputy_id, one.put_at = command.owner_id, command.deputy_id, now
    tx.flush()
    facts = {"number": one.position, **_words(asked), "owner": one.owner_id, "deputy": one.deputy_id}
    journal.record(tx, rules.RULE_PUT, now=now, actor=actor, subject=(SUBJECT_KIND, one.id), facts=facts)
    return one.id


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
    """Take a rule out; the owners it named stay. Raises NotFound."""
    one = tx.execute(select(AssignmentRule).where(AssignmentRule.id == command.rule_id)).scalar_one_or_none()
    if one is None:
        raise NotFound
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


def assign(tx: Session, complaint: Complaint, happened: str, now: datetime, actor: Actor) -> Rule | None:
    """Name the owner by the first rule for this complaint, unless that is who owns it; the rule, or None.

    Whether a rule may name the owner at all is for the caller to know.
    """
    every = queries.rules_in_force(tx)
    if not every:
        return None
    free = queries.may_own(tx, complaint.id)
    rule = rules.first_for(every, about(complaint), free)
    if rule is None or (rule.owner_id == complaint.owner_id and happened == rules.ASSESSED):
        return None
    complaint.owner_id = rule.owner_id
    complaint.deputy_id = rules.deputy_for(rule, queries.stands_in(tx, now), free)
    forget(tx, complaint.id)
    tx.add(ComplaintAssignment(**_decided(complaint.id, rule, happened, now)))
    facts = {"rule": rule.id, "number": rule.number, "when": happened, **_words(rule.asked)}
    facts |= {"owner": complaint.owner_id, "deputy": complaint.deputy_id}
    note(tx, complaint, rules.ASSIGNED_BY_RULE, now, actor, facts)
    return rule


def assign_rows(tx: Session, complaint_ids: Sequence[int], run_id: int, now: datetime, actor: Actor) -> int:
    """Name the owners of complaints an import has just stored, where they are open; returns of how many.

    The journal tells of them together, as it does of the rows: what an import did can be taken back as a whole.
    """
    every = queries.rules_in_force(tx)
    if not every or not complaint_ids:
        return 0
    free, away = queries.may_own(tx), queries.stands_in(tx, now)
    taken: dict[About, Rule | None] = {}
    counts: dict[int, int] = {}
    columns = (Complaint.id, Complaint.kind, Complaint.channel, Complaint.category, Complaint.severity, Complaint.site)
    between = Complaint.id.between(complaint_ids[0], complaint_ids[-1])
    query = select(*columns).where(between, Complaint.import_run_id == run_id, Complaint.stage != "closed")
    changes: list[dict[str, Any]] = []
    decided: list[dict[str, Any]] = []
    for complaint_id, *words in tx.execute(query):
        found = About(*words)
        if found not in taken:
            taken[found] = rules.first_for(every, found, free)
        rule = taken[found]
        if rule is None:
            continue
        counts[rule.number] = counts.get(rule.number, 0) + 1
        deputy = rules.deputy_for(rule, away, free)
        changes.append({"id": complaint_id, "owner_id": rule.owner_id, "deputy_id": deputy})
        row = _decided(complaint_id, rule, rules.IMPORTED, now)
        decided.append({**row, "organisation_id": actor.organisation_id})
    if changes:
        tx.execute(update(Complaint), changes)
        tx.execute(insert(ComplaintAssignment), decided)
        facts = {"by_rule": {str(number): count for number, count in sorted(counts.items())}}
        journal.record(tx, rules.IMPORTED_ASSIGNED, now=now, actor=actor, subject=("import", run_id), facts=facts)
    return len(changes)


def about(complaint: Complaint) -> About:
    """What the rules look at of a complaint."""
    return About(complaint.kind, complaint.channel, complaint.category, complaint.severity, complaint.site)


def forget(tx: Session, complaint_id: int) -> None:
    """The owner was named by a person: no rule did."""
    tx.execute(delete(ComplaintAssignment).where(ComplaintAssignment.complaint_id == complaint_id))


def _decided(complaint_id: int, rule: Rule, happened: str, now: datetime) -> dict[str, Any]:
    return {
        "complaint_id": complaint_id,
        "rule_id": rule.id,
        "number": rule.number,
        "asked": _words(rule.asked),
        "owner_id": rule.owner_id,
        "happened": happened,
        "assigned_at": now,
    }


def _words(asked: Asked) -> dict[str, list[str]]:
    return {name: list(getattr(asked, name)) for name in ASKED if getattr(asked, name)}


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


__all__ = [
    "About",
    "EndAbsence",
    "MoveRule",
    "PutRule",
    "RemoveRule",
    "SetAbsence",
    "about",
    "assign",
    "assign_rows",
    "end_absence",
    "forget",
    "move_rule",
    "put_rule",
    "remove_rule",
    "set_absence",
]
