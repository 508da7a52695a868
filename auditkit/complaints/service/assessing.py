"""From receipt to the end of the investigation: acknowledge, sort, assign, assess, name a member, investigate."""

from dataclasses import dataclass
from datetime import date, datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules
from auditkit.complaints.categories import check_category
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintInvestigation,
    ComplaintParty,
    ComplaintReclassification,
)
from auditkit.complaints.rules import Compensation, Complexity, Kind, Severity, Stage
from auditkit.complaints.service.taking import (
    HANDLE,
    changed,
    check_handler,
    check_member,
    for_change,
    for_judging,
    named,
    newest_assessment,
    open_investigation,
    standing,
    texts,
)
from auditkit.content.library import Library, shared
from auditkit.content.shapes import MatrixShape
from auditkit.evidence import service as evidence

MATRIX, CAUSES = "priority-matrix", "root-causes"
INVESTIGATION = "complaint-investigation"
"""The subject that evidence of an investigation is linked to."""


@dataclass(frozen=True)
class Acknowledge:
    """The complainant was told that the complaint came in."""

    reference: str
    version: int


@dataclass(frozen=True)
class Reclassify:
    """The feedback is something else than it was taken for."""

    reference: str
    version: int
    kind: str
    reason: str


@dataclass(frozen=True)
class Assign:
    """Who answers for the case, who stands in, and when the owner looks at it again (None: no day)."""

    reference: str
    version: int
    owner_id: int
    deputy_id: int | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class Assess:
    """The initial assessment (7.5). `reach` and `facts` are words of the priority matrix; `owner_id` None: as it is, or
    whoever assesses; `category` None: as it is."""

    reference: str
    version: int
    severity: str
    complexity: str
    reach: str
    safety: bool = False
    facts: tuple[str, ...] = ()
    immediate_needed: bool = False
    immediate_possible: bool = False
    immediate_action: str = ""
    compensation: str = Compensation.UNLIKELY.value
    note: str = ""
    owner_id: int | None = None
    category: str | None = None


@dataclass(frozen=True)
class NamePerson:
    """A member is complained about."""

    reference: str
    version: int
    person_id: int


@dataclass(frozen=True)
class ClearPerson:
    """The complaint is not about this member after all."""

    reference: str
    version: int
    person_id: int
    reason: str


@dataclass(frozen=True)
class Investigate:
    """The whole of what was written about the investigation so far; `ended`: it is complete.

    `cause` is a word of the list of root causes; `investigator_id` None: whoever acts; `evidence` ids of files.
    """

    reference: str
    version: int
    plan: str = ""
    independence: str = ""
    complainant_side: str = ""
    other_side: str = ""
    facts: str = ""
    cause: str = ""
    cause_method: str = ""
    cause_note: str = ""
    investigator_id: int | None = None
    ended: bool = False
    evidence: tuple[int, ...] = ()


@verb(HANDLE, leaves=rules.ACKNOWLEDGED)
def acknowledge(tx: Session, command: Acknowledge, now: datetime, actor: Actor) -> None:
    """Note that the complainant was told (7.4). Raises AlreadyAcknowledged, Conflict or NotFound."""
    complaint = for_change(tx, command.reference, command.version)
    rules.may_acknowledge(standing(tx, complaint))
    complaint.stage = Stage.ACKNOWLEDGED.value
    complaint.acknowledged_at = now
    changed(tx, complaint, rules.ACKNOWLEDGED, now, actor)


@verb(HANDLE, leaves=rules.RECLASSIFIED)
def reclassify(tx: Session, command: Reclassify, now: datetime, actor: Actor) -> None:
    """Sort the feedback anew, with the reason; it stays in the register. Raises what `rules.may_reclassify` raises."""
    complaint = for_change(tx, command.reference, command.version)
    kind = rules.known_word(command.kind, Kind)
    rules.may_reclassify(standing(tx, complaint), kind, command.reason, complaint.closing_ground)
    written = texts(reason=command.reason)
    tx.add(
        ComplaintReclassification(
            complaint_id=complaint.id,
            from_kind=complaint.kind,
            to_kind=kind,
            changed_at=now,
            changed_by=actor.person_id,
            **written,
        )
    )
    facts = {"from": complaint.kind, "to": kind}
    complaint.kind = kind
    changed(tx, complaint, rules.RECLASSIFIED, now, actor, facts, written)


@verb(HANDLE, leaves=rules.ASSIGNED)
def assign(tx: Session, command: Assign, now: datetime, actor: Actor) -> None:
    """Name the owner and the deputy.

    Raises ClosedAlready, NoSuchHandler, OtherComplainedAbout, DeputyIsOwner, ReviewMissing (a refused case).
    """
    complaint = for_change(tx, command.reference, command.version)
    stands = standing(tx, complaint)
    rules.check_open(stands)
    check_handler(tx, complaint, command.owner_id)
    if command.deputy_id is not None:
        check_handler(tx, complaint, command.deputy_id)
        rules.check_deputy(command.owner_id, command.deputy_id)
    if stands.refused and command.review_on is None:
        raise rules.ReviewMissing
    complaint.owner_id, complaint.deputy_id = command.owner_id, command.deputy_id
    complaint.review_on = command.review_on
    facts = {"owner": command.owner_id, "deputy": command.deputy_id, "review_on": _day(command.review_on)}
    changed(tx, complaint, rules.ASSIGNED, now, actor, facts)


@verb(HANDLE, leaves=(rules.ASSESSED, rules.ASSESSED_AGAIN))
def assess(tx: Session, command: Assess, now: datetime, actor: Actor, *, library: Library | None = None) -> None:
    """Sort and assess the complaint, first or anew: categories and matrix are those of `library` (None: as shipped).

    Raises what `rules.may_assess` and `rules.check_independent` raise, UnknownWord, ImmediateActionMissing,
    NoSuchHandler, OtherComplainedAbout.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.may_assess(standing(tx, complaint))
    rules.check_immediate(command.immediate_needed, command.immediate_possible, command.immediate_action)
    again = newest_assessment(tx, complaint) is not None
    fell_to_assessor = _take_on(tx, complaint, command.owner_id, actor)
    severity = rules.known_word(command.severity, Severity)
    complexity = rules.known_word(command.complexity, Complexity)
    library = library or shared()
    if command.category is not None:
        complaint.category = check_category(library, command.category, complaint.category)
    matrix = library.matrix(MATRIX)
    priority = _priority(matrix, severity, command)
    level = max(complaint.level, rules.first_level(severity, complexity))
    written = texts(immediate_action=command.immediate_action, note=command.note)
    tx.add(
        ComplaintAssessment(
            complaint_id=complaint.id,
            severity=severity,
            safety=command.safety,
            complexity=complexity,
            reach=command.reach,
            facts=list(command.facts),
            immediate_needed=command.immediate_needed,
            immediate_possible=command.immediate_possible,
            compensation=rules.known_word(command.compensation, Compensation),
            priority=priority,
            level=level,
            assessed_at=now,
            assessed_by=actor.person_id,
            **written,
        )
    )
    complaint.severity, complaint.priority, complaint.level = severity, priority, level
    if complaint.stage == Stage.ACKNOWLEDGED:
        complaint.stage = Stage.ASSESSED.value
    facts = {"severity": severity, "priority": priority, "level": level, "complexity": complexity}
    facts |= {"reach": command.reach, "safety": command.safety, "owner": complaint.owner_id}
    facts |= {"fell_to_assessor": fell_to_assessor, "category": complaint.category}
    changed(tx, complaint, rules.ASSESSED_AGAIN if again else rules.ASSESSED, now, actor, facts, written)


def _take_on(tx: Session, complaint: Complaint, owner_id: int | None, actor: Actor) -> bool:
    """Give the case its owner: the one named, else the one it has, else whoever assesses; whether it fell to them."""
    if owner_id is not None and owner_id != complaint.owner_id:
        check_handler(tx, complaint, owner_id)
        complaint.owner_id = owner_id
        if complaint.deputy_id == owner_id:
            complaint.deputy_id = None
    elif complaint.owner_id is None:
        complaint.owner_id = actor.person_id
        return True
    return False


def _priority(matrix: MatrixShape, severity: str, command: Assess) -> str:
    known_facts = {one.id for one in matrix.overrides}
    unknown = set(command.facts) - known_facts
    if unknown:
        raise rules.UnknownWord(word=min(unknown), known=sorted(known_facts))
    found = matrix.priority(severity, command.reach)
    if found is None:
        raise rules.UnknownWord(word=command.reach, known=[one.id for one in matrix.reaches])
    return matrix.priorities[0].id if command.safety or command.facts else found


@verb(HANDLE, leaves=rules.PERSON_NAMED)
def name_person(tx: Session, command: NamePerson, now: datetime, actor: Actor) -> None:
    """Put on record that a member is complained about; from then on the member judges nothing in the case.

    Raises ClosedAlready, NoSuchMember, NamedAlready or OwnerComplainedAbout.
    """
    complaint = for_change(tx, command.reference, command.version)
    rules.check_open(standing(tx, complaint))
    check_member(tx, command.person_id)
    if command.person_id in named(tx, complaint):
        raise rules.NamedAlready
    if command.person_id in (complaint.owner_id, complaint.deputy_id):
        raise rules.OwnerComplainedAbout
    under_way = open_investigation(tx, complaint)
    if under_way is not None and under_way.investigator_id == command.person_id:
        under_way.investigator_id = None
    tx.add(
        ComplaintParty(complaint_id=complaint.id, person_id=command.person_id, named_at=now, named_by=actor.person_id)
    )
    changed(tx, complaint, rules.PERSON_NAMED, now, actor, {"person": command.person_id})


@verb(HANDLE, leaves=rules.PERSON_CLEARED)
def clear_person(tx: Session, command: ClearPerson, now: datetime, actor: Actor) -> None:
    """Take the name of a member off, with the reason; nobody does that for themselves.

    Raises ComplainedAbout, ReasonMissing or NotNamed.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.check_reason(command.reason)
    parties = tx.query(ComplaintParty).filter_by(complaint_id=complaint.id, person_id=command.person_id).all()
    if not parties:
        raise rules.NotNamed
    for one in parties:
        tx.delete(one)
    written = texts(reason=command.reason)
    changed(tx, complaint, rules.PERSON_CLEARED, now, actor, {"person": command.person_id}, written)


@verb(HANDLE, leaves=(rules.INVESTIGATION_BEGUN, rules.INVESTIGATION_NOTED, rules.INVESTIGATION_ENDED))
def investigate(
    tx: Session, command: Investigate, now: datetime, actor: Actor, *, library: Library | None = None
) -> None:
    """Begin the investigation, write it on, or end it (7.6); the causes are those of `library` (None: as shipped).

    Raises what `rules.may_investigate` and `rules.check_independent` raise, UnknownWord, NoSuchMember,
    OtherComplainedAbout, and to end it FactsMissing, CauseMissing or IndependenceMissing.
    """
    complaint = for_judging(tx, command.reference, command.version, actor)
    rules.may_investigate(standing(tx, complaint))
    if command.ended:
        rules.check_findings(command.facts, command.cause, command.independence)
    investigator_id = _investigator(tx, complaint, command, actor)
    one = open_investigation(tx, complaint)
    begun = one is None
    if one is None:
        one = ComplaintInvestigation(complaint_id=complaint.id, begun_at=now, begun_by=actor.person_id)
        tx.add(one)
    written = texts(
        plan=command.plan,
        independence=command.independence,
        complainant_side=command.complainant_side,
        other_side=command.other_side,
        facts=command.facts,
        cause_method=command.cause_method,
        cause_note=command.cause_note,
    )
    for field, text in written.items():
        setattr(one, field, text)
    one.investigator_id, one.cause = investigator_id, _cause(library or shared(), command.cause)
    if command.ended:
        one.ended_at, one.ended_by = now, actor.person_id
    if complaint.stage == Stage.ASSESSED:
        complaint.stage = Stage.INVESTIGATING.value
    tx.flush()
    for file_id in command.evidence:
        evidence.link(tx, evidence.Link(file_id, (INVESTIGATION, one.id)), now, actor)
    what = rules.INVESTIGATION_BEGUN if begun else rules.INVESTIGATION_NOTED
    what = rules.INVESTIGATION_ENDED if command.ended else what
    facts = {"investigator": investigator_id, "cause": one.cause, "files": len(command.evidence)}
    changed(tx, complaint, what, now, actor, facts, written)


def _investigator(tx: Session, complaint: Complaint, command: Investigate, actor: Actor) -> int | None:
    investigator_id = actor.person_id if command.investigator_id is None else command.investigator_id
    if investigator_id is not None and investigator_id != actor.person_id:
        check_member(tx, investigator_id)
        if investigator_id in named(tx, complaint):
            raise rules.OtherComplainedAbout
    return investigator_id


def _cause(library: Library, cause: str) -> str:
    known = [one.id for one in library.value_list(CAUSES).values]
    if cause and cause not in known:
        raise rules.UnknownWord(word=cause, known=tuple(known))
    return cause


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
