"""Tables of what stands in an audit programme. The CHECKs repeat the rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.programme.rules import EVERY, Side
from auditkit.audits.rules import AuditKind, Method
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class ProgrammeRisk(OfOrganisation, Model):
    """A risk or an opportunity for the programme, and what is done about it."""

    __tablename__ = "programme_risk"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("audit_programme.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    side: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("programme_id", "position"),
        CheckConstraint(f"side IN ({one_of(Side)})", name="side_known"),
        CheckConstraint("what <> '' AND response <> ''", name="says_what_is_done"),
    )


class ProgrammeReview(OfOrganisation, Model):
    """A review of the programme. `facts`: how the programme stood then, as counted."""

    __tablename__ = "programme_review"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("audit_programme.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    participants: Mapped[str] = mapped_column(Text, default="")
    conclusions: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("conclusions <> ''", name="has_conclusions"),)


class ProgrammeItem(OfOrganisation, Model):
    """An audit that is due once or again and again. `every_months` 0: once. `clauses` empty: the whole checklist.

    The audit of a period is made `ahead_days` before its first day. `problem`: why it could not be made.
    """

    __tablename__ = "programme_item"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    objectives: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    auditee: Mapped[str] = mapped_column(Text, default="")
    checklist_id: Mapped[str] = mapped_column(String(64))
    clauses: Mapped[list[str]] = mapped_column(JsonDict)
    method: Mapped[str] = mapped_column(String(10))
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)
    every_months: Mapped[int] = mapped_column(SmallInteger)
    days: Mapped[int] = mapped_column(SmallInteger)
    ahead_days: Mapped[int] = mapped_column(SmallInteger)
    problem: Mapped[str] = mapped_column(Text, default="")
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        CheckConstraint("title <> '' AND objectives <> '' AND scope <> ''", name="item_is_complete"),
        CheckConstraint(f"kind IN ({one_of(AuditKind)}) AND kind <> 'outside'", name="kind_known"),
        CheckConstraint(f"method IN ({one_of(Method)})", name="method_known"),
        CheckConstraint(f"every_months IN ({', '.join(str(one) for one in EVERY)})", name="every_known"),
        CheckConstraint("last_on IS NULL OR last_on >= first_on", name="days_in_order"),
        CheckConstraint("days BETWEEN 1 AND 60 AND ahead_days BETWEEN 0 AND 365", name="spans_fit"),
        Index(None, "organisation_id", "first_on"),
    )


class ProgrammePeriod(OfOrganisation, Model):
    """The audit made for one period of an item; the key lets there be one only, whoever makes it."""

    __tablename__ = "programme_period"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_item.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("item_id", "starts_on"),)
