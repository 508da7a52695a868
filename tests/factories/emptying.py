"""Bringing a PostgreSQL database of the tests back to what a fresh one is, many times faster than making it anew.

Rows go, counters begin anew. Where something else changed (a table, a trigger, a large table full of rows, somebody
still holding a lock) the caller is told so and makes the database anew.
"""

from dataclasses import dataclass

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
_USED_COUNTERS = """
SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_LARGEST = """
SELECT max(pg_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'public' AND relkind = 'r'
"""


@dataclass
class Emptying:
    """The database at `url` as it was when this was made: without rows, apart from those in `kept`."""

    url: str

    def __post_init__(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            self.tables = [name for (name,) in connection.execute(_TABLES)]
            self.shape = connection.execute(_SHAPE).fetchone()
            full = self._full(connection)
        if full:
            raise AssertionError(f"a migrated database holds rows: {full}; emptying would lose them")

    def emptied(self) -> bool:
        """Empty the database; False where it has to be made anew."""
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("SET lock_timeout = '2s'")
                connection.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys ask
                if connection.execute(_SHAPE).fetchone() != self.shape:
                    return False
                if connection.execute(_LARGEST).fetchone()[0] > LARGE:
                    return False
                statements = [f"DELETE FROM {name}" for name in self._full(connection)]
                statements += [f"ALTER SEQUENCE {name} RESTART" for (name,) in connection.execute(_USED_COUNTERS)]
                if statements:
                    connection.execute("; ".join(statements))
        except psycopg.Error:
            return False
        return True

    def _full(self, connection: psycopg.Connection) -> list[str]:
        asked = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in self.tables)
        return [name for (name,) in connection.execute(asked)]
