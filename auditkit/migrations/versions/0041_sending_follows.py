"""Schedules follow their dashboard; reports show pictures in their mails.

Revision ID: 0041
Revises: 0040
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

UP = (
    """CREATE TABLE dashboard_followed (
    schedule_id {ref} NOT NULL,
    dashboard_id {ref} NOT NULL,
    organisation_id {ref} NOT NULL,
    CONSTRAINT pk_dashboard_followed PRIMARY KEY (schedule_id),
    CONSTRAINT fk_dashboard_followed_schedule_id FOREIGN KEY(schedule_id)
        REFERENCES dashboard_schedule (id) ON DELETE CASCADE,
    CONSTRAINT fk_dashboard_followed_dashboard_id FOREIGN KEY(dashboard_id)
        REFERENCES saved_dashboard (id) ON DELETE CASCADE,
    CONSTRAINT fk_dashboard_followed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    "CREATE INDEX ix_dashboard_followed_dashboard_id ON dashboard_followed (dashboard_id)",
    "CREATE INDEX ix_dashboard_followed_organisation_id ON dashboard_followed (organisation_id)",
    """INSERT INTO dashboard_followed (schedule_id, dashboard_id, organisation_id)
    SELECT schedule.id, kept.id, schedule.organisation_id
    FROM dashboard_schedule AS schedule JOIN saved_dashboard AS kept
        ON kept.organisation_id = schedule.organisation_id AND kept.person_id = schedule.person_id
        AND kept.name = schedule.name""",
    "ALTER TABLE dashboard_report ADD COLUMN page TEXT DEFAULT '' NOT NULL",
    """CREATE TABLE dashboard_report_picture (
    id {key},
    report_id {ref} NOT NULL,
    serial INTEGER NOT NULL,
    content {bytes} NOT NULL,
    organisation_id {ref} NOT NULL,
    CONSTRAINT pk_dashboard_report_picture PRIMARY KEY (id),
    CONSTRAINT uq_dashboard_report_picture_report_id_serial UNIQUE (report_id, serial),
    CONSTRAINT ck_dashboard_report_picture_picture_is_numbered CHECK (serial > 0),
    CONSTRAINT fk_dashboard_report_picture_report_id FOREIGN KEY(report_id)
        REFERENCES dashboard_report (id) ON DELETE CASCADE,
    CONSTRAINT fk_dashboard_report_picture_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    "CREATE INDEX ix_dashboard_report_picture_organisation_id ON dashboard_report_picture (organisation_id)",
)
WORDS = {
    "sqlite": {"key": "INTEGER NOT NULL", "ref": "INTEGER", "bytes": "BLOB"},
    "postgresql": {"key": "BIGSERIAL NOT NULL", "ref": "BIGINT", "bytes": "BYTEA"},
}


def upgrade() -> None:
    """Apply. A schedule that was made before follows the dashboard of its name and person, if it is still kept."""
    connection = op.get_bind()
    for statement in UP:
        connection.exec_driver_sql(statement.format(**WORDS[connection.dialect.name]))


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP TABLE dashboard_report_picture")
    connection.exec_driver_sql("ALTER TABLE dashboard_report DROP COLUMN page")
    connection.exec_driver_sql("DROP TABLE dashboard_followed")
