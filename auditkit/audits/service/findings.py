"""Raising findings, from an answer or free, and changing them while the audit runs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits import rules
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.rules import RAISED, REVISED, FindingChanged, Grade, State
from auditkit.audits.service.taking import taken
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

SUBJECT = "finding"


@dataclass(frozen=True)
class RaiseFinding:
    """`row_id` None for a finding that comes from no question; `clause` then names it in full, or stays empty.

    `criterion` empty: the clause by its label. `files` are ids of evidence.
    """

    number: str
    grade: Grade
    statement: str
    evidence: str = ""
    criterion: str = ""
    clause: str = ""
    row_id: int | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReviseFinding:
    """The wording and grade anew; `number` is the finding's, `version` the one the person was looking at."""

    number: str
    version: int
    grade: Grade
    statement: str
    evidence: str
    criterion: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Criterion:
    text: str
    clause: str
    edition_name: str
    strength: str


@verb("audits.run", leaves=RAISED)
def raise_finding(tx: Session, command: RaiseFinding, now: datetime, actor: Actor, *, library: Library) -> str:
    """Raise a finding in a running audit and return its number (`A-2026-001-F1`).

    Raises NotFound (audit, row or clause), NotRunning, and what `rules.check_finding` refuses.
    """
    audit = taken(tx, command.number)
    rules.check_running(State(audit.state))
    criterion = _criterion(tx, audit, command, library)
    rules.check_finding(
        grade=command.grade, statement=command.statement, criterion=criterion.text, evidence=command.evidence
    )
    audit.findings += 1
    audit.changed_at = now
    finding = Finding(
        audit_id=audit.id,
        row_id=command.row_id,
        serial=audit.findings,
        number=rules.finding_number(audit.number, audit.findings),
        grade=command.grade,
        statement=command.statement.strip(),
        criterion=criterion.text,
        clause=criterion.clause,
        edition_name=criterion.edition_name,
        strength=criterion.strength,
        evidence=command.evidence.strip(),
        raised_at=now,
        raised_by=actor.person_id,
        changed_at=now,
        version=1,
    )
    tx.add(finding)
    tx.flush()
    _finish(tx, RAISED, finding, command.files, now, actor)
    return finding.number


@verb("audits.run", leaves=REVISED)
def revise_finding(tx: Session, command: ReviseFinding, now: datetime, actor: Actor) -> None:
    """Change the wording or grade of a finding. Raises NotFound, FindingChanged, NotRunning, and as `raise_finding`."""
    finding = tx.execute(select(Finding).where(Finding.number == command.number).with_for_update()).scalar_one_or_none()
    if finding is None:
        raise NotFound()
    audit = tx.execute(select(Audit).where(Audit.id == finding.audit_id).with_for_update()).scalar_one()
    rules.check_running(State(audit.state))
    if finding.version != command.version:
        raise FindingChanged()
    rules.check_finding(
        grade=command.grade, statement=command.statement, criterion=command.criterion, evidence=command.evidence
    )
    finding.grade = command.grade
    finding.statement = command.statement.strip()
    finding.criterion = command.criterion.strip()
    finding.evidence = command.evidence.strip()
    finding.version += 1
    finding.changed_at = audit.changed_at = now
    _finish(tx, REVISED, finding, command.files, now, actor)


def _criterion(tx: Session, audit: Audit, command: RaiseFinding, library: Library) -> _Criterion:
    wanted = command.criterion.strip()
    if command.row_id is not None:
        row = tx.execute(
            select(AuditRow.clause, AuditRow.clause_label, AuditRow.edition_name, AuditRow.strength).where(
                AuditRow.id == command.row_id, AuditRow.audit_id == audit.id
            )
        ).one_or_none()
        if row is None:
            raise NotFound()
        text = wanted or f"{row.edition_name}, {row.clause_label}"
        return _Criterion(text, row.clause, row.edition_name, row.strength)
    if command.clause:
        node = library.node(command.clause)
        edition = library.edition(node.edition)
        return _Criterion(wanted or f"{edition.name}, {node.label}", node.ref, edition.name, node.strength.value)
    return _Criterion(wanted, "", "", "own")


def _finish(tx: Session, what: Event, finding: Finding, files: tuple[int, ...], now: datetime, actor: Actor) -> None:
    for file_id in files:
        evidence.link(tx, evidence.Link(file_id, (SUBJECT, finding.id)), now, actor)
    record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT, finding.id),
        facts={"number": finding.number, "grade": finding.grade, "clause": finding.clause, "files": len(files)},
    )
