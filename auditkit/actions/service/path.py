"""Verbs of the path: correction, extent, the plan that is ready, the criterion of the effect."""

from dataclasses import dataclass
from datetime import date, datetime

from auditkit.actions import rules, timing
from auditkit.actions.models import (
    ActionEffect,
)
from auditkit.actions.rules import (
    CORRECTED,
    CORRECTION_FILES,
    CRITERION_STATED,
    EXTENT_WRITTEN,
    PLAN_READY,
    Criterion,
    Ended,
    ReviewState,
    State,
    Target,
)
from auditkit.actions.taking import (
    attach,
    check_open,
    check_owner,
    effect_of,
    facts_of,
    needs_of,
    note,
    path_of,
    taken,
    touch,
)
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb


@dataclass(frozen=True)
class WriteCorrection:
    """What was put right at once, by whom, on which day, and how that can be seen."""

    number: str
    version: int
    what: str
    by: int | None
    on: date | None
    proof: str = ""
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class WriteExtent:
    """Where else somebody looked, and what was found there."""

    number: str
    version: int
    looked: str
    found: str


@dataclass(frozen=True)
class StateCriterion:
    """By what the effect of this round will be judged."""

    number: str
    version: int
    criterion: Criterion


@dataclass(frozen=True)
class PlanReady:
    number: str
    version: int


@verb("actions.edit", leaves=CORRECTED)
def write_correction(tx: Session, command: WriteCorrection, now: datetime, actor: Actor) -> None:
    """Write down what was put right. Raises NotOpen, CorrectionIncomplete, CorrectionAhead, OwnerNotMember."""
    action = taken(tx, command.number, command.version, actor)
    check_open(action)
    today = timing.calendar_at(tx, now).today(now)
    rules.check_correction(what=command.what, by=command.by, on=command.on, today=today)
    if command.by is not None:
        check_owner(tx, command.by)
    path = path_of(tx, action)
    action.correction = command.what.strip()
    path.correction_by, path.correction_on = command.by, command.on
    path.correction_proof = command.proof.strip()
    attach(tx, (CORRECTION_FILES, action.id), command.evidence, now, actor)
    touch(action, now)
    note(tx, CORRECTED, action, now, actor, by=command.by, on=str(command.on), files=len(command.evidence))


@verb("actions.edit", leaves=EXTENT_WRITTEN)
def write_extent(tx: Session, command: WriteExtent, now: datetime, actor: Actor) -> None:
    """Write down where else somebody looked. Raises NotOpen, LookedNowhere."""
    action = taken(tx, command.number, command.version, actor)
    check_open(action)
    rules.check_extent(looked=command.looked, found=command.found)
    path = path_of(tx, action)
    path.extent_looked, path.extent_found = command.looked.strip(), command.found.strip()
    touch(action, now)
    note(tx, EXTENT_WRITTEN, action, now, actor)


@verb("actions.edit", leaves=CRITERION_STATED)
def state_criterion(tx: Session, command: StateCriterion, now: datetime, actor: Actor) -> None:
    """State by what the effect will be judged. Raises what `rules.check_criterion` raises."""
    action = taken(tx, command.number, command.version, actor)
    wanted = command.criterion
    rules.check_criterion(wanted, state=State(action.state))
    effect = effect_of(tx, action)
    if effect is None:
        effect = ActionEffect(action_id=action.id, round=action.round)
        tx.add(effect)
    effect.criterion, effect.wait_days = wanted.text.strip(), wanted.wait_days
    effect.measure, effect.parameter, effect.wanted = wanted.measure, wanted.parameter, wanted.wanted
    effect.wanted_value, effect.window_days = wanted.value, wanted.window_days
    if not wanted.measure:
        effect.parameter, effect.wanted_value, effect.window_days = "", None, None
    effect.stated_at, effect.stated_by = now, actor.person_id
    touch(action, now)
    note(tx, CRITERION_STATED, action, now, actor, round=action.round, wait=wanted.wait_days, measure=wanted.measure)


@verb("actions.edit", leaves=PLAN_READY)
def plan_ready(tx: Session, command: PlanReady, now: datetime, actor: Actor) -> None:
    """Say that the plan is ready: what the grade asks for is there. Ends the time limit of the plan.

    Raises NotFound, Conflict, NotYours, PersonNeeded, and the refusal of the first thing that is missing.
    """
    action = taken(tx, command.number, command.version, actor)
    check_open(action)
    path = path_of(tx, action)
    rules.check_plan_ready(state=State(action.state), needs=needs_of(action, path), facts=facts_of(tx, action, path))
    if actor.person_id is None:
        raise rules.PersonNeeded()
    path.plan_ready_at, path.plan_ready_by = now, actor.person_id
    path.review = rules.next_review(ReviewState(path.review))
    timing.end(tx, action, [Target.PLAN], Ended.MET, now)
    touch(action, now)
    note(tx, PLAN_READY, action, now, actor, round=action.round)
