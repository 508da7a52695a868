"""What is sent to the database: by the session, and by statements prepared once (`base/prepared.py`) alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from auditkit.base.db import db


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """(SQL, parameters) of what the driver is given meanwhile."""
    found: list[tuple[str, Any]] = []
    dialect = db.engine.dialect
    execute = dialect.do_execute

    def noted(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        found.append((statement, parameters))
        execute(cursor, statement, parameters, context)

    with mock.patch.object(dialect, "do_execute", noted):
        yield found
