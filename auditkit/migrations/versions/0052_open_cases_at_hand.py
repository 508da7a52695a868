"""PostgreSQL finds all that a dashboard asks of open cases in their index; SQLite reads the table as fast.

Revision ID: 0052
Revises: 0051
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

INDEX = "CREATE INDEX ix_complaint_open_recorded ON complaint (organisation_id, id){more} WHERE stage <> 'closed'"
COLUMNS = " INCLUDE (kind, stage, outcome, received_at, acknowledged_at, decided_at)"


def upgrade() -> None:
    """Apply."""
    _made_anew(COLUMNS)


def downgrade() -> None:
    """Take back."""
    _made_anew("")


def _made_anew(more: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP INDEX ix_complaint_open_recorded")
        connection.exec_driver_sql(INDEX.format(more=more))
