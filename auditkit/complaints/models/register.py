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
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime, one_of
from auditkit.complaints.rules import (
    DECISION_STANDS,
    LONGEST,
    NO_DECISION_DUE,
    OUT_OF_REFUSAL,
    WITHOUT_DECISION,
    Answer,
    Ground,
    Kind,
    Outcome,
    Severity,
    Stage,
)

OPEN = "stage <> 'closed'"
SERIES = "complaint"
"""Of references (`base.numbering`). It stays locked while complaints are recorded, and their ids are taken after it, so
the order of ids is the order of references."""


def known(column: str, words: type[StrEnum], *, empty: bool = False) -> CheckConstraint:
    """The column holds one of `words`, or nothing where that is allowed."""
    return CheckConstraint(f"{column} IN ({one_of(('', *words) if empty else words)})", name=f"{column}_known")


def _words(column: str) -> Mapped[str]:
    return mapped_column(String(LONGEST[column]), default="")


class Complaint(OfOrganisation, Model):
    """One complaint. Long texts stand last, so that a page of the register need not read past them.

    `received_is_day` and `closed_is_day`: only the day is known, stored as its midnight UTC. `row_digest` is SHA-256
    of an imported row. `source_status` is the state as the file said it. `version` counts changes (optimistic lock).
    `owner_id` answers for the case, `deputy_id` stands in; `review_on` is when the owner looks at it again. `level` is
    the escalation level 0 to 4, `reopened` how often the case was opened again. What the database fills in itself, an
    import need not send.
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
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date | None] = mapped_column(Date)
    priority: Mapped[str] = mapped_column(String(40), default="", server_default="")
    level: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reopened: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
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
        known("kind", Kind),
        known("stage", Stage),
        known("severity", Severity, empty=True),
        known("outcome", Outcome, empty=True),
        known("answer", Answer, empty=True),
        known("closing_ground", Ground, empty=True),
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
            "stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL "
            f"OR closing_ground IN ({one_of(WITHOUT_DECISION)})",
            name="acknowledged_has_date",
        ),
        CheckConstraint("stage <> 'received' OR acknowledged_at IS NULL", name="acknowledged_left_first_stage"),
        CheckConstraint(
            f"import_run_id IS NOT NULL OR outcome <> '' OR stage NOT IN ({one_of(DECISION_STANDS)}) "
            f"OR closing_ground IN ({one_of(WITHOUT_DECISION)})",
            name="decided_has_outcome",
        ),
        # While a new decision waits for approval the refused one still stands.
        CheckConstraint(
            f"import_run_id IS NOT NULL OR outcome = '' OR stage IN ({one_of((Stage.PROPOSED, *DECISION_STANDS))})",
            name="outcome_of_decided_only",
        ),
        CheckConstraint("stage <> 'acting' OR answer = 'accepted'", name="acting_was_accepted"),
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
            f"NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ({one_of(OUT_OF_REFUSAL)})",
            name="refusal_keeps_open",
        ),
        CheckConstraint(
            "answer <> 'refused' OR stage = 'closed' OR (owner_id IS NOT NULL AND review_on IS NOT NULL)",
            name="refusal_has_owner_and_review",
        ),
        CheckConstraint(
            f"closing_ground <> 'answered' OR kind IN ({one_of(NO_DECISION_DUE)})", name="answered_needs_no_decision"
        ),
        CheckConstraint("level BETWEEN 0 AND 4", name="level_known"),
        CheckConstraint("reopened >= 0", name="reopened_counts"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> owner_id", name="deputy_is_another"),
        CheckConstraint("row_digest IS NULL OR import_run_id IS NOT NULL", name="row_digest_of_imports_only"),
        CheckConstraint("row_digest IS NULL OR length(row_digest) = 32", name="row_digest_is_sha256"),
        Index("ix_complaint_received", "organisation_id", "received_at", "id"),
        Index("ix_complaint_stage_received", "organisation_id", "stage", "received_at", "id"),
        Index("ix_complaint_stage_recorded", "organisation_id", "stage", "id"),
        # By when a closed case ended: the daily look at what has been kept long enough (privacy)
        Index("ix_complaint_stage_ended", "organisation_id", "stage", text("coalesce(closed_at, recorded_at)")),
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
            # What dashboards ask of open cases (insights/rollups/reading.py)
            postgresql_include=["kind", "stage", "outcome", "received_at", "acknowledged_at", "decided_at"],
        ),
        *(
            Index(
                f"ix_complaint_{column}",
                "organisation_id",
                f"{column}_id",
                "received_at",
                "id",
                sqlite_where=text(f"{column}_id IS NOT NULL"),
                postgresql_where=text(f"{column}_id IS NOT NULL"),
            )
            for column in ("owner", "deputy")
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
        *(
            Index(
                f"ix_complaint_{column}_received",
                "organisation_id",
                column,
                "received_at",
                "id",
                sqlite_where=text(unusual),
                postgresql_where=text(unusual),
            )
            for column, unusual in (
                ("kind", f"kind <> '{Kind.COMPLAINT}'"),
                ("priority", "priority <> ''"),
                ("level", "level > 0"),
            )
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
