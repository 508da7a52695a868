"""Own Word templates as versions, which of them is in use, which template made which document.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE template_version (
            id INTEGER NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            number INTEGER NOT NULL,
            digest VARCHAR(64) NOT NULL,
            content BLOB NOT NULL,
            name VARCHAR(200) NOT NULL,
            note VARCHAR(1000) NOT NULL,
            warnings JSON NOT NULL,
            added_at DATETIME NOT NULL,
            added_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_template_version PRIMARY KEY (id),
            CONSTRAINT uq_template_version_organisation_id_template_id_language_number UNIQUE
                (organisation_id, template_id, language, number),
            CONSTRAINT ck_template_version_counts_from_one CHECK (number > 0),
            CONSTRAINT ck_template_version_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT ck_template_version_has_content CHECK (length(content) > 0),
            CONSTRAINT fk_template_version_added_by FOREIGN KEY(added_by) REFERENCES person (id),
            CONSTRAINT fk_template_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_template_version_organisation_id ON template_version (organisation_id)
        """,
        """
        CREATE TABLE template_use (
            id INTEGER NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            version_id INTEGER NOT NULL,
            taken_at DATETIME NOT NULL,
            taken_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_template_use PRIMARY KEY (id),
            CONSTRAINT uq_template_use_organisation_id_template_id_language UNIQUE (organisation_id,
                template_id, language),
            CONSTRAINT fk_template_use_version_id FOREIGN KEY(version_id) REFERENCES template_version (id),
            CONSTRAINT fk_template_use_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
            CONSTRAINT fk_template_use_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_template_use_organisation_id ON template_use (organisation_id)
        """,
        """
        CREATE TABLE made_document (
            id INTEGER NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            kind VARCHAR(4) NOT NULL,
            title TEXT NOT NULL,
            origin VARCHAR(12) NOT NULL,
            template_version INTEGER,
            template_digest VARCHAR(64) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            size INTEGER NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_made_document PRIMARY KEY (id),
            CONSTRAINT ck_made_document_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT ck_made_document_origin_known CHECK (origin IN ('shipped', 'installation', 'organisation')),
            CONSTRAINT ck_made_document_own_has_version CHECK ((origin = 'shipped') = (template_version IS NULL)),
            CONSTRAINT ck_made_document_digests_are_sha256 CHECK (length(digest) = 64 AND
                length(template_digest) = 64),
            CONSTRAINT fk_made_document_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_made_document_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_made_document_organisation_id ON made_document (organisation_id)
        """,
        """
        CREATE INDEX ix_made_document_organisation_id_made_at ON made_document (organisation_id, made_at)
        """,
        """
        CREATE TRIGGER template_version_no_update BEFORE UPDATE ON template_version BEGIN SELECT RAISE(ABORT,
            'a template that was added stays as it was'); END
        """,
        """
        CREATE TRIGGER template_version_no_delete BEFORE DELETE ON template_version BEGIN SELECT RAISE(ABORT,
            'a template that was added stays as it was'); END
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE template_version (
            id BIGSERIAL NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            number INTEGER NOT NULL,
            digest VARCHAR(64) NOT NULL,
            content BYTEA NOT NULL,
            name VARCHAR(200) NOT NULL,
            note VARCHAR(1000) NOT NULL,
            warnings JSON NOT NULL,
            added_at TIMESTAMP WITH TIME ZONE NOT NULL,
            added_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_template_version PRIMARY KEY (id),
            CONSTRAINT uq_template_version_organisation_id_template_id_language_number UNIQUE
                (organisation_id, template_id, language, number),
            CONSTRAINT ck_template_version_counts_from_one CHECK (number > 0),
            CONSTRAINT ck_template_version_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT ck_template_version_has_content CHECK (length(content) > 0),
            CONSTRAINT fk_template_version_added_by FOREIGN KEY(added_by) REFERENCES person (id),
            CONSTRAINT fk_template_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_template_version_organisation_id ON template_version (organisation_id)
        """,
        """
        CREATE TABLE template_use (
            id BIGSERIAL NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            version_id BIGINT NOT NULL,
            taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
            taken_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_template_use PRIMARY KEY (id),
            CONSTRAINT uq_template_use_organisation_id_template_id_language UNIQUE (organisation_id,
                template_id, language),
            CONSTRAINT fk_template_use_version_id FOREIGN KEY(version_id) REFERENCES template_version (id),
            CONSTRAINT fk_template_use_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
            CONSTRAINT fk_template_use_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_template_use_organisation_id ON template_use (organisation_id)
        """,
        """
        CREATE TABLE made_document (
            id BIGSERIAL NOT NULL,
            template_id VARCHAR(64) NOT NULL,
            language VARCHAR(10) NOT NULL,
            kind VARCHAR(4) NOT NULL,
            title TEXT NOT NULL,
            origin VARCHAR(12) NOT NULL,
            template_version INTEGER,
            template_digest VARCHAR(64) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            size INTEGER NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_made_document PRIMARY KEY (id),
            CONSTRAINT ck_made_document_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT ck_made_document_origin_known CHECK (origin IN ('shipped', 'installation', 'organisation')),
            CONSTRAINT ck_made_document_own_has_version CHECK ((origin = 'shipped') = (template_version IS NULL)),
            CONSTRAINT ck_made_document_digests_are_sha256 CHECK (length(digest) = 64 AND
                length(template_digest) = 64),
            CONSTRAINT fk_made_document_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_made_document_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_made_document_organisation_id ON made_document (organisation_id)
        """,
        """
        CREATE INDEX ix_made_document_organisation_id_made_at ON made_document (organisation_id, made_at)
        """,
        """
        CREATE OR REPLACE FUNCTION template_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'a template that was added stays as it was'; END $$
        """,
        """
        CREATE TRIGGER template_version_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON template_version FOR
            EACH STATEMENT EXECUTE FUNCTION template_version_refuse()
        """,
    ),
}
TABLES = ("made_document", "template_use", "template_version")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION template_version_refuse()")
