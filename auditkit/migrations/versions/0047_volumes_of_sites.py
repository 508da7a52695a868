"""Orders, contracts or customers of one site.

Revision ID: 0047
Revises: 0046
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.get_bind().exec_driver_sql("ALTER TABLE volume_entry ADD COLUMN site VARCHAR(200) DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take back: what was entered for sites would else count for the whole organisation."""
    op.get_bind().exec_driver_sql("DELETE FROM volume_entry WHERE site <> ''")
    op.get_bind().exec_driver_sql("ALTER TABLE volume_entry DROP COLUMN site")
