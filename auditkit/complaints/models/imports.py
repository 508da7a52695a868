"""Table of the runs that brought complaints in."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime

IMPORT_STATES = ("running", "finished", "failed", "undone")


class ImportRun(OfOrganisation, Model):
    """One file brought in. `next_row` is where a killed run goes on; `counts` are whole numbers by name."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_digest: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(100), default="")
    profile_digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(20), default="running")
    next_row: Mapped[int] = mapped_column(Integer, default=1)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "organisation_id", "file_digest"),
        CheckConstraint("length(file_digest) = 64", name="digest_is_sha256"),
        CheckConstraint(f"state IN {IMPORT_STATES}", name="state_known"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="running_has_no_end"),
        CheckConstraint("next_row >= 1", name="rows_count_from_one"),
    )
