"""Seeing the database refuse: a statement past all rules, and the constraint that stops it."""

from typing import Any

import pytest
from sqlalchemy import Insert, Table, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from auditkit.base.db import db


def refuses(table: Table, constraint: str, values: dict[str, Any]) -> None:
    """Insert `values` into `table` straight, and expect its CHECK `constraint` to refuse them."""
    statement: Insert = insert(table).values(**values)
    with pytest.raises(IntegrityError, match=f"ck_{table.name}_{constraint}"), db.engine.begin() as connection:
        connection.execute(statement)


def accepts(table: Table, values: dict[str, Any]) -> int:
    """Insert `values`, which must pass: shows that a refusal was for the one reason named. Returns the key."""
    with db.engine.begin() as connection:
        return int(connection.execute(insert(table).values(**values)).inserted_primary_key[0])


def trigger_refuses(statement: str, message: str) -> None:
    """Execute raw SQL and expect a trigger to refuse it with `message`."""
    with pytest.raises(DBAPIError, match=message), db.engine.begin() as connection:
        connection.execute(text(statement))
