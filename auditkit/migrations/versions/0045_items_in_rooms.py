"""Items judged, concerns and comments in the rooms of reviewers.

Revision ID: 0045
Revises: 0044
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

COLUMNS = {
    "path": "VARCHAR(300) DEFAULT '' NOT NULL",
    "concern": (
        "BOOLEAN DEFAULT {no} NOT NULL "
        "CONSTRAINT ck_room_judgement_concern_is_doubt CHECK (NOT concern OR verdict = 'not-sufficient')"
    ),
}
COMMENT = """
    CREATE TABLE room_comment (
        id {key} NOT NULL,
        room_id {reference} NOT NULL,
        clause VARCHAR(80) NOT NULL,
        path VARCHAR(300) NOT NULL,
        text TEXT NOT NULL,
        said_at {moment} NOT NULL,
        said_by_id {reference},
        organisation_id {reference} NOT NULL,
        CONSTRAINT pk_room_comment PRIMARY KEY (id),
        CONSTRAINT ck_room_comment_comment_says_something CHECK (text <> ''),
        CONSTRAINT ck_room_comment_item_within_clause CHECK (path = '' OR clause <> ''),
        CONSTRAINT fk_room_comment_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
        CONSTRAINT fk_room_comment_said_by_id FOREIGN KEY(said_by_id) REFERENCES person (id),
        CONSTRAINT fk_room_comment_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
    )
"""
INDEXES = ("organisation_id", "room_id")
WORDS = {
    "sqlite": {"key": "INTEGER", "reference": "INTEGER", "moment": "DATETIME", "no": "0"},
    "postgresql": {
        "key": "BIGSERIAL",
        "reference": "BIGINT",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "no": "false",
    },
}


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    words = WORDS[connection.dialect.name]
    for name, column in COLUMNS.items():
        connection.exec_driver_sql(f"ALTER TABLE room_judgement ADD COLUMN {name} {column.format_map(words)}")
    connection.exec_driver_sql(COMMENT.format_map(words))
    for column in INDEXES:
        connection.exec_driver_sql(f"CREATE INDEX ix_room_comment_{column} ON room_comment ({column})")


def downgrade() -> None:
    """Take back; what was said of items would read as said of clauses, so it goes."""
    connection = op.get_bind()
    connection.exec_driver_sql("DROP TABLE room_comment")
    connection.exec_driver_sql("DELETE FROM room_judgement WHERE path <> ''")
    for name in reversed(COLUMNS):
        connection.exec_driver_sql(f"ALTER TABLE room_judgement DROP COLUMN {name}")
