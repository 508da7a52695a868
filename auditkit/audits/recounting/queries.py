"""Recounts of reported figures, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from auditkit.audits.models import Audit
from auditkit.audits.recounting.models import AuditRecount
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.evidence import queries as evidence
from auditkit.evidence.queries import File


@dataclass(frozen=True)
class RecountView:
    """A reported figure beside the counted one; `excluded`: why (message id) -> how many."""

    id: int
    serial: int
    indicator: Indicator
    covers_from: date
    covers_to: date
    reported: Decimal
    source: str
    numerator: int
    denominator: int
    excluded: dict[str, int]
    found: Decimal | None
    agrees: bool | None
    digest: str
    record: File
    counted_at: datetime
    counted_by: int | None

    @property
    def difference(self) -> Decimal | None:
        """Reported less counted."""
        return None if self.found is None else self.reported - self.found


def recounts(tx: Session, audit_id: int) -> list[RecountView]:
    """The recounts of an audit, newest first."""
    query = select(AuditRecount).where(AuditRecount.audit_id == audit_id).order_by(AuditRecount.serial.desc())
    return [
        RecountView(
            row.id,
            row.serial,
            Indicator(row.indicator),
            row.covers_from,
            row.covers_to,
            Decimal(row.reported),
            row.source,
            row.numerator,
            row.denominator,
            dict(row.excluded),
            Decimal(row.found) if row.found else None,
            row.agrees,
            row.digest,
            evidence.file(tx, row.record_file_id),
            row.counted_at,
            row.counted_by,
        )
        for row in tx.execute(query).scalars().all()
    ]


def place(tx: Session, recount_id: int) -> tuple[str, int]:
    """(number of the audit, serial) of a recount. Raises NotFound."""
    query = select(Audit.number, AuditRecount.serial).join(Audit, Audit.id == AuditRecount.audit_id)
    found = tx.execute(query.where(AuditRecount.id == recount_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, found.serial
