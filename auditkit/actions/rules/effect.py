"""The effect: judged by a criterion stated before the work was done, after a waiting time, by figures where it can be.

Pure. Checked by tests/rules/test_actions_path_rules.py; the same gates stand as CHECKs and triggers in
models/effect.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditkit.actions.rules.core import State
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

CRITERION_STATED = event("action:criterion-stated", N_("Criterion of the effect stated"))

LONGEST_WAIT = 730
WINDOWS = (30, 60, 90, 180)
"""Days over which figures may be compared."""


class Wanted(StrEnum):
    """What the figures must show; `NONE`: the criterion is in words only."""

    NONE = ""
    AT_MOST = "at-most"
    FALLS_BY = "falls-by"


WANTED_TITLES = {
    Wanted.NONE: N_("No figure; somebody looks and judges"),
    Wanted.AT_MOST: N_("The figure is at most"),
    Wanted.FALLS_BY: N_("The figure falls by at least (percent)"),
}


class CriterionTooLate(RuleBroken):
    message = N_(
        "The criterion must be stated before the work is reported as done. What is known afterwards proves nothing"
    )


class CriterionTextMissing(BadInput):
    message = N_("State by what the effect will be judged, so that somebody else can check it")


class WaitOutOfRange(BadInput):
    message = N_("The waiting time is 0 to %(most)s days")


class WaitShorterThanWindow(BadInput):
    message = N_("The figures after need %(days)s days to come together, so the effect cannot be checked earlier")


class FigureMissing(BadInput):
    message = N_("Say which figure is compared and what it must come to")


class PercentOutOfRange(BadInput):
    message = N_("A figure can fall by 1 to 100 percent")


class TooEarly(RuleBroken):
    message = N_(
        "The effect can be confirmed from %(day)s on: that was the waiting time. That it failed can be said now"
    )


class FiguresSayNo(RuleBroken):
    message = N_(
        "The figures do not reach the criterion: before %(before)s, after %(after)s. Open the action again, or let "
        "more time pass"
    )


class FigureGone(RuleBroken):
    message = N_("The figure of the criterion cannot be computed any more, so the effect cannot be confirmed by it")


class VerifierDidStep(RuleBroken):
    message = N_("You owned or did a step of this plan, so somebody else must verify its effect")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What the effect is judged by. `window_days` is the length of each of the two spans that are compared."""

    text: str
    wait_days: int = 0
    measure: str = ""
    parameter: str = ""
    wanted: Wanted = Wanted.NONE
    value: float | None = None
    window_days: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date


def check_criterion(criterion: Criterion, *, state: State) -> None:
    """Whether this criterion may be stated now.

    Raises CriterionTooLate once the action is done; CriterionTextMissing, WaitOutOfRange, FigureMissing,
    PercentOutOfRange, WaitShorterThanWindow.
    """
    if state is not State.OPEN:
        raise CriterionTooLate()
    if not criterion.text.strip():
        raise CriterionTextMissing()
    if not 0 <= criterion.wait_days <= LONGEST_WAIT:
        raise WaitOutOfRange(most=LONGEST_WAIT)
    if bool(criterion.measure) != (criterion.wanted is not Wanted.NONE):
        raise FigureMissing()
    if not criterion.measure:
        return
    if criterion.value is None or criterion.value < 0 or criterion.window_days not in WINDOWS:
        raise FigureMissing()
    if criterion.wanted is Wanted.FALLS_BY and not 0 < criterion.value <= 100:
        raise PercentOutOfRange()
    if criterion.wait_days < criterion.window_days:
        raise WaitShorterThanWindow(days=criterion.window_days)


def before(opened_on: date, window_days: int) -> Span:
    """The days before the action was opened: how it was without it."""
    return Span(opened_on - timedelta(days=window_days), opened_on - timedelta(days=1))


def after(checked_on: date, window_days: int) -> Span:
    """The days before the check: how it is with the action. They begin after the work was done."""
    return Span(checked_on - timedelta(days=window_days), checked_on - timedelta(days=1))


def check_from(done_on: date, wait_days: int) -> date:
    """The first day on which the effect may be confirmed; the day after it was done is the first that counts."""
    return done_on + timedelta(days=wait_days + (1 if wait_days else 0))


def met(wanted: Wanted, value: float, figure_before: float, figure_after: float) -> bool:
    """Whether the figures reach what was wanted."""
    if wanted is Wanted.AT_MOST:
        return figure_after <= value
    return figure_after <= figure_before * (1 - value / 100) and (figure_before > 0 or figure_after == 0)


def check_effect(
    *,
    effective: bool,
    today: date,
    earliest: date | None,
    measure: str,
    figures_met: bool | None,
    figures: tuple[str, str],
    verifier_id: int | None,
    step_people: frozenset[int],
) -> None:
    """Whether the effect may be judged so now, beside what `core.check_verify` asks.

    `earliest` None: no criterion was stated, nothing to wait for. `figures_met` None: no figures could be computed.
    Raises VerifierDidStep; for a confirmed effect also TooEarly, FigureGone, FiguresSayNo.
    """
    if verifier_id in step_people:
        raise VerifierDidStep()
    if not effective:
        return
    if earliest is not None and today < earliest:
        raise TooEarly(day=earliest)
    if not measure:
        return
    if figures_met is None:
        raise FigureGone()
    if not figures_met:
        raise FiguresSayNo(before=figures[0], after=figures[1])


def figure_text(value: float) -> str:
    """A figure as people write it: 4, 3.5."""
    return f"{value:g}"
