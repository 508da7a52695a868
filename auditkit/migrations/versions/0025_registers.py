"""Registers: entries, what they said before, reviews, measurements, ties to other records.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE register_entry (
            id INTEGER NOT NULL,
            register VARCHAR(64) NOT NULL,
            serial INTEGER NOT NULL,
            number VARCHAR(20) NOT NULL,
            title VARCHAR(300) NOT NULL,
            stated JSON NOT NULL,
            folded TEXT NOT NULL,
            keeper_id INTEGER,
            review_on DATE,
            expires_on DATE,
            reminded_at DATETIME,
            reminders INTEGER NOT NULL,
            retired_at DATETIME,
            retired_because TEXT NOT NULL,
            written_at DATETIME NOT NULL,
            written_by INTEGER,
            changed_at DATETIME NOT NULL,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_entry PRIMARY KEY (id),
            CONSTRAINT uq_register_entry_organisation_id_register_serial UNIQUE (organisation_id, register, serial),
            CONSTRAINT uq_register_entry_organisation_id_register_number UNIQUE (organisation_id, register, number),
            CONSTRAINT ck_register_entry_has_title CHECK (title <> ''),
            CONSTRAINT ck_register_entry_counts_from_one CHECK (serial > 0 AND version > 0),
            CONSTRAINT ck_register_entry_reminded_has_time CHECK ((reminders > 0) = (reminded_at IS NOT NULL)),
            CONSTRAINT ck_register_entry_retired_has_reason CHECK ((retired_at IS NULL) = (retired_because = '')),
            CONSTRAINT fk_register_entry_keeper_id FOREIGN KEY(keeper_id) REFERENCES person (id),
            CONSTRAINT fk_register_entry_written_by FOREIGN KEY(written_by) REFERENCES person (id),
            CONSTRAINT fk_register_entry_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_entry_organisation_id ON register_entry (organisation_id)
        """,
        """
        CREATE INDEX ix_register_entry_organisation_id_review_on ON register_entry (organisation_id, review_on)
        """,
        """
        CREATE TABLE register_link (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            kind VARCHAR(40) NOT NULL,
            subject_id INTEGER NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_link PRIMARY KEY (id),
            CONSTRAINT uq_register_link_entry_id_kind_subject_id UNIQUE (entry_id, kind, subject_id),
            CONSTRAINT ck_register_link_names_subject CHECK (kind <> '' AND subject_id > 0),
            CONSTRAINT fk_register_link_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_link_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_register_link_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_link_organisation_id ON register_link (organisation_id)
        """,
        """
        CREATE INDEX ix_register_link_organisation_id_kind_subject_id ON register_link (organisation_id, kind, subject_id)
        """,
        """
        CREATE TABLE register_measurement (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            measured_on DATE NOT NULL,
            value NUMERIC(18, 6) NOT NULL,
            note TEXT NOT NULL,
            at DATETIME NOT NULL,
            by_id INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_measurement PRIMARY KEY (id),
            CONSTRAINT fk_register_measurement_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_measurement_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_measurement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_measurement_entry_id ON register_measurement (entry_id)
        """,
        """
        CREATE INDEX ix_register_measurement_organisation_id ON register_measurement (organisation_id)
        """,
        """
        CREATE TABLE register_review (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            at DATETIME NOT NULL,
            by_id INTEGER,
            next_on DATE,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_review PRIMARY KEY (id),
            CONSTRAINT ck_register_review_has_outcome CHECK (outcome <> ''),
            CONSTRAINT fk_register_review_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_review_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_review_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_review_entry_id ON register_review (entry_id)
        """,
        """
        CREATE INDEX ix_register_review_organisation_id ON register_review (organisation_id)
        """,
        """
        CREATE TABLE register_version (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            stated JSON NOT NULL,
            at DATETIME NOT NULL,
            by_id INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_version PRIMARY KEY (id),
            CONSTRAINT uq_register_version_entry_id_version UNIQUE (entry_id, version),
            CONSTRAINT ck_register_version_counts_from_one CHECK (version > 0),
            CONSTRAINT fk_register_version_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_version_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_version_organisation_id ON register_version (organisation_id)
        """,
        """
        CREATE TRIGGER register_version_no_update BEFORE UPDATE ON register_version BEGIN SELECT RAISE(ABORT, 'what an entry said stays as it was'); END
        """,
        """
        CREATE TRIGGER register_version_no_delete BEFORE DELETE ON register_version BEGIN SELECT RAISE(ABORT, 'what an entry said stays as it was'); END
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE register_entry (
            id BIGSERIAL NOT NULL,
            register VARCHAR(64) NOT NULL,
            serial INTEGER NOT NULL,
            number VARCHAR(20) NOT NULL,
            title VARCHAR(300) NOT NULL,
            stated JSON NOT NULL,
            folded TEXT NOT NULL,
            keeper_id BIGINT,
            review_on DATE,
            expires_on DATE,
            reminded_at TIMESTAMP WITH TIME ZONE,
            reminders INTEGER NOT NULL,
            retired_at TIMESTAMP WITH TIME ZONE,
            retired_because TEXT NOT NULL,
            written_at TIMESTAMP WITH TIME ZONE NOT NULL,
            written_by BIGINT,
            changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_entry PRIMARY KEY (id),
            CONSTRAINT uq_register_entry_organisation_id_register_serial UNIQUE (organisation_id, register, serial),
            CONSTRAINT uq_register_entry_organisation_id_register_number UNIQUE (organisation_id, register, number),
            CONSTRAINT ck_register_entry_has_title CHECK (title <> ''),
            CONSTRAINT ck_register_entry_counts_from_one CHECK (serial > 0 AND version > 0),
            CONSTRAINT ck_register_entry_reminded_has_time CHECK ((reminders > 0) = (reminded_at IS NOT NULL)),
            CONSTRAINT ck_register_entry_retired_has_reason CHECK ((retired_at IS NULL) = (retired_because = '')),
            CONSTRAINT fk_register_entry_keeper_id FOREIGN KEY(keeper_id) REFERENCES person (id),
            CONSTRAINT fk_register_entry_written_by FOREIGN KEY(written_by) REFERENCES person (id),
            CONSTRAINT fk_register_entry_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_entry_organisation_id ON register_entry (organisation_id)
        """,
        """
        CREATE INDEX ix_register_entry_organisation_id_review_on ON register_entry (organisation_id, review_on)
        """,
        """
        CREATE TABLE register_link (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            kind VARCHAR(40) NOT NULL,
            subject_id INTEGER NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_link PRIMARY KEY (id),
            CONSTRAINT uq_register_link_entry_id_kind_subject_id UNIQUE (entry_id, kind, subject_id),
            CONSTRAINT ck_register_link_names_subject CHECK (kind <> '' AND subject_id > 0),
            CONSTRAINT fk_register_link_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_link_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_register_link_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_link_organisation_id ON register_link (organisation_id)
        """,
        """
        CREATE INDEX ix_register_link_organisation_id_kind_subject_id ON register_link (organisation_id, kind, subject_id)
        """,
        """
        CREATE TABLE register_measurement (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            measured_on DATE NOT NULL,
            value NUMERIC(18, 6) NOT NULL,
            note TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            by_id BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_measurement PRIMARY KEY (id),
            CONSTRAINT fk_register_measurement_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_measurement_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_measurement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_measurement_entry_id ON register_measurement (entry_id)
        """,
        """
        CREATE INDEX ix_register_measurement_organisation_id ON register_measurement (organisation_id)
        """,
        """
        CREATE TABLE register_review (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            version INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            by_id BIGINT,
            next_on DATE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_review PRIMARY KEY (id),
            CONSTRAINT ck_register_review_has_outcome CHECK (outcome <> ''),
            CONSTRAINT fk_register_review_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_review_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_review_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_review_entry_id ON register_review (entry_id)
        """,
        """
        CREATE INDEX ix_register_review_organisation_id ON register_review (organisation_id)
        """,
        """
        CREATE TABLE register_version (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            version INTEGER NOT NULL,
            stated JSON NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            by_id BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_version PRIMARY KEY (id),
            CONSTRAINT uq_register_version_entry_id_version UNIQUE (entry_id, version),
            CONSTRAINT ck_register_version_counts_from_one CHECK (version > 0),
            CONSTRAINT fk_register_version_entry_id FOREIGN KEY(entry_id) REFERENCES register_entry (id),
            CONSTRAINT fk_register_version_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_version_organisation_id ON register_version (organisation_id)
        """,
        """
        CREATE OR REPLACE FUNCTION register_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what an entry said stays as it was'; END $$
        """,
        """
        CREATE TRIGGER register_version_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON register_version FOR EACH STATEMENT EXECUTE FUNCTION register_version_refuse()
        """,
    ),
}
TABLES = ("register_version", "register_review", "register_measurement", "register_link", "register_entry")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION register_version_refuse()")

