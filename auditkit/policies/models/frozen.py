"""Triggers that refuse to change or delete the rows of a table, on both databases."""

from typing import Any

from sqlalchemy import DDL, event


def statements(table: str, told: str) -> dict[str, tuple[str, ...]]:
    """The triggers of a table whose rows never change, by kind of database."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
    return {
        "sqlite": (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        ),
        "postgresql": (
            (
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{told}'; END $$"
            ),
            (
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
            ),
        ),
    }


def freeze(table: Any, told: str) -> None:
    """Attach the triggers, so that `create_all` makes them."""
    for dialect, written in statements(table.name, told).items():
        for statement in written:
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))
