"""The stages of a complaint and the gates between them (clause 7 of ISO 10002:2018)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_
from auditkit.complaints.rules.words import (
    NO_DECISION_DUE,
    OUT_OF_REFUSAL,
    Answer,
    Complexity,
    Detriment,
    Ground,
    Kind,
    Severity,
    Stage,
    known_word,
)


class AlreadyAcknowledged(RuleBroken):
    message = N_("This complaint was acknowledged before")


class NotAcknowledged(RuleBroken):
    message = N_("Acknowledge the complaint first")


class NotAssessed(RuleBroken):
    message = N_("Assess the complaint first: how bad it is, how far it reaches, what must happen at once")


class NotInvestigated(RuleBroken):
    message = N_(
        "This case must be investigated before it is decided. Only a simple case of low or medium severity, without "
        "danger and about no member, is decided straight from its assessment"
    )


class InvestigationUnfinished(RuleBroken):
    message = N_("End the investigation first: what was found, and its cause")


class ProposalWaits(RuleBroken):
    message = N_("A proposed decision waits for approval. Have it approved or sent back first")


class NothingProposed(RuleBroken):
    message = N_("No decision waits for approval")


class DecidedAlready(RuleBroken):
    message = N_("A decision stands and was not refused. Record the complainant's answer first")


class NothingDecided(RuleBroken):
    message = N_("There is no decision yet of which the complainant could be told")


class ToldAlready(RuleBroken):
    message = N_("That the complainant was told of this decision is on record")


class NoDecisionToAnswer(RuleBroken):
    message = N_("There is no decision yet that the complainant could accept or refuse")


class AnsweredAlready(RuleBroken):
    message = N_("The complainant's answer to this decision is on record")


class NothingPromised(RuleBroken):
    message = N_("No remedy is waiting to be delivered")


class RemedyNotDelivered(RuleBroken):
    message = N_("The promised remedy was not delivered yet. Put its delivery on record first")


class ClosedBeforeDecision(RuleBroken):
    message = N_("Record the decision and its reasons before you close the complaint")


class RefusalKeepsOpen(RuleBroken):
    message = N_(
        "The complainant refused the decision, so the case stays open. Decide anew, or close it once an external body "
        "decided or every step is exhausted"
    )


class NotAccepted(RuleBroken):
    message = N_("The complainant's acceptance is not on record. Record it, or choose another ground")


class NotToldYet(RuleBroken):
    message = N_("Silence is no answer while nobody told the complainant. Put on record how the decision was told")


class NeverRefused(RuleBroken):
    message = N_("This ground is only for a decision that the complainant refused")


class DecisionDue(RuleBroken):
    message = N_("A complaint needs a decision. Only a suggestion, a request or a compliment is closed by an answer")


class GroundHasOwnAct(RuleBroken):
    message = N_("A withdrawal and a duplicate are recorded by an act of their own")


class ClosedAlready(RuleBroken):
    message = N_("This complaint is closed")


class NotClosed(RuleBroken):
    message = N_("This complaint is open, so it cannot be opened again")


class ReopenFirst(RuleBroken):
    message = N_("It was closed by an answer, without a decision. Open it again first, then sort it anew")


class SameKind(RuleBroken):
    message = N_("It is sorted like this already. Choose another kind")


class NothingCorrected(RuleBroken):
    message = N_("Nothing was changed. Write in its field what is to stand there from now on")


class ErasedStays(RuleBroken):
    message = N_("The personal data of this case was erased; nothing is written into it any more")


class WaitsAlready(RuleBroken):
    message = N_("Information is awaited already. End that waiting first")


class NotWaiting(RuleBroken):
    message = N_("No information is awaited")


class ReasonsMissing(RuleBroken):
    message = N_("Give the reasons of the decision")


class ReasonMissing(RuleBroken):
    message = N_("Give the reason")


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
    """What the gates look at. Empty `answer`: the complainant has not answered the decision that stands.

    `complexity` and `safety` are the newest assessment's, empty before the first. `about_member`: somebody of the
    organisation is complained about. `investigation`: "", "begun" or "ended". `told`: the complainant knows the
    decision. `remedy_due`: a remedy was promised and not delivered.
    """

    stage: Stage
    answer: str = ""
    kind: str = Kind.COMPLAINT
    severity: str = ""
    complexity: str = ""
    safety: bool = False
    about_member: bool = False
    investigation: str = ""
    told: bool = False
    remedy_due: bool = False

    @property
    def refused(self) -> bool:
        """Rejected by the complainant, and open."""
        return self.answer == Answer.REFUSED and self.stage != Stage.CLOSED


def check_reason(reason: str) -> None:
    """Raise ReasonMissing where nothing was written."""
    if not reason.strip():
        raise ReasonMissing


class DetrimentUndescribed(RuleBroken):
    message = N_("Say what you found, or why it could not be found out")
    column = "detriment_note"


def check_detriment(found: str, note: str) -> Detriment:
    """What was found of a detriment. Raises UnknownWord, or DetrimentUndescribed where it needs words and has none."""
    detriment = Detriment(known_word(found, Detriment))
    if detriment is not Detriment.NONE and not note.strip():
        raise DetrimentUndescribed
    return detriment


def check_open(standing: Standing) -> None:
    """Raise ClosedAlready for a closed complaint."""
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready


def may_acknowledge(standing: Standing) -> None:
    """Raise AlreadyAcknowledged unless the complaint still waits for its acknowledgement (7.4)."""
    if standing.stage != Stage.RECEIVED:
        raise AlreadyAcknowledged


def _may_work(standing: Standing) -> None:
    """What assessing, investigating and deciding have in common."""
    if standing.stage == Stage.RECEIVED:
        raise NotAcknowledged
    check_open(standing)
    if standing.stage == Stage.PROPOSED:
        raise ProposalWaits
    if standing.stage in (Stage.DECIDED, Stage.ACTING) and not standing.refused:
        raise DecidedAlready


def may_assess(standing: Standing) -> None:
    """An acknowledged complaint may be assessed, and anew, until a decision stands (7.5).

    Raises NotAcknowledged, ClosedAlready, ProposalWaits or DecidedAlready.
    """
    _may_work(standing)


def may_investigate(standing: Standing) -> None:
    """An assessed complaint may be investigated, a refused one again (7.6).

    Raises what `may_assess` raises, and NotAssessed.
    """
    _may_work(standing)
    if not standing.complexity and not standing.refused:
        raise NotAssessed


def must_be_investigated(standing: Standing) -> bool:
    """Whether the way from the assessment straight to the decision is closed.

    It is open for a simple complaint of low or medium severity, without danger and about no member: there the reasons
    of the decision are the whole record. A concern or a dispute is always investigated.
    """
    return (
        standing.severity not in (Severity.LOW, Severity.MEDIUM)
        or standing.complexity != Complexity.SIMPLE
        or standing.safety
        or standing.about_member
        or standing.kind in (Kind.CONCERN, Kind.DISPUTE)
    )


def may_decide(standing: Standing, reasons: str) -> None:
    """A decision needs an assessment, an ended investigation where one is due, and reasons (7.7, 7.8).

    A refused decision may be replaced without a new assessment. Raises what `may_investigate` does,
    InvestigationUnfinished, NotInvestigated or ReasonsMissing.
    """
    may_investigate(standing)
    if standing.investigation == "begun":
        raise InvestigationUnfinished
    if not standing.investigation and not standing.refused and must_be_investigated(standing):
        raise NotInvestigated
    if not reasons.strip():
        raise ReasonsMissing


def may_settle(standing: Standing) -> None:
    """A proposed decision may be approved or sent back. Raises ClosedAlready or NothingProposed."""
    check_open(standing)
    if standing.stage != Stage.PROPOSED:
        raise NothingProposed


def may_tell(standing: Standing) -> None:
    """The complainant is told once of a decision that stands (7.8).

    Raises ClosedAlready, NothingDecided or ToldAlready.
    """
    check_open(standing)
    if standing.stage not in (Stage.DECIDED, Stage.ACTING):
        raise NothingDecided
    if standing.told:
        raise ToldAlready


def may_answer(standing: Standing) -> None:
    """The complainant answers a standing decision once. Raises NoDecisionToAnswer, AnsweredAlready or ClosedAlready."""
    check_open(standing)
    if standing.stage not in (Stage.DECIDED, Stage.ACTING):
        raise NoDecisionToAnswer
    if standing.answer:
        raise AnsweredAlready


def may_deliver(standing: Standing) -> None:
    """A promised remedy of a standing decision may be delivered. Raises ClosedAlready or NothingPromised."""
    check_open(standing)
    if standing.stage not in (Stage.DECIDED, Stage.ACTING) or not standing.remedy_due or standing.refused:
        raise NothingPromised


def may_close(standing: Standing, ground: Ground, note: str) -> None:
    """Closing needs a decision that was carried out, and refusal of the decision keeps the case open (7.9).

    A refused decision is left only by an external decision or by exhaustion, with a note saying which. Raises
    ClosedAlready, GroundHasOwnAct, NotAcknowledged, DecisionDue, ProposalWaits, ClosedBeforeDecision, RefusalKeepsOpen,
    NotAccepted, NotToldYet, RemedyNotDelivered, NeverRefused or NoteMissing.
    """
    check_open(standing)
    if ground in (Ground.WITHDRAWN, Ground.DUPLICATE):
        raise GroundHasOwnAct
    if ground == Ground.ANSWERED:
        _may_close_answered(standing)
        return
    if standing.stage == Stage.PROPOSED:
        raise ProposalWaits
    if standing.stage not in (Stage.DECIDED, Stage.ACTING):
        raise ClosedBeforeDecision
    out_of_refusal = ground in OUT_OF_REFUSAL
    if standing.refused:
        if not out_of_refusal:
            raise RefusalKeepsOpen
        if not note.strip():
            raise NoteMissing
    elif out_of_refusal:
        raise NeverRefused
    else:
        _may_close_settled(standing, ground)


def may_close_duplicate(standing: Standing) -> None:
    """A case recorded twice is closed for the other one. Raises ClosedAlready, or RefusalKeepsOpen (7.9)."""
    check_open(standing)
    if standing.refused:
        raise RefusalKeepsOpen


def _may_close_answered(standing: Standing) -> None:
    if standing.kind not in NO_DECISION_DUE:
        raise DecisionDue
    if standing.stage == Stage.RECEIVED:
        raise NotAcknowledged


def _may_close_settled(standing: Standing, ground: Ground) -> None:
    accepted = standing.answer == Answer.ACCEPTED
    if ground == Ground.ACCEPTED and not accepted:
        raise NotAccepted
    if ground == Ground.NO_ANSWER and not (standing.told or accepted):
        raise NotToldYet
    if standing.remedy_due:
        raise RemedyNotDelivered


def may_reopen(standing: Standing, reason: str) -> None:
    """A closed complaint is opened again with a reason. Raises NotClosed or ReasonMissing."""
    if standing.stage != Stage.CLOSED:
        raise NotClosed
    check_reason(reason)


def may_reclassify(standing: Standing, kind: str, reason: str, ground: str) -> None:
    """Feedback is sorted anew with a reason, also when it is closed. Raises SameKind, ReasonMissing or ReopenFirst."""
    if kind == standing.kind:
        raise SameKind
    check_reason(reason)
    if ground == Ground.ANSWERED and kind not in NO_DECISION_DUE:
        raise ReopenFirst


_DECIDED_NEXT = {Answer.ACCEPTED: "close", Answer.REFUSED: "decide"}


def next_act(standing: Standing) -> str | None:
    """The one obvious next act, None for a closed complaint.

    One of acknowledge, assess, investigate, decide, approve, tell, answer, deliver, close.
    """
    stage = standing.stage
    if stage == Stage.ACKNOWLEDGED:
        return "close" if standing.kind in NO_DECISION_DUE else "assess"
    if stage in (Stage.ASSESSED, Stage.INVESTIGATING) and not standing.complexity:
        return "assess"  # a file brought it in at this stage
    if stage == Stage.ASSESSED:
        return "investigate" if must_be_investigated(standing) else "decide"
    if stage == Stage.INVESTIGATING:
        return "decide" if standing.investigation == "ended" else "investigate"
    if stage in (Stage.DECIDED, Stage.ACTING):
        return _after_decision(standing)
    return {Stage.RECEIVED: "acknowledge", Stage.PROPOSED: "approve"}.get(stage)


def _after_decision(standing: Standing) -> str:
    if standing.answer == Answer.ACCEPTED and standing.remedy_due:
        return "deliver"
    if not standing.answer:
        return "answer" if standing.told else "tell"
    if standing.refused and standing.investigation == "begun":
        return "investigate"
    return _DECIDED_NEXT[Answer(standing.answer)]


def stage_reopened(*, assessed: bool, acknowledged: bool) -> Stage:
    """Where a reopened complaint goes on: never past its assessment, so that it is decided anew."""
    if assessed:
        return Stage.ASSESSED
    return Stage.ACKNOWLEDGED if acknowledged else Stage.RECEIVED


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
