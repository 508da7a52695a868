"""From the decision to its answer: decide or propose, approve, send back, tell, record the answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditkit.accounts.queries import members, members_with, today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.complaints import queries, rules
from auditkit.complaints.models import Complaint, ComplaintDecision
from auditkit.complaints.rules import TOP_INTERNAL, Answer, Others, Outcome, Stage
from auditkit.complaints.service.taking import (
    APPROVE,
    HANDLE,
    changed,
    check_handler,
    for_change,
    for_judging,
    found,
    named,
    newest,
    standing,
    standing_decision,
    texts,
)
from auditkit.content.library import Library, shared

REMEDIES = "remedies"


@dataclass(frozen=True)
class Decide:
    """The decision, its reasons, and the remedy offered.

    `remedies` are words of the list of remedies; `amount` in hundredths of `currency`; `told_channel`: the
    complainant is told in the same breath (empty: not yet); `options`: which further options were named.
    """

    reference: str
    version: int
    outcome: str
    reasons: str
    remedy: str = ""
    remedies: tuple[str, ...] = ()
    amount: int | None = None
    currency: str = ""
    promised_on: date | None = None
    others: str = ""
    others_note: str = ""
    told_channel: str = ""
    options: str = ""


@dataclass(frozen=True)
class Approve:
    """A proposed decision stands from now on."""

    reference: str
    version: int


@dataclass(frozen=True)
class SendBack:
    """A proposed decision is not approved."""

    reference: str
    version: int
    reason: str


@dataclass(frozen=True)
class Tell:
    """The complainant was told of the decision: how, and which further options were named."""

    reference: str
    version: int
    channel: str
    options: str = ""


@dataclass(frozen=True)
class RecordAnswer:
    """What the complainant said to the decision.

    Of a refusal: the next steps inside and outside, the owner and the day of review; what is left out is filled in
    from the case and the organisation's settings.
    """

    reference: str
    version: int
    answer: str
    note: str = ""
    next_internal: str = ""
    next_external: str = ""
    owner_id: int | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class AnswerOwn:
    """The complainant answers on the own page or by mail; who it is was proven before."""

    reference: str
    answer: str
    note: str = ""


@verb(HANDLE, leaves=(rules.DECIDED, rules.PROPOSED))
def decide(tx: Session, command: Decide, now: datetime, actor: Actor, *, library: Library | None = None) -> bool:
    """Decide, or propose where the amount is above one's limit; says whether the decision stands.

    A decision replaces one that was refused. Raises what `rules.may_decide`, `rules.check_independent` and
    `rules.check_remedy` raise, UnknownWord, OthersUnnamed.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.may_decide(standing(tx, complaint), command.reasons)
    _check_grants(command, today_of_house(tx, now), library or shared())
    limit = _limit(tx, actor, command.currency)
    last = newest(tx, ComplaintDecision, complaint)
    if last is None and complaint.outcome:
        last = standing_decision(tx, complaint)
    written = texts(
        decision=command.reasons, remedy=command.remedy, others_note=command.others_note, options=command.options
    )
    decision = ComplaintDecision(
        complaint_id=complaint.id,
        number=last.number + 1 if last else 1,
        state="proposed",
        from_stage=complaint.stage,
        outcome=rules.known_word(command.outcome, Outcome),
        reasons=written["decision"],
        remedy=written["remedy"],
        remedies=list(command.remedies),
        amount=command.amount,
        currency=command.currency if command.amount is not None else "",
        others=command.others,
        others_note=written["others_note"],
        options=written["options"],
        promised_on=command.promised_on,
        proposed_at=now,
        proposed_by=actor.person_id,
        limit_amount=limit,
    )
    above = rules.is_above(command.amount, limit)
    if above:
        if actor.person_id is None:
            raise rules.PersonNeeded
        complaint.stage = Stage.PROPOSED.value
    else:
        _settle(complaint, decision, now, actor)
        if command.told_channel:
            _told(decision, command.told_channel, now, actor)
    tx.add(decision)
    what = rules.PROPOSED if above else rules.DECIDED
    changed(tx, complaint, what, now, actor, _facts(decision), written)
    if decision.told_at is not None:
        changed(tx, complaint, rules.TOLD, now, actor, {"channel": decision.told_channel})
    return not above


def _check_grants(command: Decide, today: date, library: Library) -> None:
    rules.known_word(command.others, Others, empty=True)
    if command.others == Others.YES and not command.others_note.strip():
        raise rules.OthersUnnamed
    known = [one.id for one in library.value_list(REMEDIES).values]
    for word in command.remedies:
        if word not in known:
            raise rules.UnknownWord(word=word, known=tuple(known))
    rules.check_remedy(
        remedies=command.remedies,
        amount=command.amount,
        currency=command.currency,
        promised_on=command.promised_on,
        today=today,
    )


def _limit(tx: Session, actor: Actor, currency: str) -> int | None:
    return rules.limit_of(
        queries.limits(tx),
        role=actor.role,
        person_id=actor.person_id,
        approves=actor.may(APPROVE),
        currency=currency,
    )


def _settle(complaint: Complaint, decision: ComplaintDecision, now: datetime, actor: Actor) -> None:
    """The decision stands; the complaint carries its words, and no answer to it yet."""
    decision.state, decision.settled_at, decision.settled_by = "decided", now, actor.person_id
    complaint.stage = Stage.DECIDED.value
    complaint.outcome, complaint.decision, complaint.remedy = decision.outcome, decision.reasons, decision.remedy
    complaint.decided_at = now
    complaint.answer, complaint.answered_at, complaint.review_on = "", None, None


def _told(decision: ComplaintDecision, channel: str, now: datetime, actor: Actor) -> None:
    decision.told_channel = rules.check_text("told_channel", channel)
    decision.told_at, decision.told_by = now, actor.person_id


def _facts(decision: ComplaintDecision) -> dict[str, object]:
    return {
        "outcome": decision.outcome,
        "decision": decision.number,
        "remedies": list(decision.remedies),
        "amount": decision.amount,
        "currency": decision.currency,
        "promised_on": decision.promised_on.isoformat() if decision.promised_on else None,
        "others": decision.others,
    }


@verb(APPROVE, leaves=rules.DECIDED)
def approve(tx: Session, command: Approve, now: datetime, actor: Actor) -> None:
    """Approve a proposed decision: somebody else, whose limit reaches (7.7).

    Raises ClosedAlready, NothingProposed, PersonNeeded, ComplainedAbout, ProposerApproves or AboveYourLimit.
    """
    complaint, decision = _proposal(tx, command.reference, command.version)
    rules.check_approver(
        approver_id=actor.person_id,
        proposer_id=decision.proposed_by,
        amount=decision.amount,
        limit=_limit(tx, actor, decision.currency),
        named=named(tx, complaint),
    )
    _settle(complaint, decision, now, actor)
    changed(tx, complaint, rules.DECIDED, now, actor, {**_facts(decision), "proposed_by": decision.proposed_by})


@verb(APPROVE, leaves=rules.RETURNED)
def send_back(tx: Session, command: SendBack, now: datetime, actor: Actor) -> None:
    """Send a proposed decision back with the reason; the case goes on where it was.

    Raises ClosedAlready, NothingProposed, ReasonMissing or ComplainedAbout.
    """
    complaint, decision = _proposal(tx, command.reference, command.version)
    rules.check_independent(actor.person_id, named(tx, complaint))
    rules.check_reason(command.reason)
    written = texts(reason=command.reason)
    decision.state, decision.settled_at, decision.settled_by = "returned", now, actor.person_id
    decision.return_reason = written["reason"]
    complaint.stage = decision.from_stage
    changed(tx, complaint, rules.RETURNED, now, actor, {"decision": decision.number}, written)


def _proposal(tx: Session, reference: str, version: int) -> tuple[Complaint, ComplaintDecision]:
    complaint = for_change(tx, reference, version)
    rules.may_settle(standing(tx, complaint))
    decision: ComplaintDecision = newest(tx, ComplaintDecision, complaint)
    return complaint, decision


@verb(HANDLE, leaves=rules.TOLD)
def tell(tx: Session, command: Tell, now: datetime, actor: Actor) -> None:
    """Put on record that the complainant was told, and by which channel (7.8). Raises what `rules.may_tell` raises."""
    complaint = for_change(tx, command.reference, command.version)
    rules.may_tell(standing(tx, complaint))
    decision = standing_decision(tx, complaint)
    _told(decision, command.channel or "other", now, actor)
    written = texts(options=command.options)
    decision.options = written["options"] or decision.options
    facts = {"channel": decision.told_channel, "decision": decision.number}
    changed(tx, complaint, rules.TOLD, now, actor, facts, written)


@verb(HANDLE, leaves=(rules.DECISION_ACCEPTED, rules.DECISION_REFUSED))
def record_answer(tx: Session, command: RecordAnswer, now: datetime, actor: Actor) -> None:
    """Record acceptance or refusal. A refusal keeps the case open, with an owner and a day of review (7.9).

    Raises what `rules.may_answer` and `rules.check_refusal` raise, UnknownWord, NoSuchHandler, OtherComplainedAbout.
    """
    _answer(tx, for_change(tx, command.reference, command.version), command, now, actor)


@verb(None, leaves=(rules.DECISION_ACCEPTED, rules.DECISION_REFUSED))
def answer_own(tx: Session, command: AnswerOwn, now: datetime, actor: Actor) -> None:
    """The complainant accepts or refuses; whoever calls this has proven that it is the complainant.

    Raises what `rules.may_answer` raises, and UnknownWord.
    """
    complaint = found(tx, command.reference, lock=True)
    told = RecordAnswer(command.reference, complaint.version, command.answer, command.note)
    _answer(tx, complaint, told, now, actor)


def _answer(tx: Session, complaint: Complaint, command: RecordAnswer, now: datetime, actor: Actor) -> None:
    stands = standing(tx, complaint)
    rules.may_answer(stands)
    answer = rules.known_word(command.answer, Answer)
    decision = standing_decision(tx, complaint)
    written = texts(note=command.note)
    facts: dict[str, object] = {"decision": decision.number}
    if answer == Answer.REFUSED:
        facts |= _keep_open(tx, complaint, decision, command, today_of_house(tx, now), actor)
    elif stands.remedy_due:
        complaint.stage = Stage.ACTING.value
    complaint.answer = decision.answer = answer
    complaint.answered_at = decision.answered_at = now
    decision.answer_note = written["note"]
    accepted = answer == Answer.ACCEPTED
    what = rules.DECISION_ACCEPTED if accepted else rules.DECISION_REFUSED
    changed(tx, complaint, what, now, actor, facts, written)


def _keep_open(
    tx: Session, complaint: Complaint, decision: ComplaintDecision, command: RecordAnswer, today: date, actor: Actor
) -> dict[str, object]:
    """What a refusal leaves on the case: next steps, owner, day of review."""
    practice = queries.practice(tx)
    written = texts(
        next_internal=command.next_internal or next_internal(complaint.level),
        next_external=command.next_external or practice.external_bodies or _("An ombudsman, a regulator or a court"),
    )
    owner_id = command.owner_id or complaint.owner_id or _somebody(tx, complaint, decision, actor)
    review_on = command.review_on or today + timedelta(days=practice.review_days)
    rules.check_refusal(owner_id=owner_id, review_on=review_on, today=today, **written)
    if owner_id is not None and owner_id != complaint.owner_id:
        check_handler(tx, complaint, owner_id)
        complaint.owner_id = owner_id
        if complaint.deputy_id == owner_id:
            complaint.deputy_id = None
    complaint.review_on = review_on
    decision.next_internal, decision.next_external = written["next_internal"], written["next_external"]
    return {"owner": owner_id, "review_on": review_on.isoformat()}


def next_internal(level: int) -> str:
    """The step inside that a refusal leads to from this level, in the language of the moment."""
    return _(rules.LEVEL_TITLES[min(max(level + 1, 2), TOP_INTERNAL)])


def _somebody(tx: Session, complaint: Complaint, decision: ComplaintDecision, actor: Actor) -> int | None:
    """Who answers for a refused case that has no owner: whoever decided, acts, or approves decisions."""
    free = {one.person_id for one in members_with(tx, HANDLE)} - named(tx, complaint)
    wanted = [decision.proposed_by, decision.settled_by, actor.person_id]
    wanted += [one.person_id for one in members_with(tx, APPROVE)] + [one.person_id for one in members(tx)]
    return next((one for one in wanted if one in free), None)
