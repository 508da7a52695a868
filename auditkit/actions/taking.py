"""Taking an action into hand: what every verb checks first and leaves last. No verbs of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from auditkit.accounts.queries import members_with
from auditkit.actions import rules
from auditkit.actions.models import Action, ActionEffect, ActionPath, ActionStep
from auditkit.actions.rules import Need, OwnerNotMember, PlanFacts, State, StepState
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

OVERSEE = "actions.verify"


def taken(tx: Session, number: str, version: int | None, actor: Actor) -> Action:
    """The action, locked, for a change by `actor`. Raises NotFound, NotYours, Conflict (`version` None: any)."""
    action = tx.execute(select(Action).where(Action.number == number).with_for_update()).scalar_one_or_none()
    if action is None:
        raise NotFound()
    rules.check_may_work(person_id=actor.person_id, owner_id=action.owner_id, oversees=actor.may(OVERSEE))
    if version is not None and action.version != version:
        raise Conflict()
    return action


def path_of(tx: Session, action: Action) -> ActionPath:
    """The path of an action; one that was never written is begun."""
    path = tx.execute(select(ActionPath).where(ActionPath.action_id == action.id)).scalar_one_or_none()
    if path is None:
        path = ActionPath(action_id=action.id, grade="major" if action.cause_required else "")
        tx.add(path)
        tx.flush()
    return path


def effect_of(tx: Session, action: Action) -> ActionEffect | None:
    """The criterion of the present round, None where none was stated."""
    found = select(ActionEffect).where(ActionEffect.action_id == action.id, ActionEffect.round == action.round)
    return tx.execute(found).scalar_one_or_none()


def steps_of(tx: Session, action: Action) -> list[ActionStep]:
    """The steps of the plan, in the order planned."""
    return list(
        tx.execute(select(ActionStep).where(ActionStep.action_id == action.id).order_by(ActionStep.id)).scalars()
    )


def facts_of(tx: Session, action: Action, path: ActionPath) -> PlanFacts:
    """What is there of the path, for the gates."""
    counted = select(func.count()).where(ActionStep.action_id == action.id, ActionStep.state != StepState.DROPPED)
    return PlanFacts(
        correction=bool(action.correction.strip()) and path.correction_on is not None,
        extent=bool(path.extent_looked),
        cause=bool(action.cause.strip()),
        steps=int(tx.execute(counted.select_from(ActionStep)).scalar_one()),
        criterion=effect_of(tx, action) is not None,
    )


def needs_of(action: Action, path: ActionPath) -> frozenset[Need]:
    """What the grade asks of this action."""
    return rules.needs_of(path.needs) | ({Need.CAUSE} if path.needs and action.cause_required else frozenset())


def check_open(action: Action) -> None:
    """Raises NotOpen."""
    rules.check_open(State(action.state))


def check_owner(tx: Session, owner_id: int) -> None:
    """Raises OwnerNotMember."""
    if owner_id not in {member.person_id for member in members_with(tx, "actions.edit")}:
        raise OwnerNotMember()


def touch(action: Action, now: datetime) -> None:
    """The action changed: a page somebody else looks at is out of date."""
    action.changed_at = now
    action.version += 1


def attach(tx: Session, subject: tuple[str, int], files: Sequence[int], now: datetime, actor: Actor) -> None:
    """Link recorded files to `subject`."""
    for evidence_id in files:
        evidence.link(tx, evidence.Link(evidence_id, subject), now, actor)


def note(tx: Session, what: Event, action: Action, now: datetime, actor: Actor, **facts: object) -> None:
    """Journal an event of an action; facts hold ids and words of lists, never what people wrote."""
    record(tx, what, now=now, actor=actor, subject=("action", action.id), facts={"number": action.number, **facts})
