"""Machine tests as they were kept with an audit, and the complaints a test found an exception in."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.audits.machinetest.models import AuditMachineRun
from auditkit.audits.models import Audit
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.checking.machine import Check, Result
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File


@dataclass(frozen=True)
class RunView:
    """One kept run; `results` in the order of the tests, `record` holds population and exceptions."""

    id: int
    serial: int
    received_from: date
    received_to: date
    filters: tuple[tuple[str, str], ...]
    population_size: int
    population_digest: str
    results: tuple[Result, ...]
    record: File
    run_at: datetime
    run_by: int | None

    def result(self, check: Check) -> Result:
        """What one test found. Raises NotFound where the run did not have it."""
        for one in self.results:
            if one.test is check:
                return one
        raise NotFound()


def runs(tx: Session, audit_id: int) -> list[RunView]:
    """The kept runs of an audit, newest first."""
    query = select(AuditMachineRun).where(AuditMachineRun.audit_id == audit_id).order_by(AuditMachineRun.serial.desc())
    return [_view(tx, row) for row in tx.execute(query).scalars()]


def run(tx: Session, audit_id: int, serial: int) -> RunView:
    """One kept run. Raises NotFound."""
    query = select(AuditMachineRun).where(AuditMachineRun.audit_id == audit_id, AuditMachineRun.serial == serial)
    row = tx.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(tx, row)


def exceptions(tx: Session, found: RunView, check: Check) -> list[str]:
    """References of the exceptions of one test as they were kept, sorted; none where the record was erased."""
    if evidence.erasure(tx, found.record.id) is not None:
        return []
    record: dict[str, Any] = json.loads(b"".join(evidence.open_stream(tx, found.record.digest)))["record"]
    return list(record["exceptions"].get(check.value, []))


def place(tx: Session, run_id: int) -> tuple[str, int]:
    """(number of the audit, serial) of a run. Raises NotFound."""
    query = select(Audit.number, AuditMachineRun.serial).join(Audit, Audit.id == AuditMachineRun.audit_id)
    found = tx.execute(query.where(AuditMachineRun.id == run_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.serial


def _view(tx: Session, row: AuditMachineRun) -> RunView:
    return RunView(
        row.id,
        row.serial,
        row.received_from,
        row.received_to,
        tuple(sorted(row.filters.items())),
        row.population_size,
        row.population_digest,
        tuple(Result(check, **row.results[check.value]) for check in Check if check.value in row.results),
        evidence.file(tx, row.record_file_id),
        row.run_at,
        row.run_by,
    )
