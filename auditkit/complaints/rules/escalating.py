"""When a case should go a level up: a rule that proposes, with its reasons; a person decides."""

from collections.abc import Collection
from dataclasses import dataclass, field

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_
from auditkit.complaints.rules.words import EXTERNAL, TOP_INTERNAL, Complexity, Severity, Trigger

INDEPENDENT = 2
REPEATS_NOTED = 1


class LevelUnknown(BadInput):
    message = N_("Choose a level from 0 to 4")


class SameLevel(RuleBroken):
    message = N_("The case is on this level already. Choose another")


class NothingAsked(RuleBroken):
    message = N_("No wish for another level is waiting")


class AskedAlready(RuleBroken):
    message = N_("This wish is on record and waits for an answer")


class TopReached(RuleBroken):
    message = N_("Every level inside was reached. The next step is an external body")


class EndedAlready(RuleBroken):
    message = N_("What the external body decided is on record")


class BodyMissing(BadInput):
    message = N_("Name the external body")


class OutcomeMissing(BadInput):
    message = N_("Say what the external body decided")


class ReferralBackwards(BadInput):
    message = N_("Enter a day that is not before the referral and not in the future")


@dataclass(frozen=True)
class Signs:
    """What speaks for another level. `facts` are the overriding facts of the priority matrix (safety, law ...);
    `refusals` and `repeats` are counted; `overdue` is the clock's word."""

    level: int
    severity: str = ""
    safety: bool = False
    facts: Collection[str] = field(default=())
    above_limit: bool = False
    overdue: bool = False
    conflict: bool = False
    refusals: int = 0
    repeats: int = 0
    asked: bool = False


@dataclass(frozen=True)
class Proposal:
    """A level, and the triggers that speak for one at least so high."""

    level: int
    triggers: tuple[Trigger, ...]


def first_level(severity: str, complexity: str) -> int:
    """Where an assessed case begins: level 0 for what the first contact can solve, else level 1."""
    return 0 if (severity, complexity) == (Severity.LOW, Complexity.SIMPLE) else 1


def wanted_levels(signs: Signs) -> dict[Trigger, int]:
    """The level each trigger that is there asks for.

    The first refusal asks for an independent look, the second for top management, the third for somebody outside.
    """
    facts = set(signs.facts)
    found = {
        Trigger.AUTHORITY: INDEPENDENT if signs.above_limit else 0,
        Trigger.DEADLINE: INDEPENDENT if signs.overdue else 0,
        Trigger.SEVERITY: TOP_INTERNAL if signs.severity == Severity.CRITICAL else 0,
        Trigger.SAFETY: TOP_INTERNAL if signs.safety or "safety" in facts else 0,
        Trigger.REFUSAL: min(signs.refusals + 1, EXTERNAL) if signs.refusals else 0,
        Trigger.CONFLICT: INDEPENDENT if signs.conflict else 0,
        Trigger.REPEAT: INDEPENDENT if signs.repeats >= REPEATS_NOTED else 0,
        Trigger.VULNERABLE: INDEPENDENT if "vulnerable" in facts else 0,
        Trigger.PUBLIC: TOP_INTERNAL if facts & {"law", "public"} else 0,
        Trigger.ASKED: min(signs.level + 1, EXTERNAL) if signs.asked else 0,
    }
    return {trigger: level for trigger, level in found.items() if level}


def proposal(signs: Signs) -> Proposal | None:
    """The level the case should be on, when that is above where it is, and every trigger that asks for more."""
    above = {trigger: level for trigger, level in wanted_levels(signs).items() if level > signs.level}
    return Proposal(max(above.values()), tuple(above)) if above else None


def check_level(from_level: int, to_level: int) -> None:
    """Raises LevelUnknown or SameLevel."""
    if not 0 <= to_level <= EXTERNAL:
        raise LevelUnknown
    if to_level == from_level:
        raise SameLevel
