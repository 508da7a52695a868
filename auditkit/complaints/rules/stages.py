"""The stages of a complaint and the gates between them (clause 7 of ISO 10002:2018)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.complaints.rules.words import Answer, Ground, Stage

REGISTERED = event("complaint:registered", N_("Complaint registered"))
RECEIVED = event("complaint:received", N_("Complaint received from the public form"))
ACKNOWLEDGED = event("complaint:acknowledged", N_("Complaint acknowledged"))
DECIDED = event("complaint:decided", N_("Decision given"))
DECISION_ACCEPTED = event("complaint:decision-accepted", N_("Complainant accepted the decision"))
DECISION_REFUSED = event("complaint:decision-refused", N_("Complainant refused the decision; the case stays open"))
CLOSED = event("complaint:closed", N_("Complaint closed"))
IDENTITY_READ = event("complaint:identity-read", N_("Identity of the complainant read"), about_records=False)


class AlreadyAcknowledged(RuleBroken):
    message = N_("This complaint was acknowledged before")


class NotAcknowledged(RuleBroken):
    message = N_("Acknowledge the complaint before you decide it")


class DecidedAlready(RuleBroken):
    message = N_("A decision stands and was not refused. Record the complainant's answer first")


class NoDecisionToAnswer(RuleBroken):
    message = N_("There is no decision yet that the complainant could accept or refuse")


class AnsweredAlready(RuleBroken):
    message = N_("The complainant's answer to this decision is on record")


class ClosedBeforeDecision(RuleBroken):
    message = N_("Record the decision and its reasons before you close the complaint")


class RefusalKeepsOpen(RuleBroken):
    message = N_(
        "The complainant refused the decision, so the case stays open. Decide anew, or close it once an external body "
        "decided or every step is exhausted"
    )


class NotAccepted(RuleBroken):
    message = N_("The complainant's acceptance is not on record. Record it, or choose another ground")


class NeverRefused(RuleBroken):
    message = N_("This ground is only for a decision that the complainant refused")


class ClosedAlready(RuleBroken):
    message = N_("This complaint is closed")


class ReasonsMissing(RuleBroken):
    message = N_("Give the reasons of the decision")


class NoteMissing(RuleBroken):
    message = N_("Say which external body decided, or which steps were offered")


class ReceivedInFuture(BadInput):
    message = N_("Enter a date of receipt that is not in the future")


class HappenedAfterReceipt(BadInput):
    message = N_("Enter a day it happened that is not after the complaint was received")


class SubjectMissing(BadInput):
    message = N_("Enter in a few words what the complaint is about")


@dataclass(frozen=True)
class Standing:
    """What the gates look at. Empty `answer`: the complainant has not answered the decision."""

    stage: Stage
    answer: str = ""


def may_acknowledge(standing: Standing) -> None:
    """Raise AlreadyAcknowledged unless the complaint still waits for its acknowledgement (7.4)."""
    if standing.stage != Stage.RECEIVED:
        raise AlreadyAcknowledged


def may_decide(standing: Standing, reasons: str) -> None:
    """A decision needs an acknowledged complaint and reasons (7.7, 7.8); a refused decision may be replaced.

    Raises NotAcknowledged, ClosedAlready, DecidedAlready or ReasonsMissing.
    """
    if standing.stage == Stage.RECEIVED:
        raise NotAcknowledged
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage == Stage.DECIDED and standing.answer != Answer.REFUSED:
        raise DecidedAlready
    if not reasons.strip():
        raise ReasonsMissing


def may_answer(standing: Standing) -> None:
    """The complainant answers a standing decision once. Raises NoDecisionToAnswer, AnsweredAlready or ClosedAlready."""
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage != Stage.DECIDED:
        raise NoDecisionToAnswer
    if standing.answer:
        raise AnsweredAlready


def may_close(standing: Standing, ground: Ground, note: str) -> None:
    """Closing needs a decision, and refusal of the decision keeps the case open (7.9).

    A refused decision is left only by an external decision or by exhaustion, with a note saying which. Raises
    ClosedAlready, ClosedBeforeDecision, RefusalKeepsOpen, NotAccepted, NeverRefused or NoteMissing.
    """
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage != Stage.DECIDED:
        raise ClosedBeforeDecision
    out_of_refusal = ground in (Ground.DECIDED_EXTERNALLY, Ground.EXHAUSTED)
    if standing.answer == Answer.REFUSED:
        if not out_of_refusal:
            raise RefusalKeepsOpen
        if not note.strip():
            raise NoteMissing
    elif out_of_refusal:
        raise NeverRefused
    elif ground == Ground.ACCEPTED and standing.answer != Answer.ACCEPTED:
        raise NotAccepted


_AFTER_ANSWER = {"": "answer", Answer.ACCEPTED: "close", Answer.REFUSED: "decide"}


def next_act(standing: Standing) -> str | None:
    """The one obvious next act: `acknowledge`, `decide`, `answer` or `close`; None for a closed complaint."""
    if standing.stage == Stage.DECIDED:
        return _AFTER_ANSWER[standing.answer]
    return {Stage.RECEIVED: "acknowledge", Stage.ACKNOWLEDGED: "decide"}.get(standing.stage)


def check_dates(received_at: datetime, happened_on: date | None, now: datetime) -> None:
    """Receipt is not in the future, and what happened did not happen after it.

    A day of slack for what happened: the complainant's day may already be tomorrow in UTC.
    Raises ReceivedInFuture or HappenedAfterReceipt.
    """
    if received_at > now:
        raise ReceivedInFuture
    if happened_on and happened_on > received_at.date() + timedelta(days=1):
        raise HappenedAfterReceipt


def reference(year: int, number: int) -> str:
    """The reference of the `number`-th complaint recorded in `year`: `C-2026-000123`."""
    return f"C-{year:04d}-{number:06d}"


def closes_before_received(
    received_at: datetime, received_is_day: bool, closed_at: datetime | None, closed_is_day: bool
) -> bool:
    """Whether a source says the complaint was closed before it came in. Where one is only a day, days are compared."""
    if closed_at is None:
        return False
    if received_is_day or closed_is_day:
        return closed_at.date() < received_at.date()
    return closed_at < received_at
