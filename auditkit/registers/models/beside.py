"""Tables beside the entries of registers: what they said before, reviews, ties to other records, imports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class RegisterVersion(OfOrganisation, Model):
    """What an entry said from one change to the next; triggers keep it."""

    __tablename__ = "register_version"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    version: Mapped[int] = mapped_column(Integer)
    values: Mapped[dict[str, Any]] = mapped_column("stated", JsonDict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("entry_id", "version"),
        CheckConstraint("version > 0", name="counts_from_one"),
    )


class RegisterReview(OfOrganisation, Model):
    """A look at an entry: what was found, and what the entry said then (`version`)."""

    __tablename__ = "register_review"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    next_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (CheckConstraint("outcome <> ''", name="has_outcome"),)


class RegisterLink(OfOrganisation, Model):
    """An entry and a record of another kind that have to do with each other."""

    __tablename__ = "register_link"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("entry_id", "kind", "subject_id"),
        CheckConstraint("kind <> '' AND subject_id > 0", name="names_subject"),
        Index(None, "organisation_id", "kind", "subject_id"),
    )


class RegisterImport(OfOrganisation, Model):
    """A workbook that was brought in: who, when, which file (`digest` is its SHA-256), and how many rows of it."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    register: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    written: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    unchanged: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("file_name <> '' AND digest <> ''", name="names_file"),
        CheckConstraint("written >= 0 AND changed >= 0 AND unchanged >= 0", name="counts_rows"),
        Index(None, "organisation_id", "register"),
    )


_TOLD = "what an entry said stays as it was"
VERSION_TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER register_version_no_{act.lower()} BEFORE {act} ON register_version "
        f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION register_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
        ),
        (
            "CREATE TRIGGER register_version_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON register_version "
            "FOR EACH STATEMENT EXECUTE FUNCTION register_version_refuse()"
        ),
    ),
}
for _dialect, _triggers in VERSION_TRIGGERS.items():
    for _statement in _triggers:
        event.listen(
            RegisterVersion.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
