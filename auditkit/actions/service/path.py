"""Verbs of the path: correction, extent, causes, 8D, the plan and its steps, the criterion of the effect."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.actions import rules, timing
from auditkit.actions.models import (
    Action,
    ActionCause,
    ActionDiscipline,
    ActionEffect,
    ActionStep,
    CauseCategory,
)
from auditkit.actions.rules import (
    CAUSE_ADDED,
    CAUSE_DROPPED,
    CAUSE_SETTLED,
    CORRECTED,
    CORRECTION_FILES,
    CRITERION_STATED,
    DISCIPLINE_WRITTEN,
    EXTENT_WRITTEN,
    PLAN_READY,
    STEP_CHANGED,
    STEP_DONE,
    STEP_DROPPED,
    STEP_FILES,
    STEP_PLANNED,
    CauseLine,
    CauseMethod,
    CauseMissing,
    Criterion,
    Ended,
    NoSuchCause,
    ReviewState,
    State,
    StepDueMissing,
    StepState,
    Target,
)
from auditkit.actions.taking import (
    OVERSEE,
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
from auditkit.base.errors import Conflict, NotFound
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
