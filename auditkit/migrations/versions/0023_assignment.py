"""Rules of assignment, what they decided, absences; an index over when closed complaints ended.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE assignment_rule (
            id INTEGER NOT NULL,
            position SMALLINT NOT NULL,
            is_last BOOLEAN NOT NULL,
            kinds JSON NOT NULL,
            channels JSON NOT NULL,
            categories JSON NOT NULL,
            severities JSON NOT NULL,
            sites JSON NOT NULL,
            owner_id INTEGER NOT NULL,
            deputy_id INTEGER,
            put_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_assignment_rule PRIMARY KEY (id),
            CONSTRAINT ck_assignment_rule_last_has_no_place CHECK (is_last = (position = 0)),
            CONSTRAINT ck_assignment_rule_places_count_up CHECK (position >= 0),
            CONSTRAINT ck_assignment_rule_rule_deputy_is_another CHECK (deputy_id IS NULL OR deputy_id <> owner_id),
            CONSTRAINT fk_assignment_rule_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_assignment_rule_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_assignment_rule_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_assignment_rule_organisation_id ON assignment_rule (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_assignment_rule_last ON assignment_rule (organisation_id) WHERE is_last
        """,
        """
        CREATE TABLE complaint_assignment (
            complaint_id INTEGER NOT NULL,
            rule_id INTEGER NOT NULL,
            number SMALLINT NOT NULL,
            asked JSON NOT NULL,
            owner_id INTEGER NOT NULL,
            happened VARCHAR(10) NOT NULL,
            assigned_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_assignment PRIMARY KEY (complaint_id),
            CONSTRAINT ck_complaint_assignment_happened_known CHECK (happened IN ('recorded', 'assessed', 'imported')),
            CONSTRAINT ck_complaint_assignment_number_is_a_place CHECK (number >= 0),
            CONSTRAINT fk_complaint_assignment_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_assignment_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_assignment_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_assignment_organisation_id ON complaint_assignment (organisation_id)
        """,
        """
        CREATE TABLE handler_absence (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            deputy_id INTEGER NOT NULL,
            first_day DATE NOT NULL,
            last_day DATE NOT NULL,
            noted_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_handler_absence PRIMARY KEY (id),
            CONSTRAINT ck_handler_absence_away_forwards CHECK (first_day <= last_day),
            CONSTRAINT ck_handler_absence_stands_in_for_another CHECK (deputy_id <> person_id),
            CONSTRAINT fk_handler_absence_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_handler_absence_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_handler_absence_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_handler_absence_organisation_id ON handler_absence (organisation_id)
        """,
        """
        CREATE INDEX ix_handler_absence_organisation_id_last_day ON handler_absence (organisation_id, last_day)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE assignment_rule (
            id BIGSERIAL NOT NULL,
            position SMALLINT NOT NULL,
            is_last BOOLEAN NOT NULL,
            kinds JSON NOT NULL,
            channels JSON NOT NULL,
            categories JSON NOT NULL,
            severities JSON NOT NULL,
            sites JSON NOT NULL,
            owner_id BIGINT NOT NULL,
            deputy_id BIGINT,
            put_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_assignment_rule PRIMARY KEY (id),
            CONSTRAINT ck_assignment_rule_last_has_no_place CHECK (is_last = (position = 0)),
            CONSTRAINT ck_assignment_rule_places_count_up CHECK (position >= 0),
            CONSTRAINT ck_assignment_rule_rule_deputy_is_another CHECK (deputy_id IS NULL OR deputy_id <> owner_id),
            CONSTRAINT fk_assignment_rule_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_assignment_rule_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_assignment_rule_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_assignment_rule_organisation_id ON assignment_rule (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_assignment_rule_last ON assignment_rule (organisation_id) WHERE is_last
        """,
        """
        CREATE TABLE complaint_assignment (
            complaint_id BIGINT NOT NULL,
            rule_id BIGINT NOT NULL,
            number SMALLINT NOT NULL,
            asked JSON NOT NULL,
            owner_id BIGINT NOT NULL,
            happened VARCHAR(10) NOT NULL,
            assigned_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_assignment PRIMARY KEY (complaint_id),
            CONSTRAINT ck_complaint_assignment_happened_known CHECK (happened IN ('recorded', 'assessed', 'imported')),
            CONSTRAINT ck_complaint_assignment_number_is_a_place CHECK (number >= 0),
            CONSTRAINT fk_complaint_assignment_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
            CONSTRAINT fk_complaint_assignment_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_complaint_assignment_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_assignment_organisation_id ON complaint_assignment (organisation_id)
        """,
        """
        CREATE TABLE handler_absence (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            deputy_id BIGINT NOT NULL,
            first_day DATE NOT NULL,
            last_day DATE NOT NULL,
            noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_handler_absence PRIMARY KEY (id),
            CONSTRAINT ck_handler_absence_away_forwards CHECK (first_day <= last_day),
            CONSTRAINT ck_handler_absence_stands_in_for_another CHECK (deputy_id <> person_id),
            CONSTRAINT fk_handler_absence_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_handler_absence_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
            CONSTRAINT fk_handler_absence_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_handler_absence_organisation_id ON handler_absence (organisation_id)
        """,
        """
        CREATE INDEX ix_handler_absence_organisation_id_last_day ON handler_absence (organisation_id, last_day)
        """,
    ),
}
INDEX = "CREATE INDEX ix_complaint_stage_ended ON complaint (organisation_id, stage, coalesce(closed_at, recorded_at))"
DOWN = (
    "DROP INDEX ix_complaint_stage_ended",
    "DROP TABLE handler_absence",
    "DROP TABLE complaint_assignment",
    "DROP TABLE assignment_rule",
)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in (*UP[connection.dialect.name], INDEX):
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
