"""Requests of people about their data, and the cases that may be theirs."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints import queries as core
from auditkit.complaints.correspondence.models import IncomingMail
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.models import PrivacyRequest, PrivacyRequestCase

MOST_FOUND = 50


@dataclass(frozen=True)
class RequestView:
    id: int
    kind: str
    state: str
    received_on: date
    due_on: date
    opened_at: datetime
    opened_by: int | None
    settled_at: datetime | None
    settled_by: int | None
    answer: str


@dataclass(frozen=True)
class CaseOfRequest:
    complaint_id: int
    reference: str
    stage: str
    received_at: datetime
    verdict: str
    reason: str


@dataclass(frozen=True)
class Match:
    """A case that may be the person's, with who complained: whoever is shown it has read it."""

    complaint_id: int
    reference: str
    received_at: datetime
    name: str
    email: str
    phone: str


def all_requests(tx: Session) -> list[RequestView]:
    """Every request, the open ones first, then the newest."""
    query = select(PrivacyRequest).order_by(PrivacyRequest.settled_at.is_not(None), PrivacyRequest.id.desc())
    return [_view(one) for one in tx.execute(query).scalars()]


def request(tx: Session, request_id: int) -> RequestView:
    """One request. Raises NotFound."""
    row = tx.execute(select(PrivacyRequest).where(PrivacyRequest.id == request_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: PrivacyRequest) -> RequestView:
    return RequestView(**{name: getattr(row, name) for name in RequestView.__dataclass_fields__})


def cases_of(tx: Session, request_id: int) -> list[CaseOfRequest]:
    """The cases of a request with their verdicts, oldest first."""
    query = (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.stage,
            Complaint.received_at,
            PrivacyRequestCase.verdict,
            PrivacyRequestCase.reason,
        )
        .join(Complaint, Complaint.id == PrivacyRequestCase.complaint_id)
        .where(PrivacyRequestCase.request_id == request_id)
        .order_by(Complaint.id)
    )
    return [CaseOfRequest(*row) for row in tx.execute(query)]


def matches(tx: Session, typed: str) -> list[Match]:
    """Cases in which a name, address or number stands: by the search index, and by whoever wrote or represented."""
    wanted = core.Wanted(stage="", typed=typed, find_by_identity=True, sort=core.Sort.NEWEST)
    references = [row.reference for row in core.register_page(tx, wanted, "").rows]
    plain = typed.replace("\\", "").replace("%", "").replace("_", "")
    part = f"%{plain}%"
    by_intake = select(ComplaintIntake.complaint_id).where(
        or_(ComplaintIntake.representative.ilike(part), ComplaintIntake.contact_person.ilike(part))
    )
    by_mail = select(IncomingMail.complaint_id).where(
        or_(IncomingMail.sender.ilike(part), IncomingMail.sender_name.ilike(part))
    )
    query = (
        select(
            Complaint.id,
            Complaint.reference,
            Complaint.received_at,
            Complaint.complainant_name,
            Complaint.complainant_email,
            Complaint.complainant_phone,
        )
        .where(or_(Complaint.reference.in_(references), Complaint.id.in_(by_intake), Complaint.id.in_(by_mail)))
        .order_by(Complaint.id.desc())
        .limit(MOST_FOUND)
    )
    return [Match(*row) for row in tx.execute(query)]
