"""What was said to findings, and how disputes ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.audits.findings.models import FindingResolution, FindingResponse
from auditkit.audits.findings.rules import Outcome, ResponseKind
from auditkit.audits.models import Finding
from auditkit.base.db import Session
from auditkit.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class ResponseView:
    """What was said to a finding, and, for a dispute that ended, how."""

    id: int
    finding_id: int
    kind: ResponseKind
    text: str
    said_by: str
    in_meeting: bool
    responded_at: datetime
    recorded_by: int | None
    outcome: Outcome | None
    resolution: str
    resolved_at: datetime | None
    resolved_by: int | None

    @property
    def open_dispute(self) -> bool:
        """A dispute that has not ended."""
        return self.kind is ResponseKind.DISPUTED and self.outcome is None


def responses(tx: Session, finding_ids: Sequence[int]) -> dict[int, list[ResponseView]]:
    """What was said to each of these findings, in the order said."""
    query = (
        select(
            FindingResponse.id,
            FindingResponse.finding_id,
            FindingResponse.kind,
            FindingResponse.text,
            FindingResponse.said_by,
            FindingResponse.in_meeting,
            FindingResponse.responded_at,
            FindingResponse.recorded_by,
            FindingResolution.outcome,
            FindingResolution.text.label("resolution"),
            FindingResolution.resolved_at,
            FindingResolution.resolved_by,
        )
        .outerjoin(FindingResolution, FindingResolution.response_id == FindingResponse.id)
        .where(FindingResponse.finding_id.in_(finding_ids))
        .order_by(FindingResponse.id)
    )
    found: dict[int, list[ResponseView]] = {}
    for row in tx.execute(query):
        view = ResponseView(
            **{
                **row._mapping,
                "kind": ResponseKind(row.kind),
                "outcome": Outcome(row.outcome) if row.outcome else None,
                "resolution": row.resolution or "",
            }
        )
        found.setdefault(row.finding_id, []).append(view)
    return found


def response(tx: Session, response_id: int) -> tuple[str, ResponseView]:
    """One answer with the number of its finding. Raises NotFound."""
    found = tx.execute(
        select(Finding.number, Finding.id)
        .join(FindingResponse, FindingResponse.finding_id == Finding.id)
        .where(FindingResponse.id == response_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found.number, next(one for one in responses(tx, [found.id])[found.id] if one.id == response_id)
