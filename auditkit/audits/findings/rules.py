"""Answers to findings and how disputes end, how old a finding is, and how alike two findings are. Pure.

Checked by tests/rules/test_audits_findings_rules.py.
"""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_

RESPONDED = event("finding:responded", N_("Auditee answered a finding"))
RESOLVED = event("finding:dispute-resolved", N_("Dispute about a finding ended"))
REPEAT_JUDGED = event("finding:repeat-judged", N_("Judged whether a finding repeats an earlier one"))
WORDED = event("finding:grades-worded", N_("Own words for the grades of findings set"))

LONGEST_WORD = 60
LONGEST_TEXT = 20_000


class ResponseKind(StrEnum):
    """What an auditee says to a finding. Acknowledging says that it was understood, not that it is agreed with."""

    ACKNOWLEDGED = "acknowledged"
    COMMENTED = "commented"
    DISPUTED = "disputed"


RESPONSE_TITLES = {
    ResponseKind.ACKNOWLEDGED: N_("Acknowledged"),
    ResponseKind.COMMENTED: N_("Commented"),
    ResponseKind.DISPUTED: N_("Disputed"),
}


class Outcome(StrEnum):
    """How a dispute ended."""

    UPHELD = "upheld"
    CHANGED = "changed"
    UNRESOLVED = "unresolved"


OUTCOME_TITLES = {
    Outcome.UPHELD: N_("The finding stands"),
    Outcome.CHANGED: N_("The finding was changed"),
    Outcome.UNRESOLVED: N_("Both opinions stand beside each other"),
}


class Verdict(StrEnum):
    """What a person decided about two findings that look alike."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


VERDICT_TITLES = {Verdict.CONFIRMED: N_("Repeat"), Verdict.REJECTED: N_("Not a repeat")}


class Age(StrEnum):
    """How long a finding has been open."""

    MONTH = "0-30"
    TWO_MONTHS = "31-60"
    QUARTER = "61-90"
    HALF_YEAR = "91-180"
    LONGER = "181-"


AGE_TITLES = {
    Age.MONTH: N_("Up to 30 days"),
    Age.TWO_MONTHS: N_("31 to 60 days"),
    Age.QUARTER: N_("61 to 90 days"),
    Age.HALF_YEAR: N_("91 to 180 days"),
    Age.LONGER: N_("More than 180 days"),
}
AGE_DAYS = {
    Age.MONTH: (0, 30),
    Age.TWO_MONTHS: (31, 60),
    Age.QUARTER: (61, 90),
    Age.HALF_YEAR: (91, 180),
    Age.LONGER: (181, None),
}


class ResponseEmpty(BadInput):
    message = N_("Write what is said to the finding. To take note of it without a word, choose “Acknowledged”")


class SpeakerMissing(BadInput):
    message = N_("Enter the name of the person who said it")


class ResolutionEmpty(BadInput):
    message = N_("Write why the dispute ended as it did")


class AlreadyResolved(Conflict):
    message = N_("This dispute has ended already. Reload the page to see how")


class NotADispute(BadInput):
    message = N_("Only a dispute can be ended: this answer agrees or comments")


class NotEarlier(BadInput):
    message = N_("%(number)s is no earlier finding of another audit, so nothing of it can be repeated here")


class WordTooLong(BadInput):
    message = N_("Take at most %(most)s characters for a grade: it stands in tables")


class SameWordTwice(RuleBroken):
    message = N_("Two grades are called “%(word)s”. Give each its own word, or readers cannot tell them apart")


def check_response(kind: ResponseKind, text: str, said_by: str) -> None:
    """Whether an answer says what its kind needs. Raises ResponseEmpty or SpeakerMissing."""
    if kind is not ResponseKind.ACKNOWLEDGED and not text.strip():
        raise ResponseEmpty()
    if not said_by.strip():
        raise SpeakerMissing()


def check_resolution(kind: ResponseKind, *, resolved: bool, text: str) -> None:
    """Whether this answer can be ended with `text`. Raises NotADispute, AlreadyResolved or ResolutionEmpty."""
    if kind is not ResponseKind.DISPUTED:
        raise NotADispute()
    if resolved:
        raise AlreadyResolved()
    if not text.strip():
        raise ResolutionEmpty()


def check_words(words: dict[str, str]) -> None:
    """Whether own words (by grade, shipped ones included) can be told apart. Raises WordTooLong or SameWordTwice."""
    taken: set[str] = set()
    for word in words.values():
        if len(word) > LONGEST_WORD:
            raise WordTooLong(most=LONGEST_WORD)
        if fold(word) in taken:
            raise SameWordTwice(word=word)
        taken.add(fold(word))


def days_open(raised_on: date, until: date) -> int:
    """Whole days from the raising to `until`; 0 on the day itself."""
    return max(0, (until - raised_on).days)


def age_of(days: int) -> Age:
    """The age band of a finding that has been open for `days`."""
    return next(age for age, (_least, most) in AGE_DAYS.items() if most is None or days <= most)


# Words that stand in findings of every kind and make none like another.
_COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "they",
        "them",
        "were",
        "have",
        "been",
        "which",
        "what",
        "when",
        "where",
        "there",
        "their",
        "about",
        "after",
        "before",
        "other",
        "each",
        "every",
        "than",
        "then",
        "also",
        "only",
        "some",
        "more",
        "most",
        "must",
        "should",
        "shall",
        "does",
        "done",
        "without",
        "within",
        "complaint",
        "complaints",
        "complainant",
        "complainants",
        "finding",
        "evidence",
        "requirement",
    ]
)
_WORDS = re.compile(r"[^\W\d_]{4,}")
LIKE_ENOUGH = 30
SAME_QUESTION = 60
SAME_PLACE = 20


def telling_words(text: str) -> frozenset[str]:
    """The words of a statement that say what it is about, folded, their endings cut off."""
    return frozenset(word[:6] for word in _WORDS.findall(fold(text)) if word not in _COMMON)


def likeness(words: Collection[str], earlier: Collection[str], *, same_question: bool, same_clause: bool) -> int:
    """How alike two findings are, in percent: shared words, and whether question or clause are the same.

    60 points for the same question, else 20 for the same clause; up to 40 (60, or 80 without either) for words.
    """
    first, second = set(words), set(earlier)
    shared = len(first & second) / min(len(first), len(second)) if first and second else 0.0
    base = SAME_QUESTION if same_question else SAME_PLACE if same_clause else 0
    return round(base + (100 - max(base, SAME_PLACE)) * shared)


def suggested(percent: int, *, same_question: bool, same_clause: bool) -> bool:
    """Whether a person should look at two findings side by side: the same question, or the same clause and words."""
    return same_question or (same_clause and percent >= LIKE_ENOUGH)
