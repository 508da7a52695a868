"""Complaints gathered under one action: a category or a selection.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TABLE complaint_gathering (
    id INTEGER NOT NULL, 
    category VARCHAR(200) NOT NULL, 
    title VARCHAR(200) NOT NULL, 
    made_at DATETIME NOT NULL, 
    made_by INTEGER, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_complaint_gathering PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_gathering_category_or_title CHECK ((category = '') = (title <> '')), 
    CONSTRAINT fk_complaint_gathering_made_by FOREIGN KEY(made_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_gathering_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_gathering_organisation_id ON complaint_gathering (organisation_id)""",
    """CREATE UNIQUE INDEX uq_complaint_gathering_category ON complaint_gathering (organisation_id, category) WHERE category <> ''""",
    """CREATE TABLE complaint_gathered (
    id INTEGER NOT NULL, 
    gathering_id INTEGER NOT NULL, 
    complaint_id INTEGER NOT NULL, 
    organisation_id INTEGER NOT NULL, 
    CONSTRAINT pk_complaint_gathered PRIMARY KEY (id), 
    CONSTRAINT uq_complaint_gathered_gathering_id_complaint_id UNIQUE (gathering_id, complaint_id), 
    CONSTRAINT fk_complaint_gathered_gathering_id FOREIGN KEY(gathering_id) REFERENCES complaint_gathering (id), 
    CONSTRAINT fk_complaint_gathered_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_gathered_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_gathered_complaint_id ON complaint_gathered (complaint_id)""",
    """CREATE INDEX ix_complaint_gathered_organisation_id ON complaint_gathered (organisation_id)""",
)
POSTGRESQL = (
    """CREATE TABLE complaint_gathering (
    id BIGSERIAL NOT NULL, 
    category VARCHAR(200) NOT NULL, 
    title VARCHAR(200) NOT NULL, 
    made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    made_by BIGINT, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_complaint_gathering PRIMARY KEY (id), 
    CONSTRAINT ck_complaint_gathering_category_or_title CHECK ((category = '') = (title <> '')), 
    CONSTRAINT fk_complaint_gathering_made_by FOREIGN KEY(made_by) REFERENCES person (id), 
    CONSTRAINT fk_complaint_gathering_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_gathering_organisation_id ON complaint_gathering (organisation_id)""",
    """CREATE UNIQUE INDEX uq_complaint_gathering_category ON complaint_gathering (organisation_id, category) WHERE category <> ''""",
    """CREATE TABLE complaint_gathered (
    id BIGSERIAL NOT NULL, 
    gathering_id BIGINT NOT NULL, 
    complaint_id BIGINT NOT NULL, 
    organisation_id BIGINT NOT NULL, 
    CONSTRAINT pk_complaint_gathered PRIMARY KEY (id), 
    CONSTRAINT uq_complaint_gathered_gathering_id_complaint_id UNIQUE (gathering_id, complaint_id), 
    CONSTRAINT fk_complaint_gathered_gathering_id FOREIGN KEY(gathering_id) REFERENCES complaint_gathering (id), 
    CONSTRAINT fk_complaint_gathered_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE, 
    CONSTRAINT fk_complaint_gathered_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_complaint_gathered_complaint_id ON complaint_gathered (complaint_id)""",
    """CREATE INDEX ix_complaint_gathered_organisation_id ON complaint_gathered (organisation_id)""",
)


def upgrade():
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade():
    op.execute("DROP TABLE complaint_gathered")
    op.execute("DROP TABLE complaint_gathering")
