"""What a complainant may see of the own complaint: how it stands, what was decided; nothing internal."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.ids import digest
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.models import Complaint

NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Tracked:
    """A complaint as its complainant sees it. `decision` and `remedy` are empty before the decision."""

    reference: str
    subject: str
    description: str
    stage: str
    received_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    outcome: str
    decision: str
    remedy: str
    answer: str


def tracked(tx: Session, reference: str, secret: str) -> Tracked:
    """The complaint that `reference` and `secret` open together.

    Raises NotFound, the same for a reference that does not exist and for a wrong secret; the digests are compared in
    both cases, so that the time tells nothing either.
    """
    columns = [getattr(Complaint, name) for name in Tracked.__dataclass_fields__]
    row = tx.execute(
        select(*columns, ComplaintTracking.secret_digest)
        .join(ComplaintTracking, ComplaintTracking.complaint_id == Complaint.id)
        .where(Complaint.reference == reference)
    ).one_or_none()
    kept = row.secret_digest if row is not None else NO_DIGEST
    if not hmac.compare_digest(kept, digest(secret.encode())) or row is None:
        raise NotFound
    return Tracked(**{name: getattr(row, name) for name in Tracked.__dataclass_fields__})
