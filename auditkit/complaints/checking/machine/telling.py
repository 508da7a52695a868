"""The tests by name and in words, and what they found."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from auditkit.base.text import N_


class Found(IntEnum):
    """What a test found of one complaint, as the statement numbers it."""

    NOT_APPLICABLE = 0
    PASSED = 1
    EXCEPTION = 2
    NOT_CHECKED = 3


class Check(StrEnum):
    """The machine tests, in the order of the complaint's way."""

    ACKNOWLEDGED_ON_TIME = "acknowledged-on-time"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    ASSESSED_FIRST = "assessed-first"
    OWNED = "owned"
    DECIDED_ON_TIME = "decided-on-time"
    WITHIN_AUTHORITY = "within-authority"
    DECIDER_FREE = "decider-free"
    REASONS = "reasons"
    TOLD = "told"
    WAYS_NAMED = "ways-named"
    REFUSAL_OPEN = "refusal-open"
    DELIVERED = "delivered"
    CLOSED_WITH_GROUND = "closed-with-ground"
    IN_ORDER = "in-order"
    NOT_FILLED_IN_LATER = "not-filled-in-later"


@dataclass(frozen=True)
class About:
    """A test in words: what passes, the clause it belongs to, and what is not checked. All are message ids."""

    title: str
    statement: str
    clause: str
    not_checked: str


ABOUT: dict[Check, About] = {
    Check.ACKNOWLEDGED_ON_TIME: About(
        N_("Acknowledged on time"), N_("Complaints were not acknowledged within their limit"), "7.4",
        N_("no due date is on record")),
    Check.ACKNOWLEDGED: About(
        N_("Acknowledgement on record"), N_("Complaints went on without an acknowledgement on record"), "7.4",
        N_("they are still new")),
    Check.ASSESSED: About(
        N_("Severity assessed"), N_("Complaints were handled without an assessment of their severity"), "7.5",
        N_("they are still new")),
    Check.ASSESSED_FIRST: About(
        N_("Assessed before the investigation"), N_("Complaints were investigated before they were assessed"), "7.5",
        N_("no investigation is on record")),
    Check.OWNED: About(
        N_("Open ones have an owner"), N_("Open complaints have nobody who answers for them"), "7.3", ""),
    Check.DECIDED_ON_TIME: About(
        N_("Decided and told on time"), N_("Complaints were not decided and told within their limit"), "7.8",
        N_("no due date is on record")),
    Check.WITHIN_AUTHORITY: About(
        N_("Remedy within authority"), N_("Remedies were decided above the authority of whoever decided"), "7.7",
        N_("no amount or no limit is on record")),
    Check.DECIDER_FREE: About(
        N_("Decided by somebody not complained about"),
        N_("Complaints were decided by somebody they were about"), "7.6", N_("nobody is named as complained about")),
    Check.REASONS: About(
        N_("Decision has reasons"), N_("Decisions carry no reasons"), "7.8", N_("no decision is on record")),
    Check.TOLD: About(
        N_("Decision was told"), N_("Decisions were not told to the complainant"), "7.8",
        N_("the way of the decision is not on record")),
    Check.WAYS_NAMED: About(
        N_("Further ways named with a refusal or partial remedy"),
        N_("Complainants whose complaint was not upheld in full were not told where they can go next"), "7.8",
        N_("the way of the decision is not on record")),
    Check.REFUSAL_OPEN: About(
        N_("Refused decisions kept open"), N_("Complaints were closed although the decision was refused"), "7.9",
        N_("no answer is on record")),
    Check.DELIVERED: About(
        N_("Remedy delivered by the day promised"), N_("Remedies were not delivered by the day promised"), "7.7",
        N_("no day was promised")),
    Check.CLOSED_WITH_GROUND: About(
        N_("Closed on a ground"), N_("Complaints were closed without a ground"), "7.9", N_("they are open")),
    Check.IN_ORDER: About(
        N_("Dates in order"), N_("Dates of complaints contradict each other"), "7.3", N_("there is one date only")),
    Check.NOT_FILLED_IN_LATER: About(
        N_("Stages not filled in afterwards"),
        N_("Acknowledgement and decision were entered within five minutes of each other"), "7.3",
        N_("one of the two is missing, or only a day is known")),
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What one test found over a part. The share is that of passed among passed and exceptions."""

    test: Check
    passed: int
    exceptions: int
    not_checked: int
    not_applicable: int

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.test,
            self.passed + other.passed,
            self.exceptions + other.exceptions,
            self.not_checked + other.not_checked,
            self.not_applicable + other.not_applicable,
        )

    @property
    def checked(self) -> int:
        """How many could be checked."""
        return self.passed + self.exceptions

    @property
    def share(self) -> float | None:
        """Passed, of those that could be checked, in per cent; None where none could."""
        return 100 * self.passed / self.checked if self.checked else None

    def plain(self) -> dict[str, int]:
        """As plain JSON."""
        return {
            "passed": self.passed,
            "exceptions": self.exceptions,
            "not_checked": self.not_checked,
            "not_applicable": self.not_applicable,
        }


@dataclass(frozen=True)
class Odd:
    """A complaint that a test did not pass."""

    id: int
    reference: str
    subject: str
    stage: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
