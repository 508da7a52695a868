"""Making sure that what was erased is gone from the files of the database as well.

A database only marks what it deletes as free: the old bytes stay in its pages, in its log, and in the segments of a
search index, until something writes over them. `forget_deleted` rewrites them. Checked by
tests/slices/complaints_privacy/test_anonymising_leaves_nothing.py, which reads the raw bytes.
"""

from auditkit.base.db import db

SQLITE_MERGE = "INSERT INTO complaint_search(complaint_search) VALUES ('optimize')"


def forget_deleted(tables: tuple[str, ...] = ()) -> None:
    """Rewrite the database without what was deleted from it. Outside any transaction.

    SQLite: merges the search indexes (a removed word stays in an old segment until then), writes the file anew and
    empties the write-ahead log; others wait as long as that takes. PostgreSQL: VACUUM of `tables`, beside other work.
    Backups that were made before keep what they hold until they are replaced.
    """
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        _rewrite_sqlite()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f'VACUUM "{table}"')


def _rewrite_sqlite() -> None:
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(SQLITE_MERGE)
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        cursor.close()
    finally:
        connection.close()
