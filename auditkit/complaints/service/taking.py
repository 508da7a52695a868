"""What the verbs share: taking a complaint for a change, how it stands, and what every change leaves behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from auditkit.accounts.queries import members, members_with
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.events import Event
from auditkit.complaints import queries, rules
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintParty,
)
from auditkit.complaints.privacy.models import ComplaintAnonymisation
from auditkit.journal import service as journal

SUBJECT_KIND = "complaint"
HANDLE, APPROVE = "complaints.handle", "complaints.approve"


def found(tx: Session, reference: str, *, lock: bool = False) -> Complaint:
    """The complaint with this reference. Raises NotFound."""
    query = select(Complaint).where(Complaint.reference == reference)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    complaint = tx.execute(query).scalar_one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


def for_change(tx: Session, reference: str, version: int) -> Complaint:
    """The complaint, locked, as its person saw it.

    Raises NotFound, Conflict when it was changed meanwhile, or ErasedStays.
    """
    complaint = found(tx, reference, lock=True)
    if complaint.version != version:
        raise Conflict
    check_not_erased(tx, complaint.id)
    return complaint


def check_not_erased(tx: Session, complaint_id: int) -> None:
    """Raise ErasedStays for a case whose personal data was erased: what is written later could name the person anew."""
    erased = select(ComplaintAnonymisation.id).where(ComplaintAnonymisation.complaint_id == complaint_id)
    if tx.execute(erased).first() is not None:
        raise rules.ErasedStays


def for_judging(tx: Session, reference: str, version: int, actor: Actor) -> Complaint:
    """The same, for an act that judges: whoever is complained about may not. Raises ComplainedAbout too."""
    complaint = for_change(tx, reference, version)
    rules.check_independent(actor.person_id, named(tx, complaint))
    return complaint


def standing(tx: Session, complaint: Complaint) -> rules.Standing:
    """How the complaint stands, for the gates."""
    tx.flush()
    return queries.standing(tx, complaint.id)


def named(tx: Session, complaint: Complaint) -> frozenset[int]:
    """The members who are complained about."""
    query = select(ComplaintParty.person_id).where(ComplaintParty.complaint_id == complaint.id)
    return frozenset(tx.execute(query).scalars())


def newest(tx: Session, kind: Any, complaint: Complaint) -> Any:
    """The newest assessment, investigation or decision (of any state), None where there is none."""
    query = select(kind).where(kind.complaint_id == complaint.id).order_by(kind.id.desc()).limit(1)
    return tx.execute(query).scalar_one_or_none()


def newest_assessment(tx: Session, complaint: Complaint) -> ComplaintAssessment | None:
    """The assessment that counts."""
    one: ComplaintAssessment | None = newest(tx, ComplaintAssessment, complaint)
    return one


def open_investigation(tx: Session, complaint: Complaint) -> ComplaintInvestigation | None:
    """The investigation that was begun and not ended."""
    one: ComplaintInvestigation | None = newest(tx, ComplaintInvestigation, complaint)
    return one if one is not None and one.ended_at is None else None


def standing_decision(tx: Session, complaint: Complaint) -> ComplaintDecision:
    """The decision that stands; made from the complaint's own columns where a file brought it in."""
    query = (
        select(ComplaintDecision)
        .where(ComplaintDecision.complaint_id == complaint.id, ComplaintDecision.state == "decided")
        .order_by(ComplaintDecision.number.desc())
        .limit(1)
    )
    decision = tx.execute(query).scalar_one_or_none()
    if decision is None:
        decision = ComplaintDecision(
            complaint_id=complaint.id,
            number=1,
            state="decided",
            outcome=complaint.outcome,
            reasons=complaint.decision,
            remedy=complaint.remedy,
            remedies=[],
            settled_at=complaint.decided_at or complaint.recorded_at,
        )
        tx.add(decision)
        tx.flush()
    return decision


def check_handler(tx: Session, complaint: Complaint, person_id: int) -> None:
    """Whether a member may own the case. Raises NoSuchHandler or OtherComplainedAbout."""
    if person_id not in {one.person_id for one in members_with(tx, HANDLE)}:
        raise rules.NoSuchHandler
    if person_id in named(tx, complaint):
        raise rules.OtherComplainedAbout


def check_member(tx: Session, person_id: int) -> None:
    """Raises NoSuchMember unless the person is a member of the organisation."""
    if person_id not in {one.person_id for one in members(tx)}:
        raise rules.NoSuchMember


def texts(**written: str) -> dict[str, str]:
    """What a person wrote, stripped, each field of `rules.LONGEST`. Raises TextTooLong or TextNotStorable."""
    return {field: rules.check_text(field, text.strip()) for field, text in written.items()}


def changed(
    tx: Session,
    complaint: Complaint,
    what: Event,
    now: datetime,
    actor: Actor,
    facts: Mapping[str, Any] | None = None,
    written: Mapping[str, str] | None = None,
) -> None:
    """Count the change and put it on record; what people wrote goes into the journal as salted hashes."""
    complaint.version += 1
    complaint.changed_at = now
    note(tx, complaint, what, now, actor, facts, written)


def note(
    tx: Session,
    complaint: Complaint,
    what: Event,
    now: datetime,
    actor: Actor,
    facts: Mapping[str, Any] | None = None,
    written: Mapping[str, str] | None = None,
) -> None:
    """Put on record what leaves the complaint as it is."""
    tx.flush()
    journal.record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT_KIND, complaint.id),
        facts={"reference": complaint.reference, "version": complaint.version, **(facts or {})},
        personal={name: value for name, value in (written or {}).items() if value},
    )
