"""The path of an action: open, done with proof, effect verified by somebody else, closed. Pure.

The same gates stand as CHECK constraints in `models.py`. tests/rules/test_actions_rules.py and
tests/slices/actions/ hold both.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput, Forbidden, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

OPENED = event("action:opened", N_("Action opened"))
CHANGED = event("action:changed", N_("Action changed"))
COMPLETED = event("action:completed", N_("Action reported as done"))
VERIFIED = event("action:verified", N_("Effect of the action verified"))
REOPENED = event("action:reopened", N_("Action without effect, opened again"))
CLOSED = event("action:closed", N_("Action closed"))


class Kind(StrEnum):
    """What an action is for."""

    CORRECTION = "correction"
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    IMPROVEMENT = "improvement"


class State(StrEnum):
    """Where an action stands. One found to be without effect is `OPEN` again."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"
    CLOSED = "closed"


KIND_TITLES = {
    Kind.CORRECTION: N_("Correction"),
    Kind.CORRECTIVE: N_("Corrective action"),
    Kind.PREVENTIVE: N_("Preventive action"),
    Kind.IMPROVEMENT: N_("Improvement"),
}
KIND_MEANINGS = {
    Kind.CORRECTION: N_("puts right what was found"),
    Kind.CORRECTIVE: N_("removes the cause, so that it does not come back"),
    Kind.PREVENTIVE: N_("removes the cause of what could happen"),
    Kind.IMPROVEMENT: N_("makes better what was good enough"),
}
STATE_TITLES = {
    State.OPEN: N_("Open"),
    State.DONE: N_("Done, effect not verified yet"),
    State.VERIFIED: N_("Effect verified"),
    State.CLOSED: N_("Closed"),
}

ORIGIN_TITLES = {
    "finding": N_("Audit finding"),
    "complaint": N_("Complaint"),
    "complaints": N_("Category or trend of complaints"),
    "management-review": N_("Management review"),
    "risk": N_("Risk"),
    "body-nc": N_("Nonconformity of a certification body"),
    "gap-step": N_("Step of a gap analysis"),
    "register-entry": N_("Entry of a register"),
    "room-judgement": N_("Room for a reviewer"),
    "suggestion": N_("Suggestion"),
    "initiative": N_("Own initiative"),
}
"""What an action can answer. Other kinds bring their title when their slice makes them known."""
TOLD_ORIGINS = ("initiative", "suggestion", "management-review", "risk")
"""Origins that can be told in words where nothing of them is on record."""

SERIES = "action"
# Subjects that evidence of an action is linked to: what shows that it was done, and what shows its effect.
COMPLETION, VERIFICATION = "action-completion", "action-verification"


class NotOpen(RuleBroken):
    message = N_("This action is no longer open, so it cannot be changed or reported as done")


class NotDone(RuleBroken):
    message = N_("The effect can be verified once the action was reported as done")


class NotVerified(RuleBroken):
    message = N_("Have the effect verified by somebody else before you close this action")


class NotYours(Forbidden):
    message = N_("This action belongs to somebody else. Its owner, or a person who may verify actions, can do this")


class CauseMissing(RuleBroken):
    message = N_("Write down the cause first: what this action answers is a major nonconformity")


class ProofMissing(RuleBroken):
    message = N_("Say what was done and how it can be seen, or attach a file that shows it")


class VerifierIsOwner(RuleBroken):
    message = N_("The owner cannot verify the effect of their own action. Ask somebody else")


class VerifierCompletedIt(RuleBroken):
    message = N_("You reported this action as done, so somebody else must verify its effect")


class VerificationTextMissing(RuleBroken):
    message = N_("Say how the effect was checked and what was seen")


class PersonNeeded(RuleBroken):
    message = N_("This must be done by a person who is signed in, not by the system")


class TitleMissing(BadInput):
    message = N_("Enter what is to be done, in a few words")


class OwnerNotMember(BadInput):
    message = N_("Choose an owner who belongs to this organisation and may work on actions")


class OriginMissing(BadInput):
    message = N_("Say what this action answers: a finding, a complaint, a review")


def number(year: int, serial: int) -> str:
    """`AC-2026-001`: what people call the action."""
    return f"AC-{year}-{serial:03d}"


def check_title(title: str) -> None:
    """Raises TitleMissing for an empty title."""
    if not title.strip():
        raise TitleMissing()


def check_open(state: State) -> None:
    """Raises NotOpen unless the action may still be changed."""
    if state is not State.OPEN:
        raise NotOpen()


def check_may_work(*, person_id: int | None, owner_id: int, oversees: bool) -> None:
    """Raises NotYours unless the person owns the action or oversees actions (may verify them)."""
    if not oversees and person_id != owner_id:
        raise NotYours(permission="actions.edit")


def check_complete(
    *, state: State, person_id: int | None, cause_required: bool, cause: str, proof: str, files: int
) -> None:
    """Whether the action may be reported as done now.

    Raises NotOpen, PersonNeeded, CauseMissing (a major nonconformity needs its cause, ISO 19011 6 and 17021-1 9.4.9 in
    sense) or ProofMissing.
    """
    check_open(state)
    if person_id is None:
        raise PersonNeeded()
    if cause_required and not cause.strip():
        raise CauseMissing()
    if not proof.strip() and not files:
        raise ProofMissing()


def check_verify(*, state: State, verifier_id: int | None, owner_id: int, completed_by: int | None, text: str) -> None:
    """Whether this person may verify the effect now.

    Raises NotDone, PersonNeeded, VerifierIsOwner, VerifierCompletedIt or VerificationTextMissing.
    """
    if state is not State.DONE:
        raise NotDone()
    if verifier_id is None:
        raise PersonNeeded()
    if verifier_id == owner_id:
        raise VerifierIsOwner()
    if verifier_id == completed_by:
        raise VerifierCompletedIt()
    if not text.strip():
        raise VerificationTextMissing()


def check_close(state: State) -> None:
    """Raises NotVerified unless the effect was verified."""
    if state is not State.VERIFIED:
        raise NotVerified()


def may_verify(*, state: State, person_id: int | None, owner_id: int, completed_by: int | None) -> bool:
    """Whether the page should offer this person the verification."""
    return state is State.DONE and person_id is not None and person_id not in (owner_id, completed_by)


def overdue(*, state: State, due_on: date, today: date) -> bool:
    """An action is overdue from the day after its due date until it is reported as done."""
    return state is State.OPEN and today > due_on


def least_advanced(states: Iterable[State]) -> State | None:
    """The state of several actions taken together: that of the one furthest behind; None without any."""
    order = list(State)
    return min(states, key=order.index, default=None)
