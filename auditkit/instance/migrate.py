"""Bringing a database to the newest revision, and saying whether it is there."""

from pathlib import Path

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
    with app.app_context(), db.engine.begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database of `app` back to `revision` (`base`: empty)."""
    with app.app_context(), db.engine.begin() as connection:
        command.downgrade(config(connection), revision)
