"""Figures: frozen ones, kept dashboards, what the public sees, orders of a month.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE frozen_figure (
            id INTEGER NOT NULL,
            name VARCHAR(60) NOT NULL,
            currency VARCHAR(3) NOT NULL,
            selection JSON NOT NULL,
            zone VARCHAR(60) NOT NULL,
            stated JSON NOT NULL,
            counted_digest VARCHAR(64),
            of_digest VARCHAR(64),
            records BLOB,
            frozen_at DATETIME NOT NULL,
            frozen_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_frozen_figure PRIMARY KEY (id),
            CONSTRAINT ck_frozen_figure_frozen_figure_is_named CHECK (name <> '' AND zone <> ''),
            CONSTRAINT ck_frozen_figure_records_have_digests CHECK ((records IS NULL) = (counted_digest IS NULL)
                AND (records IS NULL) = (of_digest IS NULL)),
            CONSTRAINT ck_frozen_figure_record_digests_are_sha256 CHECK ((counted_digest IS NULL OR
                length(counted_digest) = 64)
                AND (of_digest IS NULL OR length(of_digest) = 64)),
            CONSTRAINT fk_frozen_figure_frozen_by FOREIGN KEY(frozen_by) REFERENCES person (id),
            CONSTRAINT fk_frozen_figure_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_frozen_figure_frozen_at ON frozen_figure (frozen_at)
        """,
        """
        CREATE INDEX ix_frozen_figure_organisation_id ON frozen_figure (organisation_id)
        """,
        """
        CREATE TABLE saved_dashboard (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            figures JSON NOT NULL,
            kept_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_saved_dashboard PRIMARY KEY (id),
            CONSTRAINT uq_saved_dashboard_organisation_id_person_id_name UNIQUE (organisation_id, person_id, name),
            CONSTRAINT ck_saved_dashboard_dashboard_has_name CHECK (name <> ''),
            CONSTRAINT fk_saved_dashboard_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_saved_dashboard_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_saved_dashboard_organisation_id ON saved_dashboard (organisation_id)
        """,
        """
        CREATE TABLE published_figures (
            id INTEGER NOT NULL,
            shown BOOLEAN NOT NULL,
            figures JSON NOT NULL,
            span VARCHAR(20) NOT NULL,
            introduction TEXT NOT NULL,
            changed_at DATETIME NOT NULL,
            changed_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_published_figures PRIMARY KEY (id),
            CONSTRAINT uq_published_figures_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_published_figures_published_span_moves_on CHECK (span <> '' AND span <> 'own'),
            CONSTRAINT fk_published_figures_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
            CONSTRAINT fk_published_figures_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_published_figures_organisation_id ON published_figures (organisation_id)
        """,
        """
        CREATE TABLE business_volume (
            id INTEGER NOT NULL,
            month DATE NOT NULL,
            counts VARCHAR(60) NOT NULL,
            number BIGINT NOT NULL,
            entered_at DATETIME NOT NULL,
            entered_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_business_volume PRIMARY KEY (id),
            CONSTRAINT uq_business_volume_organisation_id_month UNIQUE (organisation_id, month),
            CONSTRAINT ck_business_volume_volume_says_of_what CHECK (counts <> ''),
            CONSTRAINT ck_business_volume_volume_in_range CHECK (number BETWEEN 1 AND 1000000000),
            CONSTRAINT fk_business_volume_entered_by FOREIGN KEY(entered_by) REFERENCES person (id),
            CONSTRAINT fk_business_volume_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_business_volume_organisation_id ON business_volume (organisation_id)
        """,
        (
            "CREATE TRIGGER frozen_figure_stays BEFORE UPDATE ON frozen_figure "
            "BEGIN SELECT RAISE(ABORT, 'a frozen figure is never changed'); END"
        ),
    ),
    "postgresql": (
        """
        CREATE TABLE frozen_figure (
            id BIGSERIAL NOT NULL,
            name VARCHAR(60) NOT NULL,
            currency VARCHAR(3) NOT NULL,
            selection JSON NOT NULL,
            zone VARCHAR(60) NOT NULL,
            stated JSON NOT NULL,
            counted_digest VARCHAR(64),
            of_digest VARCHAR(64),
            records BYTEA,
            frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
            frozen_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_frozen_figure PRIMARY KEY (id),
            CONSTRAINT ck_frozen_figure_frozen_figure_is_named CHECK (name <> '' AND zone <> ''),
            CONSTRAINT ck_frozen_figure_records_have_digests CHECK ((records IS NULL) = (counted_digest IS NULL)
                AND (records IS NULL) = (of_digest IS NULL)),
            CONSTRAINT ck_frozen_figure_record_digests_are_sha256 CHECK ((counted_digest IS NULL OR
                length(counted_digest) = 64)
                AND (of_digest IS NULL OR length(of_digest) = 64)),
            CONSTRAINT fk_frozen_figure_frozen_by FOREIGN KEY(frozen_by) REFERENCES person (id),
            CONSTRAINT fk_frozen_figure_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_frozen_figure_frozen_at ON frozen_figure (frozen_at)
        """,
        """
        CREATE INDEX ix_frozen_figure_organisation_id ON frozen_figure (organisation_id)
        """,
        """
        CREATE TABLE saved_dashboard (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            figures JSON NOT NULL,
            kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_saved_dashboard PRIMARY KEY (id),
            CONSTRAINT uq_saved_dashboard_organisation_id_person_id_name UNIQUE (organisation_id, person_id, name),
            CONSTRAINT ck_saved_dashboard_dashboard_has_name CHECK (name <> ''),
            CONSTRAINT fk_saved_dashboard_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_saved_dashboard_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_saved_dashboard_organisation_id ON saved_dashboard (organisation_id)
        """,
        """
        CREATE TABLE published_figures (
            id BIGSERIAL NOT NULL,
            shown BOOLEAN NOT NULL,
            figures JSON NOT NULL,
            span VARCHAR(20) NOT NULL,
            introduction TEXT NOT NULL,
            changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            changed_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_published_figures PRIMARY KEY (id),
            CONSTRAINT uq_published_figures_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_published_figures_published_span_moves_on CHECK (span <> '' AND span <> 'own'),
            CONSTRAINT fk_published_figures_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
            CONSTRAINT fk_published_figures_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_published_figures_organisation_id ON published_figures (organisation_id)
        """,
        """
        CREATE TABLE business_volume (
            id BIGSERIAL NOT NULL,
            month DATE NOT NULL,
            counts VARCHAR(60) NOT NULL,
            number BIGINT NOT NULL,
            entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            entered_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_business_volume PRIMARY KEY (id),
            CONSTRAINT uq_business_volume_organisation_id_month UNIQUE (organisation_id, month),
            CONSTRAINT ck_business_volume_volume_says_of_what CHECK (counts <> ''),
            CONSTRAINT ck_business_volume_volume_in_range CHECK (number BETWEEN 1 AND 1000000000),
            CONSTRAINT fk_business_volume_entered_by FOREIGN KEY(entered_by) REFERENCES person (id),
            CONSTRAINT fk_business_volume_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_business_volume_organisation_id ON business_volume (organisation_id)
        """,
        (
            "CREATE OR REPLACE FUNCTION frozen_figure_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a frozen figure is never changed'; END $$"
        ),
        (
            "CREATE TRIGGER frozen_figure_stays BEFORE UPDATE ON frozen_figure "
            "FOR EACH ROW EXECUTE FUNCTION frozen_figure_stays()"
        ),
    ),
}
_TABLES = ("business_volume", "published_figures", "saved_dashboard", "frozen_figure")
DOWN = {
    "sqlite": tuple(f"DROP TABLE {table}" for table in _TABLES),
    "postgresql": (*(f"DROP TABLE {table}" for table in _TABLES), "DROP FUNCTION frozen_figure_stays()"),
}


def upgrade() -> None:
    """Apply."""
    for statement in UP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for statement in DOWN[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
