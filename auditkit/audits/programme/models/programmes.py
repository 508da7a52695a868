"""Table of audit programmes. The CHECKs repeat the rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class AuditProgramme(OfOrganisation, Model):
    """The programme of one year; `cycle_from` is the first of the three years it belongs to."""

    __tablename__ = "audit_programme"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    cycle_from: Mapped[int] = mapped_column(SmallInteger)
    objectives: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text, default="")
    methods: Mapped[str] = mapped_column(Text, default="")
    resources: Mapped[str] = mapped_column(Text, default="")
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("organisation_id", "year"),
        CheckConstraint("year BETWEEN cycle_from AND cycle_from + 2", name="year_in_cycle"),
        CheckConstraint("objectives <> ''", name="has_objectives"),
    )
