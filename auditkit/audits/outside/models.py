"""Tables of audits by certification bodies: who they are, and how they number their findings."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.outside.rules import Accredited
from auditkit.base.db import Key, Model, OfOrganisation, one_of


class OutsideAudit(OfOrganisation, Model):
    """The certification body of an audit recorded from outside, with its own number of the audit."""

    __tablename__ = "outside_audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    body: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(100), default="")
    auditors: Mapped[str] = mapped_column(Text, default="")
    accredited: Mapped[str] = mapped_column(String(10))
    accreditation: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        CheckConstraint("body <> ''", name="names_body"),
        CheckConstraint(f"accredited IN ({one_of(Accredited)})", name="accredited_known"),
    )


class OutsideFinding(OfOrganisation, Model):
    """A finding as the certification body numbered it, and until when it wants a response."""

    __tablename__ = "outside_finding"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), unique=True)
    number: Mapped[str] = mapped_column(String(60))
    response_due: Mapped[date | None] = mapped_column(Date)
    responded_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (CheckConstraint("number <> ''", name="has_their_number"),)
