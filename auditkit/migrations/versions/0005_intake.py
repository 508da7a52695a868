"""The public side: what a complaint says beside the register, receipts, channels, patterns of references, settings.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE complaint_intake (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            source VARCHAR(10) NOT NULL,
            language VARCHAR(20) NOT NULL,
            order_reference VARCHAR(100) NOT NULL,
            batch VARCHAR(100) NOT NULL,
            purchased_on DATE,
            representative VARCHAR(200) NOT NULL,
            authority VARCHAR(1000) NOT NULL,
            contact_person VARCHAR(200) NOT NULL,
            accessibility VARCHAR(500) NOT NULL,
            preference VARCHAR(10) NOT NULL,
            segment VARCHAR(100) NOT NULL,
            anonymous BOOLEAN NOT NULL,
            consent_at DATETIME,
            may_share BOOLEAN NOT NULL,
            recipient VARCHAR(200) NOT NULL,
            unit VARCHAR(200) NOT NULL,
            recurrent BOOLEAN NOT NULL,
            referred_by VARCHAR(200) NOT NULL,
            department VARCHAR(200) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_intake PRIMARY KEY (id),
            CONSTRAINT ck_complaint_intake_source_known CHECK (source IN ('public', 'staff')),
            CONSTRAINT ck_complaint_intake_preference_known CHECK (preference IN ('', 'e-mail', 'phone', 'post', 'page')),
            CONSTRAINT ck_complaint_intake_representative_has_authority CHECK (representative = '' OR authority <> ''),
            CONSTRAINT ck_complaint_intake_public_consented CHECK (source <> 'public' OR consent_at IS NOT NULL),
            CONSTRAINT ck_complaint_intake_anonymous_has_page_only CHECK (NOT anonymous OR preference IN ('', 'page')),
            CONSTRAINT uq_complaint_intake_complaint_id UNIQUE (complaint_id),
            CONSTRAINT fk_complaint_intake_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_intake_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_intake_organisation_id ON complaint_intake (organisation_id)
        """,
        """
        CREATE TABLE complaint_receipt (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            form_digest VARCHAR(64) NOT NULL,
            content TEXT,
            content_digest VARCHAR(64) NOT NULL,
            document TEXT NOT NULL,
            signature BLOB,
            made_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_receipt PRIMARY KEY (id),
            CONSTRAINT ck_complaint_receipt_digests_are_sha256 CHECK (length(form_digest) = 64 AND length(content_digest) = 64),
            CONSTRAINT ck_complaint_receipt_signature_is_ed25519 CHECK (signature IS NULL OR length(signature) = 64),
            CONSTRAINT uq_complaint_receipt_complaint_id UNIQUE (complaint_id),
            CONSTRAINT fk_complaint_receipt_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT uq_complaint_receipt_form_digest UNIQUE (form_digest),
            CONSTRAINT fk_complaint_receipt_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_receipt_organisation_id ON complaint_receipt (organisation_id)
        """,
        """
        CREATE TABLE complaint_channel (
            id INTEGER NOT NULL,
            name VARCHAR(100) NOT NULL,
            address VARCHAR(300) NOT NULL,
            owner_id INTEGER,
            opening VARCHAR(40) NOT NULL,
            public BOOLEAN NOT NULL,
            in_use BOOLEAN NOT NULL,
            position INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_channel PRIMARY KEY (id),
            CONSTRAINT uq_complaint_channel_organisation_id_name UNIQUE (organisation_id, name),
            CONSTRAINT ck_complaint_channel_name_given CHECK (name <> ''),
            CONSTRAINT ck_complaint_channel_opening_known CHECK (opening IN ('received', 'acknowledged')),
            CONSTRAINT fk_complaint_channel_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_channel_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_channel_organisation_id ON complaint_channel (organisation_id)
        """,
        """
        CREATE TABLE reference_pattern (
            id INTEGER NOT NULL,
            pattern VARCHAR(30) NOT NULL,
            since DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_reference_pattern PRIMARY KEY (id),
            CONSTRAINT ck_reference_pattern_pattern_given CHECK (pattern <> ''),
            CONSTRAINT fk_reference_pattern_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_reference_pattern_organisation_id ON reference_pattern (organisation_id)
        """,
        """
        CREATE TABLE intake_settings (
            id INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            languages JSON NOT NULL,
            phone VARCHAR(100) NOT NULL,
            post VARCHAR(500) NOT NULL,
            publishes_figures BOOLEAN NOT NULL,
            CONSTRAINT pk_intake_settings PRIMARY KEY (id),
            CONSTRAINT uq_intake_settings_organisation_id UNIQUE (organisation_id),
            CONSTRAINT fk_intake_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE complaint_intake (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            source VARCHAR(10) NOT NULL,
            language VARCHAR(20) NOT NULL,
            order_reference VARCHAR(100) NOT NULL,
            batch VARCHAR(100) NOT NULL,
            purchased_on DATE,
            representative VARCHAR(200) NOT NULL,
            authority VARCHAR(1000) NOT NULL,
            contact_person VARCHAR(200) NOT NULL,
            accessibility VARCHAR(500) NOT NULL,
            preference VARCHAR(10) NOT NULL,
            segment VARCHAR(100) NOT NULL,
            anonymous BOOLEAN NOT NULL,
            consent_at TIMESTAMP WITH TIME ZONE,
            may_share BOOLEAN NOT NULL,
            recipient VARCHAR(200) NOT NULL,
            unit VARCHAR(200) NOT NULL,
            recurrent BOOLEAN NOT NULL,
            referred_by VARCHAR(200) NOT NULL,
            department VARCHAR(200) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_intake PRIMARY KEY (id),
            CONSTRAINT ck_complaint_intake_source_known CHECK (source IN ('public', 'staff')),
            CONSTRAINT ck_complaint_intake_preference_known CHECK (preference IN ('', 'e-mail', 'phone', 'post', 'page')),
            CONSTRAINT ck_complaint_intake_representative_has_authority CHECK (representative = '' OR authority <> ''),
            CONSTRAINT ck_complaint_intake_public_consented CHECK (source <> 'public' OR consent_at IS NOT NULL),
            CONSTRAINT ck_complaint_intake_anonymous_has_page_only CHECK (NOT anonymous OR preference IN ('', 'page')),
            CONSTRAINT uq_complaint_intake_complaint_id UNIQUE (complaint_id),
            CONSTRAINT fk_complaint_intake_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_intake_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_intake_organisation_id ON complaint_intake (organisation_id)
        """,
        """
        CREATE TABLE complaint_receipt (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            form_digest VARCHAR(64) NOT NULL,
            content TEXT,
            content_digest VARCHAR(64) NOT NULL,
            document TEXT NOT NULL,
            signature BYTEA,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_receipt PRIMARY KEY (id),
            CONSTRAINT ck_complaint_receipt_digests_are_sha256 CHECK (length(form_digest) = 64 AND length(content_digest) = 64),
            CONSTRAINT ck_complaint_receipt_signature_is_ed25519 CHECK (signature IS NULL OR length(signature) = 64),
            CONSTRAINT uq_complaint_receipt_complaint_id UNIQUE (complaint_id),
            CONSTRAINT fk_complaint_receipt_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT uq_complaint_receipt_form_digest UNIQUE (form_digest),
            CONSTRAINT fk_complaint_receipt_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_receipt_organisation_id ON complaint_receipt (organisation_id)
        """,
        """
        CREATE TABLE complaint_channel (
            id BIGSERIAL NOT NULL,
            name VARCHAR(100) NOT NULL,
            address VARCHAR(300) NOT NULL,
            owner_id BIGINT,
            opening VARCHAR(40) NOT NULL,
            public BOOLEAN NOT NULL,
            in_use BOOLEAN NOT NULL,
            position INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_channel PRIMARY KEY (id),
            CONSTRAINT uq_complaint_channel_organisation_id_name UNIQUE (organisation_id, name),
            CONSTRAINT ck_complaint_channel_name_given CHECK (name <> ''),
            CONSTRAINT ck_complaint_channel_opening_known CHECK (opening IN ('received', 'acknowledged')),
            CONSTRAINT fk_complaint_channel_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_channel_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_channel_organisation_id ON complaint_channel (organisation_id)
        """,
        """
        CREATE TABLE reference_pattern (
            id BIGSERIAL NOT NULL,
            pattern VARCHAR(30) NOT NULL,
            since TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_reference_pattern PRIMARY KEY (id),
            CONSTRAINT ck_reference_pattern_pattern_given CHECK (pattern <> ''),
            CONSTRAINT fk_reference_pattern_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_reference_pattern_organisation_id ON reference_pattern (organisation_id)
        """,
        """
        CREATE TABLE intake_settings (
            id BIGSERIAL NOT NULL,
            organisation_id BIGINT NOT NULL,
            languages JSON NOT NULL,
            phone VARCHAR(100) NOT NULL,
            post VARCHAR(500) NOT NULL,
            publishes_figures BOOLEAN NOT NULL,
            CONSTRAINT pk_intake_settings PRIMARY KEY (id),
            CONSTRAINT uq_intake_settings_organisation_id UNIQUE (organisation_id),
            CONSTRAINT fk_intake_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
    ),
}
DOWN = ("DROP TABLE intake_settings", "DROP TABLE reference_pattern", "DROP TABLE complaint_channel", "DROP TABLE complaint_receipt", "DROP TABLE complaint_intake")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
