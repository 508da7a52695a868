"""Raising findings, from whatever they come from, and changing them while the audit runs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits import rules
from auditkit.audits.models import Audit, AuditRow, Finding
from auditkit.audits.queries import grades
from auditkit.audits.rules import RAISED, REVISED, FindingChanged, Grade, Origin, State
from auditkit.audits.service.taking import taken
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.events import Event
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.content.shapes import Scale
from auditkit.evidence import service as evidence
from auditkit.journal.service import record

SUBJECT = "finding"


@dataclass(frozen=True)
class RaiseFinding:
    """`row_id` None for a finding that comes from no question; `clause` then names it in full, or stays empty.

    `criterion` empty: the clause by its label. `statement` empty: put together from criterion, evidence and `gap`.
    `strength` empty: that of the clause, or an own rule. `principles` None: those of the question. `origin` None: the
    question, or free; otherwise `origin_text` is what people call the sampled complaint, exception or entry
    `origin_id`. `files` are ids of evidence.
    """

    number: str
    grade: Grade
    statement: str
    evidence: str = ""
    criterion: str = ""
    clause: str = ""
    row_id: int | None = None
    files: tuple[int, ...] = ()
    gap: str = ""
    grade_reason: str = ""
    strength: str = ""
    principles: tuple[str, ...] | None = None
    origin: Origin | None = None
    origin_id: int | None = None
    origin_text: str = ""


@dataclass(frozen=True)
class ReviseFinding:
    """The wording and grade anew; `number` is the finding's, `version` the one the person was looking at.

    `strength` empty and `principles` None: as they are.
    """

    number: str
    version: int
    grade: Grade
    statement: str
    evidence: str
    criterion: str
    files: tuple[int, ...] = ()
    gap: str = ""
    grade_reason: str = ""
    strength: str = ""
    principles: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Criterion:
    """What a finding is against. `nonconform`: the answer of its question says that the criterion is not met."""

    text: str
    clause: str
    edition_name: str
    strength: str
    principles: tuple[str, ...] = ()
    nonconform: bool = False


@verb("audits.run", leaves=RAISED)
def raise_finding(tx: Session, command: RaiseFinding, now: datetime, actor: Actor, *, library: Library) -> str:
    """Raise a finding in a running audit and return its number (`A-2026-001-F1`).

    Raises NotFound (audit, row or clause), NotRunning, and what `rules.wording`, `rules.check_finding` and
    `rules.check_grade` refuse.
    """
    audit = taken(tx, command.number)
    rules.check_running(State(audit.state))
    criterion = _criterion(tx, audit, command, library)
    statement = _statement(command, criterion.text)
    _check(tx, command, criterion, statement)
    audit.findings += 1
    audit.changed_at = now
    finding = Finding(
        audit_id=audit.id,
        row_id=command.row_id,
        serial=audit.findings,
        number=rules.finding_number(audit.number, audit.findings),
        grade=command.grade,
        statement=statement,
        criterion=criterion.text,
        clause=criterion.clause,
        edition_name=criterion.edition_name,
        strength=criterion.strength,
        evidence=command.evidence.strip(),
        raised_at=now,
        raised_by=actor.person_id,
        changed_at=now,
        version=1,
        origin=command.origin or (Origin.FREE if command.row_id is None else Origin.ROW),
        origin_id=command.origin_id,
        origin_text=command.origin_text.strip(),
        gap=command.gap.strip(),
        grade_reason=_kept_reason(command),
        principles=list(criterion.principles if command.principles is None else command.principles),
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
    strength = command.strength or finding.strength
    criterion = _Criterion(
        command.criterion,
        finding.clause,
        finding.edition_name,
        strength,
        nonconform=_nonconform(tx, audit, finding.row_id),
    )
    statement = _statement(command, command.criterion)
    _check(tx, command, criterion, statement)
    finding.grade = command.grade
    finding.statement = statement
    finding.criterion = command.criterion.strip()
    finding.evidence = command.evidence.strip()
    finding.strength, finding.gap, finding.grade_reason = strength, command.gap.strip(), _kept_reason(command)
    if command.principles is not None:
        finding.principles = list(command.principles)
    finding.version += 1
    finding.changed_at = audit.changed_at = now
    _finish(tx, REVISED, finding, command.files, now, actor)


def _statement(command: RaiseFinding | ReviseFinding, criterion: str) -> str:
    """What was written, or, where only the gap was told, a statement put together from the parts."""
    if command.statement.strip() or not command.gap.strip():
        return command.statement.strip()
    return rules.wording(requirement=criterion, evidence=command.evidence, gap=command.gap)


def _kept_reason(command: RaiseFinding | ReviseFinding) -> str:
    return "" if command.grade in rules.NONCONFORMITIES else command.grade_reason.strip()


def _check(tx: Session, command: RaiseFinding | ReviseFinding, criterion: _Criterion, statement: str) -> None:
    rules.check_finding(grade=command.grade, statement=statement, criterion=criterion.text, evidence=command.evidence)
    if command.grade in rules.NONCONFORMITIES:
        return
    rules.check_grade(
        grade=command.grade,
        grade_word=grades.titles(tx)[command.grade],
        strength=criterion.strength,
        answered_nonconform=criterion.nonconform,
        gap=command.gap,
        statement=statement,
        reason=command.grade_reason,
    )


def _nonconform(tx: Session, audit: Audit, row_id: int | None) -> bool:
    """Whether the present answer of the question says that its criterion is not met."""
    if row_id is None or audit.scale is None:
        return False
    given = tx.execute(select(AuditRow.answer).where(AuditRow.id == row_id)).scalar_one()
    chosen = Scale.model_validate(audit.scale).answer(given)
    return chosen is not None and chosen.finding == "nonconformity"


def _criterion(tx: Session, audit: Audit, command: RaiseFinding, library: Library) -> _Criterion:
    wanted = command.criterion.strip()
    if command.row_id is not None:
        row = tx.execute(
            select(
                AuditRow.clause, AuditRow.clause_label, AuditRow.edition_name, AuditRow.strength, AuditRow.principles
            ).where(AuditRow.id == command.row_id, AuditRow.audit_id == audit.id)
        ).one_or_none()
        if row is None:
            raise NotFound()
        text = wanted or f"{row.edition_name}, {row.clause_label}"
        strength = command.strength or row.strength
        nonconform = _nonconform(tx, audit, command.row_id)
        return _Criterion(text, row.clause, row.edition_name, strength, tuple(row.principles), nonconform)
    if command.clause:
        node = library.node(command.clause)
        edition = library.edition(node.edition)
        strength = command.strength or node.strength.value
        return _Criterion(wanted or f"{edition.name}, {node.label}", node.ref, edition.name, strength)
    return _Criterion(wanted, "", "", command.strength or "own")


def _finish(tx: Session, what: Event, finding: Finding, files: tuple[int, ...], now: datetime, actor: Actor) -> None:
    for file_id in files:
        evidence.link(tx, evidence.Link(file_id, (SUBJECT, finding.id)), now, actor)
    record(
        tx,
        what,
        now=now,
        actor=actor,
        subject=(SUBJECT, finding.id),
        facts={
            "number": finding.number,
            "grade": finding.grade,
            "clause": finding.clause,
            "origin": finding.origin,
            "graded_lower": bool(finding.grade_reason),
            "files": len(files),
        },
    )
