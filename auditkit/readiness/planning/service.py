"""Make the plan of a gap analysis, change its steps, and open the actions that carry them out."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members_with, today_of_house
from auditkit.actions import service as actions
from auditkit.actions.queries import for_origins
from auditkit.actions.rules import Kind
from auditkit.audits.queries import plans
from auditkit.audits.rules import State
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.journal import service as journal
from auditkit.readiness.models import ReadinessPlan, ReadinessStep
from auditkit.readiness.planning import queries, rules
from auditkit.readiness.planning.queries import ORIGIN
from auditkit.readiness.planning.rules import (
    PLAN_MADE,
    PLAN_OPENED,
    STEP_CHANGED,
    DaysReversed,
    OwnerNotMember,
    PlanThere,
    StepChanged,
    StepOpened,
)

PLAN, STEP = "readiness-plan", "readiness-step"
DONE = (State.REPORTED, State.CLOSED)
MAY_OWN = "actions.edit"


@dataclass(frozen=True)
class MakePlan:
    """From which day on, and who answers for the steps until somebody else is named."""

    audit: str
    starts_on: date
    owner_id: int


@dataclass(frozen=True)
class ChangeStep:
    """Owner and days of a step; `version` is the one the person was looking at."""

    step_id: int
    version: int
    owner_id: int
    starts_on: date
    due_on: date


@dataclass(frozen=True)
class OpenPlan:
    """Open an action for each step that has none."""

    audit: str


@verb("readiness.assess", leaves=PLAN_MADE)
def make(tx: Session, command: MakePlan, now: datetime, actor: Actor) -> int:
    """Make the plan of an audit; the number of its steps.

    Raises NotFound, NoSteps, NotReported, NothingToDo, StartPassed, OwnerNotMember and PlanThere.
    """
    head = plans.by_number(tx, command.audit)
    has_steps, wanted = queries.wanted(tx, head)
    rules.check_plan(
        reported=head.state in DONE,
        has_steps=has_steps,
        wanted=wanted,
        starts_on=command.starts_on,
        today=today_of_house(tx, now),
    )
    _check_owner(tx, command.owner_id)
    if tx.execute(select(ReadinessPlan.id).where(ReadinessPlan.audit_id == head.id)).first() is not None:
        raise PlanThere()
    plan = ReadinessPlan(audit_id=head.id, starts_on=command.starts_on, made_at=now, made_by=actor.person_id)
    tx.add(plan)
    tx.flush()
    dated = queries.dated(tx, wanted, command.starts_on)
    for position, one in enumerate(dated, start=1):
        tx.add(
            ReadinessStep(
                plan_id=plan.id,
                position=position,
                step=one.wanted.step,
                title=one.wanted.title,
                what=one.wanted.what,
                clauses=list(one.wanted.clauses),
                policies=list(one.wanted.policies),
                questions=list(one.wanted.questions),
                days=one.wanted.days,
                starts_on=one.starts_on,
                due_on=one.due_on,
                owner_id=command.owner_id,
            )
        )
    tx.flush()
    facts = {"audit": head.number, "steps": len(dated), "last_day": max(one.due_on for one in dated).isoformat()}
    journal.record(tx, PLAN_MADE, now=now, actor=actor, subject=(PLAN, plan.id), facts=facts)
    return len(dated)


@verb("readiness.assess", leaves=STEP_CHANGED)
def change_step(tx: Session, command: ChangeStep, now: datetime, actor: Actor) -> None:
    """Name another owner, set other days. Raises NotFound, StepChanged, StepOpened, DaysReversed, OwnerNotMember."""
    row = tx.execute(select(ReadinessStep).where(ReadinessStep.id == command.step_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    if row.version != command.version:
        raise StepChanged()
    if for_origins(tx, ORIGIN, [row.id]):
        raise StepOpened()
    if command.due_on < command.starts_on:
        raise DaysReversed()
    _check_owner(tx, command.owner_id)
    row.owner_id, row.starts_on, row.due_on = command.owner_id, command.starts_on, command.due_on
    row.version += 1
    tx.flush()
    days = {"starts": row.starts_on.isoformat(), "due": row.due_on.isoformat()}
    facts = {"step": row.step, "owner": row.owner_id, **days}
    journal.record(tx, STEP_CHANGED, now=now, actor=actor, subject=(STEP, row.id), facts=facts)


@verb("actions.edit", leaves=PLAN_OPENED)
def open_actions(tx: Session, command: OpenPlan, now: datetime, actor: Actor) -> list[str]:
    """Open an action for each step that has none; their numbers. Steps that have one keep it. Raises NoPlan."""
    found = queries.plan(tx, command.audit)
    opened = [
        actions.open_action(
            tx,
            actions.OpenAction(
                Kind.IMPROVEMENT,
                one.title,
                (ORIGIN, one.id),
                f"{command.audit}: {one.title}",
                one.owner_id,
                max(one.due_on, today_of_house(tx, now)),
                plan=one.what,
            ),
            now,
            actor,
        )
        for one in found.steps
        if not one.actions
    ]
    facts = {"audit": command.audit, "actions": opened}
    journal.record(tx, PLAN_OPENED, now=now, actor=actor, subject=(PLAN, found.id), facts=facts)
    return opened


def _check_owner(tx: Session, person_id: int) -> None:
    if person_id not in {one.person_id for one in members_with(tx, MAY_OWN)}:
        raise OwnerNotMember()
