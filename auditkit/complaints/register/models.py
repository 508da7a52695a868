"""The filters of the register that people keep for themselves, and which cases left in an export with names."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.register.rules import LONGEST_ADDRESS, LONGEST_NAME


class RegisterFilter(OfOrganisation, Model):
    """One way of asking the register, kept by a person under a name. `asked` is what stands in the page's address."""

    __tablename__ = "register_filter"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    asked: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
    )


class RegisterExport(OfOrganisation, Model):
    """A file with names that left the register: how many cases (`row_count`), SHA-256 of the file and of the ids in it.

    `reason`: what it was needed for, without naming anybody.
    `row_count` is None for exports from before auditkit kept which cases were in them.
    """

    __tablename__ = "register_export"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    row_count: Mapped[int | None] = mapped_column(Integer)
    file_digest: Mapped[str] = mapped_column(String(64))
    cases_digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        CheckConstraint(
            "row_count IS NULL OR (row_count >= 0 AND length(file_digest) = 64 AND length(cases_digest) = 64)",
            name="export_is_whole",
        ),
    )


class RegisterExportBlock(OfOrganisation, Model):
    """Which of the cases numbered `block` * BLOCK and on were in an export: a bit each, the lowest first."""

    __tablename__ = "register_export_block"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("register_export.id"))
    block: Mapped[int] = mapped_column(Key)
    bits: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("export_id", "block"),
        Index(None, "organisation_id", "block"),
        CheckConstraint("block >= 0 AND length(bits) > 0", name="block_holds_cases"),
    )
