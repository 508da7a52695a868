"""The run of an audit: answers that arrive once, tailored checklists and what the last audit said, workbooks and back.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROW_COLUMNS = ("interviewee VARCHAR(200)", "added_digest VARCHAR(64)")
SQLITE = (
    """CREATE TABLE audit_arrival (
    id INTEGER NOT NULL,
    client_id VARCHAR(64) NOT NULL,
    row_id INTEGER NOT NULL,
    person_id INTEGER,
    made_at DATETIME NOT NULL,
    arrived_at DATETIME NOT NULL,
    latitude FLOAT,
    longitude FLOAT,
    accuracy FLOAT,
    conflicts JSON NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_arrival PRIMARY KEY (id),
    CONSTRAINT uq_audit_arrival_organisation_id_client_id UNIQUE (organisation_id, client_id),
    CONSTRAINT ck_audit_arrival_client_named CHECK (client_id <> ''),
    CONSTRAINT ck_audit_arrival_place_is_whole CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT ck_audit_arrival_place_is_on_earth CHECK (latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)),
    CONSTRAINT fk_audit_arrival_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_arrival_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_audit_arrival_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_arrival_organisation_id ON audit_arrival (organisation_id)""",
    """CREATE INDEX ix_audit_arrival_row_id ON audit_arrival (row_id)""",
    """CREATE TABLE audit_tailoring (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    profile_id VARCHAR(64) NOT NULL,
    clauses JSON NOT NULL,
    least_weight INTEGER NOT NULL,
    keep_failed BOOLEAN NOT NULL,
    previous_id INTEGER,
    narrowed BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    left_out JSON NOT NULL,
    changed_at DATETIME NOT NULL,
    changed_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_tailoring PRIMARY KEY (id),
    CONSTRAINT ck_audit_tailoring_narrowed_has_reason CHECK (NOT narrowed OR reason <> ''),
    CONSTRAINT ck_audit_tailoring_weight_is_known CHECK (least_weight BETWEEN 1 AND 5),
    CONSTRAINT ck_audit_tailoring_previous_is_another CHECK (previous_id IS NULL OR previous_id <> audit_id),
    CONSTRAINT uq_audit_tailoring_audit_id UNIQUE (audit_id),
    CONSTRAINT fk_audit_tailoring_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_tailoring_previous_id FOREIGN KEY(previous_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_tailoring_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
    CONSTRAINT fk_audit_tailoring_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_tailoring_organisation_id ON audit_tailoring (organisation_id)""",
    """CREATE TABLE audit_previous (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    from_number VARCHAR(20) NOT NULL,
    answer VARCHAR(200) NOT NULL,
    conformity INTEGER,
    note TEXT NOT NULL,
    findings JSON NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_previous PRIMARY KEY (id),
    CONSTRAINT ck_audit_previous_previous_is_named CHECK (from_number <> ''),
    CONSTRAINT ck_audit_previous_previous_is_percent CHECK (conformity BETWEEN 0 AND 100),
    CONSTRAINT fk_audit_previous_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT uq_audit_previous_row_id UNIQUE (row_id),
    CONSTRAINT fk_audit_previous_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_previous_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_previous_audit_id ON audit_previous (audit_id)""",
    """CREATE INDEX ix_audit_previous_organisation_id ON audit_previous (organisation_id)""",
    """CREATE TABLE audit_workbook (
    id INTEGER NOT NULL,
    audit_id INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    code VARCHAR(40) NOT NULL,
    base JSON NOT NULL,
    taken_at DATETIME NOT NULL,
    taken_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_workbook PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_audit_id_serial UNIQUE (audit_id, serial),
    CONSTRAINT uq_audit_workbook_organisation_id_code UNIQUE (organisation_id, code),
    CONSTRAINT ck_audit_workbook_workbook_has_code CHECK (code <> ''),
    CONSTRAINT fk_audit_workbook_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_workbook_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_organisation_id ON audit_workbook (organisation_id)""",
    """CREATE TABLE audit_workbook_return (
    id INTEGER NOT NULL,
    workbook_id INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    outcome JSON NOT NULL,
    returned_at DATETIME NOT NULL,
    returned_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_workbook_return PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_return_workbook_id_digest UNIQUE (workbook_id, digest),
    CONSTRAINT ck_audit_workbook_return_digest_is_whole CHECK (length(digest) = 64),
    CONSTRAINT fk_audit_workbook_return_workbook_id FOREIGN KEY(workbook_id) REFERENCES audit_workbook (id),
    CONSTRAINT fk_audit_workbook_return_returned_by FOREIGN KEY(returned_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_return_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_return_organisation_id ON audit_workbook_return (organisation_id)""",
    """CREATE TABLE audit_workbook_conflict (
    id INTEGER NOT NULL,
    return_id INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    cell VARCHAR(10) NOT NULL,
    base TEXT NOT NULL,
    mine TEXT NOT NULL,
    theirs TEXT NOT NULL,
    kept VARCHAR(10) NOT NULL,
    settled_at DATETIME,
    settled_by INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_audit_workbook_conflict PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_conflict_return_id_row_id_cell UNIQUE (return_id, row_id, cell),
    CONSTRAINT ck_audit_workbook_conflict_cell_known CHECK (cell IN ('answer', 'note')),
    CONSTRAINT ck_audit_workbook_conflict_kept_known CHECK (kept IN ('', 'mine', 'theirs')),
    CONSTRAINT ck_audit_workbook_conflict_settled_has_date CHECK ((settled_at IS NULL) = (kept = '')),
    CONSTRAINT ck_audit_workbook_conflict_sides_differ CHECK (mine <> theirs),
    CONSTRAINT fk_audit_workbook_conflict_return_id FOREIGN KEY(return_id) REFERENCES audit_workbook_return (id),
    CONSTRAINT fk_audit_workbook_conflict_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_workbook_conflict_settled_by FOREIGN KEY(settled_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_conflict_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_conflict_organisation_id ON audit_workbook_conflict (organisation_id)""",
    """CREATE INDEX ix_audit_workbook_conflict_row_id ON audit_workbook_conflict (row_id)""",
)
POSTGRESQL = (
    """CREATE TABLE audit_arrival (
    id BIGSERIAL NOT NULL,
    client_id VARCHAR(64) NOT NULL,
    row_id BIGINT NOT NULL,
    person_id BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
    latitude FLOAT,
    longitude FLOAT,
    accuracy FLOAT,
    conflicts JSON NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_arrival PRIMARY KEY (id),
    CONSTRAINT uq_audit_arrival_organisation_id_client_id UNIQUE (organisation_id, client_id),
    CONSTRAINT ck_audit_arrival_client_named CHECK (client_id <> ''),
    CONSTRAINT ck_audit_arrival_place_is_whole CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT ck_audit_arrival_place_is_on_earth CHECK (latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)),
    CONSTRAINT fk_audit_arrival_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_arrival_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_audit_arrival_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_arrival_organisation_id ON audit_arrival (organisation_id)""",
    """CREATE INDEX ix_audit_arrival_row_id ON audit_arrival (row_id)""",
    """CREATE TABLE audit_tailoring (
    id BIGSERIAL NOT NULL,
    audit_id BIGINT NOT NULL,
    profile_id VARCHAR(64) NOT NULL,
    clauses JSON NOT NULL,
    least_weight INTEGER NOT NULL,
    keep_failed BOOLEAN NOT NULL,
    previous_id BIGINT,
    narrowed BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    left_out JSON NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by BIGINT,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_tailoring PRIMARY KEY (id),
    CONSTRAINT ck_audit_tailoring_narrowed_has_reason CHECK (NOT narrowed OR reason <> ''),
    CONSTRAINT ck_audit_tailoring_weight_is_known CHECK (least_weight BETWEEN 1 AND 5),
    CONSTRAINT ck_audit_tailoring_previous_is_another CHECK (previous_id IS NULL OR previous_id <> audit_id),
    CONSTRAINT uq_audit_tailoring_audit_id UNIQUE (audit_id),
    CONSTRAINT fk_audit_tailoring_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_tailoring_previous_id FOREIGN KEY(previous_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_tailoring_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
    CONSTRAINT fk_audit_tailoring_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_tailoring_organisation_id ON audit_tailoring (organisation_id)""",
    """CREATE TABLE audit_previous (
    id BIGSERIAL NOT NULL,
    audit_id BIGINT NOT NULL,
    row_id BIGINT NOT NULL,
    from_number VARCHAR(20) NOT NULL,
    answer VARCHAR(200) NOT NULL,
    conformity INTEGER,
    note TEXT NOT NULL,
    findings JSON NOT NULL,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_previous PRIMARY KEY (id),
    CONSTRAINT ck_audit_previous_previous_is_named CHECK (from_number <> ''),
    CONSTRAINT ck_audit_previous_previous_is_percent CHECK (conformity BETWEEN 0 AND 100),
    CONSTRAINT fk_audit_previous_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT uq_audit_previous_row_id UNIQUE (row_id),
    CONSTRAINT fk_audit_previous_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_previous_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_previous_audit_id ON audit_previous (audit_id)""",
    """CREATE INDEX ix_audit_previous_organisation_id ON audit_previous (organisation_id)""",
    """CREATE TABLE audit_workbook (
    id BIGSERIAL NOT NULL,
    audit_id BIGINT NOT NULL,
    serial INTEGER NOT NULL,
    code VARCHAR(40) NOT NULL,
    base JSON NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_by BIGINT,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_workbook PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_audit_id_serial UNIQUE (audit_id, serial),
    CONSTRAINT uq_audit_workbook_organisation_id_code UNIQUE (organisation_id, code),
    CONSTRAINT ck_audit_workbook_workbook_has_code CHECK (code <> ''),
    CONSTRAINT fk_audit_workbook_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
    CONSTRAINT fk_audit_workbook_taken_by FOREIGN KEY(taken_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_organisation_id ON audit_workbook (organisation_id)""",
    """CREATE TABLE audit_workbook_return (
    id BIGSERIAL NOT NULL,
    workbook_id BIGINT NOT NULL,
    digest VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    outcome JSON NOT NULL,
    returned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    returned_by BIGINT,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_workbook_return PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_return_workbook_id_digest UNIQUE (workbook_id, digest),
    CONSTRAINT ck_audit_workbook_return_digest_is_whole CHECK (length(digest) = 64),
    CONSTRAINT fk_audit_workbook_return_workbook_id FOREIGN KEY(workbook_id) REFERENCES audit_workbook (id),
    CONSTRAINT fk_audit_workbook_return_returned_by FOREIGN KEY(returned_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_return_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_return_organisation_id ON audit_workbook_return (organisation_id)""",
    """CREATE TABLE audit_workbook_conflict (
    id BIGSERIAL NOT NULL,
    return_id BIGINT NOT NULL,
    row_id BIGINT NOT NULL,
    cell VARCHAR(10) NOT NULL,
    base TEXT NOT NULL,
    mine TEXT NOT NULL,
    theirs TEXT NOT NULL,
    kept VARCHAR(10) NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by BIGINT,
    organisation_id BIGINT NOT NULL,
    CONSTRAINT pk_audit_workbook_conflict PRIMARY KEY (id),
    CONSTRAINT uq_audit_workbook_conflict_return_id_row_id_cell UNIQUE (return_id, row_id, cell),
    CONSTRAINT ck_audit_workbook_conflict_cell_known CHECK (cell IN ('answer', 'note')),
    CONSTRAINT ck_audit_workbook_conflict_kept_known CHECK (kept IN ('', 'mine', 'theirs')),
    CONSTRAINT ck_audit_workbook_conflict_settled_has_date CHECK ((settled_at IS NULL) = (kept = '')),
    CONSTRAINT ck_audit_workbook_conflict_sides_differ CHECK (mine <> theirs),
    CONSTRAINT fk_audit_workbook_conflict_return_id FOREIGN KEY(return_id) REFERENCES audit_workbook_return (id),
    CONSTRAINT fk_audit_workbook_conflict_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
    CONSTRAINT fk_audit_workbook_conflict_settled_by FOREIGN KEY(settled_by) REFERENCES person (id),
    CONSTRAINT fk_audit_workbook_conflict_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)""",
    """CREATE INDEX ix_audit_workbook_conflict_organisation_id ON audit_workbook_conflict (organisation_id)""",
    """CREATE INDEX ix_audit_workbook_conflict_row_id ON audit_workbook_conflict (row_id)""",
)
TABLES = (
    "audit_workbook_conflict",
    "audit_workbook_return",
    "audit_workbook",
    "audit_previous",
    "audit_tailoring",
    "audit_arrival",
)


def upgrade() -> None:
    """Apply."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    for column in ROW_COLUMNS:
        op.get_bind().exec_driver_sql(f"ALTER TABLE audit_row ADD COLUMN {column} DEFAULT '' NOT NULL")


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    for column in ROW_COLUMNS:
        op.get_bind().exec_driver_sql(f"ALTER TABLE audit_row DROP COLUMN {column.split()[0]}")
