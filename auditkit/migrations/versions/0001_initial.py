"""The first tables.

Revision ID: 0001
Revises:
"""

from alembic import op

from auditkit import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    schema.metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Take back."""
    schema.metadata.drop_all(op.get_bind())
