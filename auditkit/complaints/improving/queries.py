"""Which complaints stand behind an action, and which actions answer a complaint."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from auditkit.accounts.queries import zone_of_house
from auditkit.actions import queries as actions
from auditkit.actions.queries import ActionLine
from auditkit.base.calendar.spans import Span
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.improving.models import ComplaintGathered, ComplaintGathering
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import asked_first, rows_about, rows_of

COMPLAINT, GATHERING = "complaint", "complaints"
_OF_CATEGORY = rows_of(
    "complaint_gathering",
    "organisation_id = {organisation} AND category <> '' "
    "AND category = (SELECT category FROM complaint WHERE id = {complaint})",
)
ANSWERED = asked_first(
    "actions",
    f"({rows_about('action', 'origin_kind', 'origin_id')} OR {rows_of('complaint_gathered')} OR {_OF_CATEGORY})",
)


@dataclass(frozen=True)
class Gathering:
    """See models.ComplaintGathering. `number`: how many complaints it is now."""

    id: int
    category: str
    title: str
    number: int


@dataclass(frozen=True)
class Behind:
    """A complaint behind an action."""

    id: int
    reference: str
    kind: str
    category: str


def gathering(tx: Session, gathering_id: int) -> Gathering:
    """One gathering. Raises NotFound."""
    row = tx.execute(select(ComplaintGathering).where(ComplaintGathering.id == gathering_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    counted = select(func.count()).select_from(Complaint).where(_of(row))
    return Gathering(row.id, row.category, row.title, int(tx.execute(counted).scalar_one()))


def complaints_of(tx: Session, gathering_id: int, limit: int = 200) -> list[Behind]:
    """The complaints of a gathering, newest first."""
    row = tx.execute(select(ComplaintGathering).where(ComplaintGathering.id == gathering_id)).scalar_one()
    query = select(Complaint.id, Complaint.reference, Complaint.kind, Complaint.category).where(_of(row))
    return [Behind(*one) for one in tx.execute(query.order_by(Complaint.id.desc()).limit(limit))]


def _of(row: ComplaintGathering) -> ColumnElement[bool]:
    if row.category:
        return Complaint.category == row.category
    items = select(ComplaintGathered.complaint_id).where(ComplaintGathered.gathering_id == row.id)
    return Complaint.id.in_(items)


def behind(tx: Session, complaint_id: int) -> Behind:
    """One complaint as an origin: without its texts, which may name people. Raises NotFound."""
    query = select(Complaint.id, Complaint.reference, Complaint.kind, Complaint.category)
    row = tx.execute(query.where(Complaint.id == complaint_id)).one_or_none()
    if row is None:
        raise NotFound
    return Behind(*row)


def ids_of(tx: Session, references: list[str]) -> dict[str, int]:
    """Reference -> key of those that are in the register."""
    query = select(Complaint.reference, Complaint.id).where(Complaint.reference.in_(references))
    return {row.reference: row.id for row in tx.execute(query)}


def actions_for(tx: Session, complaint_id: int, category: str) -> list[ActionLine]:
    """The actions that answer a complaint: its own, then those of a selection or of its category."""
    own = actions.for_origins(tx, COMPLAINT, [complaint_id]).get(complaint_id, [])
    items = select(ComplaintGathered.gathering_id).where(ComplaintGathered.complaint_id == complaint_id)
    query = select(ComplaintGathering.id).where(
        or_(
            ComplaintGathering.id.in_(items),
            (ComplaintGathering.category == category) & (ComplaintGathering.category != ""),
        )
    )
    gatherings = list(tx.execute(query).scalars())
    shared = actions.for_origins(tx, GATHERING, gatherings) if gatherings else {}
    return own + [line for one in sorted(shared) for line in shared[one]]


def complaints_between(tx: Session, category: str, first: date, last: date) -> float:
    """How many complaints of a category (empty: of any) were received from `first` to `last`, both included."""
    days = Span(first, last, zone_of_house(tx))
    query = select(func.count()).select_from(Complaint).where(days.covers(Complaint.received_at))
    if category:
        query = query.where(Complaint.category == category)
    return float(tx.execute(query).scalar_one())
