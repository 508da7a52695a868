"""The whole way of a complaint: new stages and grounds, owner, level, and a table for each thing that is done.

Rows of before stay as they are. A decision that stands becomes the first of its complaint's decisions, told by an
unknown channel; a refused one that is open gets the owner and the review date that it must have now: whoever recorded
the refusal, else the quality manager, and fourteen days after it.

Revision ID: 0004
Revises: 0003
"""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PARTED_BY = "\n-- next\n"


def _run(direction: str) -> None:
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0004_{connection.dialect.name}_{direction}.sql")
    for statement in script.read_text(encoding="utf-8").split(PARTED_BY):
        connection.exec_driver_sql(statement.strip())


def upgrade() -> None:
    """Apply."""
    _run("up")


def downgrade() -> None:
    """Take back."""
    _run("down")
