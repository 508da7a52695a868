"""Audits: what a plan judges against and is conducted after; requests to see who complained.

Revision ID: 0039
Revises: 0038
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE audit_basis (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind VARCHAR(20) NOT NULL,
            ref VARCHAR(64) NOT NULL,
            title VARCHAR(400) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_basis PRIMARY KEY (id),
            CONSTRAINT uq_audit_basis_audit_id_position UNIQUE (audit_id, position),
            CONSTRAINT ck_audit_basis_kind_known CHECK (kind IN ('contract', 'guidelines',
                'law', 'scheme')),
            CONSTRAINT ck_audit_basis_basis_is_named CHECK (title <> ''),
            CONSTRAINT ck_audit_basis_guidelines_are_an_edition CHECK (kind <> 'guidelines' OR
                ref <> ''),
            CONSTRAINT fk_audit_basis_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_basis_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_basis_organisation_id ON audit_basis (organisation_id)
        """,
        """
        CREATE TABLE audit_identity_request (
            id INTEGER NOT NULL,
            audit_id INTEGER NOT NULL,
            complaint_id BIGINT NOT NULL,
            reference VARCHAR(40) NOT NULL,
            reason TEXT NOT NULL,
            asked_at DATETIME NOT NULL,
            asked_by INTEGER NOT NULL,
            granted BOOLEAN,
            answer TEXT NOT NULL,
            answered_at DATETIME,
            answered_by INTEGER,
            until DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_audit_identity_request PRIMARY KEY (id),
            CONSTRAINT ck_audit_identity_request_asked_with_reason CHECK (reason <> ''),
            CONSTRAINT ck_audit_identity_request_answered_has_date CHECK ((granted IS NULL) =
                (answered_at IS NULL)),
            CONSTRAINT ck_audit_identity_request_answered_by_somebody CHECK ((granted IS NULL) =
                (answered_by IS NULL)),
            CONSTRAINT ck_audit_identity_request_nobody_grants_their_own CHECK (answered_by <>
                asked_by),
            CONSTRAINT ck_audit_identity_request_granted_until CHECK (granted IS NULL OR granted
                = (until IS NOT NULL)),
            CONSTRAINT ck_audit_identity_request_refused_with_reason CHECK (granted IS NULL OR
                granted OR answer <> ''),
            CONSTRAINT fk_audit_identity_request_audit_id FOREIGN KEY(audit_id) REFERENCES audit
                (id),
            CONSTRAINT fk_audit_identity_request_asked_by FOREIGN KEY(asked_by) REFERENCES
                person (id),
            CONSTRAINT fk_audit_identity_request_answered_by FOREIGN KEY(answered_by) REFERENCES
                person (id),
            CONSTRAINT fk_audit_identity_request_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_identity_request_audit_id_complaint_id ON audit_identity_request
            (audit_id, complaint_id)
        """,
        """
        CREATE INDEX ix_audit_identity_request_organisation_id ON audit_identity_request
            (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE audit_basis (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            position INTEGER NOT NULL,
            kind VARCHAR(20) NOT NULL,
            ref VARCHAR(64) NOT NULL,
            title VARCHAR(400) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_basis PRIMARY KEY (id),
            CONSTRAINT uq_audit_basis_audit_id_position UNIQUE (audit_id, position),
            CONSTRAINT ck_audit_basis_kind_known CHECK (kind IN ('contract', 'guidelines',
                'law', 'scheme')),
            CONSTRAINT ck_audit_basis_basis_is_named CHECK (title <> ''),
            CONSTRAINT ck_audit_basis_guidelines_are_an_edition CHECK (kind <> 'guidelines' OR
                ref <> ''),
            CONSTRAINT fk_audit_basis_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
            CONSTRAINT fk_audit_basis_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_basis_organisation_id ON audit_basis (organisation_id)
        """,
        """
        CREATE TABLE audit_identity_request (
            id BIGSERIAL NOT NULL,
            audit_id BIGINT NOT NULL,
            complaint_id BIGINT NOT NULL,
            reference VARCHAR(40) NOT NULL,
            reason TEXT NOT NULL,
            asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
            asked_by BIGINT NOT NULL,
            granted BOOLEAN,
            answer TEXT NOT NULL,
            answered_at TIMESTAMP WITH TIME ZONE,
            answered_by BIGINT,
            until TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_audit_identity_request PRIMARY KEY (id),
            CONSTRAINT ck_audit_identity_request_asked_with_reason CHECK (reason <> ''),
            CONSTRAINT ck_audit_identity_request_answered_has_date CHECK ((granted IS NULL) =
                (answered_at IS NULL)),
            CONSTRAINT ck_audit_identity_request_answered_by_somebody CHECK ((granted IS NULL) =
                (answered_by IS NULL)),
            CONSTRAINT ck_audit_identity_request_nobody_grants_their_own CHECK (answered_by <>
                asked_by),
            CONSTRAINT ck_audit_identity_request_granted_until CHECK (granted IS NULL OR granted
                = (until IS NOT NULL)),
            CONSTRAINT ck_audit_identity_request_refused_with_reason CHECK (granted IS NULL OR
                granted OR answer <> ''),
            CONSTRAINT fk_audit_identity_request_audit_id FOREIGN KEY(audit_id) REFERENCES audit
                (id),
            CONSTRAINT fk_audit_identity_request_asked_by FOREIGN KEY(asked_by) REFERENCES
                person (id),
            CONSTRAINT fk_audit_identity_request_answered_by FOREIGN KEY(answered_by) REFERENCES
                person (id),
            CONSTRAINT fk_audit_identity_request_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_audit_identity_request_audit_id_complaint_id ON audit_identity_request
            (audit_id, complaint_id)
        """,
        """
        CREATE INDEX ix_audit_identity_request_organisation_id ON audit_identity_request
            (organisation_id)
        """,
    ),
}
TABLES = (
    "audit_basis",
    "audit_identity_request",
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
