"""Indexes for the filters of the register by kind, priority and level; each holds only what is out of the usual.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNUSUAL = {"kind": "kind <> 'complaint'", "priority": "priority <> ''", "level": "level > 0"}


def upgrade() -> None:
    """Apply."""
    for column, unusual in UNUSUAL.items():
        op.get_bind().exec_driver_sql(
            f"CREATE INDEX ix_complaint_{column}_received ON complaint (organisation_id, {column}, received_at, id) "
            f"WHERE {unusual}"
        )


def downgrade() -> None:
    """Take back."""
    for column in UNUSUAL:
        op.get_bind().exec_driver_sql(f"DROP INDEX ix_complaint_{column}_received")
