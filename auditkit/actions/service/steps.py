"""Verbs of the steps of a plan: planned, changed, done with proof or dropped with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.actions import rules, timing
from auditkit.actions.models import (
    Action,
    ActionStep,
)
from auditkit.actions.rules import (
    STEP_CHANGED,
    STEP_DONE,
    STEP_DROPPED,
    STEP_FILES,
    STEP_PLANNED,
    Ended,
    StepDueMissing,
    StepState,
    Target,
)
from auditkit.actions.taking import (
    OVERSEE,
    attach,
    check_open,
    check_owner,
    note,
    taken,
    touch,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.verbs import verb


@dataclass(frozen=True)
class PlanStep:
    """A step; `cost` in hundredths of `currency`."""

    number: str
    title: str
    owner_id: int
    due_on: date | None
    cost: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class ChangeStep:
    """See PlanStep."""

    number: str
    step_id: int
    version: int
    title: str
    owner_id: int
    due_on: date | None
    cost: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class EndStep:
    """Done with `note` as proof, or dropped for the reason in `note`."""

    number: str
    step_id: int
    version: int
    note: str
    evidence: tuple[int, ...] = ()


@verb("actions.edit", leaves=STEP_PLANNED)
def plan_step(tx: Session, command: PlanStep, now: datetime, actor: Actor) -> int:
    """Add a step to the plan; its id.

    Raises NotOpen, StepTitleMissing, StepDueMissing, CostUnreadable, CurrencyMissing, OwnerNotMember.
    """
    action = taken(tx, command.number, None, actor)
    check_open(action)
    due_on, currency = _step_values(tx, command)
    step = ActionStep(
        action_id=action.id,
        title=command.title.strip(),
        owner_id=command.owner_id,
        due_on=due_on,
        cost=command.cost,
        currency=currency,
        state=StepState.OPEN,
        planned_at=now,
        version=1,
    )
    tx.add(step)
    tx.flush()
    timing.step_day(tx, action, step, now)
    touch(action, now)
    note(tx, STEP_PLANNED, action, now, actor, step=step.id, owner=step.owner_id, due=step.due_on.isoformat())
    return step.id


def _step_values(tx: Session, command: PlanStep | ChangeStep) -> tuple[date, str]:
    rules.check_step(title=command.title, cost=command.cost, currency=command.currency)
    check_owner(tx, command.owner_id)
    if command.due_on is None:
        raise StepDueMissing()
    return command.due_on, command.currency.upper() if command.cost is not None else ""


def _step(tx: Session, action: Action, step_id: int, version: int) -> ActionStep:
    found = select(ActionStep).where(ActionStep.id == step_id, ActionStep.action_id == action.id)
    step = tx.execute(found).scalar_one_or_none()
    if step is None:
        raise NotFound()
    if step.version != version:
        raise Conflict()
    return step


@verb("actions.edit", leaves=STEP_CHANGED)
def change_step(tx: Session, command: ChangeStep, now: datetime, actor: Actor) -> None:
    """Change an open step. Raises NotFound, Conflict, NotOpen, StepNotOpen and what `plan_step` raises."""
    action = taken(tx, command.number, None, actor)
    check_open(action)
    step = _step(tx, action, command.step_id, command.version)
    if step.state != StepState.OPEN:
        raise rules.StepNotOpen()
    due_on, currency = _step_values(tx, command)
    moved = step.due_on != due_on
    step.title, step.owner_id, step.due_on = command.title.strip(), command.owner_id, due_on
    step.cost, step.currency = command.cost, currency
    step.version += 1
    if moved:
        timing.step_day(tx, action, step, now)
    touch(action, now)
    note(tx, STEP_CHANGED, action, now, actor, step=step.id, owner=step.owner_id, due=step.due_on.isoformat())


@verb("actions.edit", leaves=STEP_DONE)
def finish_step(tx: Session, command: EndStep, now: datetime, actor: Actor) -> None:
    """Report a step as done, by its owner, the action's owner or who oversees actions.

    Raises NotFound, NotYours, Conflict, NotOpen, StepNotOpen, StepProofMissing, PersonNeeded.
    """
    action, step = _own_step(tx, command, actor)
    rules.check_step_done(state=StepState(step.state), proof=command.note, files=len(command.evidence))
    _end_step(step, StepState.DONE, command.note, now, actor)
    timing.end(tx, action, [Target.STEP], Ended.MET, now, step_id=step.id)
    attach(tx, (STEP_FILES, step.id), command.evidence, now, actor)
    touch(action, now)
    note(tx, STEP_DONE, action, now, actor, step=step.id, files=len(command.evidence))


@verb("actions.edit", leaves=STEP_DROPPED)
def drop_step(tx: Session, command: EndStep, now: datetime, actor: Actor) -> None:
    """Drop a step, with the reason. Raises NotFound, NotYours, Conflict, NotOpen, StepNotOpen, DropReasonMissing."""
    action = taken(tx, command.number, None, actor)
    check_open(action)
    step = _step(tx, action, command.step_id, command.version)
    rules.check_step_dropped(state=StepState(step.state), reason=command.note)
    _end_step(step, StepState.DROPPED, command.note, now, actor)
    timing.end(tx, action, [Target.STEP], Ended.DROPPED, now, step_id=step.id)
    touch(action, now)
    note(tx, STEP_DROPPED, action, now, actor, step=step.id)


def _own_step(tx: Session, command: EndStep, actor: Actor) -> tuple[Action, ActionStep]:
    found = select(Action).where(Action.number == command.number).with_for_update()
    action = tx.execute(found).scalar_one_or_none()
    if action is None:
        raise NotFound()
    step = _step(tx, action, command.step_id, command.version)
    mine = actor.person_id in (step.owner_id, action.owner_id)
    rules.check_may_work(
        person_id=actor.person_id,
        owner_id=actor.person_id if mine and actor.person_id is not None else action.owner_id,
        oversees=actor.may(OVERSEE),
    )
    check_open(action)
    return action, step


def _end_step(step: ActionStep, state: StepState, text: str, now: datetime, actor: Actor) -> None:
    if actor.person_id is None:
        raise rules.PersonNeeded()
    step.state, step.note = state, text.strip()
    step.ended_at, step.ended_by = now, actor.person_id
    step.version += 1
