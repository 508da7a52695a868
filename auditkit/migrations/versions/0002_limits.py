"""Limits of attempts, counted by hashed network.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE limit_salt (
            day DATE NOT NULL,
            salt VARCHAR(60) NOT NULL,
            CONSTRAINT pk_limit_salt PRIMARY KEY (day)
        )
        """,
        """
        CREATE TABLE limit_count (
            id INTEGER NOT NULL,
            bucket VARCHAR(64) NOT NULL,
            hour DATETIME NOT NULL,
            count INTEGER NOT NULL,
            CONSTRAINT pk_limit_count PRIMARY KEY (id),
            CONSTRAINT uq_limit_count_bucket_hour UNIQUE (bucket, hour),
            CONSTRAINT ck_limit_count_counts_are_not_negative CHECK (count >= 0)
        )
        """,
        """
        CREATE INDEX ix_limit_count_hour ON limit_count (hour)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE limit_salt (
            day DATE NOT NULL,
            salt VARCHAR(60) NOT NULL,
            CONSTRAINT pk_limit_salt PRIMARY KEY (day)
        )
        """,
        """
        CREATE TABLE limit_count (
            id BIGSERIAL NOT NULL,
            bucket VARCHAR(64) NOT NULL,
            hour TIMESTAMP WITH TIME ZONE NOT NULL,
            count INTEGER NOT NULL,
            CONSTRAINT pk_limit_count PRIMARY KEY (id),
            CONSTRAINT uq_limit_count_bucket_hour UNIQUE (bucket, hour),
            CONSTRAINT ck_limit_count_counts_are_not_negative CHECK (count >= 0)
        )
        """,
        """
        CREATE INDEX ix_limit_count_hour ON limit_count (hour)
        """,
    ),
}
DOWN = ("DROP TABLE limit_count", "DROP TABLE limit_salt")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
