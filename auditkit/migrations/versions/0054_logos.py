"""The logo of an organisation.

Revision ID: 0054
Revises: 0053
"""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

TABLE = """
    CREATE TABLE organisation_logo (
        id {key} NOT NULL,
        kind VARCHAR(4) NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        digest VARCHAR(64) NOT NULL,
        content {bytes} NOT NULL,
        set_at {moment} NOT NULL,
        set_by_id {reference},
        organisation_id {reference} NOT NULL,
        CONSTRAINT pk_organisation_logo PRIMARY KEY (id),
        CONSTRAINT uq_organisation_logo_organisation_id UNIQUE (organisation_id),
        CONSTRAINT ck_organisation_logo_logo_kind_known CHECK (kind IN ('png', 'jpeg')),
        CONSTRAINT ck_organisation_logo_logo_has_sides CHECK (width > 0 AND height > 0),
        CONSTRAINT ck_organisation_logo_logo_digest_is_sha256 CHECK (length(digest) = 64),
        CONSTRAINT ck_organisation_logo_logo_has_content CHECK (length(content) > 0),
        CONSTRAINT fk_organisation_logo_set_by_id FOREIGN KEY(set_by_id) REFERENCES person (id),
        CONSTRAINT fk_organisation_logo_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
    )
"""
INDEX = "CREATE INDEX ix_organisation_logo_organisation_id ON organisation_logo (organisation_id)"
WORDS = {
    "sqlite": {"key": "INTEGER", "reference": "INTEGER", "moment": "DATETIME", "bytes": "BLOB"},
    "postgresql": {
        "key": "BIGSERIAL",
        "reference": "BIGINT",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "bytes": "BYTEA",
    },
}


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    connection.exec_driver_sql(TABLE.format_map(WORDS[connection.dialect.name]))
    connection.exec_driver_sql(INDEX)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DROP TABLE organisation_logo")
