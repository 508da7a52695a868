"""Workbooks handed out with the questions of an audit, their returns, and the cells both sides had changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.workbook.rules import Cell, Kept
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditWorkbook(OfOrganisation, Model):
    """A workbook as it was handed out. `base` is what it said then, {row id: [answer, note]}; `code` is inside it.

    `words`: what it says in its language where that is not as frozen, {"questions": {row id: text}, "answers": {label:
    answer}}; a row is known again by them, whatever the library says by then.
    """

    __tablename__ = "audit_workbook"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(40))
    base: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    words: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict, server_default="{}")

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("code <> ''", name="workbook_has_code"),
    )


class AuditWorkbookReturn(OfOrganisation, Model):
    """A returned workbook, known by its digest, and what came of it (`workbook.merging.Outcome` as JSON)."""

    __tablename__ = "audit_workbook_return"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    workbook_id: Mapped[int] = mapped_column(ForeignKey("audit_workbook.id"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    outcome: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    returned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("workbook_id", "digest"),
        CheckConstraint("length(digest) = 64", name="digest_is_whole"),
    )


class AuditWorkbookConflict(OfOrganisation, Model):
    """A cell that was changed here and in the workbook; `kept` says which a person let stand."""

    __tablename__ = "audit_workbook_conflict"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("audit_workbook_return.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("audit_row.id"), index=True)
    cell: Mapped[str] = mapped_column(String(10))
    base: Mapped[str] = mapped_column(Text)
    mine: Mapped[str] = mapped_column(Text)
    theirs: Mapped[str] = mapped_column(Text)
    kept: Mapped[str] = mapped_column(String(10), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("return_id", "row_id", "cell"),
        CheckConstraint(f"cell IN ({one_of(Cell)})", name="cell_known"),
        CheckConstraint(f"kept IN ('', {one_of(Kept)})", name="kept_known"),
        CheckConstraint("(settled_at IS NULL) = (kept = '')", name="settled_has_date"),
        CheckConstraint("mine <> theirs", name="sides_differ"),
    )
