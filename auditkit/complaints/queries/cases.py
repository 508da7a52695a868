"""Single complaints, for their pages."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, case, select, text

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints import rules
from auditkit.complaints.models import OPEN, Complaint
from auditkit.complaints.queries.standings import STANDING_COLUMNS, standing_of


@dataclass(frozen=True)
class Case:
    """A complaint for its page. Who complained is read through `service.read_identity` only; `has_identity` says
    whether anything is known. `next_act` is the one obvious next act (`rules.next_act`). `there`: what hangs on it,
    from `History.there`; None where nobody asked."""

    id: int
    reference: str
    version: int
    kind: str
    stage: str
    channel: str
    category: str
    severity: str
    received_at: datetime
    received_is_day: bool
    happened_on: date | None
    recorded_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    outcome: str
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    closed_is_day: bool
    closed_date_unknown: bool
    closes_before_received: bool
    closing_ground: str
    closing_note: str
    owner_id: int | None
    deputy_id: int | None
    review_on: date | None
    priority: str
    level: int
    reopened: int
    subject: str
    description: str
    product: str
    site: str
    wanted_remedy: str
    decision: str
    remedy: str
    external_reference: str
    source_status: str
    import_run_id: int | None
    has_identity: bool
    standing: rules.Standing
    next_act: str | None
    there: frozenset[str] | None = None

    def has(self, name: str) -> bool:
        """Whether what `presence.asked_first` declared as `name` may hang on it; True where nobody asked."""
        return self.there is None or name in self.there


_REACHED = ("has_identity", "standing", "next_act", "there")
CASE_COLUMNS = [name for name in Case.__dataclass_fields__ if name not in _REACHED]
_STANDING_MORE = [column for column in STANDING_COLUMNS if column.key not in CASE_COLUMNS]
_HAS_IDENTITY = case((and_(*(getattr(Complaint, name) == "" for name in rules.IDENTITY)), False), else_=True).label(
    "has_identity"
)


_BY_REFERENCE = select(*(getattr(Complaint, name) for name in CASE_COLUMNS), *_STANDING_MORE, _HAS_IDENTITY).where(
    Complaint.reference == bindparam("wanted")
)


def by_reference(tx: Session, reference: str) -> Case:
    """The complaint with this reference. Raises NotFound, also for another organisation's."""
    row = tx.execute(_BY_REFERENCE, {"wanted": reference}).one_or_none()
    if row is None:
        raise NotFound
    standing = standing_of(row)
    own = {name: getattr(row, name) for name in CASE_COLUMNS}
    return Case(**own, has_identity=bool(row.has_identity), standing=standing, next_act=rules.next_act(standing))


def oldest_open(tx: Session, limit: int = 5) -> list[Case]:
    """The open complaints that wait longest, oldest first."""
    query = select(Complaint.reference).where(text(OPEN)).order_by(Complaint.received_at, Complaint.id).limit(limit)
    return [by_reference(tx, reference) for reference in tx.execute(query).scalars().all()]
