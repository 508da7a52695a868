"""Volumes of several kinds, each entry of which stays.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_COPY = """
    INSERT INTO volume_entry (month, counts, number, entered_at, entered_by, organisation_id)
    SELECT month, counts, number, entered_at, entered_by, organisation_id FROM business_volume ORDER BY id
"""
_COPY_BACK = """
    INSERT INTO business_volume (month, counts, number, entered_at, entered_by, organisation_id)
    SELECT month, counts, number, entered_at, entered_by, organisation_id FROM volume_entry
    WHERE number IS NOT NULL AND id IN (SELECT max(id) FROM volume_entry GROUP BY organisation_id, month)
"""
_INDEXES = (
    "CREATE INDEX ix_volume_entry_organisation_id ON volume_entry (organisation_id)",
    "CREATE INDEX ix_volume_entry_organisation_id_month_counts ON volume_entry (organisation_id, month, counts)",
)
_OLD_INDEX = "CREATE INDEX ix_business_volume_organisation_id ON business_volume (organisation_id)"


def _new(key: str, moment: str, other: str) -> str:
    return f"""
        CREATE TABLE volume_entry (
            id {key} NOT NULL,
            month DATE NOT NULL,
            counts VARCHAR(60) NOT NULL,
            number BIGINT,
            entered_at {moment} NOT NULL,
            entered_by {other},
            organisation_id {other} NOT NULL,
            CONSTRAINT pk_volume_entry PRIMARY KEY (id),
            CONSTRAINT ck_volume_entry_volume_says_of_what CHECK (counts <> ''),
            CONSTRAINT ck_volume_entry_volume_in_range CHECK (number BETWEEN 1 AND 1000000000),
            CONSTRAINT fk_volume_entry_entered_by FOREIGN KEY(entered_by) REFERENCES person (id),
            CONSTRAINT fk_volume_entry_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """


def _old(key: str, moment: str, other: str) -> str:
    return f"""
        CREATE TABLE business_volume (
            id {key} NOT NULL,
            month DATE NOT NULL,
            counts VARCHAR(60) NOT NULL,
            number BIGINT NOT NULL,
            entered_at {moment} NOT NULL,
            entered_by {other},
            organisation_id {other} NOT NULL,
            CONSTRAINT pk_business_volume PRIMARY KEY (id),
            CONSTRAINT uq_business_volume_organisation_id_month UNIQUE (organisation_id, month),
            CONSTRAINT ck_business_volume_volume_says_of_what CHECK (counts <> ''),
            CONSTRAINT ck_business_volume_volume_in_range CHECK (number BETWEEN 1 AND 1000000000),
            CONSTRAINT fk_business_volume_entered_by FOREIGN KEY(entered_by) REFERENCES person (id),
            CONSTRAINT fk_business_volume_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """


_TYPES = {
    "sqlite": ("INTEGER", "DATETIME", "INTEGER"),
    "postgresql": ("BIGSERIAL", "TIMESTAMP WITH TIME ZONE", "BIGINT"),
}
UP = {
    dialect: (_new(*types), *_INDEXES, _COPY, "DROP TABLE business_volume") for dialect, types in _TYPES.items()
}  # fmt: skip
DOWN = {
    dialect: (_old(*types), _OLD_INDEX, _COPY_BACK, "DROP TABLE volume_entry") for dialect, types in _TYPES.items()
}  # fmt: skip


def upgrade() -> None:
    """Apply."""
    for statement in UP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back: of several kinds in a month the one entered last stays."""
    for statement in DOWN[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
