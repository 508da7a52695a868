"""What an audit may do when: planned, running, reported, closed; what answers and findings need. Pure.

The same gates stand as CHECK constraints in `models.py`. tests/rules/test_audits_rules.py and tests/slices/audits/
hold both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.actions import rules as actions
from auditkit.actions.rules import State as ActionState
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

PLANNED = event("audit:planned", N_("Audit planned"))
REPLANNED = event("audit:replanned", N_("Plan of the audit changed"))
STARTED = event("audit:started", N_("Audit started, checklist frozen"))
ANSWERED = event("audit:answered", N_("Question of the audit answered"))
REPORTED = event("audit:reported", N_("Audit reported"))
ENDED = event("audit:closed", N_("Audit closed"))
SEED_COMMITTED = event("audit:seed-committed", N_("Seed of a sample made; its hash is on record"))
SAMPLE_DRAWN = event("audit:sample-drawn", N_("Sample drawn, its complaints captured"))
RAISED = event("finding:raised", N_("Finding raised"))
REVISED = event("finding:revised", N_("Finding changed"))

SERIES = "audit"


class State(StrEnum):
    """Where an audit stands."""

    PLANNED = "planned"
    RUNNING = "running"
    REPORTED = "reported"
    CLOSED = "closed"


STATE_TITLES = {
    State.PLANNED: N_("Planned"),
    State.RUNNING: N_("Running"),
    State.REPORTED: N_("Reported"),
    State.CLOSED: N_("Closed"),
}


class Method(StrEnum):
    """Where the auditors are (ISO 19011:2026 asks that the method is planned)."""

    ON_SITE = "on-site"
    REMOTE = "remote"
    HYBRID = "hybrid"


METHOD_TITLES = {
    Method.ON_SITE: N_("On site"),
    Method.REMOTE: N_("Remote"),
    Method.HYBRID: N_("Partly on site, partly remote"),
}


class TeamRole(StrEnum):
    """What a person does in an audit."""

    LEAD = "lead"
    AUDITOR = "auditor"
    EXPERT = "expert"
    OBSERVER = "observer"


TEAM_ROLE_TITLES = {
    TeamRole.LEAD: N_("Lead auditor"),
    TeamRole.AUDITOR: N_("Auditor"),
    TeamRole.EXPERT: N_("Technical expert"),
    TeamRole.OBSERVER: N_("Observer"),
}


class AnswerState(StrEnum):
    """Whether a row counts: `answered` does, `excluded` is out of the count, `open` says that nobody looked."""

    ANSWERED = "answered"
    EXCLUDED = "excluded"
    OPEN = "open"


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


class NotPlanned(RuleBroken):
    message = N_("This audit has started, so its plan and checklist stand as they are")


class NotRunning(RuleBroken):
    message = N_("Questions are answered, and findings raised, while the audit is running")


class NotReported(RuleBroken):
    message = N_("Report the audit before you close it")


class ReportNotReady(RuleBroken):
    message = N_("This audit is not reported yet. Report it first; then its report can be downloaded")


class TitleMissing(BadInput):
    message = N_("Enter a title for the audit")


class ObjectivesMissing(BadInput):
    message = N_("Enter what the audit is to find out")


class ScopeMissing(BadInput):
    message = N_("Enter what is audited: processes, sites, period")


class DatesReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class LeadMissing(BadInput):
    message = N_("Name exactly one lead auditor")


class PersonTwice(BadInput):
    message = N_("Give each person of the team one role only")


class NotAnAuditor(BadInput):
    message = N_("Choose people of this organisation; the lead auditor must be one who may run audits")


class NoSuchAnswer(BadInput):
    message = N_("The scale of this audit has no answer %(answer)r")


class NoteMissing(RuleBroken):
    message = N_("Write a note first: the answer “%(answer)s” needs one that says what was seen, or why")


class EvidenceMissing(RuleBroken):
    message = N_("Add a file first: the answer “%(answer)s” to this question needs evidence")


class AnswerChanged(Conflict):
    message = N_(
        "Somebody else answered question %(position)s meanwhile. Nothing was overwritten: "
        "read their answer, then give yours again"
    )


class PlanChanged(Conflict):
    message = N_("Somebody else changed this audit meanwhile. Nothing was overwritten: reload the page and try again")


class FindingChanged(Conflict):
    message = N_("Somebody else changed this finding meanwhile. Nothing was overwritten: reload the page and try again")


class RowsUnanswered(RuleBroken):
    message = N_(
        "%(count)s questions have no answer. Answer them, or leave them “not checked” with a note that says why "
        "they were not covered"
    )


class ConclusionMissing(RuleBroken):
    message = N_("Write the conclusion of the audit first")


class StatementMissing(BadInput):
    message = N_("Write the statement of the finding: what is, or is not, as it should be")


class CriterionMissing(RuleBroken):
    message = N_("Name the requirement: a nonconformity is one against a criterion")


class ObjectiveEvidenceMissing(RuleBroken):
    message = N_("Write down the objective evidence: what was seen, where, and when")


class FindingsStillOpen(RuleBroken):
    message = N_(
        "%(count)s nonconformities are not settled yet. Their actions must be verified before the audit is closed"
    )


@dataclass(frozen=True)
class Tally:
    """Rows of an audit by how they stand. `not_covered`: not checked, with the reason written down."""

    total: int
    answered: int = 0
    excluded: int = 0
    not_covered: int = 0

    @property
    def unanswered(self) -> int:
        """Rows nobody has looked at and nobody has said why."""
        return self.total - self.answered - self.excluded - self.not_covered

    @property
    def percent(self) -> int:
        """Share of rows that are settled, in whole percent; 100 only when all are."""
        return 100 if self.total == 0 else (self.total - self.unanswered) * 100 // self.total


def number(year: int, serial: int) -> str:
    """`A-2026-001`: what people call the audit."""
    return f"A-{year}-{serial:03d}"


def finding_number(audit_number: str, serial: int) -> str:
    """`A-2026-001-F2`: the second finding of that audit."""
    return f"{audit_number}-F{serial}"


def check_plan(
    *,
    title: str,
    objectives: str,
    scope: str,
    planned_from: date,
    planned_to: date,
    team: Sequence[tuple[int, TeamRole]],
    auditors: Iterable[int],
    people: Iterable[int],
) -> None:
    """Whether a plan says what a plan must (ISO 19011, plan content).

    `auditors` are the people who may run audits, `people` all members. Raises TitleMissing, ObjectivesMissing,
    ScopeMissing, DatesReversed, LeadMissing, PersonTwice or NotAnAuditor.
    """
    if not title.strip():
        raise TitleMissing()
    if not objectives.strip():
        raise ObjectivesMissing()
    if not scope.strip():
        raise ScopeMissing()
    if planned_to < planned_from:
        raise DatesReversed(first=planned_from.isoformat())
    leads = [person for person, role in team if role is TeamRole.LEAD]
    if len(leads) != 1:
        raise LeadMissing()
    if len({person for person, _role in team}) != len(team):
        raise PersonTwice()
    if leads[0] not in set(auditors) or not {person for person, _role in team} <= set(people):
        raise NotAnAuditor()


def check_planned(state: State) -> None:
    """Raises NotPlanned once the audit has started."""
    if state is not State.PLANNED:
        raise NotPlanned()


def check_running(state: State) -> None:
    """Raises NotRunning unless the audit is running."""
    if state is not State.RUNNING:
        raise NotRunning()


def check_answer(*, label: str, note_needed: bool, evidence_needed: bool, note: str, files: int) -> None:
    """Whether an answer brings what it needs; `label` is its name. Raises NoteMissing or EvidenceMissing."""
    if note_needed and not note.strip():
        raise NoteMissing(answer=label)
    if evidence_needed and not files:
        raise EvidenceMissing(answer=label)


def standing(state: AnswerState, note: str) -> str:
    """The counter a row is counted in: `answered`, `excluded`, `not_covered`; empty where nobody has looked yet."""
    if state is AnswerState.OPEN:
        return "not_covered" if note.strip() else ""
    return state.value


def check_report(state: State, tally: Tally, conclusion: str) -> None:
    """Whether the audit may be reported. Raises NotRunning, RowsUnanswered or ConclusionMissing."""
    check_running(state)
    if tally.unanswered:
        raise RowsUnanswered(count=tally.unanswered)
    if not conclusion.strip():
        raise ConclusionMissing()


def check_close(state: State, findings: Iterable[FindingState]) -> None:
    """Whether the audit may be closed. Raises NotReported or FindingsStillOpen."""
    if state is not State.REPORTED:
        raise NotReported()
    unsettled = sum(one not in SETTLED_FINDINGS for one in findings)
    if unsettled:
        raise FindingsStillOpen(count=unsettled)


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


def conformity_percent(counted: Iterable[tuple[int, int]]) -> int | None:
    """Mean conformity of (percent, weight) pairs of answered rows, in whole percent, rounded down; None without any."""
    points = weights = 0
    for percent, weight in counted:
        points += percent * weight
        weights += weight
    return points // weights if weights else None
