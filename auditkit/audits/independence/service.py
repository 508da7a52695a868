"""Keeping processes, competence and exceptions; with the gates that other verbs ask, from `gates`.

tests/slices/audits/test_audit_independence.py.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import members
from auditkit.accounts.queries import names as person_names
from auditkit.audits.independence import queries, rules
from auditkit.audits.independence.competence import uncovered
from auditkit.audits.independence.gates import (
    Excepted,
    barred_complaints,
    barred_rows,
    check_may_answer,
    check_may_judge,
    check_may_sign,
    check_team,
    mitigations_of,
    not_competent,
    overrides_of,
)
from auditkit.audits.independence.models import AuditedProcess, AuditException, AuditorCompetence, ProcessOwnership
from auditkit.audits.independence.queries import Place
from auditkit.audits.independence.rules import Days, Ground, Way
from auditkit.audits.models import Audit
from auditkit.audits.programme import queries as programme
from auditkit.audits.rules import AuditKind, NotAnAuditor, State
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

COMPETENCE, PROCESS = "competence", "process"

__all__ = [
    "COMPETENCE",
    "PROCESS",
    "EndOwnership",
    "Except",
    "Excepted",
    "NameOwner",
    "RecordCompetence",
    "SaveProcess",
    "Settle",
    "WithdrawCompetence",
    "barred_complaints",
    "barred_rows",
    "check_may_answer",
    "check_may_judge",
    "check_may_sign",
    "check_team",
    "end_ownership",
    "make_exception",
    "mitigations_of",
    "name_owner",
    "not_competent",
    "overrides_of",
    "record_competence",
    "save_process",
    "settle_mitigation",
    "withdraw_competence",
]


# Exceptions


@dataclass(frozen=True)
class Except:
    """Permit something to a person in an audit. `process_id` or `complaint_id` as `ground` says; neither: competence.

    A mitigation says what is done `instead`, and where it is known by whom (`reviewer`).
    """

    number: str
    person_id: int
    way: Way
    ground: Ground
    reason: str
    process_id: int | None = None
    complaint_id: int | None = None
    instead: str = ""
    reviewer: str = ""


@dataclass(frozen=True)
class Settle:
    """What came of what was done instead."""

    exception_id: int
    outcome: str


@verb("audits.programme", leaves=rules.EXCEPTION_MADE)
def make_exception(tx: Session, command: Except, now: datetime, actor: Actor) -> int:
    """Record an override or a mitigation; returns its id.

    Raises NotFound, AuditIsOver, what `rules.check_exception` refuses, NotResponsible, NothingToExcept,
    AlreadyExcepted, and for a mitigation OthersCan.
    """
    audit = _open_audit(tx, command.number)
    own = command.person_id == actor.person_id
    rules.check_exception(command.way, reason=command.reason, instead=command.instead, own=own)
    _check_responsible(tx, audit, actor)
    place = queries.place(tx, audit.id, command.person_id)
    _check_stands_in_the_way(tx, audit, command, place)
    if command.way is Way.MITIGATION:
        _check_nobody_else(tx, command, place)
    one = AuditException(
        audit_id=audit.id,
        person_id=command.person_id,
        way=command.way,
        ground=command.ground,
        process_id=command.process_id,
        complaint_id=command.complaint_id,
        reason=command.reason.strip(),
        instead=command.instead.strip() if command.way is Way.MITIGATION else "",
        reviewer=command.reviewer.strip() if command.way is Way.MITIGATION else "",
        made_at=now,
        made_by=actor.person_id,
    )
    tx.add(one)
    tx.flush()
    facts = {
        "number": audit.number,
        "exception": one.id,
        "person": command.person_id,
        "way": str(command.way),
        "ground": str(command.ground),
        "process": command.process_id,
        "complaint": command.complaint_id,
    }
    record(tx, rules.EXCEPTION_MADE, now=now, actor=actor, subject=("audit", audit.id), facts=facts)
    return one.id


@verb("audits.programme", leaves=rules.MITIGATION_SETTLED)
def settle_mitigation(tx: Session, command: Settle, now: datetime, actor: Actor) -> None:
    """Record what came of it. Raises NotFound, ReasonMissing without an outcome, AlreadyExcepted when it is settled."""
    query = select(AuditException).where(AuditException.id == command.exception_id).with_for_update()
    one = tx.execute(query).scalar_one_or_none()
    if one is None or one.way != Way.MITIGATION:
        raise NotFound()
    if not command.outcome.strip():
        raise rules.ReasonMissing()
    if one.settled_at is not None:
        raise rules.AlreadyExcepted()
    one.settled_at, one.outcome = now, command.outcome.strip()
    facts = {"exception": one.id}
    record(tx, rules.MITIGATION_SETTLED, now=now, actor=actor, subject=("audit", one.audit_id), facts=facts)


def _open_audit(tx: Session, number: str) -> Audit:
    audit = tx.execute(select(Audit).where(Audit.number == number).with_for_update()).scalar_one_or_none()
    if audit is None:
        raise NotFound()
    if audit.state not in (State.PLANNED, State.RUNNING):
        raise rules.AuditIsOver()
    return audit


def _check_responsible(tx: Session, audit: Audit, actor: Actor) -> None:
    """Where the programme of the audit's year names who is responsible, only they permit exceptions."""
    year = audit.planned_from.year
    responsible = programme.responsible(tx, year)
    if responsible is not None and actor.person_id not in (None, responsible):
        raise rules.NotResponsible(person=person_names(tx).get(responsible, ""), year=year)


def _check_stands_in_the_way(tx: Session, audit: Audit, command: Except, place: Place) -> None:
    """That the ground is there, and was not excepted before."""
    about = command.process_id or command.complaint_id
    if command.ground is Ground.PROCESS:
        there = command.process_id in {one.id for one in place.owned}
    elif command.ground is Ground.COMPLAINT:
        of_sample = command.complaint_id in queries.sampled(tx, audit.id)
        hands = queries.hands_on(tx, [command.complaint_id]) if command.complaint_id and of_sample else {}
        there = any(command.person_id in persons for persons in hands.values())
    else:
        there = bool(uncovered(tx, place.asked, [command.person_id]))
    if not there:
        raise rules.NothingToExcept()
    if (command.ground, about) in queries.excepted(tx, audit.id, command.person_id):
        raise rules.AlreadyExcepted()


def _check_nobody_else(tx: Session, command: Except, place: Place) -> None:
    if command.process_id is not None:
        others = queries.others_for_process(tx, place, command.process_id, command.person_id)
    elif command.complaint_id is not None:
        others = queries.others_for_complaint(tx, place, command.complaint_id, command.person_id)
    else:  # competence is made good by a record of it, not by a review
        raise rules.NothingToExcept()
    if others:
        names = person_names(tx)
        raise rules.OthersCan(people=[names[one] for one in others])


# Processes and their owners


@dataclass(frozen=True)
class SaveProcess:
    """Describe a process, a new one where `process_id` is None. `clauses` are full references."""

    name: str
    clauses: tuple[str, ...]
    description: str = ""
    process_id: int | None = None
    retired: bool = False


@dataclass(frozen=True)
class NameOwner:
    process_id: int
    person_id: int
    since: date
    until: date | None = None


@dataclass(frozen=True)
class EndOwnership:
    ownership_id: int
    until: date


@verb("audits.programme", leaves=rules.PROCESS_SAVED)
def save_process(tx: Session, command: SaveProcess, now: datetime, actor: Actor) -> int:
    """Describe a process; returns its id. Raises NotFound, NameMissing, ClausesMissing, NameTaken."""
    rules.check_process(command.name, command.clauses)
    name = command.name.strip()
    same = tx.execute(select(AuditedProcess.id).where(AuditedProcess.name == name)).scalar_one_or_none()
    if same is not None and same != command.process_id:
        raise rules.NameTaken(name=name)
    if command.process_id is None:
        process = AuditedProcess(name=name, clauses=[])
        tx.add(process)
    else:
        process = _process(tx, command.process_id)
    process.name, process.description = name, command.description.strip()
    process.clauses, process.saved_at = sorted(set(command.clauses)), now
    process.retired_at = (process.retired_at or now) if command.retired else None
    tx.flush()
    facts = {"clauses": process.clauses, "retired": command.retired}
    record(tx, rules.PROCESS_SAVED, now=now, actor=actor, subject=(PROCESS, process.id), facts=facts)
    return process.id


@verb("audits.programme", leaves=rules.OWNER_NAMED)
def name_owner(tx: Session, command: NameOwner, now: datetime, actor: Actor) -> int:
    """Name who is responsible, from a day on. Raises NotFound, NotAnAuditor, OwnershipReversed, OwnsAlready."""
    process = _process(tx, command.process_id)
    if command.person_id not in {one.person_id for one in members(tx)}:
        raise NotAnAuditor()
    held = tx.execute(
        select(ProcessOwnership.since, ProcessOwnership.until).where(
            ProcessOwnership.process_id == process.id, ProcessOwnership.person_id == command.person_id
        )
    )
    rules.check_ownership(Days(command.since, command.until), [Days(row.since, row.until) for row in held])
    one = ProcessOwnership(
        process_id=process.id,
        person_id=command.person_id,
        since=command.since,
        until=command.until,
        named_at=now,
        named_by=actor.person_id,
    )
    tx.add(one)
    tx.flush()
    facts = {"person": command.person_id, "since": command.since.isoformat()}
    record(tx, rules.OWNER_NAMED, now=now, actor=actor, subject=(PROCESS, process.id), facts=facts)
    return one.id


@verb("audits.programme", leaves=rules.OWNER_ENDED)
def end_ownership(tx: Session, command: EndOwnership, now: datetime, actor: Actor) -> None:
    """Say until when somebody was responsible. Raises NotFound, OwnershipReversed, OwnsAlready when it is ended."""
    query = select(ProcessOwnership).where(ProcessOwnership.id == command.ownership_id).with_for_update()
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound()
    rules.check_ownership(Days(one.since, command.until), ())
    one.until = command.until
    facts = {"person": one.person_id, "until": command.until.isoformat()}
    record(tx, rules.OWNER_ENDED, now=now, actor=actor, subject=(PROCESS, one.process_id), facts=facts)


def _process(tx: Session, process_id: int) -> AuditedProcess:
    query = select(AuditedProcess).where(AuditedProcess.id == process_id).with_for_update()
    found = tx.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


# Competence


@dataclass(frozen=True)
class RecordCompetence:
    """What somebody is competent in, what shows it (in words, and in `files`), and from when to when."""

    person_id: int
    what: str
    evidence: str
    valid_from: date
    valid_until: date
    audit_kind: AuditKind | None = None
    standard: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class WithdrawCompetence:
    competence_id: int
    reason: str


@verb("audits.programme", leaves=rules.COMPETENCE_RECORDED)
def record_competence(tx: Session, command: RecordCompetence, now: datetime, actor: Actor) -> int:
    """Record it; returns its id. Raises NotAnAuditor for strangers, and what `rules.check_competence` refuses."""
    if command.person_id not in {one.person_id for one in members(tx)}:
        raise NotAnAuditor()
    rules.check_competence(command.what, command.evidence, Days(command.valid_from, command.valid_until))
    one = AuditorCompetence(
        person_id=command.person_id,
        audit_kind=command.audit_kind or "",
        standard=command.standard,
        what=command.what.strip(),
        evidence=command.evidence.strip(),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    tx.add(one)
    tx.flush()
    for file_id in command.files:
        evidence.link(tx, evidence.Link(file_id, (COMPETENCE, one.id)), now, actor)
    facts = {
        "person": one.person_id,
        "kind": one.audit_kind,
        "standard": one.standard,
        "from": one.valid_from.isoformat(),
        "until": one.valid_until.isoformat(),
        "files": len(command.files),
    }
    record(tx, rules.COMPETENCE_RECORDED, now=now, actor=actor, subject=(COMPETENCE, one.id), facts=facts)
    return one.id


@verb("audits.programme", leaves=rules.COMPETENCE_WITHDRAWN)
def withdraw_competence(tx: Session, command: WithdrawCompetence, now: datetime, actor: Actor) -> None:
    """Withdraw a record; it stays readable. Raises NotFound, ReasonMissing, AlreadyWithdrawn."""
    query = select(AuditorCompetence).where(AuditorCompetence.id == command.competence_id).with_for_update()
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound()
    if not command.reason.strip():
        raise rules.ReasonMissing()
    if one.withdrawn_at is not None:
        raise rules.AlreadyWithdrawn()
    one.withdrawn_at, one.withdrawn_reason = now, command.reason.strip()
    facts = {"person": one.person_id}
    record(tx, rules.COMPETENCE_WITHDRAWN, now=now, actor=actor, subject=(COMPETENCE, one.id), facts=facts)
