"""Table of what the audit before said to a question."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation


class AuditPrevious(OfOrganisation, Model):
    """What the audit before said to the question of a row, as it stood at the start of this one.

    `answer` is the label given then; `findings` those that were still open: [{number, grade, statement}].
    """

    __tablename__ = "audit_previous"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("audit_row.id"), unique=True)
    from_number: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(200))
    conformity: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)

    __table_args__ = (
        CheckConstraint("from_number <> ''", name="previous_is_named"),
        CheckConstraint("conformity BETWEEN 0 AND 100", name="previous_is_percent"),
    )
