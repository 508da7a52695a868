"""Dashboards that are sent: schedules and reports.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE dashboard_schedule (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            figures JSON NOT NULL,
            every VARCHAR(10) NOT NULL,
            kind VARCHAR(5) NOT NULL,
            language VARCHAR(20) NOT NULL,
            recipients JSON NOT NULL,
            next_on DATE NOT NULL,
            made_at DATETIME NOT NULL,
            sent_at DATETIME,
            problem TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_dashboard_schedule PRIMARY KEY (id),
            CONSTRAINT ck_dashboard_schedule_schedule_is_named CHECK (name <> '' AND language <>
                ''),
            CONSTRAINT ck_dashboard_schedule_every_known CHECK (every IN ('week', 'month',
                'quarter')),
            CONSTRAINT ck_dashboard_schedule_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT fk_dashboard_schedule_person_id FOREIGN KEY(person_id) REFERENCES person
                (id),
            CONSTRAINT fk_dashboard_schedule_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_dashboard_schedule_person_id ON dashboard_schedule (person_id)
        """,
        """
        CREATE INDEX ix_dashboard_schedule_organisation_id ON dashboard_schedule (organisation_id)
        """,
        """
        CREATE INDEX ix_dashboard_schedule_next_on ON dashboard_schedule (next_on)
        """,
        """
        CREATE TABLE dashboard_report (
            id INTEGER NOT NULL,
            schedule_id INTEGER NOT NULL,
            file_name VARCHAR(200) NOT NULL,
            kind VARCHAR(5) NOT NULL,
            content BLOB NOT NULL,
            digest VARCHAR(64) NOT NULL,
            made_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_dashboard_report PRIMARY KEY (id),
            CONSTRAINT ck_dashboard_report_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT ck_dashboard_report_report_is_whole CHECK (file_name <> '' AND
                length(digest) = 64),
            CONSTRAINT fk_dashboard_report_schedule_id FOREIGN KEY(schedule_id) REFERENCES
                dashboard_schedule (id) ON DELETE CASCADE,
            CONSTRAINT fk_dashboard_report_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_dashboard_report_organisation_id ON dashboard_report (organisation_id)
        """,
        """
        CREATE INDEX ix_dashboard_report_schedule_id ON dashboard_report (schedule_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE dashboard_schedule (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            name VARCHAR(80) NOT NULL,
            asked VARCHAR(2000) NOT NULL,
            figures JSON NOT NULL,
            every VARCHAR(10) NOT NULL,
            kind VARCHAR(5) NOT NULL,
            language VARCHAR(20) NOT NULL,
            recipients JSON NOT NULL,
            next_on DATE NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            sent_at TIMESTAMP WITH TIME ZONE,
            problem TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_dashboard_schedule PRIMARY KEY (id),
            CONSTRAINT ck_dashboard_schedule_schedule_is_named CHECK (name <> '' AND language <>
                ''),
            CONSTRAINT ck_dashboard_schedule_every_known CHECK (every IN ('week', 'month',
                'quarter')),
            CONSTRAINT ck_dashboard_schedule_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT fk_dashboard_schedule_person_id FOREIGN KEY(person_id) REFERENCES person
                (id),
            CONSTRAINT fk_dashboard_schedule_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_dashboard_schedule_person_id ON dashboard_schedule (person_id)
        """,
        """
        CREATE INDEX ix_dashboard_schedule_organisation_id ON dashboard_schedule (organisation_id)
        """,
        """
        CREATE INDEX ix_dashboard_schedule_next_on ON dashboard_schedule (next_on)
        """,
        """
        CREATE TABLE dashboard_report (
            id BIGSERIAL NOT NULL,
            schedule_id BIGINT NOT NULL,
            file_name VARCHAR(200) NOT NULL,
            kind VARCHAR(5) NOT NULL,
            content BYTEA NOT NULL,
            digest VARCHAR(64) NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_dashboard_report PRIMARY KEY (id),
            CONSTRAINT ck_dashboard_report_kind_known CHECK (kind IN ('docx', 'pdf')),
            CONSTRAINT ck_dashboard_report_report_is_whole CHECK (file_name <> '' AND
                length(digest) = 64),
            CONSTRAINT fk_dashboard_report_schedule_id FOREIGN KEY(schedule_id) REFERENCES
                dashboard_schedule (id) ON DELETE CASCADE,
            CONSTRAINT fk_dashboard_report_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_dashboard_report_organisation_id ON dashboard_report (organisation_id)
        """,
        """
        CREATE INDEX ix_dashboard_report_schedule_id ON dashboard_report (schedule_id)
        """,
    ),
}
TABLES = (
    "dashboard_schedule",
    "dashboard_report",
)
FUNCTIONS = ()


def upgrade() -> None:
    """Apply."""
    bind = op.get_bind()
    for statement in UP[bind.dialect.name]:
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    bind = op.get_bind()
    for table in reversed(TABLES):
        bind.exec_driver_sql(f"DROP TABLE {table}")
    if bind.dialect.name == "postgresql":
        for function in FUNCTIONS:
            bind.exec_driver_sql(f"DROP FUNCTION {function}()")
