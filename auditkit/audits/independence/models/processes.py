"""Tables of processes with their owners, and of exceptions. The CHECKs repeat the rules."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.independence.rules import Ground, Way
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditedProcess(OfOrganisation, Model):
    """A process of the organisation and the clauses it stands for (`iso10002-2018:7.4`; one covers those below it)."""

    __tablename__ = "audited_process"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    clauses: Mapped[list[str]] = mapped_column(JsonDict)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
    )


class ProcessOwnership(OfOrganisation, Model):
    """Who is responsible for a process, from when to when (both included; no end: still is)."""

    __tablename__ = "process_ownership"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("audited_process.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="days_in_order"),)


class AuditException(OfOrganisation, Model):
    """A person may do in one audit what independence or competence stand against, and why.

    `complaint_id` is no foreign key: the exception outlives the complaint. `outcome`: what came of what was done
    instead.
    """

    __tablename__ = "audit_exception"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(10))
    process_id: Mapped[int | None] = mapped_column(ForeignKey("audited_process.id"))
    complaint_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    instead: Mapped[str] = mapped_column(Text, default="")
    reviewer: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint(f"way IN ({one_of(Way)})", name="way_known"),
        CheckConstraint(f"ground IN ({one_of(Ground)})", name="ground_known"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(way = 'mitigation') = (instead <> '')", name="mitigation_says_what_instead"),
        CheckConstraint("(ground = 'process') = (process_id IS NOT NULL)", name="names_process"),
        CheckConstraint("(ground = 'complaint') = (complaint_id IS NOT NULL)", name="names_complaint"),
        CheckConstraint("way <> 'override' OR made_by IS NULL OR made_by <> person_id", name="nobody_for_themselves"),
        CheckConstraint("(settled_at IS NULL) = (outcome = '')", name="settled_has_outcome"),
        Index(None, "audit_id", "person_id"),
    )
