"""Figures over the register, and what samples are drawn of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select, text

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar.spans import Span
from auditkit.base.db import SCOPE, NoScope, Session
from auditkit.complaints import rules
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import Stage

_EARLIEST, _LATEST = date(1000, 1, 1), date(9990, 1, 1)


@dataclass(frozen=True)
class PeriodCounts:
    """How many complaints were received in a period, and how many of them got how far. `imported` came from files."""

    received: int
    acknowledged: int
    decided: int
    closed: int
    refused: int
    imported: int


def population(
    tx: Session,
    received_from: date | None = None,
    received_to: date | None = None,
    *,
    stage: str = "",
    severity: str = "",
) -> list[tuple[int, str]]:
    """(id, reference) of complaints received in the days given (both included), by id: what a sample is drawn of.

    Empty `stage` and `severity`: of any.
    """
    query = _received(tx, select(Complaint.id, Complaint.reference), received_from, received_to).order_by(Complaint.id)
    if stage:
        query = query.where(Complaint.stage == stage)
    if severity:
        query = query.where(Complaint.severity == severity)
    return [(row.id, row.reference) for row in tx.execute(query)]


def period_counts(
    tx: Session, received_from: date | None = None, received_to: date | None = None, *, decision_due: bool = False
) -> PeriodCounts:
    """Figures over the feedback received in the days given (both included); with `decision_due` without suggestions,
    requests and compliments."""

    def counted(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        func.count(),
        counted(Complaint.acknowledged_at.is_not(None)),
        counted(Complaint.outcome != ""),
        counted(Complaint.stage == Stage.CLOSED.value),
        counted(Complaint.answer == rules.Answer.REFUSED.value),
        counted(Complaint.import_run_id.is_not(None)),
    ).select_from(Complaint)
    if decision_due:
        query = query.where(Complaint.kind.not_in([word.value for word in rules.NO_DECISION_DUE]))
    return PeriodCounts(*(int(number) for number in tx.execute(_received(tx, query, received_from, received_to)).one()))


def stage_counts(tx: Session) -> dict[str, int]:
    """Stage -> number of complaints, exact, for every stage."""
    organisation_id = tx.info.get(SCOPE)
    if organisation_id is None:
        raise NoScope("counting complaints needs transaction(actor) or reading(actor)")
    rows = tx.execute(
        text("SELECT stage, count(*) AS number FROM complaint WHERE organisation_id = :organisation_id GROUP BY stage"),
        {"organisation_id": organisation_id},
    )
    found = {str(row.stage): int(row.number) for row in rows}
    return {stage.value: found.get(stage.value, 0) for stage in Stage}


def newest_change(tx: Session, received_from: date | None = None, received_to: date | None = None) -> datetime | None:
    """When one of the complaints received in the days given (both included) was last changed; None for none."""
    query = _received(tx, select(func.max(Complaint.changed_at)).select_from(Complaint), received_from, received_to)
    newest: datetime | None = tx.execute(query).scalar_one()
    return newest


def _received(tx: Session, query: Any, received_from: date | None, received_to: date | None) -> Any:
    if received_from is None and received_to is None:
        return query
    days = Span(received_from or _EARLIEST, received_to or _LATEST, zone_of_house(tx))
    return query.where(days.covers(Complaint.received_at))


def of_kind(tx: Session, kind: str, received_from: date, received_to: date) -> list[tuple[str, str, datetime]]:
    """(reference, category, when received) of messages of one kind, such as suggestions, oldest first."""
    query = select(Complaint.reference, Complaint.category, Complaint.received_at).where(Complaint.kind == kind)
    rows = tx.execute(_received(tx, query, received_from, received_to).order_by(Complaint.received_at, Complaint.id))
    return [(row.reference, row.category, row.received_at) for row in rows]
