"""The first tables, written in SQL beside this file: one script for each kind of database, frozen.

Statements are parted by a line `-- next`. Triggers and search tables differ between SQLite and PostgreSQL, and Alembic
has no words for them; plain SQL says exactly what stands in the database.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTED_BY = "\n-- next\n"


def _run(direction: str) -> None:
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0001_{connection.dialect.name}_{direction}.sql")
    for statement in script.read_text(encoding="utf-8").split(PARTED_BY):
        connection.exec_driver_sql(statement.strip())


def upgrade() -> None:
    """Apply."""
    _run("up")


def downgrade() -> None:
    """Take back."""
    _run("down")
