"""Table of the competence of auditors. The CHECKs repeat the rules."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime


class AuditorCompetence(OfOrganisation, Model):
    """What an auditor is competent in, what shows it, and until when. Empty `audit_kind` or `standard`: for every one.

    `standard` is that of an edition without its year (`iso10002`).
    """

    __tablename__ = "auditor_competence"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    audit_kind: Mapped[str] = mapped_column(String(20), default="")
    standard: Mapped[str] = mapped_column(String(64), default="")
    what: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("what <> '' AND evidence <> ''", name="says_what_and_how_known"),
        CheckConstraint("valid_until >= valid_from", name="valid_forwards"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_has_reason"),
    )
