"""Verbs at the end of an audit: write the report's words, name the auditee, sign, acknowledge, amend, take back.

A signature is made inside the transaction that stores it, over what that transaction sees; an amendment and its
signature are one act, so a signed audit is never without a signature that fits it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from auditkit.accounts.queries import members
from auditkit.audits import rules as core
from auditkit.audits.independence import service as independence
from auditkit.audits.models import Audit, AuditMember, AuditRow, Finding
from auditkit.audits.queries import grades
from auditkit.audits.rules import Grade, State
from auditkit.audits.service.taking import note, taken, touch
from auditkit.audits.signing import content, queries, rules
from auditkit.audits.signing.mailing import tell_auditee
from auditkit.audits.signing.models import (
    AuditAcknowledgement,
    AuditAmendment,
    AuditAuditee,
    AuditReportText,
    AuditSignature,
)
from auditkit.audits.signing.queries import TEXTS, Texts
from auditkit.audits.signing.rules import (
    ACKNOWLEDGED,
    AMENDED,
    AUDITEE_NAMED,
    SIGNED,
    TAKEN_BACK,
    WRITTEN,
    Amended,
    Papers,
    Proof,
)
from auditkit.base import signing
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.content.shapes import Scale

FINDING_FIELDS = ("grade", "statement", "criterion", "evidence", "grade_reason")
AUDIT_FIELDS = ("conclusion", *TEXTS)


@dataclass(frozen=True)
class WriteReport:
    number: str
    texts: Texts


@dataclass(frozen=True)
class NameAuditee:
    number: str
    person_id: int


@dataclass(frozen=True)
class TakeBack:
    number: str


@dataclass(frozen=True)
class Sign:
    """`typed_name` as the person typed it; `proof` is how they showed who they are."""

    number: str
    typed_name: str
    proof: Proof


@dataclass(frozen=True)
class Acknowledge:
    number: str
    typed_name: str
    remark: str = ""


@dataclass(frozen=True)
class Amend:
    """`finding` empty: the conclusion and the words of the report. `values`: what a field says from now on."""

    number: str
    values: dict[str, str]
    reason: str
    typed_name: str
    proof: Proof
    finding: str = ""


@verb("audits.run", leaves=WRITTEN)
def write_report(tx: Session, command: WriteReport, now: datetime, actor: Actor) -> None:
    """Write what the report says beside answers and findings. Raises NotFound, NotBegun, ReportClosed."""
    audit = taken(tx, command.number)
    rules.check_write(_papers(tx, audit))
    _write(tx, audit, {name: value.strip() for name, value in command.texts.given().items()}, now, actor)
    touch(audit, now)
    written = sorted(name for name, value in command.texts.given().items() if value.strip())
    note(tx, WRITTEN, audit, now, actor, texts=written)


@verb("audits.plan", leaves=AUDITEE_NAMED)
def name_auditee(tx: Session, command: NameAuditee, now: datetime, actor: Actor) -> None:
    """Name who answers for what is audited. Raises NotFound, NotAMember, AuditeeIsAuditor."""
    audit = taken(tx, command.number)
    people = {one.person_id: one.name for one in members(tx)}
    if command.person_id not in people:
        raise rules.NotAMember()
    team = select(AuditMember.id).where(AuditMember.audit_id == audit.id, AuditMember.person_id == command.person_id)
    if tx.execute(team).first() is not None:
        raise rules.AuditeeIsAuditor(name=people[command.person_id])
    row = tx.execute(select(AuditAuditee).where(AuditAuditee.audit_id == audit.id)).scalar_one_or_none()
    if row is None:
        row = AuditAuditee(audit_id=audit.id)
        tx.add(row)
    row.person_id, row.named_at, row.named_by = command.person_id, now, actor.person_id
    note(tx, AUDITEE_NAMED, audit, now, actor, person=command.person_id)
    tx.flush()
    tell_auditee(tx, audit, now)


@verb("audits.run", leaves=TAKEN_BACK)
def take_back(tx: Session, command: TakeBack, now: datetime, actor: Actor) -> None:
    """Let a reported audit that nobody signed run again. Raises NotFound, AlreadySigned, ReportFirst."""
    audit = taken(tx, command.number)
    rules.check_take_back(_papers(tx, audit))
    audit.state, audit.reported_at, audit.reported_by = State.RUNNING, None, None
    touch(audit, now)
    note(tx, TAKEN_BACK, audit, now, actor)


@verb("audits.run", leaves=SIGNED)
def sign(tx: Session, command: Sign, now: datetime, actor: Actor, *, key: Ed25519PrivateKey) -> str:
    """Sign the report and return the digest that was signed.

    Raises NotFound, ReportFirst, AlreadySigned, OnlyTheLead, NameDiffers, and what independence refuses.
    """
    audit = taken(tx, command.number)
    rules.check_sign(_papers(tx, audit), is_lead=_is_lead(tx, audit, actor))
    rules.check_name(command.typed_name, actor.name)
    made = _signature(tx, audit, 0, command.typed_name, command.proof, now, actor, key)
    note(tx, SIGNED, audit, now, actor, digest=made.digest, key=made.key_fingerprint, proof=command.proof.value)
    tell_auditee(tx, audit, now)
    return str(made.digest)


@verb("audits.respond", leaves=ACKNOWLEDGED)
def acknowledge(tx: Session, command: Acknowledge, now: datetime, actor: Actor) -> None:
    """Acknowledge the newest signed version of the report.

    Raises NotFound, NotSigned, OnlyTheAuditee, AlreadyAcknowledged, NameDiffers.
    """
    audit = taken(tx, command.number)
    is_auditee = actor.person_id is not None and queries.auditee(tx, audit.id) == actor.person_id
    rules.check_acknowledge(_papers(tx, audit), is_auditee=is_auditee)
    rules.check_name(command.typed_name, actor.name)
    newest = queries.signatures(tx, audit.id)[-1]
    tx.add(
        AuditAcknowledgement(
            audit_id=audit.id,
            signature_id=newest.id,
            person_id=actor.person_id,
            typed_name=command.typed_name.strip(),
            remark=command.remark.strip(),
            acknowledged_at=now,
        )
    )
    note(tx, ACKNOWLEDGED, audit, now, actor, digest=newest.digest, serial=newest.serial, remark=bool(command.remark))


@verb("audits.run", leaves=AMENDED)
def amend(tx: Session, command: Amend, now: datetime, actor: Actor, *, key: Ed25519PrivateKey) -> int:
    """Change a signed report, keep what was before, sign again; the amendment's number.

    Raises NotFound, NotSigned, OnlyTheLead, NothingAmended, AmendmentReasonMissing, NameDiffers, what independence
    refuses, and what a finding or conclusion must say.
    """
    audit = taken(tx, command.number)
    record: Any = _finding(tx, audit, command.finding) if command.finding else audit
    changes = _changes(tx, audit, record, command)
    papers = _papers(tx, audit)
    rules.check_amend(papers, is_lead=_is_lead(tx, audit, actor), reason=command.reason, changes=changes)
    rules.check_name(command.typed_name, actor.name)
    serial = papers.signatures
    tx.add(
        AuditAmendment(
            audit_id=audit.id,
            serial=serial,
            kind=Amended.FINDING if command.finding else Amended.AUDIT,
            subject=command.finding or audit.number,
            changes=changes,
            reason=command.reason.strip(),
            made_at=now,
            made_by=actor.person_id,
        )
    )
    tx.flush()  # from here to the signature the audit is open (models/standing.py)
    _apply(tx, audit, record, {one["what"]: one["new"] for one in changes}, now, actor)
    touch(audit, now)
    tx.flush()
    made = _signature(tx, audit, serial, command.typed_name, command.proof, now, actor, key)
    fields = [one["what"] for one in changes]
    subject = command.finding or audit.number
    note(tx, AMENDED, audit, now, actor, serial=serial, subject=subject, fields=fields, digest=made.digest)
    tell_auditee(tx, audit, now)
    return serial


def _papers(tx: Session, audit: Audit) -> Papers:
    return queries.papers(tx, audit.id, State(audit.state))


def _is_lead(tx: Session, audit: Audit, actor: Actor) -> bool:
    return actor.person_id is not None and queries.lead(tx, audit.id) == actor.person_id


def _signature(
    tx: Session,
    audit: Audit,
    serial: int,
    typed_name: str,
    proof: Proof,
    now: datetime,
    actor: Actor,
    key: Ed25519PrivateKey,
) -> AuditSignature:
    excepted = independence.check_may_sign(tx, audit.id, actor)
    signed = content.canonical(tx, audit.number, until=now, amendments=serial, excepted=excepted)
    digest = hashlib.sha256(signed)
    made = AuditSignature(
        audit_id=audit.id,
        serial=serial,
        person_id=actor.person_id,
        typed_name=typed_name.strip(),
        proof=proof,
        content=signed.decode(),
        digest=digest.hexdigest(),
        signature=key.sign(digest.digest()).hex(),
        key_fingerprint=signing.fingerprint(key),
        public_key=signing.public_pem(key).decode(),
        signed_at=now,
    )
    tx.add(made)
    tx.flush()
    return made


def _finding(tx: Session, audit: Audit, number: str) -> Finding:
    query = select(Finding).where(Finding.number == number, Finding.audit_id == audit.id).with_for_update()
    found = tx.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _changes(tx: Session, audit: Audit, record: Any, command: Amend) -> list[dict[str, str]]:
    known = FINDING_FIELDS if command.finding else AUDIT_FIELDS
    if unknown := set(command.values) - set(known):
        raise ValueError(f"cannot be amended: {sorted(unknown)}")
    texts = {} if command.finding else queries.texts(tx, audit.id).given()
    found = []
    for name in known:
        old = str(texts[name] if name in texts else getattr(record, name))
        new = command.values.get(name, old).strip()
        if new != old:
            found.append({"what": name, "old": old, "new": new})
    return found


def _apply(tx: Session, audit: Audit, record: Any, values: dict[str, str], now: datetime, actor: Actor) -> None:
    if isinstance(record, Finding):
        for name, value in values.items():
            setattr(record, name, value)
        record.version += 1
        record.changed_at = now
        _check_finding(tx, audit, record)
        return
    if "conclusion" in values:
        if not values["conclusion"]:
            raise core.ConclusionMissing()
        audit.conclusion = values["conclusion"]
    written = {name: value for name, value in values.items() if name in TEXTS}
    if written:
        _write(tx, audit, {**queries.texts(tx, audit.id).given(), **written}, now, actor)


def _check_finding(tx: Session, audit: Audit, finding: Finding) -> None:
    grade = Grade(finding.grade)
    core.check_finding(grade=grade, statement=finding.statement, criterion=finding.criterion, evidence=finding.evidence)
    answer = None
    if finding.row_id is not None:
        answer = tx.execute(select(AuditRow.answer).where(AuditRow.id == finding.row_id)).scalar_one()
    chosen = Scale.model_validate(audit.scale).answer(answer) if answer is not None and audit.scale else None
    core.check_grade(
        grade=grade,
        grade_word=grades.titles(tx)[grade],
        strength=finding.strength,
        answered_nonconform=chosen is not None and chosen.finding == "nonconformity",
        gap=finding.gap,
        statement=finding.statement,
        reason=finding.grade_reason,
    )


def _write(tx: Session, audit: Audit, values: dict[str, str], now: datetime, actor: Actor) -> None:
    row = tx.execute(select(AuditReportText).where(AuditReportText.audit_id == audit.id)).scalar_one_or_none()
    if row is None:
        row = AuditReportText(audit_id=audit.id)
        tx.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = now, actor.person_id
