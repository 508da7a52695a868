"""Schedules follow what a person changes of the dashboard they send. Checked by tests/slices/insights_sending/."""

from sqlalchemy import select, update

from auditkit.base.db import Session
from auditkit.insights.dashboards.models import SavedDashboard
from auditkit.insights.sending.models import DashboardFollowed, DashboardSchedule


def follow(tx: Session, dashboard: SavedDashboard) -> None:
    """Every schedule of this dashboard sends what the dashboard shows from now on."""
    sent = select(DashboardFollowed.schedule_id).where(DashboardFollowed.dashboard_id == dashboard.id)
    tx.execute(
        update(DashboardSchedule)
        .where(DashboardSchedule.id.in_(sent))
        .values(name=dashboard.name, asked=dashboard.asked, figures=list(dashboard.figures))
    )
