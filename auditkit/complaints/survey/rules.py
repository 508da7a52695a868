"""The survey's words and gates, its figures, and when a complaint counts as come back. Pure.

Process and outcome are scored apart: who was treated well may still dislike the outcome, and the other way round.
Checked by tests/rules/test_complaints_survey_rules.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, NotFound
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.complaints.rules import Kind

PLANNED = event("complaint:survey-planned", N_("Survey planned"))
NOT_ASKED = event("complaint:survey-not-sent", N_("No survey is sent"))
INVITED = event("complaint:survey-sent", N_("Invitation to the survey sent"))
REMINDED = event("complaint:survey-reminded", N_("Reminder of the survey sent"))
ANSWERED = event("complaint:survey-answered", N_("Survey answered"))
SETTINGS_PUT = event("complaints:survey-settings-put", N_("Settings of the survey changed"))

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 4_000
WINDOWS = (90, 180)
"""Days after closing within which a further complaint counts as a recurrence."""
Z95 = 1.959964
KINDS_NOT_ASKED = (Kind.SUGGESTION, Kind.COMPLIMENT)
"""Feedback after which nobody is asked how a complaint was handled: there was none."""


class State(StrEnum):
    """How far a survey is. That its time ran out is worked out from `expires_at`, never stored."""

    WAITING = "waiting"
    SENT = "sent"
    ANSWERED = "answered"
    NOT_SENT = "not-sent"


class Why(StrEnum):
    """Why nobody was asked; said, never silent."""

    NO_ADDRESS = "no-address"
    ANONYMOUS = "anonymous"
    NO_CONSENT = "no-consent"
    REOPENED = "reopened"
    ERASED = "erased"
    DUPLICATE = "duplicate"


class Accepted(StrEnum):
    """What the complainant says to the outcome, where no answer to the decision is on record."""

    YES = "yes"
    NO = "no"


STATE_TITLES = {
    State.WAITING: N_("Will be sent"),
    State.SENT: N_("Sent, not answered"),
    State.ANSWERED: N_("Answered"),
    State.NOT_SENT: N_("Not sent"),
}
WHY_TITLES = {
    Why.NO_ADDRESS: N_("No e-mail address that can be written to"),
    Why.ANONYMOUS: N_("The complainant stays anonymous"),
    Why.NO_CONSENT: N_("The consent to use the data was withdrawn"),
    Why.REOPENED: N_("The case was opened again before"),
    Why.ERASED: N_("The personal data was erased before"),
    Why.DUPLICATE: N_("The case went on under another reference"),
}
ACCEPTED_TITLES = {Accepted.YES: N_("Yes"), Accepted.NO: N_("No")}
SCORE_TITLES = {
    1: N_("Very dissatisfied"),
    2: N_("Dissatisfied"),
    3: N_("Neither nor"),
    4: N_("Satisfied"),
    5: N_("Very satisfied"),
}


class LinkUnusable(NotFound):
    message = N_("This link cannot be used: it was answered already, has run out, or was never made")


class ScoreMissing(BadInput):
    message = N_("Choose one of the five answers")


class CommentTooLong(BadInput):
    message = N_("The comment is longer than %(longest)s characters. Shorten it")


class DaysImpossible(BadInput):
    message = N_("Enter days within the limits shown")


class NotWaiting(Conflict):
    message = N_("This survey is not waiting to be sent")


@dataclass(frozen=True)
class Practice:
    """How an organisation asks. `wait_days` 0: in the moment of closing; `remind_days` 0: no reminder.

    `fewest`: with fewer answers than this no mean is shown.
    """

    on: bool = False
    wait_days: int = 3
    valid_days: int = 30
    remind_days: int = 7
    fewest: int = 10

    @property
    def stamp(self) -> str:
        """Says whether two people looked at the same settings."""
        return f"{self.on:d}-{self.wait_days}-{self.valid_days}-{self.remind_days}-{self.fewest}"


def check_practice(practice: Practice) -> None:
    """Raises DaysImpossible."""
    if not (
        0 <= practice.wait_days <= 90
        and 1 <= practice.valid_days <= 180
        and 0 <= practice.remind_days < practice.valid_days
        and 2 <= practice.fewest <= 1000
    ):
        raise DaysImpossible


def check_score(score: int | None) -> int:
    """Raises ScoreMissing."""
    if score is None or not LOWEST <= score <= HIGHEST:
        raise ScoreMissing
    return score


def check_comment(text: str) -> str:
    """A comment that can be stored. Raises CommentTooLong."""
    if len(text) > LONGEST_COMMENT:
        raise CommentTooLong(longest=LONGEST_COMMENT)
    return "".join(char for char in text if char != "\x00" and not "\ud800" <= char <= "\udfff")


def usable(state: str, expires_at: datetime | None, now: datetime) -> bool:
    """Whether a link still opens the questions."""
    return state == State.SENT and expires_at is not None and now < expires_at


def remind_at(sent_at: datetime, practice: Practice) -> datetime | None:
    """When the one reminder is due, None where none is wanted."""
    return sent_at + timedelta(days=practice.remind_days) if practice.remind_days else None


@dataclass(frozen=True)
class Mean:
    """A mean with its 95% interval; `value` None where there are too few answers to say."""

    number: int
    value: float | None
    low: float | None
    high: float | None
    spread: tuple[int, ...]
    """How many gave each score, from the lowest."""


def mean(counts: Sequence[int], fewest: int) -> Mean:
    """The mean of scores by how many gave each, from LOWEST. The interval is the usual normal one, kept on the scale.

    Under `fewest` answers there is none: a mean of a handful says nothing.
    """
    number = sum(counts)
    if number < max(fewest, 2):
        return Mean(number, None, None, None, tuple(counts))
    scores = range(LOWEST, LOWEST + len(counts))
    value = sum(score * count for score, count in zip(scores, counts, strict=True)) / number
    squares = sum(count * (score - value) ** 2 for score, count in zip(scores, counts, strict=True))
    half = Z95 * math.sqrt(squares / (number - 1)) / math.sqrt(number)
    return Mean(number, value, max(float(LOWEST), value - half), min(float(HIGHEST), value + half), tuple(counts))


@dataclass(frozen=True)
class Share:
    """A share with its 95% interval after Wilson, which holds for small numbers; None for none of none."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high."""
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)
