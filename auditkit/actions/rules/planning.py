"""The way from correction to plan: what each grade asks for, steps, and when the plan is ready. Pure.

Checked by tests/rules/test_actions_path_rules.py; the same gates stand as triggers in models/path.py.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.actions.rules.core import State
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

CORRECTED = event("action:corrected", N_("Correction written down"))
EXTENT_WRITTEN = event("action:extent-written", N_("Extent written down"))
STEP_PLANNED = event("action:step-planned", N_("Step planned"))
STEP_CHANGED = event("action:step-changed", N_("Step changed"))
STEP_DONE = event("action:step-done", N_("Step done"))
STEP_DROPPED = event("action:step-dropped", N_("Step dropped"))
PLAN_READY = event("action:plan-ready", N_("Plan ready"))

STEP_FILES, CORRECTION_FILES = "action-step", "action-correction"
"""Subjects that evidence is linked to."""


class Grade(StrEnum):
    """How grave what the action answers is; empty where nobody graded it."""

    NONE = ""
    MAJOR = "major"
    MINOR = "minor"
    OPPORTUNITY = "opportunity"


class Need(StrEnum):
    """What must be there before the plan is ready; in the order of the path."""

    CORRECTION = "correction"
    EXTENT = "extent"
    CAUSE = "cause"
    STEPS = "steps"
    CRITERION = "criterion"


class StepState(StrEnum):
    """Where a step of the plan stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Phase(StrEnum):
    """Where an action stands on the board; derived, never stored."""

    ANALYSIS = "analysis"
    WORK = "work"
    EFFECT = "effect"
    VERIFIED = "verified"
    CLOSED = "closed"


GRADE_TITLES = {
    Grade.NONE: N_("Not graded"),
    Grade.MAJOR: N_("Major nonconformity"),
    Grade.MINOR: N_("Minor nonconformity"),
    Grade.OPPORTUNITY: N_("Opportunity for improvement"),
}
NEED_TITLES = {
    Need.CORRECTION: N_("Correction"),
    Need.EXTENT: N_("Extent: where else?"),
    Need.CAUSE: N_("Cause"),
    Need.STEPS: N_("Plan with steps"),
    Need.CRITERION: N_("Criterion of the effect"),
}
STEP_STATE_TITLES = {
    StepState.OPEN: N_("To do"),
    StepState.DONE: N_("Done"),
    StepState.DROPPED: N_("Dropped"),
}
PHASE_TITLES = {
    Phase.ANALYSIS: N_("Causes and plan"),
    Phase.WORK: N_("Under way"),
    Phase.EFFECT: N_("Effect to be verified"),
    Phase.VERIFIED: N_("Effect verified"),
    Phase.CLOSED: N_("Closed"),
}
MOST_COST = 10**13
"""Hundredths: no step costs more than a hundred thousand million."""


class StepsOpen(RuleBroken):
    message = N_("Steps of the plan still open: %(number)s. Report them as done, or drop them with a reason")


class PlanNotReady(RuleBroken):
    message = N_("Say first that the plan is ready")


class CorrectionMissing(RuleBroken):
    message = N_("Write down the correction first: what was put right at once, by whom and when")


class ExtentMissing(RuleBroken):
    message = N_("Write down the extent first: where else you looked and what you found there")


class PlanCauseMissing(RuleBroken):
    message = N_("Write down the cause first: a plan answers a cause")


class StepsMissing(RuleBroken):
    message = N_("Plan at least one step, with an owner and a day")


class CriterionMissing(RuleBroken):
    message = N_("State first by what the effect will be judged; afterwards it is too late")


class CorrectionIncomplete(BadInput):
    message = N_("A correction says what was done, by whom and on which day")


class CorrectionAhead(BadInput):
    message = N_("The day of the correction lies ahead. Enter the day on which it was done")


class LookedNowhere(BadInput):
    message = N_("Say where else you looked and what you found there; “nothing found” is a result too")


class StepTitleMissing(BadInput):
    message = N_("Say what is to be done in this step")


class StepDueMissing(BadInput):
    message = N_("Enter the day by which the step is to be done")


class StepNotOpen(RuleBroken):
    message = N_("This step is no longer open")


class StepProofMissing(RuleBroken):
    message = N_("Say how it can be seen that the step is done, or attach a file that shows it")


class DropReasonMissing(BadInput):
    message = N_("Say why the step is dropped")


class CostUnreadable(BadInput):
    message = N_("Enter the cost as an amount such as 120 or 120.50")


class CurrencyMissing(BadInput):
    message = N_("Say in which currency: three letters such as EUR")


_REFUSALS: dict[Need, type[RuleBroken]] = {
    Need.CORRECTION: CorrectionMissing,
    Need.EXTENT: ExtentMissing,
    Need.CAUSE: PlanCauseMissing,
    Need.STEPS: StepsMissing,
    Need.CRITERION: CriterionMissing,
}


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is there of the path: `steps` counts those not dropped."""

    correction: bool
    extent: bool
    cause: bool
    steps: int
    criterion: bool

    def has(self, need: Need) -> bool:
        """Whether what `need` asks for is there."""
        return bool(getattr(self, need.value))


def missing(needs: Collection[Need], facts: PlanFacts) -> list[Need]:
    """What is still asked for, in the order of the path."""
    return [need for need in Need if need in needs and not facts.has(need)]


def check_plan_ready(*, state: State, needs: Collection[Need], facts: PlanFacts) -> None:
    """Whether the plan may be called ready. A plan has at least a step, whatever the grade asks for.

    Raises StepsMissing or the refusal of the first thing that is missing; NotOpen for an action that is not open.
    """
    from_first = missing({*needs, Need.STEPS}, facts)
    if state is not State.OPEN:
        raise StepNotOpen()
    if from_first:
        raise _REFUSALS[from_first[0]]()


def check_done(*, needs: Collection[Need], facts: PlanFacts, plan_ready: bool, open_steps: int) -> None:
    """What the plan asks before the action is reported as done.

    Raises StepsOpen; where the grade asks for anything also the refusal of what is missing, and PlanNotReady.
    """
    if open_steps:
        raise StepsOpen(number=open_steps)
    if not needs:
        return
    absent = missing(needs, facts)
    if absent:
        raise _REFUSALS[absent[0]]()
    if not plan_ready:
        raise PlanNotReady()


def check_correction(*, what: str, by: int | None, on: date | None, today: date) -> None:
    """Raises CorrectionIncomplete or CorrectionAhead."""
    if not what.strip() or by is None or on is None:
        raise CorrectionIncomplete()
    if on > today:
        raise CorrectionAhead()


def check_extent(*, looked: str, found: str) -> None:
    """Raises LookedNowhere."""
    if not looked.strip() or not found.strip():
        raise LookedNowhere()


def check_step(*, title: str, cost: int | None, currency: str) -> None:
    """Whether a step says what it must. Raises StepTitleMissing, CostUnreadable, CurrencyMissing."""
    if not title.strip():
        raise StepTitleMissing()
    if cost is not None and not 0 <= cost <= MOST_COST:
        raise CostUnreadable()
    if cost is not None and not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        raise CurrencyMissing()


def check_step_done(*, state: StepState, proof: str, files: int) -> None:
    """Raises StepNotOpen, StepProofMissing."""
    if state is not StepState.OPEN:
        raise StepNotOpen()
    if not proof.strip() and not files:
        raise StepProofMissing()


def check_step_dropped(*, state: StepState, reason: str) -> None:
    """Raises StepNotOpen, DropReasonMissing."""
    if state is not StepState.OPEN:
        raise StepNotOpen()
    if not reason.strip():
        raise DropReasonMissing()


def hundredths(text: str) -> int | None:
    """An amount as typed in hundredths; None for an empty one. Raises CostUnreadable."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if not plain:
        return None
    whole, dot, part = plain.partition(".")
    if not (whole.isascii() and whole.isdecimal() and (not dot or (part.isascii() and part.isdecimal()))):
        raise CostUnreadable()
    if len(part) > 2 or len(whole) > 11:
        raise CostUnreadable()
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


def amount(cost: int) -> str:
    """Hundredths as people write them: `120.50`."""
    return f"{cost // 100}.{cost % 100:02d}"


def phase(*, state: State, needs: bool, plan_ready: bool, planned: bool) -> Phase:
    """Where an action stands on the board. `planned`: a plan or a step is written; enough where nothing is asked."""
    if state is State.OPEN:
        return Phase.WORK if plan_ready or (not needs and planned) else Phase.ANALYSIS
    return {State.DONE: Phase.EFFECT, State.VERIFIED: Phase.VERIFIED, State.CLOSED: Phase.CLOSED}[state]


def needs_of(text: str) -> frozenset[Need]:
    """Needs as they are stored, with blanks between."""
    return frozenset(Need(word) for word in text.split())


def needs_text(needs: Iterable[Need]) -> str:
    """Needs for storing."""
    kept = set(needs)
    return " ".join(need.value for need in Need if need in kept)
