"""Recording what a certification body did and found; the findings are findings like any other, with actions."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.audits import service as audits
from auditkit.audits.models import Audit, Finding
from auditkit.audits.outside import queries, rules
from auditkit.audits.outside.models import OutsideAudit, OutsideFinding
from auditkit.audits.outside.rules import Accredited
from auditkit.audits.rules import AuditKind, Grade, State, TeamStands
from auditkit.audits.service.taking import taken
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.content.library import Library
from auditkit.journal.service import record


@dataclass(frozen=True)
class RecordBody:
    """Who did the audit. `reference` is their number of it, `auditors` their people as they stand in the report."""

    number: str
    body: str
    reference: str = ""
    auditors: str = ""
    accredited: Accredited = Accredited.UNKNOWN
    accreditation: str = ""


@dataclass(frozen=True)
class RecordFinding:
    """A finding as given: `their_number`, and until when the body wants a response."""

    number: str
    their_number: str
    grade: Grade
    statement: str
    criterion: str
    evidence: str
    clause: str = ""
    response_due: date | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True)
class NoteResponse:
    """The response to `their_number` went out on a day; None takes the note back."""

    number: str
    finding: str
    responded_on: date | None


@verb("audits.plan", leaves=rules.BODY_RECORDED)
def record_body(tx: Session, command: RecordBody, now: datetime, actor: Actor) -> None:
    """Record who did the audit. Raises NotFound, NotFromOutside, TeamStands once it is reported, BodyMissing."""
    audit = _outside(tx, command.number)
    if audit.state not in (State.PLANNED, State.RUNNING):
        raise TeamStands()
    if not command.body.strip():
        raise rules.BodyMissing()
    one = tx.execute(select(OutsideAudit).where(OutsideAudit.audit_id == audit.id)).scalar_one_or_none()
    if one is None:
        one = OutsideAudit(audit_id=audit.id)
        tx.add(one)
    for name in ("body", "reference", "auditors", "accreditation"):
        setattr(one, name, getattr(command, name).strip())
    one.accredited = command.accredited
    tx.flush()
    facts = {"number": audit.number, "reference": one.reference, "accredited": str(one.accredited)}
    record(tx, rules.BODY_RECORDED, now=now, actor=actor, subject=("audit", audit.id), facts=facts)


def _outside(tx: Session, number: str) -> Audit:
    audit = taken(tx, number)
    if audit.kind != AuditKind.OUTSIDE:
        raise rules.NotFromOutside()
    return audit


@verb("audits.run", leaves=rules.RECORDED)
def record_finding(tx: Session, command: RecordFinding, now: datetime, actor: Actor, *, library: Library) -> str:
    """Record a finding as the body gave it; the first one begins the audit. Returns our number.

    Raises NotFound, NotFromOutside, TheirNumberMissing, TheirNumberTaken, and as `raise_finding`.
    """
    audit = _outside(tx, command.number)
    theirs = command.their_number.strip()
    if not theirs:
        raise rules.TheirNumberMissing()
    if theirs in {one.number for one in queries.findings(tx, audit.id)}:
        raise rules.TheirNumberTaken(number=theirs)
    if audit.state == State.PLANNED:
        audits.start(tx, audits.StartAudit(audit.number), now, actor, library=library)
    number: str = audits.raise_finding(tx, _finding(command), now, actor, library=library)
    finding_id = tx.execute(select(Finding.id).where(Finding.number == number)).scalar_one()
    tx.add(OutsideFinding(finding_id=finding_id, number=theirs, response_due=command.response_due))
    tx.flush()
    due = command.response_due.isoformat() if command.response_due else None
    facts = {"audit": audit.number, "their_number": theirs, "response_due": due}
    record(tx, rules.RECORDED, now=now, actor=actor, subject=("finding", finding_id), facts=facts)
    return number


def _finding(command: RecordFinding) -> audits.RaiseFinding:
    return audits.RaiseFinding(
        number=command.number,
        grade=command.grade,
        statement=command.statement,
        evidence=command.evidence,
        criterion=command.criterion,
        clause=command.clause,
        files=command.files,
    )


@verb("audits.run", leaves=rules.RESPONDED)
def note_response(tx: Session, command: NoteResponse, now: datetime, actor: Actor) -> None:
    """Note when the response went to the body. Raises NotFound."""
    audit = _outside(tx, command.number)
    query = (
        select(OutsideFinding)
        .join(Finding, Finding.id == OutsideFinding.finding_id)
        .where(Finding.number == command.finding, Finding.audit_id == audit.id)
    )
    one = tx.execute(query).scalar_one_or_none()
    if one is None:
        raise NotFound()
    one.responded_on = command.responded_on
    day = command.responded_on.isoformat() if command.responded_on else None
    facts = {"their_number": one.number, "responded_on": day}
    record(tx, rules.RESPONDED, now=now, actor=actor, subject=("finding", one.finding_id), facts=facts)
