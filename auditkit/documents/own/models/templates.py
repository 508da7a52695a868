"""Tables of templates of one's own and of which is in use."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.documents.own.rules import LONGEST_NAME, LONGEST_NOTE


class TemplateVersion(OfOrganisation, Model):
    """A Word template that passed the examination; triggers keep it. `warnings` are the linter's, as plain JSON."""

    __tablename__ = "template_version"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("organisation_id", "template_id", "language", "number"),
        CheckConstraint("number > 0", name="counts_from_one"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
        CheckConstraint("length(content) > 0", name="has_content"),
    )


class TemplateUse(OfOrganisation, Model):
    """Which own version of a document's template is in use; without a row the installation's or the shipped one is."""

    __tablename__ = "template_use"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "template_id", "language"),)


_TOLD = "a template that was added stays as it was"
VERSION_TRIGGERS = {
    "sqlite": tuple(
        f"CREATE TRIGGER template_version_no_{act.lower()} BEFORE {act} ON template_version "
        f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
        for act in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION template_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
        ),
        (
            "CREATE TRIGGER template_version_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON template_version "
            "FOR EACH STATEMENT EXECUTE FUNCTION template_version_refuse()"
        ),
    ),
}
for _dialect, _triggers in VERSION_TRIGGERS.items():
    for _statement in _triggers:
        event.listen(
            TemplateVersion.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
