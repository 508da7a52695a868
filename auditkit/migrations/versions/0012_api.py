"""Tokens of the API, and complaints registered by them.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE api_token (
            id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            name VARCHAR(100) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            scopes JSON NOT NULL,
            made_at DATETIME NOT NULL,
            expires_at DATETIME NOT NULL,
            revoked_at DATETIME,
            used_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_api_token PRIMARY KEY (id),
            CONSTRAINT ck_api_token_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT ck_api_token_has_name CHECK (name <> ''),
            CONSTRAINT ck_api_token_expires_after_made CHECK (expires_at > made_at),
            CONSTRAINT fk_api_token_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT uq_api_token_digest UNIQUE (digest),
            CONSTRAINT fk_api_token_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_api_token_organisation_id ON api_token (organisation_id)
        """,
        """
        CREATE TABLE api_request (
            id INTEGER NOT NULL,
            token_id INTEGER NOT NULL,
            "key" VARCHAR(100) NOT NULL,
            body_digest VARCHAR(64) NOT NULL,
            reference VARCHAR(50) NOT NULL,
            answered_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_api_request PRIMARY KEY (id),
            CONSTRAINT uq_api_request_token_id_key UNIQUE (token_id, "key"),
            CONSTRAINT ck_api_request_has_key CHECK (key <> ''),
            CONSTRAINT ck_api_request_body_digest_is_sha256 CHECK (length(body_digest) = 64),
            CONSTRAINT fk_api_request_token_id FOREIGN KEY(token_id) REFERENCES api_token (id),
            CONSTRAINT fk_api_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_api_request_organisation_id ON api_request (organisation_id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE api_token (
            id BIGSERIAL NOT NULL,
            person_id BIGINT NOT NULL,
            name VARCHAR(100) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            scopes JSON NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            revoked_at TIMESTAMP WITH TIME ZONE,
            used_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_api_token PRIMARY KEY (id),
            CONSTRAINT ck_api_token_digest_is_sha256 CHECK (length(digest) = 64),
            CONSTRAINT ck_api_token_has_name CHECK (name <> ''),
            CONSTRAINT ck_api_token_expires_after_made CHECK (expires_at > made_at),
            CONSTRAINT fk_api_token_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT uq_api_token_digest UNIQUE (digest),
            CONSTRAINT fk_api_token_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_api_token_organisation_id ON api_token (organisation_id)
        """,
        """
        CREATE TABLE api_request (
            id BIGSERIAL NOT NULL,
            token_id BIGINT NOT NULL,
            key VARCHAR(100) NOT NULL,
            body_digest VARCHAR(64) NOT NULL,
            reference VARCHAR(50) NOT NULL,
            answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_api_request PRIMARY KEY (id),
            CONSTRAINT uq_api_request_token_id_key UNIQUE (token_id, key),
            CONSTRAINT ck_api_request_has_key CHECK (key <> ''),
            CONSTRAINT ck_api_request_body_digest_is_sha256 CHECK (length(body_digest) = 64),
            CONSTRAINT fk_api_request_token_id FOREIGN KEY(token_id) REFERENCES api_token (id),
            CONSTRAINT fk_api_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_api_request_organisation_id ON api_request (organisation_id)
        """,
    ),
}
DOWN = ("DROP TABLE api_request", "DROP TABLE api_token",)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())


def downgrade() -> None:
    """Take back."""
    for statement in DOWN:
        op.get_bind().exec_driver_sql(statement)
