"""Rooms that are entered by signing in.

Revision ID: 0038
Revises: 0037
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE room_account (
            id INTEGER NOT NULL,
            room_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_room_account PRIMARY KEY (id),
            CONSTRAINT uq_room_account_room_id UNIQUE (room_id),
            CONSTRAINT fk_room_account_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_account_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_room_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_room_account_person_id ON room_account (person_id)",
        "CREATE INDEX ix_room_account_organisation_id ON room_account (organisation_id)",
    ),
    "postgresql": (
        """
        CREATE TABLE room_account (
            id BIGSERIAL NOT NULL,
            room_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_room_account PRIMARY KEY (id),
            CONSTRAINT uq_room_account_room_id UNIQUE (room_id),
            CONSTRAINT fk_room_account_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_account_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_room_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_room_account_person_id ON room_account (person_id)",
        "CREATE INDEX ix_room_account_organisation_id ON room_account (organisation_id)",
    ),
}


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    op.get_bind().exec_driver_sql("DROP TABLE room_account")
