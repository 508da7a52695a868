"""Objectives: the indicator they are measured by, comments.

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE objective_comment (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            said TEXT NOT NULL,
            at DATETIME NOT NULL,
            by_id INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_objective_comment PRIMARY KEY (id),
            CONSTRAINT ck_objective_comment_says_something CHECK (said <> ''),
            CONSTRAINT fk_objective_comment_entry_id FOREIGN KEY(entry_id) REFERENCES
                register_entry (id),
            CONSTRAINT fk_objective_comment_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_objective_comment_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_objective_comment_entry_id ON objective_comment (entry_id)
        """,
        """
        CREATE INDEX ix_objective_comment_organisation_id ON objective_comment (organisation_id)
        """,
        """
        CREATE TABLE objective_source (
            id INTEGER NOT NULL,
            entry_id INTEGER NOT NULL,
            figure VARCHAR(60) NOT NULL,
            span VARCHAR(20) NOT NULL,
            set_at DATETIME NOT NULL,
            set_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_objective_source PRIMARY KEY (id),
            CONSTRAINT ck_objective_source_source_moves_on CHECK (figure <> '' AND span <> ''
                AND span <> 'own'),
            CONSTRAINT uq_objective_source_entry_id UNIQUE (entry_id),
            CONSTRAINT fk_objective_source_entry_id FOREIGN KEY(entry_id) REFERENCES
                register_entry (id),
            CONSTRAINT fk_objective_source_set_by FOREIGN KEY(set_by) REFERENCES person (id),
            CONSTRAINT fk_objective_source_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_objective_source_organisation_id ON objective_source (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE objective_comment (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            said TEXT NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            by_id BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_objective_comment PRIMARY KEY (id),
            CONSTRAINT ck_objective_comment_says_something CHECK (said <> ''),
            CONSTRAINT fk_objective_comment_entry_id FOREIGN KEY(entry_id) REFERENCES
                register_entry (id),
            CONSTRAINT fk_objective_comment_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_objective_comment_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_objective_comment_entry_id ON objective_comment (entry_id)
        """,
        """
        CREATE INDEX ix_objective_comment_organisation_id ON objective_comment (organisation_id)
        """,
        """
        CREATE TABLE objective_source (
            id BIGSERIAL NOT NULL,
            entry_id BIGINT NOT NULL,
            figure VARCHAR(60) NOT NULL,
            span VARCHAR(20) NOT NULL,
            set_at TIMESTAMP WITH TIME ZONE NOT NULL,
            set_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_objective_source PRIMARY KEY (id),
            CONSTRAINT ck_objective_source_source_moves_on CHECK (figure <> '' AND span <> ''
                AND span <> 'own'),
            CONSTRAINT uq_objective_source_entry_id UNIQUE (entry_id),
            CONSTRAINT fk_objective_source_entry_id FOREIGN KEY(entry_id) REFERENCES
                register_entry (id),
            CONSTRAINT fk_objective_source_set_by FOREIGN KEY(set_by) REFERENCES person (id),
            CONSTRAINT fk_objective_source_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_objective_source_organisation_id ON objective_source (organisation_id)
        """,
    ),
}
TABLES = (
    "objective_comment",
    "objective_source",
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
