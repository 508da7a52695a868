"""Own wordings of letters to suggestions, requests, compliments and concerns.

Revision ID: 0050
Revises: 0049
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_CHECK = (
    "CONSTRAINT ck_letter_wording_sort_known CHECK "
    "(sort IN ('', 'suggestion', 'request', 'compliment', 'concern', 'message'))"
)


def upgrade() -> None:
    """Apply."""
    added = f"ALTER TABLE letter_wording ADD COLUMN sort VARCHAR(20) DEFAULT '' NOT NULL {_CHECK}"
    op.get_bind().exec_driver_sql(added)


def downgrade() -> None:
    """Take back."""
    # Wordings of other letters than those to complaints would become these.
    op.get_bind().exec_driver_sql("DELETE FROM letter_wording WHERE sort <> ''")
    op.get_bind().exec_driver_sql("ALTER TABLE letter_wording DROP COLUMN sort")
