"""Schedules of a person, the dashboards they keep, and what is due."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.base.db import UNSCOPED, Session
from auditkit.base.errors import NotFound
from auditkit.insights.dashboards.models import SavedDashboard
from auditkit.insights.sending.models import DashboardReport, DashboardSchedule, ReportPicture
from auditkit.insights.sending.rules import Every, Kind


@dataclass(frozen=True)
class Schedule:
    """A dashboard that is sent. See models.DashboardSchedule."""

    id: int
    person_id: int
    name: str
    asked: str
    figures: tuple[str, ...]
    every: Every
    kind: Kind
    language: str
    recipients: tuple[int, ...]
    next_on: date
    sent_at: datetime | None
    problem: str


@dataclass(frozen=True)
class Report:
    """A report as it was sent."""

    file_name: str
    kind: Kind
    content: bytes
    digest: str
    page: str


def _view(row: DashboardSchedule) -> Schedule:
    return Schedule(
        row.id, row.person_id, row.name, row.asked, tuple(row.figures), Every(row.every), Kind(row.kind), row.language,
        tuple(row.recipients), row.next_on, row.sent_at, row.problem,
    )  # fmt: skip


def of_person(tx: Session, person_id: int | None) -> list[Schedule]:
    """What a person sends, the next first."""
    query = select(DashboardSchedule).where(DashboardSchedule.person_id == person_id)
    rows = tx.execute(query.order_by(DashboardSchedule.next_on, DashboardSchedule.id)).scalars()
    return [_view(row) for row in rows]


def count(tx: Session, person_id: int | None) -> int:
    """How many a person sends."""
    query = select(func.count(DashboardSchedule.id)).where(DashboardSchedule.person_id == person_id)
    return int(tx.execute(query).scalar_one())


def schedule(tx: Session, schedule_id: int) -> Schedule:
    """One of them. Raises NotFound."""
    row = tx.execute(select(DashboardSchedule).where(DashboardSchedule.id == schedule_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return _view(row)


def kept(tx: Session, person_id: int | None) -> list[tuple[int, str]]:
    """(id, name) of the dashboards a person keeps."""
    query = select(SavedDashboard.id, SavedDashboard.name).where(SavedDashboard.person_id == person_id)
    return [(row.id, row.name) for row in tx.execute(query.order_by(SavedDashboard.name))]


def report(tx: Session, report_id: int) -> Report:
    """A report by its id. Raises NotFound."""
    row = tx.execute(select(DashboardReport).where(DashboardReport.id == report_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return Report(row.file_name, Kind(row.kind), row.content, row.digest, row.page)


def pictures(tx: Session, report_id: int) -> list[tuple[int, bytes]]:
    """(serial, PNG) of the charts of a report, in their order."""
    query = select(ReportPicture.serial, ReportPicture.content).where(ReportPicture.report_id == report_id)
    return [(row.serial, row.content) for row in tx.execute(query.order_by(ReportPicture.serial))]


def houses_due(session: Session, today: date) -> list[int]:
    """Organisations with something to send: a plain read over all of them, for the worker."""
    query = select(DashboardSchedule.organisation_id).where(DashboardSchedule.next_on <= today).distinct()
    return list(session.execute(query.execution_options(**{UNSCOPED: True})).scalars())
