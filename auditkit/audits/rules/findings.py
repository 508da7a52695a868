"""Grades of findings, what each must say, where it stands. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from auditkit.actions import rules as actions
from auditkit.actions.rules import State as ActionState
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

RAISED = event("finding:raised", N_("Finding raised"))
REVISED = event("finding:revised", N_("Finding changed"))


class Grade(StrEnum):
    """How grave a finding is."""

    MAJOR = "major"
    MINOR = "minor"
    OPPORTUNITY = "opportunity"
    OBSERVATION = "observation"
    GOOD_PRACTICE = "good-practice"


GRADE_TITLES = {
    Grade.MAJOR: N_("Major nonconformity"),
    Grade.MINOR: N_("Minor nonconformity"),
    Grade.OPPORTUNITY: N_("Opportunity for improvement"),
    Grade.OBSERVATION: N_("Observation"),
    Grade.GOOD_PRACTICE: N_("Good practice"),
}
NONCONFORMITIES = frozenset({Grade.MAJOR, Grade.MINOR})

STRENGTH_TITLES = {
    "shall": N_("requirement (shall)"),
    "should": N_("guidance (should)"),
    "law": N_("legal duty"),
    "own": N_("own rule"),
}


class FindingState(StrEnum):
    """Where a finding stands; always derived from its actions, never stored."""

    NOTED = "noted"
    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    VERIFIED = "verified"
    CLOSED = "closed"


FINDING_STATE_TITLES = {
    FindingState.NOTED: N_("Noted, no action asked for"),
    FindingState.OPEN: N_("Open, no action yet"),
    FindingState.PLANNED: N_("Action under way"),
    FindingState.DONE: N_("Action done, effect not verified yet"),
    FindingState.VERIFIED: N_("Effect verified"),
    FindingState.CLOSED: N_("Closed"),
}
SETTLED_FINDINGS = frozenset({FindingState.NOTED, FindingState.VERIFIED, FindingState.CLOSED})

_FROM_ACTION = {
    ActionState.OPEN: FindingState.PLANNED,
    ActionState.DONE: FindingState.DONE,
    ActionState.VERIFIED: FindingState.VERIFIED,
    ActionState.CLOSED: FindingState.CLOSED,
}


class FindingChanged(Conflict):
    message = N_("Somebody else changed this finding meanwhile. Nothing was overwritten: reload the page and try again")


class StatementMissing(BadInput):
    message = N_("Write the statement of the finding: what is, or is not, as it should be")


class CriterionMissing(RuleBroken):
    message = N_("Name the requirement: a nonconformity is one against a criterion")


class ObjectiveEvidenceMissing(RuleBroken):
    message = N_("Write down the objective evidence: what was seen, where, and when")


def finding_number(audit_number: str, serial: int) -> str:
    """`A-2026-001-F2`: the second finding of that audit."""
    return f"{audit_number}-F{serial}"


def check_finding(*, grade: Grade, statement: str, criterion: str, evidence: str) -> None:
    """Whether a finding says what its grade asks for (17021-1 9.4.5 in sense).

    Raises StatementMissing, and for nonconformities CriterionMissing or ObjectiveEvidenceMissing.
    """
    if not statement.strip():
        raise StatementMissing()
    if grade in NONCONFORMITIES:
        if not criterion.strip():
            raise CriterionMissing()
        if not evidence.strip():
            raise ObjectiveEvidenceMissing()


def finding_state(grade: Grade, action_states: Iterable[ActionState]) -> FindingState:
    """Where a finding stands: that of its action furthest behind; without any, open for a nonconformity, else noted."""
    behind = actions.least_advanced(action_states)
    if behind is None:
        return FindingState.OPEN if grade in NONCONFORMITIES else FindingState.NOTED
    return _FROM_ACTION[behind]
