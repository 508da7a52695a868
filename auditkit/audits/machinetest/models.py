"""The table of machine tests over a whole population, as they were kept with an audit; triggers keep them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class AuditMachineRun(OfOrganisation, Model):
    """All machine tests over one part of the register, as found then. The lists are in the record `record_file_id`.

    `results`: test -> {"passed", "exceptions", "not_checked", "not_applicable"}.
    """

    __tablename__ = "audit_machine_run"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    received_from: Mapped[date] = mapped_column(Date)
    received_to: Mapped[date] = mapped_column(Date)
    filters: Mapped[dict[str, str]] = mapped_column(JsonDict, default=dict)
    population_size: Mapped[int] = mapped_column(Integer)
    population_digest: Mapped[str] = mapped_column(String(64))
    results: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    record_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial > 0", name="serial_counts_from_one"),
        CheckConstraint("received_to >= received_from", name="received_forwards"),
        CheckConstraint("population_size > 0", name="population_not_empty"),
        CheckConstraint("length(population_digest) = 64", name="digests_are_sha256"),
    )


_TOLD = "a kept machine test stands as it is"
MACHINE_SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_machine_run_no_{act.lower()} BEFORE {act} ON audit_machine_run "
    f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
    for act in ("UPDATE", "DELETE")
)
MACHINE_POSTGRESQL_TRIGGERS = (
    (
        f"CREATE OR REPLACE FUNCTION audit_machine_run_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
    ),
    (
        "CREATE TRIGGER audit_machine_run_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_machine_run "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_machine_run_refuse()"
    ),
)
for _dialect, _triggers in (("sqlite", MACHINE_SQLITE_TRIGGERS), ("postgresql", MACHINE_POSTGRESQL_TRIGGERS)):
    for _statement in _triggers:
        event.listen(
            AuditMachineRun.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
