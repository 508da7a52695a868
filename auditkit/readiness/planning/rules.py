"""Which steps the answers of a gap analysis lead to, and on which days. Pure.

tests/rules/test_readiness_planning.py computes both by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.base.errors import BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.content.library import Checklist

PLAN_MADE = event("readiness:plan-made", N_("Plan of a gap analysis made"))
STEP_CHANGED = event("readiness:step-changed", N_("Step of a plan changed"))
PLAN_OPENED = event("readiness:plan-opened", N_("Actions of a plan opened"))


class NotReported(RuleBroken):
    message = N_("Report the audit first: the plan is made of all of its answers")


class NoSteps(RuleBroken):
    message = N_("The checklist of this audit has no steps. Choose an audit on a gap analysis")


class NothingToDo(RuleBroken):
    message = N_("Every answer is at the highest level. There is nothing to plan")


class PlanThere(Conflict):
    message = N_("This audit has a plan already. Change its steps")


class StartPassed(BadInput):
    message = N_("Choose a first day from today on")


class DaysReversed(BadInput):
    message = N_("Choose a day on which it is done that is not before the day on which it begins")


class OwnerNotMember(BadInput):
    message = N_("Choose a member of this organisation")


class StepChanged(Conflict):
    message = N_("Somebody else changed this step meanwhile. Reload the page and try again")


class StepOpened(RuleBroken):
    message = N_("An action carries out this step already. Change the action")


class NoPlan(NotFound):
    message = N_("This audit has no plan yet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that answers lead to; `questions` are theirs."""

    step: str
    title: str
    what: str
    clauses: tuple[str, ...]
    policies: tuple[str, ...]
    after: tuple[str, ...]
    days: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A step with its days, both included."""

    wanted: Wanted
    starts_on: date
    due_on: date


def steps_wanted(checklist: Checklist, answers: Mapping[str, str]) -> list[Wanted]:
    """The steps that the answers lead to, in the order of the checklist; `answers`: question -> answer.

    A question whose answer the scale does not know leads nowhere; one without answer too.
    """
    known = {answer.id: answer for answer in checklist.scale.answers}
    asked: dict[str, list[str]] = {}
    for item in checklist.items:
        answer = known.get(answers.get(item.id, ""))
        for step in item.steps(answer) if answer is not None else ():
            asked.setdefault(step, []).append(item.id)
    return [
        Wanted(
            one.id, str(one.title), str(one.text), one.clauses, one.policies, one.after, one.days or 1,
            tuple(asked[one.id]),
        )
        for one in checklist.steps
        if one.id in asked
    ]  # fmt: skip


def dated(wanted: Sequence[Wanted], days: Sequence[date]) -> list[Dated]:
    """The steps with days. `days` are the working days from the first one on; a step waits for those before it.

    What a step comes after and nobody needs to do is taken as done. Steps that wait for nothing go side by side.
    """
    ends: dict[str, int] = {}
    found = []
    for one in wanted:
        begin = max((ends[name] + 1 for name in one.after if name in ends), default=0)
        end = begin + one.days - 1
        ends[one.step] = end
        found.append(Dated(one, days[begin], days[end]))
    return found


def days_needed(wanted: Iterable[Wanted]) -> int:
    """As many working days as all of them take one after the other: never too few."""
    return sum(one.days for one in wanted)


def check_plan(*, reported: bool, has_steps: bool, wanted: Sequence[Wanted], starts_on: date, today: date) -> None:
    """Raises NoSteps, NotReported, NothingToDo or StartPassed."""
    if not has_steps:
        raise NoSteps()
    if not reported:
        raise NotReported()
    if not wanted:
        raise NothingToDo()
    if starts_on < today:
        raise StartPassed()
