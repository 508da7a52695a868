"""Bringing a database to the newest revision, and saying whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection

from auditkit import migrations
from auditkit.base.db import db


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on `connection` when one is given."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.attributes["connection"] = connection
    return made


def newest() -> str:
    """The newest revision this version of auditkit knows."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    if head is None:
        raise RuntimeError("this installation carries no migrations: reinstall it")
    return head


def current(app: Flask) -> str | None:
    """The revision the database is at, or None for an empty one."""
    with app.app_context(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the database of `app` to `revision`; one transaction, so a failure leaves it as it was."""
    with _changing(app) as connection:
        command.upgrade(config(connection), revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database of `app` back to `revision` (`base`: empty)."""
    with _changing(app) as connection:
        command.downgrade(config(connection), revision)


@contextmanager
def _changing(app: Flask) -> Iterator[Connection]:
    """One transaction for changes of tables.

    SQLite changes a constraint only by making the table anew; dropping the old one with foreign keys on would take
    the rows that point to it along. So they are off here, and checked as a whole before anything is stored.
    """
    with app.app_context(), db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                yield connection
                if is_sqlite and (torn := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise RuntimeError(f"the change would leave rows of {torn[0]} that point to no {torn[2]}")
        finally:
            if is_sqlite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # Straight to the driver: inside a transaction, which the library would begin, SQLite passes this over in silence.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()
