"""The day on which what is kept beside the cases was last tidied.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql("ALTER TABLE privacy_settings ADD COLUMN tidied_on DATE")


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE privacy_settings DROP COLUMN tidied_on")
