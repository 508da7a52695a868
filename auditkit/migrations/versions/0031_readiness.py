"""Readiness: overrides of cells, visits, what a transition carried over, plans of a gap analysis.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE readiness_override (
            id INTEGER NOT NULL,
            clause VARCHAR(96) NOT NULL,
            matrix_column VARCHAR(12) NOT NULL,
            state VARCHAR(12) NOT NULL,
            was VARCHAR(12) NOT NULL,
            cell VARCHAR(64) NOT NULL,
            reason TEXT NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            withdrawn_at DATETIME,
            withdrawn_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_readiness_override PRIMARY KEY (id),
            CONSTRAINT ck_readiness_override_override_names_clause CHECK (clause <> ''),
            CONSTRAINT ck_readiness_override_override_column_known
                CHECK (matrix_column IN ('documents', 'records', 'audit', 'findings', 'freshness')),
            CONSTRAINT ck_readiness_override_override_states_known
                CHECK (state IN ('found', 'gap', 'not-checked') AND was IN ('found', 'gap', 'not-checked')),
            CONSTRAINT ck_readiness_override_override_says_something_else CHECK (state <> was),
            CONSTRAINT ck_readiness_override_override_has_reason CHECK (reason <> ''),
            CONSTRAINT ck_readiness_override_override_cell_is_sha256 CHECK (length(cell) = 64),
            CONSTRAINT ck_readiness_override_withdrawn_after_made
                CHECK (withdrawn_at IS NULL OR withdrawn_at >= made_at),
            CONSTRAINT fk_readiness_override_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_override_withdrawn_by FOREIGN KEY(withdrawn_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_override_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_override_organisation_id ON readiness_override (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_readiness_override_stands ON readiness_override (organisation_id, clause, matrix_column)
        WHERE withdrawn_at IS NULL
        """,
        """
        CREATE TABLE readiness_visit (
            id INTEGER NOT NULL,
            edition VARCHAR(64) NOT NULL,
            begins DATE NOT NULL,
            ends DATE NOT NULL,
            note TEXT NOT NULL,
            content VARCHAR(64) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            percent SMALLINT NOT NULL,
            checked SMALLINT NOT NULL,
            stops JSON NOT NULL,
            states JSON NOT NULL,
            taken_at DATETIME NOT NULL,
            taken_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_readiness_visit PRIMARY KEY (id),
            CONSTRAINT ck_readiness_visit_visit_days_in_order CHECK (ends >= begins),
            CONSTRAINT ck_readiness_visit_visit_numbers_are_percent
                CHECK (percent BETWEEN 0 AND 100 AND checked BETWEEN 0 AND 100),
            CONSTRAINT ck_readiness_visit_visit_digests_are_sha256 CHECK (length(content) = 64 AND length(digest) = 64),
            CONSTRAINT fk_readiness_visit_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_visit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_visit_organisation_id ON readiness_visit (organisation_id)
        """,
        """
        CREATE INDEX ix_readiness_visit_organisation_id_edition_id ON readiness_visit (organisation_id, edition, id)
        """,
        """
        CREATE TABLE readiness_carried (
            id INTEGER NOT NULL,
            from_edition VARCHAR(64) NOT NULL,
            clause VARCHAR(96) NOT NULL,
            sources JSON NOT NULL,
            relation VARCHAR(12) NOT NULL,
            verdict VARCHAR(8) NOT NULL,
            basis VARCHAR(64) NOT NULL,
            applied_at DATETIME NOT NULL,
            applied_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_readiness_carried PRIMARY KEY (id),
            CONSTRAINT uq_readiness_carried_organisation_id_clause UNIQUE (organisation_id, clause),
            CONSTRAINT ck_readiness_carried_carried_verdict_known CHECK (verdict IN ('carried', 'again', 'new')),
            CONSTRAINT ck_readiness_carried_carried_has_basis CHECK ((verdict = 'new') = (basis = '')),
            CONSTRAINT ck_readiness_carried_carried_basis_is_sha256 CHECK (basis = '' OR length(basis) = 64),
            CONSTRAINT fk_readiness_carried_applied_by FOREIGN KEY(applied_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_carried_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_carried_organisation_id ON readiness_carried (organisation_id)
        """,
        """
        CREATE TABLE readiness_plan (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            starts_on DATE NOT NULL,
            made_at DATETIME NOT NULL,
            made_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_readiness_plan PRIMARY KEY (id),
            CONSTRAINT uq_readiness_plan_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_readiness_plan_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_readiness_plan_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_plan_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_plan_organisation_id ON readiness_plan (organisation_id)
        """,
        """
        CREATE TABLE readiness_step (
            id INTEGER NOT NULL,
            plan_id INTEGER NOT NULL,
            position SMALLINT NOT NULL,
            step VARCHAR(64) NOT NULL,
            title VARCHAR(200) NOT NULL,
            what TEXT NOT NULL,
            clauses JSON NOT NULL,
            policies JSON NOT NULL,
            questions JSON NOT NULL,
            days SMALLINT NOT NULL,
            starts_on DATE NOT NULL,
            due_on DATE NOT NULL,
            owner_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_readiness_step PRIMARY KEY (id),
            CONSTRAINT uq_readiness_step_plan_id_position UNIQUE (plan_id, position),
            CONSTRAINT uq_readiness_step_plan_id_step UNIQUE (plan_id, step),
            CONSTRAINT ck_readiness_step_step_says_what CHECK (title <> '' AND what <> ''),
            CONSTRAINT ck_readiness_step_step_days_in_order CHECK (due_on >= starts_on),
            CONSTRAINT ck_readiness_step_step_counts_from_one CHECK (days > 0 AND position > 0 AND version > 0),
            CONSTRAINT fk_readiness_step_plan_id FOREIGN KEY(plan_id) REFERENCES readiness_plan (id),
            CONSTRAINT fk_readiness_step_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_readiness_step_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_step_organisation_id ON readiness_step (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE readiness_override (
            id BIGSERIAL NOT NULL,
            clause VARCHAR(96) NOT NULL,
            matrix_column VARCHAR(12) NOT NULL,
            state VARCHAR(12) NOT NULL,
            was VARCHAR(12) NOT NULL,
            cell VARCHAR(64) NOT NULL,
            reason TEXT NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            withdrawn_at TIMESTAMP WITH TIME ZONE,
            withdrawn_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_readiness_override PRIMARY KEY (id),
            CONSTRAINT ck_readiness_override_override_names_clause CHECK (clause <> ''),
            CONSTRAINT ck_readiness_override_override_column_known
                CHECK (matrix_column IN ('documents', 'records', 'audit', 'findings', 'freshness')),
            CONSTRAINT ck_readiness_override_override_states_known
                CHECK (state IN ('found', 'gap', 'not-checked') AND was IN ('found', 'gap', 'not-checked')),
            CONSTRAINT ck_readiness_override_override_says_something_else CHECK (state <> was),
            CONSTRAINT ck_readiness_override_override_has_reason CHECK (reason <> ''),
            CONSTRAINT ck_readiness_override_override_cell_is_sha256 CHECK (length(cell) = 64),
            CONSTRAINT ck_readiness_override_withdrawn_after_made
                CHECK (withdrawn_at IS NULL OR withdrawn_at >= made_at),
            CONSTRAINT fk_readiness_override_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_override_withdrawn_by FOREIGN KEY(withdrawn_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_override_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_override_organisation_id ON readiness_override (organisation_id)
        """,
        """
        CREATE UNIQUE INDEX uq_readiness_override_stands ON readiness_override (organisation_id, clause, matrix_column)
        WHERE withdrawn_at IS NULL
        """,
        """
        CREATE TABLE readiness_visit (
            id BIGSERIAL NOT NULL,
            edition VARCHAR(64) NOT NULL,
            begins DATE NOT NULL,
            ends DATE NOT NULL,
            note TEXT NOT NULL,
            content VARCHAR(64) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            percent SMALLINT NOT NULL,
            checked SMALLINT NOT NULL,
            stops JSON NOT NULL,
            states JSON NOT NULL,
            taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
            taken_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_readiness_visit PRIMARY KEY (id),
            CONSTRAINT ck_readiness_visit_visit_days_in_order CHECK (ends >= begins),
            CONSTRAINT ck_readiness_visit_visit_numbers_are_percent
                CHECK (percent BETWEEN 0 AND 100 AND checked BETWEEN 0 AND 100),
            CONSTRAINT ck_readiness_visit_visit_digests_are_sha256 CHECK (length(content) = 64 AND length(digest) = 64),
            CONSTRAINT fk_readiness_visit_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_visit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_visit_organisation_id ON readiness_visit (organisation_id)
        """,
        """
        CREATE INDEX ix_readiness_visit_organisation_id_edition_id ON readiness_visit (organisation_id, edition, id)
        """,
        """
        CREATE TABLE readiness_carried (
            id BIGSERIAL NOT NULL,
            from_edition VARCHAR(64) NOT NULL,
            clause VARCHAR(96) NOT NULL,
            sources JSON NOT NULL,
            relation VARCHAR(12) NOT NULL,
            verdict VARCHAR(8) NOT NULL,
            basis VARCHAR(64) NOT NULL,
            applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
            applied_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_readiness_carried PRIMARY KEY (id),
            CONSTRAINT uq_readiness_carried_organisation_id_clause UNIQUE (organisation_id, clause),
            CONSTRAINT ck_readiness_carried_carried_verdict_known CHECK (verdict IN ('carried', 'again', 'new')),
            CONSTRAINT ck_readiness_carried_carried_has_basis CHECK ((verdict = 'new') = (basis = '')),
            CONSTRAINT ck_readiness_carried_carried_basis_is_sha256 CHECK (basis = '' OR length(basis) = 64),
            CONSTRAINT fk_readiness_carried_applied_by FOREIGN KEY(applied_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_carried_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_carried_organisation_id ON readiness_carried (organisation_id)
        """,
        """
        CREATE TABLE readiness_plan (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            starts_on DATE NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            made_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_readiness_plan PRIMARY KEY (id),
            CONSTRAINT uq_readiness_plan_audit_id UNIQUE (audit_id),
            CONSTRAINT fk_readiness_plan_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_readiness_plan_made_by FOREIGN KEY(made_by) REFERENCES person (id),
            CONSTRAINT fk_readiness_plan_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_plan_organisation_id ON readiness_plan (organisation_id)
        """,
        """
        CREATE TABLE readiness_step (
            id BIGSERIAL NOT NULL,
            plan_id BIGINT NOT NULL,
            position SMALLINT NOT NULL,
            step VARCHAR(64) NOT NULL,
            title VARCHAR(200) NOT NULL,
            what TEXT NOT NULL,
            clauses JSON NOT NULL,
            policies JSON NOT NULL,
            questions JSON NOT NULL,
            days SMALLINT NOT NULL,
            starts_on DATE NOT NULL,
            due_on DATE NOT NULL,
            owner_id BIGINT NOT NULL,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_readiness_step PRIMARY KEY (id),
            CONSTRAINT uq_readiness_step_plan_id_position UNIQUE (plan_id, position),
            CONSTRAINT uq_readiness_step_plan_id_step UNIQUE (plan_id, step),
            CONSTRAINT ck_readiness_step_step_says_what CHECK (title <> '' AND what <> ''),
            CONSTRAINT ck_readiness_step_step_days_in_order CHECK (due_on >= starts_on),
            CONSTRAINT ck_readiness_step_step_counts_from_one CHECK (days > 0 AND position > 0 AND version > 0),
            CONSTRAINT fk_readiness_step_plan_id FOREIGN KEY(plan_id) REFERENCES readiness_plan (id),
            CONSTRAINT fk_readiness_step_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT fk_readiness_step_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_readiness_step_organisation_id ON readiness_step (organisation_id)
        """,
    ),
}
TABLES = ("readiness_step", "readiness_plan", "readiness_carried", "readiness_visit", "readiness_override")


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    """Apply."""
    _run(*UP[op.get_bind().dialect.name])


def downgrade() -> None:
    """Take back."""
    _run(*(f"DROP TABLE {table}" for table in TABLES))
