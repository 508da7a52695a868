"""What the names in an export of the register were needed for.

Revision ID: 0053
Revises: 0052
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql("ALTER TABLE register_export ADD COLUMN reason TEXT DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE register_export DROP COLUMN reason")
