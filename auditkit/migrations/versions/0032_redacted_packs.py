"""Packs in a whole and a redacted form; what of an evidence file the redacted form shows.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COLUMNS = (
    "form VARCHAR(8) DEFAULT 'whole' NOT NULL CONSTRAINT ck_pack_form_known CHECK (form IN ('whole', 'redacted'))",
    (
        "shared_root VARCHAR(64) DEFAULT '' NOT NULL "
        "CONSTRAINT ck_pack_shared_root_is_sha256 CHECK (shared_root = '' OR length(shared_root) = 64)"
    ),
)
SHARING = """CREATE TABLE evidence_sharing (
    id {key},
    file_id {ref} NOT NULL,
    sharing VARCHAR(10) NOT NULL,
    copy_id {ref},
    note TEXT NOT NULL,
    decided_by_id {ref},
    decided_at {moment} NOT NULL,
    organisation_id {ref} NOT NULL,
    CONSTRAINT pk_evidence_sharing PRIMARY KEY (id),
    CONSTRAINT ck_evidence_sharing_sharing_known CHECK (sharing IN ('as-it-is', 'copy', 'withheld')),
    CONSTRAINT ck_evidence_sharing_copy_where_chosen CHECK ((sharing = 'copy') = (copy_id IS NOT NULL)),
    CONSTRAINT ck_evidence_sharing_copy_is_another CHECK (copy_id <> file_id),
    CONSTRAINT ck_evidence_sharing_sharing_has_reason CHECK (note <> ''),
    CONSTRAINT fk_evidence_sharing_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_evidence_sharing_copy_id FOREIGN KEY(copy_id) REFERENCES evidence_file (id),
    CONSTRAINT fk_evidence_sharing_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_evidence_sharing_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)"""
INDEXES = (
    "CREATE INDEX ix_evidence_sharing_organisation_id ON evidence_sharing (organisation_id)",
    "CREATE INDEX ix_evidence_sharing_organisation_id_file_id_id ON evidence_sharing (organisation_id, file_id, id)",
)
WORDS = {
    "sqlite": {"key": "INTEGER NOT NULL", "ref": "INTEGER", "moment": "DATETIME"},
    "postgresql": {"key": "BIGSERIAL NOT NULL", "ref": "BIGINT", "moment": "TIMESTAMP WITH TIME ZONE"},
}


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for column in COLUMNS:
        connection.exec_driver_sql(f"ALTER TABLE pack ADD COLUMN {column}")
    connection.exec_driver_sql(SHARING.format(**WORDS[connection.dialect.name]))
    for index in INDEXES:
        connection.exec_driver_sql(index)


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP TABLE evidence_sharing")
    for name in ("form", "shared_root"):
        connection.exec_driver_sql(f"ALTER TABLE pack DROP COLUMN {name}")
