"""Dashboards that people keep, and what an organisation shows the public.

Checked by tests/slices/insights/test_dashboards.py.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.insights.dashboards.rules import LONGEST_ASKED, LONGEST_NAME


class SavedDashboard(OfOrganisation, Model):
    """A person's choice of figures over a selection. `asked` is `Selection.address`; `figures` are their names."""

    __tablename__ = "saved_dashboard"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    asked: Mapped[str] = mapped_column(String(LONGEST_ASKED))
    figures: Mapped[list[str]] = mapped_column(JsonDict)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "name"),
        CheckConstraint("name <> ''", name="dashboard_has_name"),
    )


class PublishedFigures(OfOrganisation, Model):
    """What of its figures the organisation shows everybody: one row, or none where it never decided."""

    __tablename__ = "published_figures"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shown: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[list[str]] = mapped_column(JsonDict)
    span: Mapped[str] = mapped_column(String(20))
    introduction: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("span <> '' AND span <> 'own'", name="published_span_moves_on"),
    )
