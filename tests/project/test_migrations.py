"""The schema that migrations make is the schema of the models, by DDL text, on both kinds of database; up and down."""

import re
from collections import Counter

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from auditkit import schema
from auditkit.base.db import db
from auditkit.instance import migrate
from tests.factories import demo

_WORD = r"'[^']*'(?:::[a-z ]+)?"
LIST_OF_WORDS = re.compile(rf"(IN \(|ARRAY\[)({_WORD}(?:, {_WORD})*)")
"""As SQLite keeps one, and PostgreSQL."""


def normal(statement: str | None) -> str:
    """DDL without what does not matter: quotes, spaces, the order of words in a list, of constraints in a table."""
    text = re.sub(r"\s+", " ", (statement or "").replace('"', "")).strip()
    text = LIST_OF_WORDS.sub(lambda found: found[1] + ", ".join(sorted(found[2].split(", "))), text)
    found = re.match(r"(CREATE TABLE \S+) ?\((.*)\)$", text)
    if not found:
        return text
    parts, depth, current = [], 0, ""
    for char in found[2]:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return f"{found[1]} ({', '.join(sorted([*parts, current.strip()]))})"


def sqlite_ddl(connection) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        "SELECT type || ' ' || name, sql FROM sqlite_master "
        "WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
    )
    return {name: normal(sql) for name, sql in rows}


POSTGRESQL_PARTS = {
    "constraint": "SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT tablename || ' ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "function": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "column": "SELECT table_name || ' ' || column_name, data_type || ' ' || coalesce(character_maximum_length, 0) "
    "|| ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(generation_expression, '') "
    "FROM information_schema.columns WHERE table_schema = 'public'",
}


def postgresql_ddl(connection) -> dict[str, str]:
    return {
        f"{kind} {name}": normal(text)
        for kind, query in POSTGRESQL_PARTS.items()
        for name, text in connection.exec_driver_sql(query)
        if "alembic_version" not in name
    }


def ddl(engine) -> dict[str, str]:
    with engine.connect() as connection:
        return sqlite_ddl(connection) if engine.dialect.name == "sqlite" else postgresql_ddl(connection)


def rebuild_from_models(engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        else:
            schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)


def test_migrations_make_what_the_models_say(app):
    migrated = ddl(db.engine)
    rebuild_from_models(db.engine)
    modelled = ddl(db.engine)
    assert migrated.keys() == modelled.keys()
    assert migrated == modelled
    assert any("ck_" in text or "ck_" in name for name, text in modelled.items()), "CHECKs are part of what is compared"


def test_a_dropped_check_is_found(app):
    """Alembic's own comparison does not see CHECKs; this one does."""
    table = schema.metadata.tables["journal_entry"]
    check = next(one for one in table.constraints if "seq_counts_from_one" in str(one.name))
    migrated = ddl(db.engine)
    table.constraints.remove(check)
    try:
        rebuild_from_models(db.engine)
        assert ddl(db.engine) != migrated
    finally:
        table.append_constraint(check)


FIRST = "0001"
GONE_ON_THE_WAY_DOWN = {
    "0047": {"volume_entry"},
    "0045": {"room_judgement"},
    "0015": {"api_token"},
}
"""Revision -> tables of which an older form cannot hold every row."""

SAID_OTHERWISE = {
    "complaint": {"stage", "acknowledged_at", "decided_at", "outcome", "closing_ground", "decision"},
    "membership": {"role"},
    "policy": {"answers"},
}
"""Columns in which an older form uses the words it has, for a stage or a role it does not know."""


def counted(connection) -> dict[str, int]:
    """Rows of every table of ours that is there."""
    there = schema.metadata.tables.keys() & set(inspect(connection).get_table_names())
    return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in there}


def fewer(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """Tables that are still there with another number of rows."""
    return {name for name, count in before.items() if after.get(name, count) != count}


def contents(connection, columns: dict[str, list[str]]) -> dict[str, Counter[str]]:
    """What the rows hold in these columns, whichever row comes first."""
    return {
        name: Counter(repr(tuple(row)) for row in connection.exec_driver_sql(f"SELECT {', '.join(wanted)} FROM {name}"))
        for name, wanted in columns.items()
    }


def columns_of_the_first(app) -> dict[str, list[str]]:
    """Tables and columns that the first revision made; the database is left empty at the newest."""
    migrate.downgrade(app, "base")
    migrate.upgrade(app, FIRST)
    with db.engine.connect() as connection:
        told = inspect(connection)
        found = {
            name: [one["name"] for one in told.get_columns(name) if one["name"] not in SAID_OTHERWISE.get(name, ())]
            for name in counted(connection)
        }
    migrate.upgrade(app)
    return found


def test_down_and_up_again_with_the_records_of_a_whole_house(app):
    """Every revision is left and reached with rows in its tables: none is lost, and at the end each is as it was.

    One after the other on SQLite, where a table is changed by making it anew; at once on PostgreSQL, which alters it.
    """
    before = ddl(db.engine)
    db.session.remove()
    columns = columns_of_the_first(app)
    demo.tell(app)
    db.session.remove()
    with db.engine.connect() as connection:
        held, first = counted(connection), contents(connection, columns)
    assert sum(count > 0 for count in held.values()) > 120, "there is something to lose"
    assert sum(map(len, first.values())) > 1_000
    revisions = [one.revision for one in ScriptDirectory.from_config(migrate.config()).walk_revisions()]
    assert revisions[-1] == FIRST
    steps = [(one,) for one in revisions[:-1]] if db.engine.dialect.name == "sqlite" else [revisions[:-1]]
    for left in steps:
        reached = revisions[revisions.index(left[-1]) + 1]
        migrate.downgrade(app, reached)
        with db.engine.connect() as connection:
            now = counted(connection)
        gone = set().union(*(GONE_ON_THE_WAY_DOWN.get(one, ()) for one in left))
        assert fewer(held, now) == gone & now.keys(), f"from {left[0]} to {reached}"
        held = now
    with db.engine.connect() as connection:
        assert contents(connection, columns) == first
    migrate.upgrade(app)
    with db.engine.connect() as connection:
        assert contents(connection, columns) == first
    assert ddl(db.engine) == before
    assert migrate.current(app) == migrate.newest()
    migrate.downgrade(app, "base")
    assert not set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_a_lost_row_is_found(app, acme):
    db.session.remove()
    with db.engine.begin() as connection:
        held = counted(connection)
        connection.exec_driver_sql("DELETE FROM membership WHERE id = (SELECT max(id) FROM membership)")
        assert fewer(held, counted(connection)) == {"membership"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "CREATE TABLE a (x INTEGER, CONSTRAINT c CHECK (x > 0))",
            'CREATE TABLE "a" (CONSTRAINT c CHECK (x > 0), x INTEGER)',
            True,
        ),
        ("CREATE TABLE a (x INTEGER, CONSTRAINT c CHECK (x > 0))", "CREATE TABLE a (x INTEGER)", False),
        ("CREATE TABLE a (x INTEGER)", "CREATE TABLE a (x BIGINT)", False),
    ],
)
def test_ddl_is_compared_by_meaning(one, other, same):
    assert (normal(one) == normal(other)) is same
