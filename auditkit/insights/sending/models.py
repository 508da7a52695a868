"""Schedules of dashboards, and the reports that were sent. Checked by tests/slices/insights_sending/.

A schedule keeps the selection and figures of its dashboard and follows its changes (`following.py`), so that it goes on
as the dashboard was when that goes.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.insights.sending.rules import Every, Kind


class DashboardSchedule(OfOrganisation, Model):
    """What is sent to whom and when. `asked` is `Selection.address`; `recipients` are people by id.

    `problem` is a message id: why the last one could not be sent, or not as wanted; empty where it was.
    """

    __tablename__ = "dashboard_schedule"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    asked: Mapped[str] = mapped_column(String(2000))
    figures: Mapped[list[str]] = mapped_column(JsonDict)
    every: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(5))
    language: Mapped[str] = mapped_column(String(20))
    recipients: Mapped[list[int]] = mapped_column(JsonDict)
    next_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("name <> '' AND language <> ''", name="schedule_is_named"),
        CheckConstraint(f"every IN ({one_of(Every)})", name="every_known"),
        CheckConstraint(f"kind IN ({one_of(Kind)})", name="kind_known"),
        Index(None, "next_on"),
    )


class DashboardFollowed(OfOrganisation, Model):
    """Which dashboard a schedule follows; gone when the dashboard is, while the schedule goes on."""

    __tablename__ = "dashboard_followed"

    schedule_id: Mapped[int] = mapped_column(ForeignKey("dashboard_schedule.id", ondelete="CASCADE"), primary_key=True)
    dashboard_id: Mapped[int] = mapped_column(ForeignKey("saved_dashboard.id", ondelete="CASCADE"), index=True)


class DashboardReport(OfOrganisation, Model):
    """A report that was made by a schedule, as it was sent. `page`: the mail as HTML, which shows its pictures."""

    __tablename__ = "dashboard_report"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("dashboard_schedule.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(5))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    page: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        CheckConstraint(f"kind IN ({one_of(Kind)})", name="kind_known"),
        CheckConstraint("file_name <> '' AND length(digest) = 64", name="report_is_whole"),
    )


class ReportPicture(OfOrganisation, Model):
    """A chart of a report as PNG, shown in its mail under the name `chart-<serial>`."""

    __tablename__ = "dashboard_report_picture"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("dashboard_report.id", ondelete="CASCADE"))
    serial: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("report_id", "serial"),
        CheckConstraint("serial > 0", name="picture_is_numbered"),
    )
