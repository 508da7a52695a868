"""Tables of audits, their teams and their questions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.rules import AnswerState, AuditKind, BasisKind, CriterionSource, Method, State, TeamRole
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime, one_of


def _added() -> Mapped[str]:
    """A text that audits planned before it was kept do not have."""
    return mapped_column(Text, default="", server_default="")


class Audit(OfOrganisation, Model):
    """One audit: its plan, what it was run on, how far it is, its conclusion.

    `rows_*` are counters kept by every answer; `scale` is the answer scale as it was at the start. `criteria` and
    `places` hold one in a line, beside the edition and the rooms; `remote_risk` what was checked for remote work.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    objectives: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    edition_id: Mapped[str] = mapped_column(String(64))
    edition_name: Mapped[str] = mapped_column(String(400))
    criteria: Mapped[str] = mapped_column(Text, default="")
    checklist_id: Mapped[str] = mapped_column(String(64))
    checklist_title: Mapped[str] = mapped_column(String(200))
    places: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(String(10), default=Method.ON_SITE)
    planned_from: Mapped[date] = mapped_column(Date)
    planned_to: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default=State.PLANNED)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checklist_digest: Mapped[str | None] = mapped_column(String(64))
    edition_digest: Mapped[str | None] = mapped_column(String(64))
    scale: Mapped[dict[str, Any] | None] = mapped_column(JsonDict(none_as_null=True))
    rows_total: Mapped[int] = mapped_column(Integer, default=0)
    rows_answered: Mapped[int] = mapped_column(Integer, default=0)
    rows_excluded: Mapped[int] = mapped_column(Integer, default=0)
    rows_not_covered: Mapped[int] = mapped_column(Integer, default=0)
    findings: Mapped[int] = mapped_column(Integer, default=0)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)
    kind: Mapped[str] = mapped_column(
        String(20),
        CheckConstraint(f"kind IN ({one_of(AuditKind)})", name="kind_known"),
        default=AuditKind.INTERNAL,
        server_default="internal",
    )
    auditee: Mapped[str] = _added()
    virtual_places: Mapped[str] = _added()
    interviewees: Mapped[str] = _added()
    sampling: Mapped[str] = _added()
    language: Mapped[str] = _added()
    confidentiality: Mapped[str] = _added()
    logistics: Mapped[str] = _added()
    follow_up: Mapped[str] = _added()
    distribution: Mapped[str] = _added()
    remote_risk: Mapped[str] = _added()

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"state IN ({one_of(State)})", name="state_known"),
        CheckConstraint(f"method IN ({one_of(Method)})", name="method_known"),
        CheckConstraint("title <> '' AND objectives <> '' AND scope <> ''", name="plan_is_complete"),
        CheckConstraint("planned_to >= planned_from", name="days_in_order"),
        CheckConstraint("(state = 'planned') = (started_at IS NULL)", name="started_has_date"),
        CheckConstraint(
            "(started_at IS NULL) = (checklist_digest IS NULL) AND (started_at IS NULL) = (edition_digest IS NULL)"
            " AND (started_at IS NULL) = (scale IS NULL)",
            name="started_keeps_what_it_runs_on",
        ),
        CheckConstraint("(state IN ('reported', 'closed')) = (reported_at IS NOT NULL)", name="reported_has_date"),
        CheckConstraint("reported_at IS NULL OR conclusion <> ''", name="reported_has_conclusion"),
        CheckConstraint(
            "reported_at IS NULL OR rows_answered + rows_excluded + rows_not_covered = rows_total",
            name="reported_only_when_every_row_is_settled",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint(
            "rows_answered >= 0 AND rows_excluded >= 0 AND rows_not_covered >= 0 AND findings >= 0"
            " AND rows_answered + rows_excluded + rows_not_covered <= rows_total",
            name="counters_fit",
        ),
        Index(None, "organisation_id", "planned_from", "id"),
        Index(None, "organisation_id", "state"),
    )


class AuditMember(OfOrganisation, Model):
    """A person of the audit team and what they do in it."""

    __tablename__ = "audit_member"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        UniqueConstraint("audit_id", "person_id"),
        CheckConstraint(f"role IN ({one_of(TeamRole)})", name="role_known"),
        Index(
            "uq_audit_member_one_lead",
            "audit_id",
            unique=True,
            sqlite_where=text("role = 'lead'"),
            postgresql_where=text("role = 'lead'"),
        ),
    )


class AuditChecklist(OfOrganisation, Model):
    """The whole checklist as it was at the start; its digest can be computed from it again (decision 6)."""

    __tablename__ = "audit_checklist"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonDict)


class AuditRow(OfOrganisation, Model):
    """A question of an audit as it was asked, and its answer.

    `clause` is the one the answer counts under (`iso10002-2018:7.4`); `note_for` and `evidence_for` name the answers
    that demand a note or a file. `conformity` is in percent, for answers that count. `source` says how well the
    question is founded (published, practice ...); empty for audits that began before it was kept. `interviewee` is
    whom it is put to. `added_digest` is empty for questions of the checklist; a question added to this audit only has
    the digest of what it asks there.
    """

    __tablename__ = "audit_row"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    position: Mapped[int] = mapped_column(Integer)
    item_id: Mapped[str] = mapped_column(String(64))
    section: Mapped[str] = mapped_column(String(64))
    section_title: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(96))
    clause_label: Mapped[str] = mapped_column(String(240))
    edition_name: Mapped[str] = mapped_column(String(400))
    strength: Mapped[str] = mapped_column(String(10))
    clauses: Mapped[list[str]] = mapped_column(JsonDict)
    principles: Mapped[list[str]] = mapped_column(JsonDict)
    question: Mapped[str] = mapped_column(Text)
    good: Mapped[str] = mapped_column(Text)
    expected: Mapped[str] = mapped_column(Text)
    methods: Mapped[list[str]] = mapped_column(JsonDict)
    guidance: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[int] = mapped_column(Integer, default=1)
    note_for: Mapped[list[str]] = mapped_column(JsonDict)
    evidence_for: Mapped[list[str]] = mapped_column(JsonDict)
    answer: Mapped[str] = mapped_column(String(64))
    answer_state: Mapped[str] = mapped_column(String(10))
    conformity: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer, default=0)
    source: Mapped[str] = mapped_column(String(20), default="", server_default="")
    interviewee: Mapped[str] = mapped_column(String(200), default="", server_default="")
    added_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")

    __table_args__ = (
        UniqueConstraint("audit_id", "position"),
        UniqueConstraint("audit_id", "item_id"),
        CheckConstraint(f"answer_state IN ({one_of(AnswerState)})", name="answer_state_known"),
        CheckConstraint("(answer_state = 'answered') = (conformity IS NOT NULL)", name="only_answers_count"),
        CheckConstraint("conformity BETWEEN 0 AND 100", name="conformity_is_percent"),
        CheckConstraint("answer_state <> 'excluded' OR note <> ''", name="excluded_has_reason"),
        CheckConstraint("answer_state = 'open' OR answered_at IS NOT NULL", name="answer_has_time"),
        CheckConstraint("weight > 0", name="weight_counts"),
    )


class AuditCriterion(OfOrganisation, Model):
    """A standard or a policy of one's own that an audit judges against, beside its first edition.

    `ref` is the edition's or the policy's id; `title` as it was called when the audit was planned, with its version.
    """

    __tablename__ = "audit_criterion"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    position: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(10))
    ref: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(400))

    __table_args__ = (
        UniqueConstraint("audit_id", "position"),
        CheckConstraint(f"source IN ({one_of(CriterionSource)})", name="source_known"),
        CheckConstraint("ref <> '' AND title <> ''", name="criterion_is_named"),
    )


class AuditBasis(OfOrganisation, Model):
    """A law, contract or scheme the audit judges against, or the guidelines after which it is conducted.

    `ref` is the id of an edition of the library, empty for what is known by its words only.
    """

    __tablename__ = "audit_basis"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(64), default="")
    title: Mapped[str] = mapped_column(String(400))

    __table_args__ = (
        UniqueConstraint("audit_id", "position"),
        CheckConstraint(f"kind IN ({one_of(BasisKind)})", name="kind_known"),
        CheckConstraint("title <> ''", name="basis_is_named"),
        CheckConstraint("kind <> 'guidelines' OR ref <> ''", name="guidelines_are_an_edition"),
    )


class AuditFollowed(OfOrganisation, Model):
    """The audit that a follow-up audit looks at again."""

    __tablename__ = "audit_followed"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    followed_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)

    __table_args__ = (CheckConstraint("audit_id <> followed_id", name="follows_another"),)
