"""Packs in several languages, and about one audit or one complaint.

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

COLUMNS = (
    "languages VARCHAR(40) DEFAULT 'en' NOT NULL CONSTRAINT ck_pack_languages_named CHECK (languages <> '')",
    "subject VARCHAR(400) DEFAULT '' NOT NULL",
)


def upgrade() -> None:
    """Apply."""
    for column in COLUMNS:
        op.get_bind().exec_driver_sql(f"ALTER TABLE pack ADD COLUMN {column}")


def downgrade() -> None:
    """Take back."""
    for name in ("languages", "subject"):
        op.get_bind().exec_driver_sql(f"ALTER TABLE pack DROP COLUMN {name}")
