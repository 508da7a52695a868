"""Reads of kept filters, and of complaints that were chosen in the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import or_, select

from auditkit.accounts.queries import named_with
from auditkit.base.db import SCOPE, NoScope, Session
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries.register import words_statement
from auditkit.complaints.queries.register.statements import organisation_of
from auditkit.complaints.register.leaving import block_of, holds
from auditkit.complaints.register.models import RegisterExport, RegisterExportBlock
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


@dataclass(frozen=True)
class Around:
    """What stands around the list: words to filter by, people who handle complaints, the person's own filters."""

    channels: tuple[str, ...]
    categories: tuple[str, ...]
    handlers: tuple[tuple[str, str], ...]
    kept: list[KeptFilter]


_KEPT = "SELECT id, name, asked FROM register_filter"
_AROUND = """
SELECT 0 AS number, kind, word, '' AS more FROM ({words}) AS used
UNION ALL SELECT found.id, 'handler', found.name, '' FROM ({handlers}) AS found
UNION ALL SELECT id, 'filter', name, asked FROM register_filter
WHERE organisation_id = {organisation_id} AND person_id = {person_id}
"""


def around(tx: Session, person_id: int | None) -> Around:
    """All of it in one question, because the register asks it with every page."""
    organisation_id = organisation_of(tx)
    statement = _around_statement(organisation_id).replace("{person_id}", str(int(person_id or 0)))
    found: dict[str, list[tuple[str, int, str]]] = {"channel": [], "category": [], "handler": [], "filter": []}
    for number, kind, word, more in tx.connection().exec_driver_sql(statement):
        found[kind].append((word, number, more))
    return Around(
        tuple(sorted([word for word, _number, _more in found["channel"]])),
        tuple(sorted([word for word, _number, _more in found["category"]])),
        tuple([(str(number), name) for name, number, _more in sorted(found["handler"], key=_folded)]),
        [KeptFilter(number, name, asked) for name, number, asked in sorted(found["filter"])],
    )


@lru_cache(maxsize=256)
def _around_statement(organisation_id: int) -> str:
    return _AROUND.format(
        words=words_statement(organisation_id),
        handlers=named_with(organisation_id, "complaints.handle"),
        organisation_id=organisation_id,
        person_id="{person_id}",
    )


def _folded(found: tuple[str, int, str]) -> str:
    return found[0].lower()


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


@dataclass(frozen=True)
class Leaving:
    """A file with names that a case was in. Not `certain`: it is from before it was kept which cases were."""

    at: datetime
    person_id: int | None
    role: str
    certain: bool
    reason: str = ""


def left_with_names(tx: Session, complaint_id: int, since: datetime, until: datetime | None) -> list[Leaving]:
    """The exports with names that this case was in, and those of its time that may have held it."""
    blocks = select(RegisterExportBlock.export_id, RegisterExportBlock.bits).where(
        RegisterExportBlock.block == block_of(complaint_id)
    )
    certain = {export_id for export_id, bits in tx.execute(blocks) if holds(bits, complaint_id)}
    query = select(RegisterExport).where(RegisterExport.made_at >= since).order_by(RegisterExport.id)
    if until is not None:
        query = query.where(RegisterExport.made_at < until)
    query = query.where(or_(RegisterExport.row_count.is_(None), RegisterExport.id.in_(certain)))
    return [
        Leaving(one.made_at, one.person_id, one.role, one.row_count is not None, one.reason)
        for one in tx.execute(query).scalars()
    ]
