"""What an e-mail opens as, by its channel; secrets that go out by e-mail; requests of the API found by reference.

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

KINDS = "'complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute'"
KIND = (
    "ALTER TABLE complaint_channel ADD COLUMN kind VARCHAR(20) DEFAULT 'complaint' NOT NULL "
    f"CONSTRAINT ck_complaint_channel_kind_known CHECK (kind IN ({KINDS}))"
)
BEFORE, NOW = "'print', 'post'", "'print', 'post', 'e-mail'"
# Nothing refers to it, so that SQLite can have the table made anew.
REISSUE = """CREATE TABLE complaint_secret_reissue_new (
    id INTEGER NOT NULL,
    complaint_id INTEGER NOT NULL,
    reissued_at DATETIME NOT NULL,
    reissued_by INTEGER NOT NULL,
    checked TEXT NOT NULL,
    handed VARCHAR(10) NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_complaint_secret_reissue PRIMARY KEY (id),
    CONSTRAINT ck_complaint_secret_reissue_identity_was_checked CHECK (checked <> ''),
    CONSTRAINT ck_complaint_secret_reissue_handed_known CHECK (handed IN ({ways})),
    CONSTRAINT fk_complaint_secret_reissue_complaint_id
        FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
    CONSTRAINT fk_complaint_secret_reissue_reissued_by FOREIGN KEY(reissued_by) REFERENCES person (id),
    CONSTRAINT fk_complaint_secret_reissue_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)"""
COPY = """INSERT INTO complaint_secret_reissue_new
    (id, complaint_id, reissued_at, reissued_by, checked, handed, organisation_id)
    SELECT id, complaint_id, reissued_at, reissued_by, checked, handed, organisation_id FROM complaint_secret_reissue"""


def _ways(ways: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        name = "ck_complaint_secret_reissue_handed_known"
        connection.exec_driver_sql(f"ALTER TABLE complaint_secret_reissue DROP CONSTRAINT {name}")
        connection.exec_driver_sql(
            f"ALTER TABLE complaint_secret_reissue ADD CONSTRAINT {name} CHECK (handed IN ({ways}))"
        )
        return
    connection.exec_driver_sql(REISSUE.format(ways=ways))
    connection.exec_driver_sql(COPY)
    connection.exec_driver_sql("DROP TABLE complaint_secret_reissue")
    connection.exec_driver_sql("ALTER TABLE complaint_secret_reissue_new RENAME TO complaint_secret_reissue")
    for column in ("complaint_id", "organisation_id"):
        connection.exec_driver_sql(
            f"CREATE INDEX ix_complaint_secret_reissue_{column} ON complaint_secret_reissue ({column})"
        )


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    connection.exec_driver_sql(KIND)
    _ways(NOW)
    connection.exec_driver_sql(
        "CREATE INDEX ix_api_request_organisation_id_reference ON api_request (organisation_id, reference)"
    )


def downgrade() -> None:
    """Take back. A secret that went by e-mail went to an address on file, as a letter does."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP INDEX ix_api_request_organisation_id_reference")
    connection.exec_driver_sql("UPDATE complaint_secret_reissue SET handed = 'post' WHERE handed = 'e-mail'")
    _ways(BEFORE)
    connection.exec_driver_sql("ALTER TABLE complaint_channel DROP COLUMN kind")
