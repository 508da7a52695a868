"""The journal in a real database: chained, append-only, erasable in its personal part, checked by command."""

import pytest
from sqlalchemy import delete, select, text

from auditkit.accounts import service
from auditkit.accounts.rules import Role
from auditkit.base.db import db, reading, transaction
from auditkit.journal import queries
from auditkit.journal.models import JournalEntry, JournalHead, JournalPersonal
from tests.factories.refusals import refuses, trigger_refuses


def test_every_organisation_has_a_chain_of_its_own(acme, globex):
    for house in (acme, globex):
        check = queries.verify(reading(house.system), house.id)
        assert (check.bad, check.entries) == (None, BEGINNINGS)


BEGINNINGS = 3 + len(Role)
"""Entries a house of the tests begins with: itself, a member for each role, two competences."""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET role = 'nobody' WHERE seq = 2",
        "DELETE FROM journal_entry WHERE seq = 2",
    ],
)
def test_entries_cannot_be_changed_or_deleted(acme, statement):
    trigger_refuses(statement, "append-only")


def without_triggers(statement: str) -> None:
    """What somebody with full access to the database file could do."""
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER journal_entry_no_{act}")
        else:
            connection.exec_driver_sql("DROP TRIGGER journal_entry_append_only ON journal_entry")
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("UPDATE journal_entry SET role = 'administrator' WHERE seq = 3", 3, "changed"),
        ("DELETE FROM journal_entry WHERE seq = 4", 4, "missing"),
        ("DELETE FROM journal_entry WHERE seq > 5", 6, "removed"),
        ("DELETE FROM journal_head", BEGINNINGS + 1, "removed"),
    ],
)
def test_tampering_past_the_triggers_is_named(acme, statement, seq, reason):
    if "DELETE FROM journal_entry" in statement:
        without_triggers("DELETE FROM journal_personal")
        with db.engine.begin() as connection:
            connection.execute(text(statement))
    else:
        without_triggers(statement)
    bad = queries.verify(reading(acme.system), acme.id).bad
    assert bad is not None
    assert bad.seq == seq
    assert reason in bad.reason


def test_erasing_personal_values_leaves_the_chain_whole(acme):
    entries = queries.page(reading(acme.system), acme.id, event="member:added")[0]
    assert entries[0].personal["email"].endswith("@acme.example")
    with transaction(acme.system) as tx:
        tx.execute(delete(JournalPersonal))
    assert queries.verify(reading(acme.system), acme.id).bad is None
    assert queries.page(reading(acme.system), acme.id, event="member:added")[0][0].personal == {}


def test_no_personal_value_is_in_an_entry(acme):
    for entry in reading(acme.system).execute(select(JournalEntry)).scalars():
        assert "@acme.example" not in f"{entry.facts}{entry.personal}"


def test_pages_are_walked_by_key(acme, clock):
    for _ in range(60):
        with transaction(acme.system) as tx:
            service.issue_link(tx, service.IssueLink(acme.person("staff")), clock.at, acme.system)
    first, before = queries.page(reading(acme.system), acme.id)
    second, end = queries.page(reading(acme.system), acme.id, before=before)
    seqs = [entry.seq for entry in [*first, *second]]
    assert seqs == list(range(BEGINNINGS + 60, 0, -1))
    assert end is None


def test_the_head_for_packs_passes_over_what_changed_no_record(acme, clock):
    before = queries.head_about_records(reading(acme.system), acme.id)
    with transaction(acme.system) as tx:
        service.issue_link(tx, service.IssueLink(acme.person("staff")), clock.at, acme.system)
    assert queries.head_about_records(reading(acme.system), acme.id) == before


ENTRY = {
    "seq": 99, "event": "a:b", "role": "system", "subject_kind": "x", "subject_id": 1, "facts": {}, "personal": {},
    "previous": "0" * 64, "hash": "1" * 64,
}  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [("seq_counts_from_one", {"seq": 0}), ("hashes_are_sha256", {"hash": "short"})],
)
def test_the_journal_entry_table_refuses(acme, clock, constraint, change):
    refuses(JournalEntry.__table__, constraint, {**ENTRY, "organisation_id": acme.id, "at": clock.at, **change})


def test_the_head_is_the_newest_entry(acme):
    head = reading(acme.system).get(JournalHead, acme.id)
    newest = queries.page(reading(acme.system), acme.id)[0][0]
    assert (head.seq, head.hash) == (newest.seq, newest.hash)


def test_verify_by_command(acme, command):
    good = command("journal", "verify", "--org", "acme", "--json")
    assert good.code == 0
    assert good.json["bad"] is None
    without_triggers("UPDATE journal_entry SET subject_id = 5 WHERE seq = 2")
    bad = command("journal", "verify", "--org", "acme")
    assert bad.code == 1
    assert "entry 2 was changed" in bad.err
    assert command("journal", "verify", "--org", "nobody").code == 2, "nothing is said about a chain"
