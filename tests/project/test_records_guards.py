"""Guards over the tables: every CHECK has a test that sees it refuse, every organisation's table carries its owner."""

import re

from sqlalchemy import CheckConstraint

from auditkit import schema
from auditkit.base.db import Base
from tests.project.source import PROJECT

# Tables without an organisation, each with its reason.
ABOVE_ORGANISATIONS = {
    "organisation": "is the organisation",
    "person": "a consultant is one person in several organisations",
    "sign_in_link": "belongs to a person",
    "limit_count": "a network is limited whatever the organisation; hashed",
    "limit_salt": "as limit_count",
    "journal_entry": "carries organisation_id without a key: the journal outlives organisations",
    "journal_head": "as journal_entry",
    "journal_personal": "belongs to a journal entry",
}


def checks() -> list[tuple[str, str, str]]:
    """(table, class, constraint as tests write it) of every named CHECK."""
    classes = {mapper.local_table: mapper.class_.__name__ for mapper in Base.registry.mappers}
    return [
        (table.name, classes.get(table, ""), str(constraint.name).removeprefix(f"ck_{table.name}_"))
        for table in schema.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and constraint.name
    ]


def unseen(names: list[tuple[str, str, str]], files: list[str]) -> list[str]:
    """CHECKs that no test file names together with their table or class."""
    spoken = [frozenset(re.findall(r"\w+", text)) for text in files]
    return [
        f"{table}.{name}"
        for table, class_, name in names
        if not any(name in words and (table in words or class_ in words) for words in spoken)
    ]


def test_every_check_is_seen_to_refuse():
    folder = PROJECT / "tests"
    files = [path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py") if "project" not in path.parts]
    assert not unseen(checks(), files)


def test_an_untested_check_is_found():
    wanted = [("complaint", "Complaint", "closed_has_date")]
    assert unseen(wanted, ["refuses('complaint', 'something_else')", "closed_has_date"]) == [
        "complaint.closed_has_date"
    ]
    assert not unseen(wanted, ["refuses('complaint', 'closed_has_date')"])


def test_every_check_has_a_name():
    nameless = [
        f"{table.name}: {constraint.sqltext}"
        for table in schema.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and not constraint.name
    ]
    assert not nameless


def test_every_record_belongs_to_an_organisation():
    without = {table.name for table in schema.metadata.sorted_tables if "organisation_id" not in table.c}
    keyless = {
        table.name
        for table in schema.metadata.sorted_tables
        if "organisation_id" in table.c and not table.c.organisation_id.foreign_keys
    }
    assert without | keyless == set(ABOVE_ORGANISATIONS)
