"""Actions are searched by folded text; which workbooks were brought into registers.

Revision ID: 0034
Revises: 0033
"""

from alembic import op
from sqlalchemy import text

from auditkit.base.folding import fold

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

UP = {
    "sqlite": [
        """
        CREATE TABLE action_search (
            action_id INTEGER NOT NULL,
            folded TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_action_search PRIMARY KEY (action_id),
            CONSTRAINT fk_action_search_action_id FOREIGN KEY(action_id) REFERENCES action (id),
            CONSTRAINT fk_action_search_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_action_search_organisation_id ON action_search (organisation_id)",
        """
        CREATE TABLE register_import (
            id INTEGER NOT NULL,
            register VARCHAR(64) NOT NULL,
            file_name VARCHAR(255) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            written INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            at DATETIME NOT NULL,
            by_id INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_import PRIMARY KEY (id),
            CONSTRAINT ck_register_import_names_file CHECK (file_name <> '' AND digest <> ''),
            CONSTRAINT ck_register_import_counts_rows CHECK (written >= 0 AND changed >= 0 AND unchanged >= 0),
            CONSTRAINT fk_register_import_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_import_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_register_import_organisation_id ON register_import (organisation_id)",
        "CREATE INDEX ix_register_import_organisation_id_register ON register_import (organisation_id, register)",
    ],
    "postgresql": [
        """
        CREATE TABLE action_search (
            action_id BIGINT NOT NULL,
            folded TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_action_search PRIMARY KEY (action_id),
            CONSTRAINT fk_action_search_action_id FOREIGN KEY(action_id) REFERENCES action (id),
            CONSTRAINT fk_action_search_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_action_search_organisation_id ON action_search (organisation_id)",
        """
        CREATE TABLE register_import (
            id BIGSERIAL NOT NULL,
            register VARCHAR(64) NOT NULL,
            file_name VARCHAR(255) NOT NULL,
            digest VARCHAR(64) NOT NULL,
            written INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            by_id BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_import PRIMARY KEY (id),
            CONSTRAINT ck_register_import_names_file CHECK (file_name <> '' AND digest <> ''),
            CONSTRAINT ck_register_import_counts_rows CHECK (written >= 0 AND changed >= 0 AND unchanged >= 0),
            CONSTRAINT fk_register_import_by_id FOREIGN KEY(by_id) REFERENCES person (id),
            CONSTRAINT fk_register_import_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        "CREATE INDEX ix_register_import_organisation_id ON register_import (organisation_id)",
        "CREATE INDEX ix_register_import_organisation_id_register ON register_import (organisation_id, register)",
    ],
}


def upgrade() -> None:
    """Apply. Actions that are there get their search text."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement.strip())
    rows = connection.execute(text("SELECT id, organisation_id, number, title, origin_title, cause FROM action")).all()
    if rows:
        connection.execute(
            text("INSERT INTO action_search (action_id, folded, organisation_id) VALUES (:id, :folded, :house)"),
            [
                {"id": row[0], "house": row[1], "folded": fold("\n".join(str(one or "") for one in row[2:]))}
                for row in rows
            ],
        )


def downgrade() -> None:
    """Take back."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP TABLE register_import")
    connection.exec_driver_sql("DROP TABLE action_search")
