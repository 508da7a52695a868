"""Tables of what a report says besides answers and findings, and of who answers as auditee."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.models.standing import (
    attach,
    locked,
)
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class AuditReportText(OfOrganisation, Model):
    """What the report says in words; empty where nothing was written. Lists hold one entry a line."""

    __tablename__ = "audit_report_text"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    client: Mapped[str] = mapped_column(Text, default="")
    process: Mapped[str] = mapped_column(Text, default="")
    obstacles: Mapped[str] = mapped_column(Text, default="")
    diverging: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(Text, default="")
    confidentiality: Mapped[str] = mapped_column(Text, default="")
    distribution: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AuditAuditee(OfOrganisation, Model):
    """The person who answers for what is audited: sees the report and acknowledges it."""

    __tablename__ = "audit_auditee"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


attach(AuditReportText.__table__, locked(AuditReportText.__tablename__))
