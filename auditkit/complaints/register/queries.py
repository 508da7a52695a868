"""Reads of kept filters, and of complaints that were chosen in the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import SCOPE, NoScope, Session
from auditkit.complaints.models import Complaint
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


_KEPT = "SELECT id, name, asked FROM register_filter"


def kept_filters(tx: Session, person_id: int | None) -> list[KeptFilter]:
    """The filters the person keeps in this organisation, by name."""
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("kept filters need transaction(actor) or reading(actor)")
    if person_id is None:
        return []
    # Straight to the driver, because the register asks for it with every page
    statement = f"{_KEPT} WHERE organisation_id = {int(organisation_id)} AND person_id = {int(person_id)} ORDER BY name"
    return [KeptFilter(*row) for row in tx.connection().exec_driver_sql(statement)]


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
