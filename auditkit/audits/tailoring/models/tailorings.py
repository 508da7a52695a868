"""Table of what an audit leaves out of its checklist."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime


class AuditTailoring(OfOrganisation, Model):
    """Which questions an audit asks. `profile_id` names a checklist that stands in for the planned one, or is empty.

    `clauses` are the clauses asked (with all below them), none means all. `spared` are single questions left out.
    `keep_failed` asks again, whatever else was chosen, what did not conform last time. `left_out` is filled at the
    start: [{item, clause, question, why}].
    """

    __tablename__ = "audit_tailoring"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    profile_id: Mapped[str] = mapped_column(String(64), default="")
    clauses: Mapped[list[str]] = mapped_column(JsonDict)
    least_weight: Mapped[int] = mapped_column(Integer, default=1)
    keep_failed: Mapped[bool] = mapped_column(Boolean, default=True)
    spared: Mapped[list[str]] = mapped_column(JsonDict, default=list, server_default="[]")
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))
    narrowed: Mapped[bool] = mapped_column(Boolean, default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JsonDict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("NOT narrowed OR reason <> ''", name="narrowed_has_reason"),
        CheckConstraint("least_weight BETWEEN 1 AND 5", name="weight_is_known"),
        CheckConstraint("previous_id IS NULL OR previous_id <> audit_id", name="previous_is_another"),
    )
