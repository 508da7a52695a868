"""What findings come from and what becomes of them; the signed report, which stands; its amendments and its files.

Findings that were raised before come from their question where they have one, and freely otherwise.

Revision ID: 0018
Revises: 0017
"""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PARTED_BY = "\n-- next\n"


def _run(direction: str) -> None:
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0018_{connection.dialect.name}_{direction}.sql")
    for statement in script.read_text(encoding="utf-8").split(PARTED_BY):
        connection.exec_driver_sql(statement.strip())


def upgrade() -> None:
    """Apply."""
    _run("up")


def downgrade() -> None:
    """Take back."""
    _run("down")
