"""Time limits of actions: per scheme and grade, as data; what is noticed when they come near or pass. Pure.

Checked by tests/slices/actions/test_action_limits.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from auditkit.actions.rules.planning import Grade, Need
from auditkit.base.calendar import Limit, Unit
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

SCHEME_ADDED = event("action-limits:added", N_("Time limits of actions added"))
SCHEME_CHANGED = event("action-limits:changed", N_("Time limits of actions changed"))
SCHEME_ENDED = event("action-limits:ended", N_("Time limits of actions ended"))
DUE_NOTICED = event("action:due-noticed", N_("Due date of an action near or passed"))
DUE_MAILED = event("action:due-mailed", N_("Mail about due actions"), about_records=False)

ESCALATE_AFTER = timedelta(days=7)
WARN_BEFORE = timedelta(days=7)
MOST_AMOUNT = 1000


class Target(StrEnum):
    """What must have happened when the time is up."""

    PLAN = "plan"
    STEP = "step"
    DONE = "done"
    EVIDENCE = "evidence"
    CLOSE = "close"
    HARD_STOP = "hard-stop"
    NEXT_AUDIT = "next-audit"


class Starts(StrEnum):
    """The day a limit runs from: the day it was raised, or the last day of the audit."""

    RAISED = "raised"
    AUDIT_END = "audit-end"


class Ended(StrEnum):
    """How a due date stands in the table."""

    RUNNING = "running"
    MET = "met"
    DROPPED = "dropped"


class Noticed(StrEnum):
    """What was noticed of a due date, in the order in which it comes."""

    NOTHING = ""
    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


TARGET_TITLES = {
    Target.PLAN: N_("Response with plan"),
    Target.STEP: N_("Step"),
    Target.DONE: N_("Done"),
    Target.EVIDENCE: N_("Done, with evidence"),
    Target.CLOSE: N_("Effect verified"),
    Target.HARD_STOP: N_("Latest day of all"),
    Target.NEXT_AUDIT: N_("Verified at the next audit"),
}
BY_SCHEME = (Target.PLAN, Target.EVIDENCE, Target.CLOSE, Target.HARD_STOP)
"""What a limit of a scheme can be for; the others come from a day that somebody named."""
STARTS_TITLES = {
    Starts.RAISED: N_("the day it was raised"),
    Starts.AUDIT_END: N_("the last day of the audit"),
}
NOTICED_TITLES = {
    Noticed.NOTHING: N_("In time"),
    Noticed.SOON: N_("Soon due"),
    Noticed.OVERDUE: N_("Overdue"),
    Noticed.ESCALATED: N_("Long overdue"),
}
GRADED = (Grade.MAJOR, Grade.MINOR, Grade.OPPORTUNITY)


class SchemeTitleMissing(BadInput):
    message = N_("Name the scheme: who asks for these time limits?")


class SchemeThere(RuleBroken):
    message = N_("These time limits were taken over before. Change them, or end them first")


class SchemeEnded(RuleBroken):
    message = N_("These time limits have ended. Choose others")


class NoSuchLimit(BadInput):
    message = N_("Choose one of the time limits that can be set")


class LimitOutOfRange(BadInput):
    message = N_("A time limit is 1 to %(most)s days, weeks or months; working time is counted in days")


@dataclass(frozen=True)
class LimitRule:
    """One limit of a scheme. `working` counts working days of the organisation's calendar."""

    grade: Grade
    target: Target
    amount: int
    unit: Unit
    working: bool = False
    starts: Starts = Starts.RAISED

    def limit(self) -> Limit:
        """As the calendar counts it."""
        return Limit(self.amount, self.unit, self.working)


@dataclass(frozen=True)
class Scheme:
    """Limits and needs of a body or of one's own. `next_audit`: grades whose effect is verified at the next audit."""

    key: str
    title: str
    source: str
    limits: tuple[LimitRule, ...]
    needs: Mapping[Grade, frozenset[Need]] = field(default_factory=dict)
    next_audit: frozenset[Grade] = frozenset()


WHOLE = frozenset(Need)
SHORT = frozenset({Need.CORRECTION, Need.CAUSE, Need.STEPS, Need.CRITERION})
_NEEDS = {Grade.MAJOR: WHOLE, Grade.MINOR: SHORT}
_MINOR_LATER = frozenset({Grade.MINOR})


def _rule(grade: Grade, target: Target, amount: int, unit: Unit = Unit.DAYS, *, working: bool = False) -> LimitRule:
    return LimitRule(grade, target, amount, unit, working)


_HARD_STOP = LimitRule(Grade.MAJOR, Target.HARD_STOP, 6, Unit.MONTHS, starts=Starts.AUDIT_END)

PRESETS = (
    Scheme(
        "usual",
        N_("Usual certification practice"),
        N_("Plan in 30 days; major verified in 90 days, in no case later than 6 months; minor at the next audit"),
        (
            _rule(Grade.MAJOR, Target.PLAN, 30),
            _rule(Grade.MAJOR, Target.CLOSE, 90),
            _HARD_STOP,
            _rule(Grade.MINOR, Target.PLAN, 30),
        ),
        _NEEDS,
        _MINOR_LATER,
    ),
    Scheme(
        "parkinson-howe",
        "Parkinson Howe",
        N_("All nonconformities in 90 days at most; the plan for a minor may be accepted and verified next time"),
        (_rule(Grade.MAJOR, Target.CLOSE, 90), _HARD_STOP, _rule(Grade.MINOR, Target.PLAN, 90)),
        _NEEDS,
        _MINOR_LATER,
    ),
    Scheme(
        "pjr",
        "PJR",
        N_("Evidence in 90 days; a major is seen again on site"),
        (_rule(Grade.MAJOR, Target.EVIDENCE, 90), _HARD_STOP, _rule(Grade.MINOR, Target.EVIDENCE, 90)),
        _NEEDS,
    ),
    Scheme(
        "world-cert",
        "World-Cert",
        N_("Plan for a major in 10 working days, for a minor in 21 working days; evidence as agreed"),
        (
            _rule(Grade.MAJOR, Target.PLAN, 10, working=True),
            _HARD_STOP,
            _rule(Grade.MINOR, Target.PLAN, 21, working=True),
        ),
        _NEEDS,
    ),
    Scheme(
        "seven-days",
        N_("Plan within a week"),
        N_("Plan in 7 calendar days, also for a minor; verified at the next visit"),
        (_rule(Grade.MAJOR, Target.PLAN, 7), _HARD_STOP, _rule(Grade.MINOR, Target.PLAN, 7)),
        _NEEDS,
        frozenset({Grade.MAJOR, Grade.MINOR}),
    ),
    Scheme(
        "ndis",
        "NDIS (AU)",
        N_("90 days or refused; evidence is best there by day 60"),
        tuple(
            _rule(grade, target, days)
            for grade in (Grade.MAJOR, Grade.MINOR)
            for target, days in ((Target.EVIDENCE, 60), (Target.CLOSE, 90))
        ),
        _NEEDS,
    ),
)
"""What bodies publish (domain reference 4.3); a scheme that was taken over can be changed."""


def preset(key: str) -> Scheme:
    """The preset of that key. Raises NoSuchLimit."""
    for one in PRESETS:
        if one.key == key:
            return one
    raise NoSuchLimit()


def of_grade(limits: Iterable[LimitRule], grade: Grade) -> list[LimitRule]:
    """The limits for this grade, in the order of the path."""
    order = list(Target)
    return sorted((one for one in limits if one.grade is grade), key=lambda one: order.index(one.target))


def check_limit(*, grade: str, target: str, amount: int, unit: str, working: bool) -> None:
    """Whether a scheme can hold this limit. Raises NoSuchLimit, LimitOutOfRange."""
    if grade not in list(GRADED) or target not in list(BY_SCHEME) or unit not in (Unit.DAYS, Unit.WEEKS, Unit.MONTHS):
        raise NoSuchLimit()
    if not 1 <= amount <= MOST_AMOUNT or (working and unit != Unit.DAYS):
        raise LimitOutOfRange(most=MOST_AMOUNT)


def warn_at(starts_at: datetime, due_at: datetime) -> datetime:
    """When a due date is near: a week before, or half of the time where that is shorter."""
    return max(due_at - WARN_BEFORE, starts_at + (due_at - starts_at) / 2)


def reached(starts_at: datetime, due_at: datetime, now: datetime) -> Noticed:
    """What there is to notice at `now`."""
    if now > due_at + ESCALATE_AFTER:
        return Noticed.ESCALATED
    if now > due_at:
        return Noticed.OVERDUE
    return Noticed.SOON if now >= warn_at(starts_at, due_at) else Noticed.NOTHING


def next_notice(noticed: Noticed, starts_at: datetime, due_at: datetime) -> datetime | None:
    """The moment from which there is more to notice than `noticed`; None after the last."""
    second = timedelta(seconds=1)
    return {
        Noticed.NOTHING: warn_at(starts_at, due_at),
        Noticed.SOON: due_at + second,
        Noticed.OVERDUE: due_at + ESCALATE_AFTER + second,
    }.get(noticed)


def farther(found: Noticed, than: Noticed) -> bool:
    """Whether `found` comes after `than`."""
    order = list(Noticed)
    return order.index(found) > order.index(than)
