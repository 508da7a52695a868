"""Workbooks of audits in the language that was chosen, with what they said in it.

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

COLUMNS = ("language VARCHAR(10) DEFAULT '' NOT NULL", "words JSON DEFAULT '{}' NOT NULL")


def upgrade() -> None:
    """Apply."""
    for column in COLUMNS:
        op.get_bind().exec_driver_sql(f"ALTER TABLE audit_workbook ADD COLUMN {column}")


def downgrade() -> None:
    """Take back."""
    for name in ("language", "words"):
        op.get_bind().exec_driver_sql(f"ALTER TABLE audit_workbook DROP COLUMN {name}")
