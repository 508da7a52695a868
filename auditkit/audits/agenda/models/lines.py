"""Tables of timetables. The CHECKs repeat the rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.agenda.rules import Activity, Part
from auditkit.audits.rules import Method
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of


class AgendaItem(OfOrganisation, Model):
    """A line of an audit's timetable. `sequence` counts its changes since it was first sent (RFC 5545).

    One that was sent and is taken out stays, with `dropped_at`, so that the others can be told.
    """

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    kind: Mapped[str] = mapped_column(String(12))
    activity: Mapped[str] = mapped_column(String(200))
    clauses: Mapped[str] = mapped_column(String(400), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    method: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(Text, default="")
    whom: Mapped[str] = mapped_column(Text, default="")
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        CheckConstraint(f"kind IN ({one_of(Activity)})", name="kind_known"),
        CheckConstraint(f"method IN ({one_of(Method)})", name="method_known"),
        CheckConstraint("activity <> ''", name="says_what_is_done"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("sequence >= 0", name="sequence_counts_up"),
        Index(None, "audit_id", "starts_at"),
    )


class AgendaPerson(OfOrganisation, Model):
    """A member of the organisation who takes part in a line of the timetable."""

    __tablename__ = "agenda_person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        UniqueConstraint("item_id", "person_id"),
        CheckConstraint(f"part IN ({one_of(Part)})", name="part_known"),
    )
