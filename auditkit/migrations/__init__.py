"""The database's history, one line of Alembic revisions for both kinds of database."""
