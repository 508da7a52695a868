"""Reporting an audit, when every question is settled, and closing it, when its nonconformities are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.actions import queries as actions
from auditkit.audits import rules
from auditkit.audits.models import Audit, Finding
from auditkit.audits.rules import ENDED, REPORTED, AuditKind, FindingState, Grade, State, Tally
from auditkit.audits.service.taking import note, taken, touch
from auditkit.audits.signing.models import AuditSignature
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb


@dataclass(frozen=True)
class ReportAudit:
    number: str
    conclusion: str


@dataclass(frozen=True)
class CloseAudit:
    number: str


@verb("audits.run", leaves=REPORTED)
def report(tx: Session, command: ReportAudit, now: datetime, actor: Actor) -> None:
    """Finish the audit with its conclusion. Raises NotFound, NotRunning, RowsUnanswered, ConclusionMissing."""
    audit = taken(tx, command.number)
    tally = Tally(audit.rows_total, audit.rows_answered, audit.rows_excluded, audit.rows_not_covered)
    rules.check_report(State(audit.state), tally, command.conclusion)
    audit.conclusion = command.conclusion.strip()
    audit.state, audit.reported_at, audit.reported_by = State.REPORTED, now, actor.person_id
    touch(audit, now)
    note(
        tx,
        REPORTED,
        audit,
        now,
        actor,
        rows=tally.total,
        answered=tally.answered,
        excluded=tally.excluded,
        not_covered=tally.not_covered,
        findings=audit.findings,
    )


@verb("audits.plan", leaves=ENDED)
def close(tx: Session, command: CloseAudit, now: datetime, actor: Actor) -> None:
    """Close a reported audit. Raises NotFound, NotReported, ReportUnsigned, FindingsStillOpen."""
    audit = taken(tx, command.number)
    signed = tx.execute(select(AuditSignature.id).where(AuditSignature.audit_id == audit.id).limit(1)).first()
    state, kind = State(audit.state), AuditKind(audit.kind)
    rules.check_close(state, _nonconformities(tx, audit), kind=kind, signed=signed is not None)
    audit.state, audit.closed_at, audit.closed_by = State.CLOSED, now, actor.person_id
    touch(audit, now)
    note(tx, ENDED, audit, now, actor)


def _nonconformities(tx: Session, audit: Audit) -> list[FindingState]:
    raised = tx.execute(
        select(Finding.id, Finding.grade).where(
            Finding.audit_id == audit.id, Finding.grade.in_(sorted(rules.NONCONFORMITIES))
        )
    ).all()
    answered_by = actions.for_origins(tx, "finding", [one.id for one in raised])
    return [
        rules.finding_state(Grade(one.grade), [action.state for action in answered_by.get(one.id, [])])
        for one in raised
    ]
