"""Tables of evidence: what is stored, and where each thing is used. Triggers keep what was taken in as it was.

The bytes lie in the store under their digest; organisations that hold the same bytes share them and cannot tell.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.evidence.rules import MAX_FILE_BYTES, SOURCES

_SOURCES = one_of(SOURCES)


class EvidenceFile(OfOrganisation, Model):
    """One file of an organisation, known by its digest; sent twice it stays one.

    `details` holds what the inspection found (pixels, members), `notices` what a person was told about it, both plain
    JSON. `period_begins` and `period_ends` are the days it speaks of, inclusive; `clauses` full references.
    """

    __tablename__ = "evidence_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255))
    source: Mapped[str] = mapped_column(String(10))
    details: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    period_begins: Mapped[date | None] = mapped_column(Date)
    period_ends: Mapped[date | None] = mapped_column(Date)
    clauses: Mapped[list[str]] = mapped_column(JsonDict, default=list)

    links: Mapped[list["EvidenceLink"]] = relationship(back_populates="file")

    __table_args__ = (
        UniqueConstraint("organisation_id", "digest"),
        CheckConstraint("length(digest) = 64 AND digest = lower(digest)", name="digest_is_sha256"),
        CheckConstraint(f"size BETWEEN 1 AND {MAX_FILE_BYTES}", name="size_within_limit"),
        CheckConstraint("length(name) > 0", name="has_name"),
        CheckConstraint(f"source IN ({_SOURCES})", name="source_known"),
        CheckConstraint("period_ends >= period_begins", name="period_forwards"),
        Index(None, "organisation_id", "id"),
    )


class EvidenceLink(OfOrganisation, Model):
    """Where a file is used: the subject is named as in the journal, never by a foreign key (it lies above)."""

    __tablename__ = "evidence_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    file: Mapped[EvidenceFile] = relationship(back_populates="links")

    __table_args__ = (
        UniqueConstraint("organisation_id", "subject_kind", "subject_id", "file_id"),
        CheckConstraint("length(subject_kind) > 0 AND subject_id > 0", name="has_subject"),
    )


class EvidenceErasure(OfOrganisation, Model):
    """A file whose content was erased by law: its digest, size and kind stay, its name and bytes do not.

    `bytes_gone_at`: when the stored object was removed, after the transaction that erased the record.
    """

    __tablename__ = "evidence_erasure"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bytes_gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("reason <> ''", name="erasure_has_reason"),
        CheckConstraint("bytes_gone_at IS NULL OR bytes_gone_at >= erased_at", name="bytes_go_after_record"),
    )


_FIXED = "organisation_id, digest, size, kind, media_type, source, added_by_id, added_at"
_ERASABLE = "name, details, notices"
_ERASED = "SELECT 1 FROM evidence_erasure WHERE evidence_erasure.file_id = old.id"
_TOLD = "evidence is immutable"

SQLITE_TRIGGERS = (
    (
        f"CREATE TRIGGER evidence_file_no_update BEFORE UPDATE OF id, {_FIXED} ON evidence_file "
        f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
    ),
    f"CREATE TRIGGER evidence_file_no_delete BEFORE DELETE ON evidence_file BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END",
    (
        f"CREATE TRIGGER evidence_file_erased_only BEFORE UPDATE OF {_ERASABLE} ON evidence_file "
        f"WHEN NOT EXISTS ({_ERASED}) BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
    ),
)
POSTGRESQL_TRIGGERS = (
    f"CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$",
    (
        f"CREATE TRIGGER evidence_file_no_update BEFORE UPDATE OF id, {_FIXED} ON evidence_file "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()"
    ),
    (
        "CREATE TRIGGER evidence_file_no_delete BEFORE DELETE OR TRUNCATE ON evidence_file "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()"
    ),
    (
        "CREATE FUNCTION evidence_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS ({_ERASED}) THEN RAISE EXCEPTION '{_TOLD}'; END IF; RETURN new; END $$"
    ),
    (
        f"CREATE TRIGGER evidence_file_erased_only BEFORE UPDATE OF {_ERASABLE} ON evidence_file "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse_unless_erased()"
    ),
)

for _dialect, _statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
    for _statement in _statements:
        event.listen(
            EvidenceFile.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )
