"""Regular reading of mailboxes, new tracking secrets, redacted copies, times of keeping beside cases, and tokens of the
organisation.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE mailbox_fetch (
            id INTEGER NOT NULL,
            mailbox VARCHAR(400) NOT NULL,
            held_by VARCHAR(40) NOT NULL,
            held_until DATETIME,
            next_at DATETIME,
            succeeded_at DATETIME,
            taken INTEGER NOT NULL,
            failed_at DATETIME,
            failures INTEGER NOT NULL,
            fault VARCHAR(20) NOT NULL,
            failure TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_mailbox_fetch PRIMARY KEY (id),
            CONSTRAINT uq_mailbox_fetch_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_mailbox_fetch_fault_known CHECK (fault IN ('', 'misnamed', 'unreachable', 'certificate', 'refused', 'storage')),
            CONSTRAINT ck_mailbox_fetch_fetch_counts_from_zero CHECK (failures >= 0 AND taken >= 0),
            CONSTRAINT ck_mailbox_fetch_failing_has_fault CHECK ((failures = 0) = (fault = '')),
            CONSTRAINT ck_mailbox_fetch_holding_has_end CHECK ((held_by = '') = (held_until IS NULL)),
            CONSTRAINT fk_mailbox_fetch_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_mailbox_fetch_organisation_id ON mailbox_fetch (organisation_id)
        """,
        """
        CREATE TABLE complaint_secret_reissue (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            reissued_at DATETIME NOT NULL,
            reissued_by INTEGER NOT NULL,
            checked TEXT NOT NULL,
            handed VARCHAR(10) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_secret_reissue PRIMARY KEY (id),
            CONSTRAINT ck_complaint_secret_reissue_identity_was_checked CHECK (checked <> ''),
            CONSTRAINT ck_complaint_secret_reissue_handed_known CHECK (handed IN ('print', 'post')),
            CONSTRAINT fk_complaint_secret_reissue_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_secret_reissue_reissued_by FOREIGN KEY(reissued_by) REFERENCES person (id),
            CONSTRAINT fk_complaint_secret_reissue_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_secret_reissue_complaint_id ON complaint_secret_reissue (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_secret_reissue_organisation_id ON complaint_secret_reissue (organisation_id)
        """,
        """
        CREATE TABLE complaint_redacted_copy (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            file_id INTEGER NOT NULL,
            copy_id INTEGER NOT NULL,
            original_digest VARCHAR(64) NOT NULL,
            added_at DATETIME NOT NULL,
            added_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_redacted_copy PRIMARY KEY (id),
            CONSTRAINT uq_complaint_redacted_copy_complaint_id_file_id UNIQUE (complaint_id, file_id),
            CONSTRAINT ck_complaint_redacted_copy_copy_is_another_file CHECK (copy_id <> file_id),
            CONSTRAINT ck_complaint_redacted_copy_original_digest_is_sha256 CHECK (length(original_digest) = 64),
            CONSTRAINT fk_complaint_redacted_copy_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_redacted_copy_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
            CONSTRAINT fk_complaint_redacted_copy_copy_id FOREIGN KEY(copy_id) REFERENCES evidence_file (id),
            CONSTRAINT fk_complaint_redacted_copy_added_by FOREIGN KEY(added_by) REFERENCES person (id),
            CONSTRAINT fk_complaint_redacted_copy_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_redacted_copy_copy_id ON complaint_redacted_copy (copy_id)
        """,
        """
        CREATE INDEX ix_complaint_redacted_copy_organisation_id ON complaint_redacted_copy (organisation_id)
        """,
        """
        CREATE TABLE keeping_time (
            id INTEGER NOT NULL,
            what VARCHAR(20) NOT NULL,
            days INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_keeping_time PRIMARY KEY (id),
            CONSTRAINT uq_keeping_time_organisation_id_what UNIQUE (organisation_id, what),
            CONSTRAINT ck_keeping_time_what_known CHECK (what IN ('mails-aside', 'filters', 'import-profiles', 'api-tokens', 'api-requests', 'mail-to-members', 'jobs')),
            CONSTRAINT ck_keeping_time_keeping_days_sensible CHECK (days BETWEEN 1 AND 3650),
            CONSTRAINT fk_keeping_time_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_keeping_time_organisation_id ON keeping_time (organisation_id)
        """,
        "ALTER TABLE api_token ADD COLUMN for_organisation BOOLEAN DEFAULT 0 NOT NULL",
    ),
    "postgresql": (
        """
        CREATE TABLE mailbox_fetch (
            id BIGSERIAL NOT NULL,
            mailbox VARCHAR(400) NOT NULL,
            held_by VARCHAR(40) NOT NULL,
            held_until TIMESTAMP WITH TIME ZONE,
            next_at TIMESTAMP WITH TIME ZONE,
            succeeded_at TIMESTAMP WITH TIME ZONE,
            taken INTEGER NOT NULL,
            failed_at TIMESTAMP WITH TIME ZONE,
            failures INTEGER NOT NULL,
            fault VARCHAR(20) NOT NULL,
            failure TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_mailbox_fetch PRIMARY KEY (id),
            CONSTRAINT uq_mailbox_fetch_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_mailbox_fetch_fault_known CHECK (fault IN ('', 'misnamed', 'unreachable', 'certificate', 'refused', 'storage')),
            CONSTRAINT ck_mailbox_fetch_fetch_counts_from_zero CHECK (failures >= 0 AND taken >= 0),
            CONSTRAINT ck_mailbox_fetch_failing_has_fault CHECK ((failures = 0) = (fault = '')),
            CONSTRAINT ck_mailbox_fetch_holding_has_end CHECK ((held_by = '') = (held_until IS NULL)),
            CONSTRAINT fk_mailbox_fetch_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_mailbox_fetch_organisation_id ON mailbox_fetch (organisation_id)
        """,
        """
        CREATE TABLE complaint_secret_reissue (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            reissued_at TIMESTAMP WITH TIME ZONE NOT NULL,
            reissued_by BIGINT NOT NULL,
            checked TEXT NOT NULL,
            handed VARCHAR(10) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_secret_reissue PRIMARY KEY (id),
            CONSTRAINT ck_complaint_secret_reissue_identity_was_checked CHECK (checked <> ''),
            CONSTRAINT ck_complaint_secret_reissue_handed_known CHECK (handed IN ('print', 'post')),
            CONSTRAINT fk_complaint_secret_reissue_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_secret_reissue_reissued_by FOREIGN KEY(reissued_by) REFERENCES person (id),
            CONSTRAINT fk_complaint_secret_reissue_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_secret_reissue_complaint_id ON complaint_secret_reissue (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_secret_reissue_organisation_id ON complaint_secret_reissue (organisation_id)
        """,
        """
        CREATE TABLE complaint_redacted_copy (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            file_id BIGINT NOT NULL,
            copy_id BIGINT NOT NULL,
            original_digest VARCHAR(64) NOT NULL,
            added_at TIMESTAMP WITH TIME ZONE NOT NULL,
            added_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_redacted_copy PRIMARY KEY (id),
            CONSTRAINT uq_complaint_redacted_copy_complaint_id_file_id UNIQUE (complaint_id, file_id),
            CONSTRAINT ck_complaint_redacted_copy_copy_is_another_file CHECK (copy_id <> file_id),
            CONSTRAINT ck_complaint_redacted_copy_original_digest_is_sha256 CHECK (length(original_digest) = 64),
            CONSTRAINT fk_complaint_redacted_copy_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_redacted_copy_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
            CONSTRAINT fk_complaint_redacted_copy_copy_id FOREIGN KEY(copy_id) REFERENCES evidence_file (id),
            CONSTRAINT fk_complaint_redacted_copy_added_by FOREIGN KEY(added_by) REFERENCES person (id),
            CONSTRAINT fk_complaint_redacted_copy_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_redacted_copy_copy_id ON complaint_redacted_copy (copy_id)
        """,
        """
        CREATE INDEX ix_complaint_redacted_copy_organisation_id ON complaint_redacted_copy (organisation_id)
        """,
        """
        CREATE TABLE keeping_time (
            id BIGSERIAL NOT NULL,
            what VARCHAR(20) NOT NULL,
            days INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_keeping_time PRIMARY KEY (id),
            CONSTRAINT uq_keeping_time_organisation_id_what UNIQUE (organisation_id, what),
            CONSTRAINT ck_keeping_time_what_known CHECK (what IN ('mails-aside', 'filters', 'import-profiles', 'api-tokens', 'api-requests', 'mail-to-members', 'jobs')),
            CONSTRAINT ck_keeping_time_keeping_days_sensible CHECK (days BETWEEN 1 AND 3650),
            CONSTRAINT fk_keeping_time_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_keeping_time_organisation_id ON keeping_time (organisation_id)
        """,
        "ALTER TABLE api_token ADD COLUMN for_organisation BOOLEAN DEFAULT false NOT NULL",
    ),
}
DOWN = (
    "DELETE FROM api_request WHERE token_id IN (SELECT id FROM api_token WHERE for_organisation)",
    "DELETE FROM api_token WHERE for_organisation",
    "ALTER TABLE api_token DROP COLUMN for_organisation",
    "DROP TABLE keeping_time",
    "DROP TABLE complaint_redacted_copy",
    "DROP TABLE complaint_secret_reissue",
    "DROP TABLE mailbox_fetch",
)
"""A token of the organisation would become its maker's, and could do what nobody gave it: it goes."""


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
