"""Grades of findings, what each must say, where it stands. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from auditkit.actions import rules as actions
from auditkit.actions.rules import State as ActionState
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_, _

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


class Origin(StrEnum):
    """What a finding comes from: a question, a sampled complaint, a machine's look at all of them, an entry without a
    complaint, or nothing of these."""

    ROW = "row"
    SAMPLE = "sample"
    POPULATION = "population"
    RECONCILIATION = "reconciliation"
    FREE = "free"


ORIGIN_TITLES = {
    Origin.ROW: N_("Question of the checklist"),
    Origin.SAMPLE: N_("Sampled complaint"),
    Origin.POPULATION: N_("Exception among all complaints"),
    Origin.RECONCILIATION: N_("Entry of a channel without a complaint"),
    Origin.FREE: N_("Raised freely"),
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


class GradedTooLow(RuleBroken):
    message = N_(
        "The answer says that a binding requirement is not met (%(strength)s). That is a nonconformity, and it must "
        "not be filed as “%(grade)s”. Grade it minor or major, or give the reason: it is kept and printed in the report"
    )


class GapSaysNonconformity(RuleBroken):
    message = N_(
        "Your own words say that a requirement is not met (“%(words)s”). That is a nonconformity, and it must not be "
        "filed as “%(grade)s”. Grade it minor or major, or give the reason: it is kept and printed in the report"
    )


class GapMissing(BadInput):
    message = N_("Say what is missing between the requirement and what was seen; then the statement can be written")


# Requirements that bind. Guidance (should) leaves the choice of grade to the auditor.
BINDING = frozenset({"shall", "law", "own"})

# What people write when a requirement is not met, folded (base.folding): English and the languages of the screens.
_NOT_MET = (
    "nonconform",
    "non-conform",
    "not conform",
    "does not meet",
    "do not meet",
    "did not meet",
    "is not met",
    "are not met",
    "was not met",
    "were not met",
    "not fulfil",
    "not comply",
    "requirement is missed",
    "in breach",
    "breaches",
    "violat",
    "عدم انطباق",
    "برآورده نشده",
    "برآورده نمی",
    "رعایت نشده",
    "رعایت نمی",
    "نقض",
    "несоответств",
    "не соответствует",
    "не выполн",
    "наруш",
    "შეუსაბამ",
    "არ სრულდება",
    "μη συμμορφ",
    "δεν πληρο",
    "uygunsuz",
    "karşılanm",
    "uyğunsuz",
    "pozulm",
)
_NOT_MET_FOLDED = tuple((fold(words), words) for words in _NOT_MET)


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


def says_not_met(*texts: str) -> str:
    """The words of a text that say that a requirement is not met; empty where none does."""
    for text in texts:
        folded = fold(text)
        for marked, words in _NOT_MET_FOLDED:
            if marked in folded:
                return words
    return ""


def check_grade(
    *, grade: Grade, grade_word: str, strength: str, answered_nonconform: bool, gap: str, statement: str, reason: str
) -> None:
    """Whether a nonconformity is filed as less without a reason (17021-1 9.4.5 in sense).

    `answered_nonconform`: the answer of the question it comes from says so. Raises GradedTooLow for a binding
    criterion, GapSaysNonconformity where the words say it; a reason lets both pass.
    """
    if grade in NONCONFORMITIES or reason.strip():
        return
    if answered_nonconform and strength in BINDING:
        raise GradedTooLow(strength=_(STRENGTH_TITLES[strength]), grade=grade_word)
    words = says_not_met(gap, statement) if grade is not Grade.GOOD_PRACTICE else ""
    if words:
        raise GapSaysNonconformity(words=words, grade=grade_word)


def wording(*, requirement: str, evidence: str, gap: str) -> str:
    """A statement put together from requirement, evidence and gap.

    Raises GapMissing, CriterionMissing or ObjectiveEvidenceMissing.
    """
    if not gap.strip():
        raise GapMissing()
    if not requirement.strip():
        raise CriterionMissing()
    if not evidence.strip():
        raise ObjectiveEvidenceMissing()
    said = {"gap": _sentence(gap), "requirement": _sentence(requirement), "evidence": _sentence(evidence)}
    return _("%(gap)s Asked for: %(requirement)s Seen: %(evidence)s", **said)


def _sentence(text: str) -> str:
    """The text in one line, with a mark at its end."""
    line = " ".join(text.split())
    return line if line[-1] in ".!?…؟。" else f"{line}."


def finding_state(grade: Grade, action_states: Iterable[ActionState]) -> FindingState:
    """Where a finding stands: that of its action furthest behind; without any, open for a nonconformity, else noted."""
    behind = actions.least_advanced(action_states)
    if behind is None:
        return FindingState.OPEN if grade in NONCONFORMITIES else FindingState.NOTED
    return _FROM_ACTION[behind]
