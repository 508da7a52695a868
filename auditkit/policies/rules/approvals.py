"""Approval by several people in order. Pure.

A round is open until the last of the people asked approved it, one of them refused it, or it was taken back:

    open -> approved (a version is made) | refused (with the reason, back to the draft) | taken-back
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, Forbidden, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

APPROVERS_SET = event("policy:approvers-set", N_("Those who approve the document set"))
HANDED_IN = event("policy:handed-in", N_("Draft handed in for approval"))
AGREED = event("policy:agreed", N_("Draft approved by one of several"))
REFUSED = event("policy:refused", N_("Draft refused"))
TAKEN_BACK = event("policy:taken-back", N_("Draft taken back from approval"))

MOST_APPROVERS = 10


class RoundState(StrEnum):
    """How far a round of approval is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken-back"


ROUND_TITLES = {
    RoundState.OPEN: N_("Under approval"),
    RoundState.APPROVED: N_("Approved"),
    RoundState.REFUSED: N_("Refused"),
    RoundState.TAKEN_BACK: N_("Taken back"),
}
ROUND_TONES = {
    RoundState.OPEN: "info",
    RoundState.APPROVED: "good",
    RoundState.REFUSED: "bad",
    RoundState.TAKEN_BACK: "neutral",
}


class Decision(StrEnum):
    """What one of those asked said."""

    APPROVED = "approved"
    REFUSED = "refused"


class ApproverNotAllowed(BadInput):
    message = N_("Choose from those who may approve documents")


class ApproverTwice(BadInput):
    message = N_("%(name)s stands in the order twice. Choose each person once")


class TooManyApprovers(BadInput):
    message = N_("At most %(most)s people approve a document")


class NobodyToAsk(RuleBroken):
    message = N_("Choose first who approves this document, in which order")


class WriterApprovesLast(RuleBroken):
    message = N_("%(name)s changed the draft last, so the last approval must be somebody else's. Change the order")


class ApprovedInOrder(RuleBroken):
    message = N_("This document is approved by %(names)s, in this order. Hand the draft in for approval")


class RoundOpen(Conflict):
    message = N_("A draft of this document is under approval already. Wait for it, or take it back")


class RoundEnded(Conflict):
    message = N_("This approval has ended already. Look at the document again")


class NotAsked(Forbidden):
    message = N_("You are not asked to approve this document")


class NotYourTurn(RuleBroken):
    message = N_("Before you, %(name)s has to approve it")


@dataclass(frozen=True)
class Asked:
    """One of the people of a round, in order; `decision` None while open."""

    person_id: int
    decision: Decision | None = None


def checked_order(people: Sequence[int], may: Mapping[int, str]) -> list[int]:
    """Who approves, in order; `may` are those allowed, id -> name. None: any one of them.

    Raises ApproverNotAllowed, ApproverTwice, TooManyApprovers.
    """
    if len(people) > MOST_APPROVERS:
        raise TooManyApprovers(most=MOST_APPROVERS)
    for at, person in enumerate(people):
        if person not in may:
            raise ApproverNotAllowed
        if person in people[:at]:
            raise ApproverTwice(name=may[person])
    return list(people)


def round_alone(people: Sequence[int], writer: int | None, may: Mapping[int, str]) -> bool:
    """Whether the last to approve is who wrote, because nobody else may approve; recorded with the version.

    Raises NobodyToAsk, ApproverNotAllowed (one of them may no longer), WriterApprovesLast.
    """
    if not people:
        raise NobodyToAsk
    if any(person not in may for person in people):
        raise ApproverNotAllowed
    if people[-1] != writer:
        return False
    if len(may) > 1:
        raise WriterApprovesLast(name=may[people[-1]])
    return True


def whose_turn(steps: Sequence[Asked]) -> int | None:
    """Who has to speak next; None where all have."""
    return next((one.person_id for one in steps if one.decision is None), None)


def require_turn(state: RoundState, steps: Sequence[Asked], person: int | None, names: Mapping[int, str]) -> bool:
    """Whether this person's is the last step of the round. Raises RoundEnded, NotAsked, NotYourTurn."""
    if state is not RoundState.OPEN:
        raise RoundEnded
    if person not in [one.person_id for one in steps if one.decision is None]:
        raise NotAsked
    turn = whose_turn(steps)
    if turn != person:
        raise NotYourTurn(name=names.get(turn or 0, "–"))
    return steps[-1].person_id == person


def require_open(state: RoundState) -> None:
    """Raises RoundEnded."""
    if state is not RoundState.OPEN:
        raise RoundEnded
