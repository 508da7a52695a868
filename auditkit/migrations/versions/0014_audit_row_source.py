"""A question of an audit keeps how well it is founded. Audits that began before say nothing about it.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql("ALTER TABLE audit_row ADD COLUMN source VARCHAR(20) DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("ALTER TABLE audit_row DROP COLUMN source")
