"""Files of reports, and who got them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from auditkit.audits.issuing.models import AuditDistribution, AuditReportFile
from auditkit.audits.issuing.rules import Kind, Way
from auditkit.audits.models import Audit
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File

SUBJECT = "audit-distribution"


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody got a file. `mail` is the state of the parcel in the outbox; empty where it was handed over."""

    recipient: str
    address: str
    way: Way
    at: datetime
    by: int | None
    mail: str


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as a file. `version` 0 is a draft, then one more than the amendments it holds."""

    id: int
    audit_id: int
    number: str
    version: int
    kind: Kind
    language: str
    file: File
    made_at: datetime
    made_by: int | None
    given: tuple[Given, ...]


def files(tx: Session, audit_id: int) -> list[ReportFile]:
    """The files of an audit's report, newest first."""
    return _files(tx, AuditReportFile.audit_id == audit_id)


def file(tx: Session, number: str, file_id: int) -> ReportFile:
    """One file of this audit's report. Raises NotFound."""
    found = _files(tx, and_(AuditReportFile.id == file_id, Audit.number == number))
    if not found:
        raise NotFound()
    return found[0]


def _files(tx: Session, condition: ColumnElement[bool]) -> list[ReportFile]:
    query = (
        select(
            AuditReportFile.id,
            AuditReportFile.audit_id,
            Audit.number,
            AuditReportFile.version,
            AuditReportFile.kind,
            AuditReportFile.language,
            AuditReportFile.evidence_file_id,
            AuditReportFile.made_at,
            AuditReportFile.made_by,
        )
        .join(Audit, Audit.id == AuditReportFile.audit_id)
        .where(condition)
        .order_by(AuditReportFile.id.desc())
    )
    rows = tx.execute(query).all()
    given = _given(tx, [row.id for row in rows])
    return [_file(tx, row, given.get(row.id, [])) for row in rows]


def _file(tx: Session, row: Any, given: list[Given]) -> ReportFile:
    return ReportFile(
        row.id,
        row.audit_id,
        row.number,
        row.version,
        Kind(row.kind),
        row.language,
        evidence.file(tx, row.evidence_file_id),
        row.made_at,
        row.made_by,
        tuple(given),
    )


def _given(tx: Session, file_ids: list[int]) -> dict[int, list[Given]]:
    query = (
        select(AuditDistribution, OutboxMail.state)
        .outerjoin(OutboxMail, and_(OutboxMail.about_kind == SUBJECT, OutboxMail.about_id == AuditDistribution.id))
        .where(AuditDistribution.report_file_id.in_(file_ids))
        .order_by(AuditDistribution.id)
    )
    found: dict[int, list[Given]] = {}
    for row, state in tx.execute(query):
        one = Given(row.recipient, row.address, Way(row.way), row.distributed_at, row.distributed_by, state or "")
        found.setdefault(row.report_file_id, []).append(one)
    return found
