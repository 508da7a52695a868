"""Tables of what was drawn or picked, and how a sample was meant; triggers keep it, and samples, as it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.models.samples import AuditSample
from auditkit.audits.sampling import Method, Stratify
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditSampleItem(OfOrganisation, Model):
    """A complaint of a sample, as captured. `complaint_id` is no foreign key: the sample outlives the complaint."""

    __tablename__ = "audit_sample_item"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_sample.id"))
    position: Mapped[int] = mapped_column(Integer)
    complaint_id: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40))
    always: Mapped[bool] = mapped_column(Boolean, default=False)
    evidence_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    stratum: Mapped[str] = mapped_column(String(200), default="", server_default="")

    __table_args__ = (
        UniqueConstraint("sample_id", "position"),
        UniqueConstraint("sample_id", "reference"),
        CheckConstraint("position > 0", name="position_counts_from_one"),
        CheckConstraint("complaint_id > 0 AND reference <> ''", name="names_complaint"),
    )


class AuditSampleDesign(OfOrganisation, Model):
    """How a sample was meant: its method, the filters of the register it was drawn of, its strata, and the sizing.

    `filters` as the register's address has them; `strata` as `sampling.Stratum`; `sizing` as `sizing.Sizing.plain`,
    empty where no calculator was asked. Samples drawn before designs were kept have none.
    """

    __tablename__ = "audit_sample_design"

    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_sample.id"), primary_key=True)
    method: Mapped[str] = mapped_column(String(20))
    filters: Mapped[dict[str, str]] = mapped_column(JsonDict, default=dict)
    stratified_by: Mapped[str] = mapped_column(String(20), default="")
    strata: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict, default=list)
    sizing: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)

    __table_args__ = (
        CheckConstraint(f"method IN ({one_of(Method)})", name="method_known"),
        CheckConstraint(f"stratified_by IN ('', {one_of(Stratify)})", name="strata_known"),
        CheckConstraint("(method = 'stratified') = (stratified_by <> '')", name="stratified_by_something"),
    )


class AuditPick(OfOrganisation, Model):
    """A complaint that an auditor chose by judgement, with the reason: no part of any sample, and never counted as one.

    `complaint_id` is no foreign key: the pick outlives the complaint.
    """

    __tablename__ = "audit_pick"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    complaint_id: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    evidence_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    picked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    picked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "reference"),
        CheckConstraint("reason <> ''", name="pick_has_reason"),
        CheckConstraint("complaint_id > 0 AND reference <> ''", name="names_complaint"),
    )


_TOLD = "a drawn sample stands as it is"
_SAMPLE_TABLES = {
    model.__tablename__: model.__table__ for model in (AuditSample, AuditSampleItem, AuditSampleDesign, AuditPick)
}

SAMPLE_SQLITE_TRIGGERS = {
    table: tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
        for act in ("UPDATE", "DELETE")
    )
    for table in _SAMPLE_TABLES
}
SAMPLE_POSTGRESQL_TRIGGERS = {
    table: (
        (
            f"CREATE OR REPLACE FUNCTION audit_sample_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_sample_refuse()"
        ),
    )
    for table in _SAMPLE_TABLES
}

for _dialect, _triggers in (("sqlite", SAMPLE_SQLITE_TRIGGERS), ("postgresql", SAMPLE_POSTGRESQL_TRIGGERS)):
    for _name, _table in _SAMPLE_TABLES.items():
        for _statement in _triggers[_name]:
            event.listen(_table, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
