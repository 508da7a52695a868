"""Complaints of before live through the revision that gave them their whole way, and back: rows, search, triggers."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import column, insert, table, text
from sqlalchemy.exc import IntegrityError

from auditkit.base.db import db, reading
from auditkit.complaints import queries
from auditkit.complaints.models import SQLITE_INDEX_ROWS, Complaint
from auditkit.instance import migrate
from auditkit.journal.models import JournalEntry
from tests.slices.complaints.recording import raw, run_added

BEFORE, AFTER = "0003", "0004"
LATER = datetime(2026, 1, 20, 10, tzinfo=UTC)
NEW = ("owner_id", "deputy_id", "review_on", "priority", "level", "reopened")
AS_IT_WAS = table(
    "complaint", *(column(one.name, one.type) for one in Complaint.__table__.columns if one.name not in NEW)
)
OLD = {
    "received": {},
    "acknowledged": {"stage": "acknowledged", "acknowledged_at": LATER, "severity": "high"},
    "decided": {"stage": "decided", "acknowledged_at": LATER, "decided_at": LATER, "outcome": "upheld",
                "decision": "because", "remedy": "money back"},
    "refused": {"stage": "decided", "acknowledged_at": LATER, "decided_at": LATER, "outcome": "rejected",
                "decision": "because", "answer": "refused", "answered_at": LATER},
    "closed after refusal": {"stage": "closed", "acknowledged_at": LATER, "decided_at": LATER, "outcome": "rejected",
                             "decision": "because", "answer": "refused", "answered_at": LATER, "closed_at": LATER,
                             "closing_ground": "exhausted", "closing_note": "all steps"},
    "imported": {"stage": "closed", "closed_date_unknown": True, "outcome": "rejected", "import_run_id": "run",
                 "row_digest": b"d" * 32, "source_status": "Closed"},
}  # fmt: skip
DEFAULTS = {
    "version": 1, "kind": "complaint", "received_is_day": False, "outcome": "", "answer": "", "closed_is_day": False,
    "closed_date_unknown": False, "closes_before_received": False, "closing_ground": "", "product": "", "site": "",
    "external_reference": "", "source_status": "", "complainant_name": "Ana", "complainant_email": "",
    "complainant_phone": "", "complainant_street": "", "complainant_postcode": "", "complainant_city": "",
    "complainant_region": "", "complainant_country": "", "wanted_remedy": "", "decision": "", "remedy": "",
    "closing_note": "", "description": "Ordered on Monday",
}  # fmt: skip


def rows_of(house):
    run = run_added(house.id)
    for number, (name, values) in enumerate(OLD.items(), start=1):
        row = {**DEFAULTS, **raw(house.id, number, subject=name), **values}
        yield {**row, "import_run_id": run if row["import_run_id"] else None}


def kept(connection):
    """Every column of before of every complaint, in their order."""
    columns = [one.name for one in Complaint.__table__.columns if one.name not in NEW]
    return connection.execute(text(f"SELECT {', '.join(columns)} FROM complaint ORDER BY id")).all()


def searched(connection, word):
    if connection.dialect.name == "sqlite":
        query = "SELECT count(*) FROM complaint_search WHERE complaint_search MATCH :word"
        return connection.execute(text(query), {"word": f'"{word}"'}).scalar_one()
    words = "array_to_tsvector(string_to_array(search_words, ' '))"
    query = f"SELECT count(*) FROM complaint WHERE {words} @@ CAST(:word AS tsquery)"
    return connection.execute(text(query), {"word": f"'{word}'"}).scalar_one()


@pytest.fixture
def before(app, acme):
    """The database as it was, with a complaint of each kind, an imported reference and a journalled refusal."""
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    with db.engine.begin() as connection:
        for row in rows_of(acme):
            connection.execute(insert(AS_IT_WAS).values(**row))
        ids = dict(connection.execute(text("SELECT subject, id FROM complaint")).all())
        if connection.dialect.name == "sqlite":
            connection.execute(text(SQLITE_INDEX_ROWS), {"first": 1, "last": max(ids.values())})
        connection.execute(
            text("INSERT INTO imported_reference (complaint_id, organisation_id, key) VALUES (:id, :house, :key)"),
            {"id": ids["imported"], "house": acme.id, "key": b"k" * 32},
        )
        entry = {
            "organisation_id": acme.id, "seq": 900, "event": "complaint:decision-refused", "at": LATER,
            "actor_id": acme.person("complaint-handler"), "role": "complaint-handler", "subject_kind": "complaint",
            "subject_id": ids["refused"], "facts": {}, "personal": {}, "previous": "a" * 64, "hash": "b" * 64,
        }  # fmt: skip
        connection.execute(insert(JournalEntry.__table__).values(**entry))
    with db.engine.connect() as connection:
        return kept(connection)


def test_complaints_of_before_are_all_there_and_found(app, acme, before):
    migrate.upgrade(app, AFTER)
    with db.engine.connect() as connection:
        assert kept(connection) == before
        assert len(before) == len(OLD)
        assert searched(connection, f"{acme.id}·case") == len(OLD)
        assert connection.execute(text("SELECT count(*) FROM imported_reference")).scalar_one() == 1
        names = "owner_id, review_on, priority, level, reopened"
        owned = connection.execute(text(f"SELECT subject, {names} FROM complaint WHERE owner_id IS NOT NULL")).all()
    assert [(row[0], row[1], str(row[2]), *row[3:]) for row in owned] == [
        ("refused", acme.person("complaint-handler"), "2026-02-03", "", 0, 0)
    ]


def test_the_search_index_goes_on(app, acme, before):
    migrate.upgrade(app)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE complaint SET search_words = '7·changed' WHERE subject = 'received'"))
        connection.execute(text("DELETE FROM imported_reference"))
        connection.execute(text("DELETE FROM complaint WHERE subject = 'imported'"))
    with db.engine.connect() as connection:
        assert searched(connection, f"{acme.id}·case") == len(OLD) - 2
        assert searched(connection, "7·changed") == 1
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM import_run"))  # foreign keys are on again
        connection.execute(text("UPDATE complaint SET organisation_id = 999999"))


def test_a_decision_of_before_is_the_first_of_its_complaint(app, acme, before):
    migrate.upgrade(app)
    tx = reading(acme.system)
    case = queries.by_reference(tx, "C-2026-000003")
    (decision,) = queries.history(tx, case.id).decisions
    assert (decision.number, decision.state, decision.reasons, decision.remedy) == (
        1,
        "decided",
        "because",
        "money back",
    )
    assert (decision.told_channel, decision.told_at) == ("unknown", LATER)
    assert case.next_act == "answer"
    refused = queries.history(tx, queries.by_reference(tx, "C-2026-000004").id).decisions[0]
    assert (refused.answer, refused.answered_at, refused.next_internal) == ("refused", LATER, "Not recorded")
    assert not queries.history(tx, queries.by_reference(tx, "C-2026-000006").id).decisions
    assert queries.by_reference(tx, "C-2026-000004").review_on == date(2026, 2, 3)


def test_back_again_every_complaint_finds_a_stage_of_before(app, acme, before):
    migrate.upgrade(app, AFTER)
    worked = {
        "received": "stage = 'closed', closed_at = received_at, closing_ground = 'withdrawn'",
        "acknowledged": "stage = 'investigating'",
        "decided": "stage = 'acting', answer = 'accepted', answered_at = decided_at",
        "refused": "stage = 'proposed'",
    }
    with db.engine.begin() as connection:
        for subject, change in worked.items():
            connection.execute(text(f"UPDATE complaint SET {change} WHERE subject = :subject"), {"subject": subject})
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    with db.engine.connect() as connection:
        found = dict(connection.execute(text("SELECT subject, stage FROM complaint")).all())
        grounds = dict(connection.execute(text("SELECT subject, closing_ground FROM complaint")).all())
        assert searched(connection, f"{acme.id}·case") == len(OLD)
    assert found == {
        "received": "closed", "acknowledged": "acknowledged", "decided": "decided", "refused": "decided",
        "closed after refusal": "closed", "imported": "closed",
    }  # fmt: skip
    assert grounds["received"] == "no-answer"
    migrate.upgrade(app)
