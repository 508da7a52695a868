"""Nonconformities that a certification body raised, and what it says to the answer. Pure.

Checked by tests/rules/test_actions_path_rules.py.
"""

from datetime import date
from enum import StrEnum

from auditkit.actions.rules.core import State
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

NC_RECORDED = event("body-nc:recorded", N_("Nonconformity of a certification body put on record"))
NC_CHANGED = event("body-nc:changed", N_("Nonconformity of a certification body changed"))
REVIEWED = event("body-nc:reviewed", N_("Review by the certification body noted"))

NC = "body-nc"


class Verdict(StrEnum):
    """What the body says to the answer."""

    ACCEPTED = "accepted"
    MORE_NEEDED = "more-needed"


class ReviewState(StrEnum):
    """How the answer stands with the body; `NONE` for actions that no body waits for."""

    NONE = ""
    WAITING = "waiting"
    ACCEPTED = "accepted"
    MORE_NEEDED = "more-needed"


VERDICT_TITLES = {
    Verdict.ACCEPTED: N_("Accepted"),
    Verdict.MORE_NEEDED: N_("More is needed"),
}
REVIEW_TITLES = {
    ReviewState.NONE: N_("No body waits for it"),
    ReviewState.WAITING: N_("Not reviewed by the body yet"),
    ReviewState.ACCEPTED: N_("Accepted by the body"),
    ReviewState.MORE_NEEDED: N_("The body asks for more"),
}


class BodyMissing(BadInput):
    message = N_("Name the certification body")


class BodyNumberMissing(BadInput):
    message = N_("Enter the number that the body gave it")


class BodyNumberTaken(RuleBroken):
    message = N_("This number of this body is already on record")


class NcStatementMissing(BadInput):
    message = N_("Write the statement as the body wrote it")


class NcDatesReversed(BadInput):
    message = N_("A response cannot be due before the nonconformity was raised")


class ReviewTextMissing(BadInput):
    message = N_("Write down what the body asks for")


class ReviewAhead(BadInput):
    message = N_("The day of the review lies ahead. Enter the day of the body's answer")


class NothingToReview(RuleBroken):
    message = N_("There is no plan yet that the body could have reviewed")


class BodyNotAccepted(RuleBroken):
    message = N_("The certification body has not accepted this answer yet, so the action stays open for it")


def check_nc(*, body: str, number: str, statement: str, raised_on: date, due: tuple[date | None, ...]) -> None:
    """Raises BodyMissing, BodyNumberMissing, NcStatementMissing, NcDatesReversed."""
    if not body.strip():
        raise BodyMissing()
    if not number.strip():
        raise BodyNumberMissing()
    if not statement.strip():
        raise NcStatementMissing()
    if any(one is not None and one < raised_on for one in due):
        raise NcDatesReversed()


def check_review(*, verdict: Verdict, text: str, reviewed_on: date, today: date, plan_ready: bool) -> None:
    """Raises NothingToReview, ReviewTextMissing, ReviewAhead."""
    if not plan_ready:
        raise NothingToReview()
    if verdict is Verdict.MORE_NEEDED and not text.strip():
        raise ReviewTextMissing()
    if reviewed_on > today:
        raise ReviewAhead()


def opens_again(verdict: Verdict, state: State) -> bool:
    """Whether the action, and not only its plan, opens again by this verdict."""
    return verdict is Verdict.MORE_NEEDED and state is not State.OPEN


def check_body_accepted(review: ReviewState) -> None:
    """Raises BodyNotAccepted where a body waits and has not accepted."""
    if review in (ReviewState.WAITING, ReviewState.MORE_NEEDED):
        raise BodyNotAccepted()


def next_review(review: ReviewState) -> ReviewState:
    """How the answer stands with the body once a plan is (again) ready."""
    return ReviewState.NONE if review is ReviewState.NONE else ReviewState.WAITING
