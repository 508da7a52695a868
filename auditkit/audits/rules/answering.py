"""What an answer needs, and where it is counted. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

ANSWERED = event("audit:answered", N_("Question of the audit answered"))


class AnswerState(StrEnum):
    """Whether a row counts: `answered` does, `excluded` is out of the count, `open` says that nobody looked."""

    ANSWERED = "answered"
    EXCLUDED = "excluded"
    OPEN = "open"


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


def conformity_percent(counted: Iterable[tuple[int, int]]) -> int | None:
    """Mean conformity of (percent, weight) pairs of answered rows, in whole percent, rounded down; None without any."""
    points = weights = 0
    for percent, weight in counted:
        points += percent * weight
        weights += weight
    return points // weights if weights else None
