"""Table of samples of complaints; the triggers that keep them as they were drawn stand in `drawn`."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.sampling import Rule
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.rules import Stage


class AuditSample(OfOrganisation, Model):
    """A sample of complaints as it was drawn; triggers keep it as it was.

    The population itself, with everything a redraw needs, is the captured record `record_file_id`. `stage` empty: of
    any stage. `always_size` counts the complaints that were taken in any case, `size` these and the drawn ones.
    """

    __tablename__ = "audit_sample"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    serial: Mapped[int] = mapped_column(Integer)
    received_from: Mapped[date] = mapped_column(Date)
    received_to: Mapped[date] = mapped_column(Date)
    stage: Mapped[str] = mapped_column(String(40), default="")
    seed: Mapped[str] = mapped_column(String(64))
    seed_hash: Mapped[str] = mapped_column(String(64))
    population_digest: Mapped[str] = mapped_column(String(64))
    population_size: Mapped[int] = mapped_column(Integer)
    always_size: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    record_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        CheckConstraint("serial > 0", name="serial_counts_from_one"),
        CheckConstraint("received_to >= received_from", name="received_forwards"),
        CheckConstraint(f"stage IN ('', {one_of(Stage)})", name="stage_known"),
        CheckConstraint("length(seed) >= 43", name="seed_is_long"),
        CheckConstraint("length(seed_hash) = 64 AND length(population_digest) = 64", name="digests_are_sha256"),
        CheckConstraint(
            "size BETWEEN 1 AND population_size AND always_size BETWEEN 0 AND size", name="size_fits_population"
        ),
        CheckConstraint(f"rule IN ({one_of(Rule)})", name="rule_known"),
        CheckConstraint("(rule = 'number') = (reason <> '')", name="own_number_has_reason"),
        CheckConstraint("rule <> 'number' OR always_size = 0", name="own_number_takes_none_always"),
    )
