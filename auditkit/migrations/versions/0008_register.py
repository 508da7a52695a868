"""Profiles of imports and imports taken back; filters of the register that people keep.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE import_profile (
            id INTEGER NOT NULL,
            name VARCHAR(40) NOT NULL,
            version INTEGER NOT NULL,
            title VARCHAR(300) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            shape JSON NOT NULL,
            saved_at DATETIME NOT NULL,
            saved_by INTEGER,
            retired_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_import_profile PRIMARY KEY (id),
            CONSTRAINT uq_import_profile_organisation_id_name_version UNIQUE (organisation_id, name, version),
            CONSTRAINT ck_import_profile_has_name_and_title CHECK (name <> '' AND title <> ''),
            CONSTRAINT ck_import_profile_version_counts_from_one CHECK (version >= 1),
            CONSTRAINT ck_import_profile_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT fk_import_profile_saved_by FOREIGN KEY(saved_by) REFERENCES person (id),
            CONSTRAINT fk_import_profile_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_import_profile_organisation_id ON import_profile (organisation_id)
        """,
        """
        CREATE TABLE import_undo (
            id INTEGER NOT NULL,
            import_run_id INTEGER NOT NULL,
            last_id INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            begun_at DATETIME NOT NULL,
            begun_by INTEGER,
            ended_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_import_undo PRIMARY KEY (id),
            CONSTRAINT ck_import_undo_removed_not_negative CHECK (removed >= 0),
            CONSTRAINT ck_import_undo_ended_after_begun CHECK (ended_at IS NULL OR ended_at >= begun_at),
            CONSTRAINT uq_import_undo_import_run_id UNIQUE (import_run_id),
            CONSTRAINT fk_import_undo_import_run_id FOREIGN KEY(import_run_id) REFERENCES import_run (id),
            CONSTRAINT fk_import_undo_begun_by FOREIGN KEY(begun_by) REFERENCES person (id),
            CONSTRAINT fk_import_undo_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_import_undo_organisation_id ON import_undo (organisation_id)
        """,
        """
        CREATE TABLE register_filter (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            kept_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_filter PRIMARY KEY (id),
            CONSTRAINT uq_register_filter_organisation_id_person_id_name UNIQUE (organisation_id, person_id, name),
            CONSTRAINT ck_register_filter_has_name CHECK (name <> ''),
            CONSTRAINT fk_register_filter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_register_filter_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_filter_organisation_id ON register_filter (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE import_profile (
            id BIGSERIAL NOT NULL,
            name VARCHAR(40) NOT NULL,
            version INTEGER NOT NULL,
            title VARCHAR(300) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            shape JSON NOT NULL,
            saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
            saved_by BIGINT,
            retired_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_import_profile PRIMARY KEY (id),
            CONSTRAINT uq_import_profile_organisation_id_name_version UNIQUE (organisation_id, name, version),
            CONSTRAINT ck_import_profile_has_name_and_title CHECK (name <> '' AND title <> ''),
            CONSTRAINT ck_import_profile_version_counts_from_one CHECK (version >= 1),
            CONSTRAINT ck_import_profile_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT fk_import_profile_saved_by FOREIGN KEY(saved_by) REFERENCES person (id),
            CONSTRAINT fk_import_profile_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_import_profile_organisation_id ON import_profile (organisation_id)
        """,
        """
        CREATE TABLE import_undo (
            id BIGSERIAL NOT NULL,
            import_run_id BIGINT NOT NULL,
            last_id BIGINT NOT NULL,
            removed INTEGER NOT NULL,
            begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
            begun_by BIGINT,
            ended_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_import_undo PRIMARY KEY (id),
            CONSTRAINT ck_import_undo_removed_not_negative CHECK (removed >= 0),
            CONSTRAINT ck_import_undo_ended_after_begun CHECK (ended_at IS NULL OR ended_at >= begun_at),
            CONSTRAINT uq_import_undo_import_run_id UNIQUE (import_run_id),
            CONSTRAINT fk_import_undo_import_run_id FOREIGN KEY(import_run_id) REFERENCES import_run (id),
            CONSTRAINT fk_import_undo_begun_by FOREIGN KEY(begun_by) REFERENCES person (id),
            CONSTRAINT fk_import_undo_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_import_undo_organisation_id ON import_undo (organisation_id)
        """,
        """
        CREATE TABLE register_filter (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_filter PRIMARY KEY (id),
            CONSTRAINT uq_register_filter_organisation_id_person_id_name UNIQUE (organisation_id, person_id, name),
            CONSTRAINT ck_register_filter_has_name CHECK (name <> ''),
            CONSTRAINT fk_register_filter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_register_filter_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_filter_organisation_id ON register_filter (organisation_id)
        """,
    ),
}
DOWN = ("DROP TABLE register_filter", "DROP TABLE import_undo", "DROP TABLE import_profile",)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
