"""Reads of kept filters, and of complaints that were chosen in the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.register.models import RegisterFilter
from auditkit.complaints.register.rules import MOST_AT_ONCE


@dataclass(frozen=True)
class KeptFilter:
    """A filter of one person. `asked` is what stands in the address after the question mark."""

    id: int
    name: str
    asked: str


@dataclass(frozen=True)
class Chosen:
    """A complaint chosen in the list, in the version that was shown."""

    reference: str
    version: int
    subject: str
    stage: str
    owner_id: int | None


def kept_filters(tx: Session, person_id: int | None) -> list[KeptFilter]:
    """The filters the person keeps in this organisation, by name."""
    query = select(RegisterFilter.id, RegisterFilter.name, RegisterFilter.asked)
    query = query.where(RegisterFilter.person_id == person_id).order_by(RegisterFilter.name)
    return [KeptFilter(*row) for row in tx.execute(query)]


def chosen(tx: Session, references: Sequence[str]) -> list[Chosen]:
    """The complaints of these references, in their order; what is not there is left out."""
    query = select(
        Complaint.reference,
        Complaint.version,
        Complaint.subject,
        Complaint.stage,
        Complaint.owner_id,
    ).where(Complaint.reference.in_(references[:MOST_AT_ONCE]))
    return [Chosen(*row) for row in tx.execute(query.order_by(Complaint.id))]
