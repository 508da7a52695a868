"""Tables of the sums, and the triggers that note what has changed. See the package."""

from datetime import datetime

from sqlalchemy import (
    DDL,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.db import Key, Model, OfOrganisation, UtcDateTime
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.models import Complaint, ComplaintEscalation

WORD = 200


class FigureDay(OfOrganisation, Model):
    """How many cases of a cohort belong to a figure on a day (the organisation's), and how many of them count.

    `part` and `word`: of the cases with that word, such as category and "delivery", by the month's first day alone;
    both empty for all cases.
    """

    __tablename__ = "figure_day"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    figure: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(10), default="")
    day: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(WORD), default="")
    cohort: Mapped[str] = mapped_column(String(7))
    whole: Mapped[int] = mapped_column(Integer)
    counted: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "figure", "part", "day", "word", "cohort"),
        Index(None, "organisation_id", "cohort"),
        {"sqlite_with_rowid": False},
    )


class FigureWait(OfOrganisation, Model):
    """How many cases of a cohort, received in a month (the organisation's), waited so long.

    `state` "ended": `took` is whole units of the wait; "still": the second (Unix time) of receipt; "unknown": 0.
    """

    __tablename__ = "figure_wait"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    figure: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(8))
    took: Mapped[int] = mapped_column(BigInteger)
    cohort: Mapped[str] = mapped_column(String(7))
    number: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "figure", "month", "state", "took", "cohort"),
        Index(None, "organisation_id", "cohort"),
        {"sqlite_with_rowid": False},
    )


class FigureState(OfOrganisation, Model):
    """Up to which complaint an organisation's register is summed, and by the days of which zone."""

    __tablename__ = "figure_state"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    zone: Mapped[str] = mapped_column(String(60))
    up_to: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("organisation_id"),)


class FigureStale(OfOrganisation, Model):
    """A cohort in which something has changed since it was summed. Triggers write it; summing takes it away."""

    __tablename__ = "figure_stale"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    cohort: Mapped[str] = mapped_column(String(7))

    __table_args__ = (Index(None, "organisation_id", "cohort"),)


# What the sums are made of. On SQLite one mark a cohort is enough, for there is one writer at a time. On PostgreSQL
# every change leaves its own: a summing that runs at the same moment takes away only the marks it has seen.
_OF_COMPLAINT = (
    "kind, stage, channel, category, severity, site, received_at, acknowledged_at, decided_at, outcome, closed_at, "
    "closed_date_unknown, level, reopened"
)
_SIDES = {
    "complaint_due": "complaint_id, target, state, late, due_at, ended_at",
    "complaint_escalation": "complaint_id, state",
}


_MARK = "INSERT INTO figure_stale (organisation_id, cohort)"


def _mark(organisation: str, cohort: str, source: str = "") -> str:
    same = f"known.organisation_id = {organisation} AND known.cohort = {cohort}"
    unknown = f"NOT EXISTS (SELECT 1 FROM figure_stale AS known WHERE {same})"  # noqa: S608 - names of this module
    return f"{_MARK} SELECT {organisation}, {cohort} {f'{source} AND' if source else 'WHERE'} {unknown};"


def _sqlite() -> dict[str, tuple[str, ...]]:
    before, after = (_mark(f"{row}.organisation_id", f"substr({row}.received_at, 1, 7)") for row in ("OLD", "NEW"))
    found: dict[str, tuple[str, ...]] = {
        "complaint": (
            (
                f"CREATE TRIGGER figures_complaint_changed AFTER UPDATE OF {_OF_COMPLAINT} ON complaint "
                f"BEGIN {before} {after} END"
            ),
            f"CREATE TRIGGER figures_complaint_removed AFTER DELETE ON complaint BEGIN {before} END",
        )
    }
    for table, columns in _SIDES.items():
        name = table.removeprefix("complaint_")
        marks = {
            row: _mark(
                "its.organisation_id",
                "substr(its.received_at, 1, 7)",
                f"FROM complaint AS its WHERE its.id = {row}.complaint_id",
            )
            for row in ("OLD", "NEW")
        }
        found[table] = (
            f"CREATE TRIGGER figures_{name}_added AFTER INSERT ON {table} BEGIN {marks['NEW']} END",
            f"CREATE TRIGGER figures_{name}_changed AFTER UPDATE OF {columns} ON {table} BEGIN {marks['NEW']} END",
            f"CREATE TRIGGER figures_{name}_removed AFTER DELETE ON {table} BEGIN {marks['OLD']} END",
        )
    return found


_COHORT = "to_char({row}.received_at AT TIME ZONE 'UTC', 'YYYY-MM')"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION figures_of_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )


def _postgresql() -> dict[str, tuple[str, ...]]:
    old, new = (_COHORT.format(row=row) for row in ("OLD", "NEW"))
    before, after = (f"{_MARK} VALUES ({row}.organisation_id, {_COHORT.format(row=row)});" for row in ("OLD", "NEW"))
    found: dict[str, tuple[str, ...]] = {
        "complaint": (
            _function("complaint", f"{before} IF TG_OP = 'UPDATE' THEN IF {new} <> {old} THEN {after} END IF; END IF;"),
            (
                f"CREATE TRIGGER figures_complaint_changed AFTER UPDATE OF {_OF_COMPLAINT} ON complaint "
                "FOR EACH ROW EXECUTE FUNCTION figures_of_complaint()"
            ),
            (
                "CREATE TRIGGER figures_complaint_removed AFTER DELETE ON complaint "
                "FOR EACH ROW EXECUTE FUNCTION figures_of_complaint()"
            ),
        )
    }
    for table, columns in _SIDES.items():
        name = table.removeprefix("complaint_")
        its = "FROM complaint AS its WHERE its.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.complaint_id "
        mark = f"{_MARK} SELECT its.organisation_id, {_COHORT.format(row='its')} {its}ELSE NEW.complaint_id END;"
        found[table] = (
            _function(name, mark),
            (
                f"CREATE TRIGGER figures_{name}_changed AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION figures_of_{name}()"
            ),
        )
    return found


SQLITE_TRIGGERS = _sqlite()
POSTGRESQL_TRIGGERS = _postgresql()
for _table in (Complaint.__table__, ComplaintDue.__table__, ComplaintEscalation.__table__):
    for _dialect, _triggers in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
        for _statement in _triggers[str(_table)]:
            event.listen(_table, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))
