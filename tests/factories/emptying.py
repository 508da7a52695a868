"""Bringing a PostgreSQL database of the tests back to what a fresh one is, many times faster than making it anew.

Rows go, counters begin anew. Where something else changed (a table, a trigger, a large table full of rows, somebody
still holding a lock) the caller is told so and makes the database anew.
"""

from dataclasses import dataclass
from typing import NamedTuple

import psycopg

LARGE = 4 << 20
"""Bytes of a table; above this a new database is quicker than deleting rows."""

_SHAPE = """
SELECT (SELECT md5(string_agg(oid || relname, ',' ORDER BY oid)) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
       (SELECT md5(string_agg(oid::text || tgenabled::text, ',' ORDER BY oid)) FROM pg_trigger),
       (SELECT md5(string_agg(oid::text || prosrc, ',' ORDER BY oid)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace)
"""
_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
# Not by ALTER SEQUENCE: after any such change the server plans every prepared statement anew
_RESTART = """
SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_COUNTS = """
SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_LARGEST = """
SELECT max(pg_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'public' AND relkind = 'r'
"""


class Kept(NamedTuple):
    """Rows of tables as the server copies them, and where the counters stood."""

    rows: dict[str, bytes]
    counters: list[tuple[str, int]]


@dataclass
class Emptying:
    """The database at `url` as it was when this was made: without rows, apart from those in `kept`."""

    url: str

    def __post_init__(self) -> None:
        self._held: psycopg.Connection | None = None
        with psycopg.connect(self.url, autocommit=True) as connection:
            self.tables = [name for (name,) in connection.execute(_TABLES)]
            self.shape = connection.execute(_SHAPE).fetchone()
            full = self._full(connection)
        if full:
            raise AssertionError(f"a migrated database holds rows: {full}; emptying would lose them")

    def emptied(self) -> bool:
        """Empty the database; False where it has to be made anew."""
        try:
            connection = self._connected()
            if connection.execute(_SHAPE, prepare=True).fetchone() != self.shape:
                return False
            if connection.execute(_LARGEST, prepare=True).fetchone()[0] > LARGE:
                return False
            if full := self._full(connection):
                connection.execute("; ".join(f"DELETE FROM {name}" for name in full))
            connection.execute(_RESTART, prepare=True)
        except psycopg.Error:
            self.close()
            return False
        return True

    def _connected(self) -> psycopg.Connection:
        """A connection that is kept, so that the server need not plan the same statements for every test."""
        if self._held is None:
            self._held = psycopg.connect(self.url, autocommit=True)
            self._held.execute("SET lock_timeout = '2s'")
            self._held.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys ask
        return self._held

    def close(self) -> None:
        """Let go of the database."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def keep(self) -> Kept:
        """The rows as they stand now, for `bring_back` here or in another process."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            rows = {name: self._rows(connection, name) for name in self._full(connection)}
            return Kept(rows, connection.execute(_COUNTS).fetchall())

    def bring_back(self, kept: Kept) -> None:
        """Bring the emptied database to where it stood, through the server's own copying."""
        connection = self._connected()
        with connection.transaction():
            for name, rows in kept.rows.items():
                with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                    copy.write(rows)
            connection.cursor().executemany("SELECT setval(%s, %s)", kept.counters)

    @staticmethod
    def _rows(connection: psycopg.Connection, name: str) -> bytes:
        with connection.cursor().copy(f"COPY {name} TO STDOUT") as copy:
            return b"".join(bytes(block) for block in copy)

    def _full(self, connection: psycopg.Connection) -> list[str]:
        asked = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in self.tables)
        return [name for (name,) in connection.execute(asked, prepare=True)]
