"""Daily sums of the register by cohort, and the triggers that note what has changed.

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE figure_day (
            organisation_id INTEGER NOT NULL,
            figure VARCHAR(40) NOT NULL,
            part VARCHAR(10) NOT NULL,
            day VARCHAR(10) NOT NULL,
            word VARCHAR(200) NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            whole INTEGER NOT NULL,
            counted INTEGER NOT NULL,
            CONSTRAINT pk_figure_day PRIMARY KEY (organisation_id, figure, part, day, word, cohort),
            CONSTRAINT fk_figure_day_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
         WITHOUT ROWID
        """,
        """
        CREATE INDEX ix_figure_day_organisation_id_cohort ON figure_day (organisation_id, cohort)
        """,
        """
        CREATE TABLE figure_wait (
            organisation_id INTEGER NOT NULL,
            figure VARCHAR(40) NOT NULL,
            month VARCHAR(7) NOT NULL,
            state VARCHAR(8) NOT NULL,
            took BIGINT NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            number INTEGER NOT NULL,
            CONSTRAINT pk_figure_wait PRIMARY KEY (organisation_id, figure, month, state, took, cohort),
            CONSTRAINT fk_figure_wait_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
         WITHOUT ROWID
        """,
        """
        CREATE INDEX ix_figure_wait_organisation_id_cohort ON figure_wait (organisation_id, cohort)
        """,
        """
        CREATE TABLE figure_state (
            id INTEGER NOT NULL,
            zone VARCHAR(60) NOT NULL,
            up_to BIGINT NOT NULL,
            made_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_figure_state PRIMARY KEY (id),
            CONSTRAINT uq_figure_state_organisation_id UNIQUE (organisation_id),
            CONSTRAINT fk_figure_state_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_state_organisation_id ON figure_state (organisation_id)
        """,
        """
        CREATE TABLE figure_stale (
            id INTEGER NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_figure_stale PRIMARY KEY (id),
            CONSTRAINT fk_figure_stale_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_stale_organisation_id ON figure_stale (organisation_id)
        """,
        """
        CREATE INDEX ix_figure_stale_organisation_id_cohort ON figure_stale (organisation_id, cohort)
        """,
        (
            "CREATE INDEX ix_complaint_due_running ON complaint_due (organisation_id, target, due_at, complaint_id) "
            "WHERE state = 'running'"
        ),
        (
            "CREATE TRIGGER figures_complaint_changed AFTER UPDATE OF kind, stage, channel, category, "
            "severity, site, received_at, acknowledged_at, decided_at, outcome, closed_at, "
            "closed_date_unknown, level, reopened ON complaint BEGIN INSERT INTO figure_stale "
            "(organisation_id, cohort) SELECT OLD.organisation_id, substr(OLD.received_at, 1, 7) WHERE NOT "
            "EXISTS (SELECT 1 FROM figure_stale AS known WHERE known.organisation_id = OLD.organisation_id "
            "AND known.cohort = substr(OLD.received_at, 1, 7)); INSERT INTO figure_stale (organisation_id, "
            "cohort) SELECT NEW.organisation_id, substr(NEW.received_at, 1, 7) WHERE NOT EXISTS (SELECT 1 "
            "FROM figure_stale AS known WHERE known.organisation_id = NEW.organisation_id AND known.cohort = "
            "substr(NEW.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_complaint_removed AFTER DELETE ON complaint BEGIN INSERT INTO "
            "figure_stale (organisation_id, cohort) SELECT OLD.organisation_id, substr(OLD.received_at, 1, 7)"
            " WHERE NOT EXISTS (SELECT 1 FROM figure_stale AS known WHERE known.organisation_id = "
            "OLD.organisation_id AND known.cohort = substr(OLD.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_due_added AFTER INSERT ON complaint_due BEGIN INSERT INTO figure_stale "
            "(organisation_id, cohort) SELECT its.organisation_id, substr(its.received_at, 1, 7) FROM "
            "complaint AS its WHERE its.id = NEW.complaint_id AND NOT EXISTS (SELECT 1 FROM figure_stale AS "
            "known WHERE known.organisation_id = its.organisation_id AND known.cohort = "
            "substr(its.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_due_changed AFTER UPDATE OF complaint_id, target, state, late, due_at, "
            "ended_at ON complaint_due BEGIN INSERT INTO figure_stale (organisation_id, cohort) SELECT "
            "its.organisation_id, substr(its.received_at, 1, 7) FROM complaint AS its WHERE its.id = "
            "NEW.complaint_id AND NOT EXISTS (SELECT 1 FROM figure_stale AS known WHERE known.organisation_id"
            " = its.organisation_id AND known.cohort = substr(its.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_due_removed AFTER DELETE ON complaint_due BEGIN INSERT INTO figure_stale "
            "(organisation_id, cohort) SELECT its.organisation_id, substr(its.received_at, 1, 7) FROM "
            "complaint AS its WHERE its.id = OLD.complaint_id AND NOT EXISTS (SELECT 1 FROM figure_stale AS "
            "known WHERE known.organisation_id = its.organisation_id AND known.cohort = "
            "substr(its.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_escalation_added AFTER INSERT ON complaint_escalation BEGIN INSERT INTO "
            "figure_stale (organisation_id, cohort) SELECT its.organisation_id, substr(its.received_at, 1, 7)"
            " FROM complaint AS its WHERE its.id = NEW.complaint_id AND NOT EXISTS (SELECT 1 FROM "
            "figure_stale AS known WHERE known.organisation_id = its.organisation_id AND known.cohort = "
            "substr(its.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_escalation_changed AFTER UPDATE OF complaint_id, state ON "
            "complaint_escalation BEGIN INSERT INTO figure_stale (organisation_id, cohort) SELECT "
            "its.organisation_id, substr(its.received_at, 1, 7) FROM complaint AS its WHERE its.id = "
            "NEW.complaint_id AND NOT EXISTS (SELECT 1 FROM figure_stale AS known WHERE known.organisation_id"
            " = its.organisation_id AND known.cohort = substr(its.received_at, 1, 7)); END"
        ),
        (
            "CREATE TRIGGER figures_escalation_removed AFTER DELETE ON complaint_escalation BEGIN INSERT INTO"
            " figure_stale (organisation_id, cohort) SELECT its.organisation_id, substr(its.received_at, 1, "
            "7) FROM complaint AS its WHERE its.id = OLD.complaint_id AND NOT EXISTS (SELECT 1 FROM "
            "figure_stale AS known WHERE known.organisation_id = its.organisation_id AND known.cohort = "
            "substr(its.received_at, 1, 7)); END"
        ),
    ),
    "postgresql": (
        """
        CREATE TABLE figure_day (
            organisation_id BIGINT NOT NULL,
            figure VARCHAR(40) NOT NULL,
            part VARCHAR(10) NOT NULL,
            day VARCHAR(10) NOT NULL,
            word VARCHAR(200) NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            whole INTEGER NOT NULL,
            counted INTEGER NOT NULL,
            CONSTRAINT pk_figure_day PRIMARY KEY (organisation_id, figure, part, day, word, cohort),
            CONSTRAINT fk_figure_day_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_day_organisation_id_cohort ON figure_day (organisation_id, cohort)
        """,
        """
        CREATE TABLE figure_wait (
            organisation_id BIGINT NOT NULL,
            figure VARCHAR(40) NOT NULL,
            month VARCHAR(7) NOT NULL,
            state VARCHAR(8) NOT NULL,
            took BIGINT NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            number INTEGER NOT NULL,
            CONSTRAINT pk_figure_wait PRIMARY KEY (organisation_id, figure, month, state, took, cohort),
            CONSTRAINT fk_figure_wait_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_wait_organisation_id_cohort ON figure_wait (organisation_id, cohort)
        """,
        """
        CREATE TABLE figure_state (
            id BIGSERIAL NOT NULL,
            zone VARCHAR(60) NOT NULL,
            up_to BIGINT NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_figure_state PRIMARY KEY (id),
            CONSTRAINT uq_figure_state_organisation_id UNIQUE (organisation_id),
            CONSTRAINT fk_figure_state_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_state_organisation_id ON figure_state (organisation_id)
        """,
        """
        CREATE TABLE figure_stale (
            id BIGSERIAL NOT NULL,
            cohort VARCHAR(7) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_figure_stale PRIMARY KEY (id),
            CONSTRAINT fk_figure_stale_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_figure_stale_organisation_id ON figure_stale (organisation_id)
        """,
        """
        CREATE INDEX ix_figure_stale_organisation_id_cohort ON figure_stale (organisation_id, cohort)
        """,
        (
            "CREATE INDEX ix_complaint_due_running ON complaint_due (organisation_id, target, due_at, complaint_id) "
            "WHERE state = 'running'"
        ),
        (
            "CREATE OR REPLACE FUNCTION figures_of_complaint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO figure_stale (organisation_id, cohort) VALUES (OLD.organisation_id, "
            "to_char(OLD.received_at AT TIME ZONE 'UTC', 'YYYY-MM')); IF TG_OP = 'UPDATE' THEN IF "
            "to_char(NEW.received_at AT TIME ZONE 'UTC', 'YYYY-MM') <> to_char(OLD.received_at AT TIME ZONE "
            "'UTC', 'YYYY-MM') THEN INSERT INTO figure_stale (organisation_id, cohort) VALUES "
            "(NEW.organisation_id, to_char(NEW.received_at AT TIME ZONE 'UTC', 'YYYY-MM')); END IF; END IF; "
            "RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER figures_complaint_changed AFTER UPDATE OF kind, stage, channel, category, "
            "severity, site, received_at, acknowledged_at, decided_at, outcome, closed_at, "
            "closed_date_unknown, level, reopened ON complaint FOR EACH ROW EXECUTE FUNCTION "
            "figures_of_complaint()"
        ),
        (
            "CREATE TRIGGER figures_complaint_removed AFTER DELETE ON complaint FOR EACH ROW EXECUTE FUNCTION"
            " figures_of_complaint()"
        ),
        (
            "CREATE OR REPLACE FUNCTION figures_of_due() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT "
            "INTO figure_stale (organisation_id, cohort) SELECT its.organisation_id, to_char(its.received_at "
            "AT TIME ZONE 'UTC', 'YYYY-MM') FROM complaint AS its WHERE its.id = CASE WHEN TG_OP = 'DELETE' "
            "THEN OLD.complaint_id ELSE NEW.complaint_id END; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER figures_due_changed AFTER INSERT OR DELETE OR UPDATE OF complaint_id, target, "
            "state, late, due_at, ended_at ON complaint_due FOR EACH ROW EXECUTE FUNCTION figures_of_due()"
        ),
        (
            "CREATE OR REPLACE FUNCTION figures_of_escalation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO figure_stale (organisation_id, cohort) SELECT its.organisation_id, "
            "to_char(its.received_at AT TIME ZONE 'UTC', 'YYYY-MM') FROM complaint AS its WHERE its.id = CASE"
            " WHEN TG_OP = 'DELETE' THEN OLD.complaint_id ELSE NEW.complaint_id END; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER figures_escalation_changed AFTER INSERT OR DELETE OR UPDATE OF complaint_id, "
            "state ON complaint_escalation FOR EACH ROW EXECUTE FUNCTION figures_of_escalation()"
        ),
    ),
}
_TABLES = ("figure_stale", "figure_state", "figure_wait", "figure_day")
DOWN = {
    "sqlite": (
        "DROP TRIGGER figures_complaint_changed",
        "DROP TRIGGER figures_complaint_removed",
        "DROP TRIGGER figures_due_added",
        "DROP TRIGGER figures_due_changed",
        "DROP TRIGGER figures_due_removed",
        "DROP TRIGGER figures_escalation_added",
        "DROP TRIGGER figures_escalation_changed",
        "DROP TRIGGER figures_escalation_removed",
        "DROP INDEX ix_complaint_due_running",
        *(f"DROP TABLE {table}" for table in _TABLES),
    ),
    "postgresql": (
        "DROP TRIGGER figures_complaint_changed ON complaint",
        "DROP TRIGGER figures_complaint_removed ON complaint",
        "DROP TRIGGER figures_due_changed ON complaint_due",
        "DROP TRIGGER figures_escalation_changed ON complaint_escalation",
        "DROP FUNCTION figures_of_complaint()",
        "DROP FUNCTION figures_of_due()",
        "DROP FUNCTION figures_of_escalation()",
        "DROP INDEX ix_complaint_due_running",
        *(f"DROP TABLE {table}" for table in _TABLES),
    ),
}


def upgrade() -> None:
    """Apply."""
    for statement in UP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for statement in DOWN[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
