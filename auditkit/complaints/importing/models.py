"""What importing adds to the register: foreign references, profiles that were kept, imports that are taken back.

Runs and digests of rows stand in the register's own tables (`ImportRun`, `Complaint.row_digest`). Checked by
tests/slices/complaints_importing/.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.models import Complaint


class ImportedReference(OfOrganisation, Model):
    """`key` is `rules.reference_key`: one complaint for each reference of a source, however it is spelled."""

    __tablename__ = "imported_reference"

    complaint_id: Mapped[int] = mapped_column(
        Key, ForeignKey("complaint.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Not the mixin's column: its index of its own would only cost time, the unique one below begins the same way
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        CheckConstraint("length(key) = 32", name="key_is_sha256"),
    )


class ImportProfile(OfOrganisation, Model):
    """One version of a profile the organisation kept. The newest of a `name` counts, unless it was taken out of use.

    `digest` is SHA-256 over the profile's canonical JSON: what an import names as the profile it went by.
    """

    __tablename__ = "import_profile"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    shape: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "name", "version"),
        CheckConstraint("name <> '' AND title <> ''", name="has_name_and_title"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
    )


class ImportUndo(OfOrganisation, Model):
    """The taking back of an import: how many complaints are gone, and when the last of them went.

    `last_id` is the highest id among them. No later complaint gets one of their ids, so that what the journal tells of
    a removed complaint can never be read as if it told of another.
    """

    __tablename__ = "import_undo"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), unique=True)
    last_id: Mapped[int] = mapped_column(Key)
    removed: Mapped[int] = mapped_column(Integer, default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("removed >= 0", name="removed_not_negative"),
        CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", name="ended_after_begun"),
    )


# PostgreSQL never gives a number of a sequence twice; SQLite gives the highest one plus one, also after a removal.
SQLITE_NEXT_ID = (
    "SELECT max((SELECT coalesce(max(id), 0) FROM complaint), (SELECT coalesce(max(last_id), 0) FROM import_undo)) + 1"
)


@event.listens_for(Complaint, "before_insert")
def _never_an_id_twice(_mapper: Any, connection: Any, complaint: Complaint) -> None:
    if connection.dialect.name == "sqlite" and complaint.id is None:
        complaint.id = connection.execute(text(SQLITE_NEXT_ID)).scalar_one()
