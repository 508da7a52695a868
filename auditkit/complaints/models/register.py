"""Tables of the complaints register. CHECK constraints repeat `rules`, so that the database refuses impossible states.

A complaint brought in from a file (`import_run_id` set) may lack what its source does not say: dates of
acknowledgement and decision, or the date of its closing. Checked by tests/slices/complaints/test_constraints.py.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.rules import LONGEST, Answer, Ground, Kind, Outcome, Severity, Stage

OPEN = "stage <> 'closed'"
SERIES = "complaint"
"""Of references (`base.numbering`). It stays locked while complaints are recorded, and their ids are taken after it, so
the order of ids is the order of references."""
IMPORT_STATES = ("running", "finished", "failed", "undone")


def _known(column: str, words: type[StrEnum], *, empty: bool = False) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in (["", *words] if empty else words))
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _words(column: str) -> Mapped[str]:
    return mapped_column(String(LONGEST[column]), default="")


class ImportRun(OfOrganisation, Model):
    """One file brought in. `next_row` is where a killed run goes on; `counts` are whole numbers by name."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_digest: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(100), default="")
    profile_digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(20), default="running")
    next_row: Mapped[int] = mapped_column(Integer, default=1)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "organisation_id", "file_digest"),
        CheckConstraint("length(file_digest) = 64", name="digest_is_sha256"),
        CheckConstraint(f"state IN {IMPORT_STATES}", name="state_known"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="running_has_no_end"),
        CheckConstraint("next_row >= 1", name="rows_count_from_one"),
    )


class Complaint(OfOrganisation, Model):
    """One complaint. Long texts stand last, so that a page of the register need not read past them.

    `received_is_day` and `closed_is_day`: only the day is known, stored as its midnight UTC. `row_digest` is SHA-256
    of an imported row. `source_status` is the state as the file said it. `version` counts changes (optimistic lock).
    """

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(LONGEST["reference"]))
    version: Mapped[int] = mapped_column(Integer, default=1)
    kind: Mapped[str] = mapped_column(String(20), default=Kind.COMPLAINT.value)
    stage: Mapped[str] = mapped_column(String(40), default=Stage.RECEIVED.value)
    channel: Mapped[str] = _words("channel")
    category: Mapped[str] = _words("category")
    severity: Mapped[str] = mapped_column(String(20), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_is_day: Mapped[bool] = mapped_column(Boolean, default=False)
    happened_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(String(20), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_is_day: Mapped[bool] = mapped_column(Boolean, default=False)
    closed_date_unknown: Mapped[bool] = mapped_column(Boolean, default=False)
    closes_before_received: Mapped[bool] = mapped_column(Boolean, default=False)
    closing_ground: Mapped[str] = mapped_column(String(40), default="")
    subject: Mapped[str] = _words("subject")
    product: Mapped[str] = _words("product")
    site: Mapped[str] = _words("site")
    external_reference: Mapped[str] = _words("external_reference")
    source_status: Mapped[str] = _words("source_status")
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    row_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    complainant_name: Mapped[str] = _words("complainant_name")
    complainant_email: Mapped[str] = _words("complainant_email")
    complainant_phone: Mapped[str] = _words("complainant_phone")
    complainant_street: Mapped[str] = _words("complainant_street")
    complainant_postcode: Mapped[str] = _words("complainant_postcode")
    complainant_city: Mapped[str] = _words("complainant_city")
    complainant_region: Mapped[str] = _words("complainant_region")
    complainant_country: Mapped[str] = _words("complainant_country")
    wanted_remedy: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    closing_note: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    search_words: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        _known("kind", Kind),
        _known("stage", Stage),
        _known("severity", Severity, empty=True),
        _known("outcome", Outcome, empty=True),
        _known("answer", Answer, empty=True),
        _known("closing_ground", Ground, empty=True),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL OR closed_date_unknown)", name="closed_has_date"),
        CheckConstraint("NOT (closed_at IS NOT NULL AND closed_date_unknown)", name="closed_date_known_or_not"),
        CheckConstraint(
            "import_run_id IS NOT NULL OR NOT (closed_date_unknown OR closes_before_received)",
            name="only_imports_lack_dates",
        ),
        CheckConstraint(
            "closed_at IS NULL OR closed_at >= received_at OR closed_is_day OR closes_before_received",
            name="closed_after_received",
        ),
        CheckConstraint(
            "NOT closes_before_received OR (closed_at IS NOT NULL AND closed_at < received_at)",
            name="flag_says_true",
        ),
        CheckConstraint(
            "stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL",
            name="acknowledged_has_date",
        ),
        CheckConstraint("stage <> 'received' OR acknowledged_at IS NULL", name="acknowledged_left_first_stage"),
        CheckConstraint(
            "import_run_id IS NOT NULL OR (stage IN ('decided', 'closed')) = (outcome <> '')",
            name="decided_has_outcome",
        ),
        CheckConstraint("decided_at IS NULL OR outcome <> ''", name="decision_date_has_outcome"),
        CheckConstraint(
            "outcome = '' OR import_run_id IS NOT NULL OR (decided_at IS NOT NULL AND decision <> '')",
            name="outcome_has_date_and_reasons",
        ),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_has_date"),
        CheckConstraint("answer = '' OR outcome <> ''", name="answer_needs_decision"),
        CheckConstraint("closing_ground = '' OR stage = 'closed'", name="ground_of_closed_only"),
        CheckConstraint(
            "stage <> 'closed' OR closing_ground <> '' OR import_run_id IS NOT NULL", name="closed_has_ground"
        ),
        # 7.9: refusing the offered decision does not close the case.
        CheckConstraint(
            "NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ('decided-externally', 'exhausted')",
            name="refusal_keeps_open",
        ),
        CheckConstraint("row_digest IS NULL OR import_run_id IS NOT NULL", name="row_digest_of_imports_only"),
        CheckConstraint("row_digest IS NULL OR length(row_digest) = 32", name="row_digest_is_sha256"),
        Index("ix_complaint_received", "organisation_id", "received_at", "id"),
        Index("ix_complaint_stage_received", "organisation_id", "stage", "received_at", "id"),
        Index("ix_complaint_stage_recorded", "organisation_id", "stage", "id"),
        Index("ix_complaint_category_received", "organisation_id", "category", "received_at", "id"),
        Index("ix_complaint_channel_received", "organisation_id", "channel", "received_at", "id"),
        Index(
            "ix_complaint_open_received",
            "organisation_id",
            "received_at",
            "id",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index(
            "ix_complaint_open_recorded",
            "organisation_id",
            "id",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index(
            "ix_complaint_severity_received",
            "organisation_id",
            "severity",
            "received_at",
            "id",
            sqlite_where=text("severity <> ''"),
            postgresql_where=text("severity <> ''"),
        ),
        Index(
            "ix_complaint_import_run",
            "import_run_id",
            "received_at",
            "id",
            sqlite_where=text("import_run_id IS NOT NULL"),
            postgresql_where=text("import_run_id IS NOT NULL"),
        ),
        Index(
            "ix_complaint_external_reference",
            "organisation_id",
            "external_reference",
            sqlite_where=text("external_reference <> ''"),
            postgresql_where=text("external_reference <> ''"),
        ),
        Index(
            "uq_complaint_row_digest",
            "organisation_id",
            "row_digest",
            unique=True,
            sqlite_where=text("row_digest IS NOT NULL"),
            postgresql_where=text("row_digest IS NOT NULL"),
        ),
    )


# The search index. `search_words` is already split and folded (rules.search_words), therefore the plainest tokenizer
# and no positions: the index finds whole words and beginnings of words, which is all the search box offers.
# PostgreSQL keeps its index by itself. On SQLite triggers keep it on change and removal, but not on insert: a trigger
# there, even one that does nothing, makes a bulk load 2 to 25 times slower. A new complaint is indexed by the listener
# below; whoever inserts rows in bulk runs SQLITE_INDEX_ROWS over them in the same transaction.
_FORGET_ROW = (
    "INSERT INTO complaint_search(complaint_search, rowid, search_words) VALUES ('delete', old.id, old.search_words);"
)
_INDEX_ROW = "INSERT INTO complaint_search(rowid, search_words) VALUES (new.id, new.search_words);"
_SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE complaint_search USING fts5("
    "search_words, content='complaint', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
)
_CHANGED_TRIGGER = (
    "CREATE TRIGGER complaint_search_changed AFTER UPDATE OF search_words ON complaint "
    f"WHEN old.search_words <> new.search_words BEGIN {_FORGET_ROW} {_INDEX_ROW} END"
)
SQLITE_SEARCH = (
    _SEARCH_TABLE,
    "INSERT INTO complaint_search(complaint_search, rank) VALUES('hashsize', 33554432)",
    _CHANGED_TRIGGER,
    f"CREATE TRIGGER complaint_search_removed AFTER DELETE ON complaint BEGIN {_FORGET_ROW} END",
)
SQLITE_INDEX_ROWS = (
    "INSERT INTO complaint_search(rowid, search_words) "
    "SELECT id, search_words FROM complaint WHERE id BETWEEN :first AND :last"
)
SQLITE_SEARCH_GONE = ("DROP TABLE IF EXISTS complaint_search",)
POSTGRESQL_SEARCH_EXPRESSION = "array_to_tsvector(string_to_array(search_words, ' '))"
POSTGRESQL_SEARCH = (f"CREATE INDEX ix_complaint_search ON complaint USING gin ({POSTGRESQL_SEARCH_EXPRESSION})",)

for _dialect, _moment, _statements in (
    ("sqlite", "after_create", SQLITE_SEARCH),
    ("sqlite", "before_drop", SQLITE_SEARCH_GONE),
    ("postgresql", "after_create", POSTGRESQL_SEARCH),
):
    for _statement in _statements:
        event.listen(Complaint.__table__, _moment, DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))


@event.listens_for(Complaint, "after_insert")
def _index_for_search(_mapper: Any, connection: Any, complaint: Complaint) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(SQLITE_INDEX_ROWS), {"first": complaint.id, "last": complaint.id})
