"""Rooms in which reviewers look at packs.

Revision ID: 0037
Revises: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE review_room (
            id INTEGER NOT NULL,
            pack_id INTEGER NOT NULL,
            body VARCHAR(200) NOT NULL,
            reviewer VARCHAR(200) NOT NULL,
            secret_digest VARCHAR(64) NOT NULL,
            last_day DATE NOT NULL,
            opened_at DATETIME NOT NULL,
            opened_by_id INTEGER,
            revoked_at DATETIME,
            concluded_at DATETIME,
            outcome TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_room PRIMARY KEY (id),
            CONSTRAINT ck_review_room_room_is_somebody_s CHECK (body <> '' AND reviewer <> ''),
            CONSTRAINT ck_review_room_concluded_with_outcome CHECK ((concluded_at IS NULL) = (outcome = '')),
            CONSTRAINT fk_review_room_pack_id FOREIGN KEY(pack_id) REFERENCES pack (id),
            CONSTRAINT uq_review_room_secret_digest UNIQUE (secret_digest),
            CONSTRAINT fk_review_room_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES person (id),
            CONSTRAINT fk_review_room_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_room_organisation_id ON review_room (organisation_id)
        """,
        """
        CREATE INDEX ix_review_room_pack_id ON review_room (pack_id)
        """,
        """
        CREATE TABLE room_judgement (
            id INTEGER NOT NULL,
            room_id INTEGER NOT NULL,
            clause VARCHAR(80) NOT NULL,
            verdict VARCHAR(20) NOT NULL,
            comment TEXT NOT NULL,
            judged_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_room_judgement PRIMARY KEY (id),
            CONSTRAINT ck_room_judgement_verdict_known CHECK (verdict IN ('accepted', 'question', 'not-sufficient')),
            CONSTRAINT ck_room_judgement_doubt_has_comment CHECK (verdict = 'accepted' OR comment <> ''),
            CONSTRAINT fk_room_judgement_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_judgement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_judgement_organisation_id ON room_judgement (organisation_id)
        """,
        """
        CREATE INDEX ix_room_judgement_room_id_clause_id ON room_judgement (room_id, clause, id)
        """,
        """
        CREATE TABLE room_request (
            id INTEGER NOT NULL,
            room_id INTEGER NOT NULL,
            serial INTEGER NOT NULL,
            clause VARCHAR(80) NOT NULL,
            text TEXT NOT NULL,
            due_on DATE,
            asked_at DATETIME NOT NULL,
            answer TEXT NOT NULL,
            answered_at DATETIME,
            answered_by_id INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_room_request PRIMARY KEY (id),
            CONSTRAINT uq_room_request_room_id_serial UNIQUE (room_id, serial),
            CONSTRAINT ck_room_request_request_is_numbered CHECK (serial > 0),
            CONSTRAINT ck_room_request_request_says_what CHECK (text <> ''),
            CONSTRAINT ck_room_request_answered_with_words CHECK ((answered_at IS NULL) = (answer = '')),
            CONSTRAINT fk_room_request_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_request_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES person (id),
            CONSTRAINT fk_room_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_request_organisation_id ON room_request (organisation_id)
        """,
        """
        CREATE TABLE room_visit (
            id INTEGER NOT NULL,
            room_id INTEGER NOT NULL,
            path VARCHAR(300) NOT NULL,
            taken BOOLEAN NOT NULL,
            at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_room_visit PRIMARY KEY (id),
            CONSTRAINT ck_room_visit_what_was_taken CHECK (NOT taken OR path <> ''),
            CONSTRAINT fk_room_visit_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_visit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_visit_organisation_id ON room_visit (organisation_id)
        """,
        """
        CREATE INDEX ix_room_visit_room_id_id ON room_visit (room_id, id)
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE review_room (
            id BIGSERIAL NOT NULL,
            pack_id BIGINT NOT NULL,
            body VARCHAR(200) NOT NULL,
            reviewer VARCHAR(200) NOT NULL,
            secret_digest VARCHAR(64) NOT NULL,
            last_day DATE NOT NULL,
            opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
            opened_by_id BIGINT,
            revoked_at TIMESTAMP WITH TIME ZONE,
            concluded_at TIMESTAMP WITH TIME ZONE,
            outcome TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_room PRIMARY KEY (id),
            CONSTRAINT ck_review_room_room_is_somebody_s CHECK (body <> '' AND reviewer <> ''),
            CONSTRAINT ck_review_room_concluded_with_outcome CHECK ((concluded_at IS NULL) = (outcome = '')),
            CONSTRAINT fk_review_room_pack_id FOREIGN KEY(pack_id) REFERENCES pack (id),
            CONSTRAINT uq_review_room_secret_digest UNIQUE (secret_digest),
            CONSTRAINT fk_review_room_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES person (id),
            CONSTRAINT fk_review_room_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_room_organisation_id ON review_room (organisation_id)
        """,
        """
        CREATE INDEX ix_review_room_pack_id ON review_room (pack_id)
        """,
        """
        CREATE TABLE room_judgement (
            id BIGSERIAL NOT NULL,
            room_id BIGINT NOT NULL,
            clause VARCHAR(80) NOT NULL,
            verdict VARCHAR(20) NOT NULL,
            comment TEXT NOT NULL,
            judged_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_room_judgement PRIMARY KEY (id),
            CONSTRAINT ck_room_judgement_verdict_known CHECK (verdict IN ('accepted', 'question', 'not-sufficient')),
            CONSTRAINT ck_room_judgement_doubt_has_comment CHECK (verdict = 'accepted' OR comment <> ''),
            CONSTRAINT fk_room_judgement_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_judgement_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_judgement_organisation_id ON room_judgement (organisation_id)
        """,
        """
        CREATE INDEX ix_room_judgement_room_id_clause_id ON room_judgement (room_id, clause, id)
        """,
        """
        CREATE TABLE room_request (
            id BIGSERIAL NOT NULL,
            room_id BIGINT NOT NULL,
            serial INTEGER NOT NULL,
            clause VARCHAR(80) NOT NULL,
            text TEXT NOT NULL,
            due_on DATE,
            asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
            answer TEXT NOT NULL,
            answered_at TIMESTAMP WITH TIME ZONE,
            answered_by_id BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_room_request PRIMARY KEY (id),
            CONSTRAINT uq_room_request_room_id_serial UNIQUE (room_id, serial),
            CONSTRAINT ck_room_request_request_is_numbered CHECK (serial > 0),
            CONSTRAINT ck_room_request_request_says_what CHECK (text <> ''),
            CONSTRAINT ck_room_request_answered_with_words CHECK ((answered_at IS NULL) = (answer = '')),
            CONSTRAINT fk_room_request_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_request_answered_by_id FOREIGN KEY(answered_by_id) REFERENCES person (id),
            CONSTRAINT fk_room_request_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_request_organisation_id ON room_request (organisation_id)
        """,
        """
        CREATE TABLE room_visit (
            id BIGSERIAL NOT NULL,
            room_id BIGINT NOT NULL,
            path VARCHAR(300) NOT NULL,
            taken BOOLEAN NOT NULL,
            at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_room_visit PRIMARY KEY (id),
            CONSTRAINT ck_room_visit_what_was_taken CHECK (NOT taken OR path <> ''),
            CONSTRAINT fk_room_visit_room_id FOREIGN KEY(room_id) REFERENCES review_room (id),
            CONSTRAINT fk_room_visit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_room_visit_organisation_id ON room_visit (organisation_id)
        """,
        """
        CREATE INDEX ix_room_visit_room_id_id ON room_visit (room_id, id)
        """,
    ),
}
TABLES = ("room_visit", "room_request", "room_judgement", "review_room")


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in UP[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.get_bind().exec_driver_sql(f"DROP TABLE {table}")
