"""What was promised comes: its delivery, and that somebody checked it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint, ComplaintDecision, ComplaintRemedyCheck
from auditkit.complaints.rules import RemedyFound, Stage
from auditkit.complaints.service.taking import (
    HANDLE,
    changed,
    for_change,
    for_judging,
    standing,
    standing_decision,
    texts,
)
from auditkit.evidence import service as evidence

REMEDY = "complaint-remedy"
"""The subject that proof of a delivered remedy is linked to."""


@dataclass(frozen=True)
class Deliver:
    """The promised remedy came: when, and how that can be seen; `evidence` are ids of files."""

    reference: str
    version: int
    delivered_on: date
    proof: str = ""
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class VerifyRemedy:
    """Somebody checked the delivered remedy: what was found (a word of rules.RemedyFound), when, and how."""

    reference: str
    version: int
    found: str
    checked_on: date
    note: str = ""
    evidence: tuple[int, ...] = ()


@verb(HANDLE, leaves=rules.REMEDY_DELIVERED)
def deliver(tx: Session, command: Deliver, now: datetime, actor: Actor) -> None:
    """Put on record that the remedy came, with its proof.

    Raises ClosedAlready, NothingPromised, DeliveredInFuture or DeliveryUnproven.
    """
    complaint = for_change(tx, command.reference, command.version)
    rules.may_deliver(standing(tx, complaint))
    rules.check_delivery(command.delivered_on, command.proof, len(command.evidence), today_of_house(tx, now))
    decision = standing_decision(tx, complaint)
    written = texts(delivery=command.proof.strip() or _("See the files"))
    decision.delivery = written["delivery"]
    decision.delivered_on, decision.delivered_by = command.delivered_on, actor.person_id
    for file_id in command.evidence:
        evidence.link(tx, evidence.Link(file_id, (REMEDY, decision.id)), now, actor)
    facts = {"decision": decision.number, "on": command.delivered_on.isoformat(), "files": len(command.evidence)}
    changed(tx, complaint, rules.REMEDY_DELIVERED, now, actor, facts, written)


@verb(HANDLE, leaves=rules.REMEDY_CHECKED)
def verify_remedy(tx: Session, command: VerifyRemedy, now: datetime, actor: Actor) -> None:
    """Put on record that a person checked a delivered remedy (7.3), as often as somebody looks, also after closing.

    A remedy that is lacking is owed again: the decision has no delivery any more, so an open case cannot be closed
    before the rest came. That whoever delivered also checked is kept, and shown; it is not refused, because a small
    organisation may have nobody else. Raises what `rules.check_verification` raises, PersonNeeded, UnknownWord,
    Conflict, and ComplainedAbout: nobody checks what was done for their own fault.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    if actor.person_id is None:
        raise rules.PersonNeeded
    found = RemedyFound(rules.known_word(command.found, RemedyFound))
    decision, files = _delivered(tx, complaint), len(command.evidence)
    delivered_on = decision.delivered_on if decision is not None else None
    rules.check_verification(
        checked_on=command.checked_on,
        delivered_on=delivered_on,
        note=command.note,
        files=files,
        today=today_of_house(tx, now),
    )
    if decision is None or delivered_on is None:
        raise rules.NothingDelivered
    written = texts(check_note=command.note.strip() or _("See the files"))
    lacking = found is RemedyFound.LACKING
    tx.add(
        ComplaintRemedyCheck(
            complaint_id=complaint.id,
            decision_id=decision.id,
            found=found.value,
            note=written["check_note"],
            checked_on=command.checked_on,
            delivered_on=delivered_on,
            delivered_by=decision.delivered_by,
            delivery=decision.delivery if lacking else "",
            checked_at=now,
            checked_by=actor.person_id,
        )
    )
    for file_id in command.evidence:
        evidence.link(tx, evidence.Link(file_id, (REMEDY, decision.id)), now, actor)
    facts = {
        "decision": decision.number,
        "found": found.value,
        "on": command.checked_on.isoformat(),
        "by_another": decision.delivered_by != actor.person_id,
        "files": files,
        "closed": complaint.stage == Stage.CLOSED.value,
    }
    if lacking:
        decision.delivered_on, decision.delivered_by, decision.delivery = None, None, ""
    changed(tx, complaint, rules.REMEDY_CHECKED, now, actor, facts, written)


def _delivered(tx: Session, complaint: Complaint) -> ComplaintDecision | None:
    """The newest decision whose remedy was delivered."""
    query = (
        select(ComplaintDecision)
        .where(ComplaintDecision.complaint_id == complaint.id, ComplaintDecision.delivered_on.is_not(None))
        .order_by(ComplaintDecision.number.desc())
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none()
