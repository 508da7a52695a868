"""Files of a report that were made to be kept, and to whom they went. Both are only ever added."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.issuing.rules import Kind, Way
from auditkit.audits.models.standing import stands
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditReportFile(OfOrganisation, Model):
    """A report as a file, kept as evidence. `version` is 0 for one that is not signed, then 1, 2 after an amendment."""

    __tablename__ = "audit_report_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(4))
    language: Mapped[str] = mapped_column(String(10))
    evidence_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("version >= 0", name="version_counts"),
        CheckConstraint(f"kind IN ({one_of(Kind)})", name="kind_known"),
    )


class AuditDistribution(OfOrganisation, Model):
    """Somebody got a file of the report. `address` is where the outbox sent it, empty where it was handed over."""

    __tablename__ = "audit_distribution"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_file_id: Mapped[int] = mapped_column(ForeignKey("audit_report_file.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(320), default="")
    way: Mapped[str] = mapped_column(String(10))
    distributed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    distributed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"way IN ({one_of(Way)})", name="way_known"),
        CheckConstraint("recipient <> ''", name="has_recipient"),
        CheckConstraint("(way = 'e-mail') = (address <> '')", name="mail_has_address"),
    )


for _model in (AuditReportFile, AuditDistribution):
    stands(_model)
