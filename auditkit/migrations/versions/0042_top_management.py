"""Top management is a role of its own.

Revision ID: 0042
Revises: 0041
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BEFORE = "'administrator', 'quality-manager', 'complaint-handler', 'internal-auditor', 'staff', 'external-reviewer'"
NOW = BEFORE.replace("'quality-manager'", "'top-management', 'quality-manager'", 1)
# Nothing refers to a membership, so that SQLite can have the table made anew.
MEMBERSHIP = """CREATE TABLE membership_new (
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    role VARCHAR(40) NOT NULL,
    since DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT uq_membership_organisation_id_person_id UNIQUE (organisation_id, person_id),
    CONSTRAINT ck_membership_role_known CHECK (role IN ({roles})),
    CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)"""
COPY = """INSERT INTO membership_new (id, person_id, role, since, organisation_id)
    SELECT id, person_id, role, since, organisation_id FROM membership"""


def _roles(roles: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE membership DROP CONSTRAINT ck_membership_role_known")
        connection.exec_driver_sql(
            f"ALTER TABLE membership ADD CONSTRAINT ck_membership_role_known CHECK (role IN ({roles}))"
        )
        return
    connection.exec_driver_sql(MEMBERSHIP.format(roles=roles))
    connection.exec_driver_sql(COPY)
    connection.exec_driver_sql("DROP TABLE membership")
    connection.exec_driver_sql("ALTER TABLE membership_new RENAME TO membership")
    connection.exec_driver_sql("CREATE INDEX ix_membership_person_id ON membership (person_id)")
    connection.exec_driver_sql("CREATE INDEX ix_membership_organisation_id ON membership (organisation_id)")


def upgrade() -> None:
    """Apply."""
    _roles(NOW)


def downgrade() -> None:
    """Take back. Whoever was top management becomes staff, who may least of those that work here."""
    op.get_bind().exec_driver_sql("UPDATE membership SET role = 'staff' WHERE role = 'top-management'")
    _roles(BEFORE)
