"""Figures as they were stated. Nothing of a row is ever changed. Checked by tests/slices/insights/test_freezing.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class FrozenFigure(OfOrganisation, Model):
    """One figure as it was when somebody stated it.

    `selection` is `Selection.fixed()`, `zone` the IANA zone whose days it means. `stated` are the numbers. `records`
    are the complaints behind it with their versions (`freezing.rules.packed`); the digests are SHA-256 of their
    references, None for a figure that no complaints are behind.
    """

    __tablename__ = "frozen_figure"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3), default="")
    selection: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    zone: Mapped[str] = mapped_column(String(60))
    stated: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    counted_digest: Mapped[str | None] = mapped_column(String(64))
    of_digest: Mapped[str | None] = mapped_column(String(64))
    records: Mapped[bytes | None] = mapped_column(LargeBinary)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("name <> '' AND zone <> ''", name="frozen_figure_is_named"),
        CheckConstraint(
            "(records IS NULL) = (counted_digest IS NULL) AND (records IS NULL) = (of_digest IS NULL)",
            name="records_have_digests",
        ),
        CheckConstraint(
            "(counted_digest IS NULL OR length(counted_digest) = 64) AND (of_digest IS NULL OR length(of_digest) = 64)",
            name="record_digests_are_sha256",
        ),
    )


_SAID = "a frozen figure is never changed"
FROZEN_SQLITE_TRIGGERS = (
    (
        "CREATE TRIGGER frozen_figure_stays BEFORE UPDATE ON frozen_figure "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
)  # fmt: skip
FROZEN_POSTGRESQL_TRIGGERS = (
    (
        "CREATE OR REPLACE FUNCTION frozen_figure_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
    ),
    (
        "CREATE TRIGGER frozen_figure_stays BEFORE UPDATE ON frozen_figure "
        "FOR EACH ROW EXECUTE FUNCTION frozen_figure_stays()"
    ),
)
for _dialect, _statements in (("sqlite", FROZEN_SQLITE_TRIGGERS), ("postgresql", FROZEN_POSTGRESQL_TRIGGERS)):
    for _statement in _statements:
        event.listen(
            FrozenFigure.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
