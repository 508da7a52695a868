"""A reviewer's request may name an item of the pack.

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql("ALTER TABLE room_request ADD COLUMN path VARCHAR(300) DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take back; what was asked of an item then reads as asked of its clause."""
    op.get_bind().exec_driver_sql("ALTER TABLE room_request DROP COLUMN path")
