"""What is checked of an audit before it is reported, and what each check can come to. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from auditkit.base.text import N_


class Outcome(StrEnum):
    """What a check came to. `not_checked` is said with the reason, and never looks like `clean`."""

    CLEAN = "clean"
    FOUND = "found"
    NOT_CHECKED = "not-checked"


OUTCOME_TITLES = {
    Outcome.CLEAN: N_("Nothing found"),
    Outcome.FOUND: N_("Found"),
    Outcome.NOT_CHECKED: N_("Not checked"),
}


class Check(StrEnum):
    """The checks, in the order shown."""

    UNANSWERED = "unanswered"
    NO_EVIDENCE = "no-evidence"
    NO_REASON = "no-reason"
    NO_FINDING = "no-finding"
    FINDING_AGAINST_ANSWER = "finding-against-answer"
    FINDING_WITHOUT_ROW = "finding-without-row"
    NOBODY_ASKED = "nobody-asked"
    LAST_FINDING = "last-finding"
    SAMPLE_UNTESTED = "sample-untested"
    OVERRIDE_UNREASONED = "override-unreasoned"
    CONFLICT_OPEN = "conflict-open"
    ADDED_CHANGED = "added-changed"


CHECK_TITLES = {
    Check.UNANSWERED: N_("Questions without an answer and without a reason"),
    Check.NO_EVIDENCE: N_("“Conforms” with neither a file nor a note"),
    Check.NO_REASON: N_("“Not applicable” without a reason that says anything"),
    Check.NO_FINDING: N_("Answers that ask for a finding, and none was raised"),
    Check.FINDING_AGAINST_ANSWER: N_("Nonconformities at questions answered as conforming"),
    Check.FINDING_WITHOUT_ROW: N_("Findings that stand at no question and come from nothing else"),
    Check.NOBODY_ASKED: N_("Questions answered by interview that name nobody"),
    Check.LAST_FINDING: N_("Open findings of the last audit, answered as conforming without a note"),
    Check.SAMPLE_UNTESTED: N_("Sampled complaints that were not tested"),
    Check.OVERRIDE_UNREASONED: N_("Exceptions to independence or competence without a reason"),
    Check.CONFLICT_OPEN: N_("Conflicts with a returned workbook that nobody settled"),
    Check.ADDED_CHANGED: N_("Added questions that no longer match their digest"),
}

NO_SAMPLE = N_("No sample was drawn in this audit")
NO_PREVIOUS = N_("This audit did not start from another one")
NOBODY_NAMED = N_("No question of this audit names anybody, so it cannot be told where one is missing")
NO_WORKBOOK = N_("No workbook came back")
NOTHING_ADDED = N_("No question was added")
NOT_STARTED = N_("The audit has not started")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a check found: what it is called, and the row (with its position), finding or complaint it is about."""

    text: str
    position: int | None = None
    finding: str = ""
    reference: str = ""
    asked: str = ""
    """The id of the checklist's question that `text` is; empty for one that was added for the audit only."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to. `why` (a message id) stands where it was not made."""

    check: Check
    outcome: Outcome
    items: tuple[Item, ...] = field(default=())
    why: str = ""


def result(check: Check, items: list[Item]) -> Result:
    """A check that was made."""
    return Result(check, Outcome.FOUND if items else Outcome.CLEAN, tuple(items))


def not_checked(check: Check, why: str) -> Result:
    """A check that was not made."""
    return Result(check, Outcome.NOT_CHECKED, why=why)


def says_nothing(reason: str) -> bool:
    """Whether a reason is only a sign: fewer than five letters or digits, such as `n/a` or `-`."""
    return sum(character.isalnum() for character in reason) < 5
