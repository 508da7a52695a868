"""Tables of the complaint-file test: the checklist as frozen, one test for each file of an audit, and its answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.rules import AnswerState
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


class AuditFileForm(OfOrganisation, Model):
    """The questions of the file test as they were when the first file of the audit was opened (decision 6).

    `content`: scale and sections as plain JSON; `digest` is SHA-256 over its canonical form.
    """

    __tablename__ = "audit_file_form"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    checklist_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("length(digest) = 64", name="file_form_digest_is_sha256"),)


class AuditFileTest(OfOrganisation, Model):
    """The test of one complaint of an audit, on the record captured in `evidence_file_id`.

    Once `tested_at` is set the recomputed facts stand captured in `facts_file_id`. `complaint_id` is no foreign key:
    the test outlives the complaint.
    """

    __tablename__ = "audit_file_test"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    complaint_id: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40))
    evidence_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    facts_file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))

    __table_args__ = (
        UniqueConstraint("audit_id", "reference"),
        CheckConstraint("complaint_id > 0 AND reference <> ''", name="names_complaint"),
        CheckConstraint("(tested_at IS NULL) = (facts_file_id IS NULL)", name="tested_has_facts"),
        CheckConstraint("tested_at IS NULL OR tested_at >= begun_at", name="tested_after_begun"),
    )


class AuditFileAnswer(OfOrganisation, Model):
    """The answer to one question in one file test; `conformity` in per cent for answers that count."""

    __tablename__ = "audit_file_answer"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    test_id: Mapped[int] = mapped_column(ForeignKey("audit_file_test.id"))
    item_id: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(String(64))
    answer_state: Mapped[str] = mapped_column(String(10))
    conformity: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        UniqueConstraint("test_id", "item_id"),
        CheckConstraint(f"answer_state IN ({one_of(AnswerState)})", name="answer_state_known"),
        CheckConstraint("(answer_state = 'answered') = (conformity IS NOT NULL)", name="only_answers_count"),
        CheckConstraint("conformity BETWEEN 0 AND 100", name="conformity_is_percent"),
        CheckConstraint("answer_state <> 'excluded' OR note <> ''", name="excluded_has_reason"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )
