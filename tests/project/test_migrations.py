"""The schema that migrations make is the schema of the models, by DDL text, on both kinds of database; up and down."""

import re

import pytest
import sqlalchemy
from sqlalchemy import inspect

from auditkit import schema
from auditkit.base.db import db
from auditkit.instance import migrate

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


def test_down_and_up_again(app):
    before = ddl(db.engine)
    db.session.remove()
    migrate.downgrade(app, "base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert not left
    migrate.upgrade(app)
    assert ddl(db.engine) == before
    assert migrate.current(app) == migrate.newest()


def test_records_survive_the_newest_migration(app, acme):
    """Data written before is there after; each later revision adds its own case here."""
    db.session.remove()
    migrate.upgrade(app)
    with db.engine.connect() as connection:
        names = connection.execute(sqlalchemy.text("SELECT slug FROM organisation")).scalars().all()
    assert names == ["acme"]


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
