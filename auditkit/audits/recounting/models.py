"""The table of indicators that were counted again from the records; triggers keep the rows as they were found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class AuditRecount(OfOrganisation, Model):
    """A reported figure beside the one counted again. Figures are decimal texts; `agrees` None: nothing to count.

    `excluded`: why -> how many cases were left out. `digest`: SHA-256 over the ids counted, which stand in the record.
    """

    __tablename__ = "audit_recount"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    indicator: Mapped[str] = mapped_column(String(64))
    covers_from: Mapped[date] = mapped_column(Date)
    covers_to: Mapped[date] = mapped_column(Date)
    reported: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)
    numerator: Mapped[int] = mapped_column(BigInteger)
    denominator: Mapped[int] = mapped_column(BigInteger)
    excluded: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    found: Mapped[str] = mapped_column(String(40), default="")
    agrees: Mapped[bool | None] = mapped_column(Boolean)
    digest: Mapped[str] = mapped_column(String(64))
    record_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial > 0", name="serial_counts_from_one"),
        CheckConstraint("covers_to >= covers_from", name="covers_forwards"),
        CheckConstraint("reported <> '' AND source <> ''", name="reported_says_where"),
        CheckConstraint("numerator >= 0 AND denominator >= 0", name="counts_not_negative"),
        CheckConstraint("(found = '') = (agrees IS NULL)", name="found_is_compared"),
        CheckConstraint("length(digest) = 64", name="digests_are_sha256"),
    )


_TOLD = "a recount stands as it is"
RECOUNT_SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_recount_no_{act.lower()} BEFORE {act} ON audit_recount "
    f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
    for act in ("UPDATE", "DELETE")
)
RECOUNT_POSTGRESQL_TRIGGERS = (
    (
        f"CREATE OR REPLACE FUNCTION audit_recount_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
    ),
    (
        "CREATE TRIGGER audit_recount_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_recount "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_recount_refuse()"
    ),
)
for _dialect, _triggers in (("sqlite", RECOUNT_SQLITE_TRIGGERS), ("postgresql", RECOUNT_POSTGRESQL_TRIGGERS)):
    for _statement in _triggers:
        event.listen(
            AuditRecount.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
