"""Tables of audits. The CHECKs repeat the gates of `rules.py`, so that the database refuses what the rules refuse."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.audits.rules import NONCONFORMITIES, AnswerState, Grade, Method, State, TeamRole
from auditkit.audits.sampling import Rule
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.rules import Stage


def _one_of(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


class Audit(OfOrganisation, Model):
    """One audit: its plan, what it was run on, how far it is, its conclusion.

    `rows_*` are counters kept by every answer; `scale` is the answer scale as it was at the start.
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

    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"state IN ({_one_of(State)})", name="state_known"),
        CheckConstraint(f"method IN ({_one_of(Method)})", name="method_known"),
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
        CheckConstraint(f"role IN ({_one_of(TeamRole)})", name="role_known"),
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
    question is founded (published, practice ...); empty for audits that began before it was kept.
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

    __table_args__ = (
        UniqueConstraint("audit_id", "position"),
        UniqueConstraint("audit_id", "item_id"),
        CheckConstraint(f"answer_state IN ({_one_of(AnswerState)})", name="answer_state_known"),
        CheckConstraint("(answer_state = 'answered') = (conformity IS NOT NULL)", name="only_answers_count"),
        CheckConstraint("conformity BETWEEN 0 AND 100", name="conformity_is_percent"),
        CheckConstraint("answer_state <> 'excluded' OR note <> ''", name="excluded_has_reason"),
        CheckConstraint("answer_state = 'open' OR answered_at IS NOT NULL", name="answer_has_time"),
        CheckConstraint("weight > 0", name="weight_counts"),
    )


class Finding(OfOrganisation, Model):
    """A finding. It has no state of its own: that is derived from the actions that answer it."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    row_id: Mapped[int | None] = mapped_column(ForeignKey("audit_row.id"), index=True)
    serial: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(30))
    grade: Mapped[str] = mapped_column(String(15))
    statement: Mapped[str] = mapped_column(Text)
    criterion: Mapped[str] = mapped_column(Text, default="")
    clause: Mapped[str] = mapped_column(String(96), default="")
    edition_name: Mapped[str] = mapped_column(String(400), default="")
    strength: Mapped[str] = mapped_column(String(10), default="own")
    evidence: Mapped[str] = mapped_column(Text, default="")
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("audit_id", "serial"),
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint(f"grade IN ({_one_of(Grade)})", name="grade_known"),
        CheckConstraint("strength IN ('shall', 'should', 'law', 'own')", name="strength_known"),
        CheckConstraint("statement <> ''", name="has_statement"),
        CheckConstraint(
            f"grade NOT IN ({_one_of(NONCONFORMITIES)}) OR (criterion <> '' AND evidence <> '')",
            name="nonconformity_has_criterion_and_evidence",
        ),
        Index(None, "organisation_id", "grade"),
    )


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
        CheckConstraint(f"stage IN ('', {_one_of(Stage)})", name="stage_known"),
        CheckConstraint("length(seed) >= 43", name="seed_is_long"),
        CheckConstraint("length(seed_hash) = 64 AND length(population_digest) = 64", name="digests_are_sha256"),
        CheckConstraint(
            "size BETWEEN 1 AND population_size AND always_size BETWEEN 0 AND size", name="size_fits_population"
        ),
        CheckConstraint(f"rule IN ({_one_of(Rule)})", name="rule_known"),
        CheckConstraint("(rule = 'number') = (reason <> '')", name="own_number_has_reason"),
        CheckConstraint("rule <> 'number' OR always_size = 0", name="own_number_takes_none_always"),
    )


class AuditSampleItem(OfOrganisation, Model):
    """A complaint of a sample, as captured. `complaint_id` is no foreign key: the sample outlives the complaint."""

    __tablename__ = "audit_sample_item"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_sample.id"))
    position: Mapped[int] = mapped_column(Integer)
    complaint_id: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(40))
    always: Mapped[bool] = mapped_column(Boolean, default=False)
    evidence_file_id: Mapped[int] = mapped_column(ForeignKey("evidence_file.id"))

    __table_args__ = (
        UniqueConstraint("sample_id", "position"),
        UniqueConstraint("sample_id", "reference"),
        CheckConstraint("position > 0", name="position_counts_from_one"),
        CheckConstraint("complaint_id > 0 AND reference <> ''", name="names_complaint"),
    )


_TOLD = "a drawn sample stands as it is"
_SAMPLE_TABLES = {model.__tablename__: model.__table__ for model in (AuditSample, AuditSampleItem)}

SAMPLE_SQLITE_TRIGGERS = {
    table: tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
        for act in ("UPDATE", "DELETE")
    )
    for table in _SAMPLE_TABLES
}
SAMPLE_POSTGRESQL_TRIGGERS = {
    table: (
        (
            f"CREATE OR REPLACE FUNCTION audit_sample_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
        ),
        (
            f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_sample_refuse()"
        ),
    )
    for table in _SAMPLE_TABLES
}

for _dialect, _triggers in (("sqlite", SAMPLE_SQLITE_TRIGGERS), ("postgresql", SAMPLE_POSTGRESQL_TRIGGERS)):
    for _name, _table in _SAMPLE_TABLES.items():
        for _statement in _triggers[_name]:
            event.listen(_table, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
