"""Answers to findings, how disputes ended, and which findings are repeats.

Answers and ends of disputes are only ever added; triggers keep them. Checked by tests/slices/audits_findings/.
"""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.findings.rules import Outcome, ResponseKind, Verdict
from auditkit.audits.models.standing import stands
from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of


class FindingResponse(OfOrganisation, Model):
    """What the auditee said to a finding. `said_by` is a name: in a closing meeting not everybody has an account.

    `person_id` is the person who answered here; empty where an auditor wrote down what was said.
    """

    __tablename__ = "finding_response"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    kind: Mapped[str] = mapped_column(String(15))
    text: Mapped[str] = mapped_column(Text, default="")
    said_by: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    in_meeting: Mapped[bool] = mapped_column(Boolean, default=False)
    responded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"kind IN ({one_of(ResponseKind)})", name="kind_known"),
        CheckConstraint("kind = 'acknowledged' OR text <> ''", name="says_something"),
        CheckConstraint("said_by <> ''", name="said_by_somebody"),
    )


class FindingResolution(OfOrganisation, Model):
    """How a dispute ended."""

    __tablename__ = "finding_resolution"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("finding_response.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"outcome IN ({one_of(Outcome)})", name="outcome_known"),
        CheckConstraint("text <> ''", name="has_reason"),
    )


class FindingRepeat(OfOrganisation, Model):
    """What a person decided about two findings of different audits: the same weakness again, or not."""

    __tablename__ = "finding_repeat"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    likeness: Mapped[int] = mapped_column(Integer)
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("finding_id", "earlier_id"),
        CheckConstraint("finding_id > earlier_id", name="repeats_an_earlier_one"),
        CheckConstraint(f"verdict IN ({one_of(Verdict)})", name="verdict_known"),
        CheckConstraint("likeness BETWEEN 0 AND 100", name="likeness_is_percent"),
    )


for _model in (FindingResponse, FindingResolution):
    stands(_model)
