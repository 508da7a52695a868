"""Single questions left out of an audit.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list of question ids beside the chosen clauses."""
    op.execute("ALTER TABLE audit_tailoring ADD COLUMN spared JSON DEFAULT '[]' NOT NULL")


def downgrade() -> None:
    """Single questions are asked again."""
    op.execute("ALTER TABLE audit_tailoring DROP COLUMN spared")
