"""What left with an export of the register, whether a complainant was treated worse, and open cases without dates.

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_UNTIMED = """
        INSERT INTO complaint_untimed (complaint_id, organisation_id)
        SELECT one.id, one.organisation_id FROM complaint AS one WHERE one.stage <> 'closed'
            AND NOT EXISTS (SELECT 1 FROM complaint_clock AS kept WHERE kept.complaint_id = one.id)
        """
# Which cases were in the exports with names until now was not kept: only that there was one, and when.
_LEFT_BEFORE = """
        INSERT INTO register_export (made_at, person_id, role, file_digest, cases_digest, organisation_id)
        SELECT at, (SELECT id FROM person WHERE person.id = journal_entry.actor_id), role, '', '', organisation_id
        FROM journal_entry WHERE event = 'complaints:exported' AND {named} ORDER BY seq
        """
_LEFT_BEFORE_SQLITE = _LEFT_BEFORE.format(named="json_extract(facts, '$.identity') = 1")
_LEFT_BEFORE_POSTGRESQL = _LEFT_BEFORE.format(named="facts ->> 'identity' = 'true'")

UP = {
    "sqlite": (
        """
        CREATE TABLE complaint_detriment (
            id INTEGER NOT NULL,
            complaint_id INTEGER NOT NULL,
            found VARCHAR(10) NOT NULL,
            note TEXT NOT NULL,
            checked_at DATETIME NOT NULL,
            checked_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_detriment PRIMARY KEY (id),
                CONSTRAINT ck_complaint_detriment_found_known CHECK (found IN ('none',
                'signs', 'unclear')),
                CONSTRAINT ck_complaint_detriment_detriment_is_described CHECK (found = 'none'
                OR note <> ''),
                CONSTRAINT fk_complaint_detriment_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
                CONSTRAINT fk_complaint_detriment_checked_by FOREIGN KEY(checked_by)
                REFERENCES person (id),
                CONSTRAINT fk_complaint_detriment_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_detriment_complaint_id ON complaint_detriment (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_detriment_organisation_id ON complaint_detriment
            (organisation_id)
        """,
        """
        CREATE TABLE complaint_untimed (
            complaint_id INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_complaint_untimed PRIMARY KEY (complaint_id),
                CONSTRAINT fk_complaint_untimed_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
                CONSTRAINT fk_complaint_untimed_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_untimed_organisation_id ON complaint_untimed
            (organisation_id)
        """,
        """
        CREATE TABLE register_export (
            id INTEGER NOT NULL,
            made_at DATETIME NOT NULL,
            person_id INTEGER,
            role VARCHAR(40) NOT NULL,
            row_count INTEGER,
            file_digest VARCHAR(64) NOT NULL,
            cases_digest VARCHAR(64) NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_export PRIMARY KEY (id),
                CONSTRAINT ck_register_export_export_is_whole CHECK (row_count IS NULL OR
                (row_count >= 0 AND length(file_digest) = 64 AND length(cases_digest) = 64)),
                CONSTRAINT fk_register_export_person_id FOREIGN KEY(person_id) REFERENCES
                person (id),
                CONSTRAINT fk_register_export_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_export_organisation_id ON register_export (organisation_id)
        """,
        """
        CREATE TABLE register_export_block (
            id INTEGER NOT NULL,
            export_id INTEGER NOT NULL,
            block INTEGER NOT NULL,
            bits BLOB NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_register_export_block PRIMARY KEY (id),
            CONSTRAINT uq_register_export_block_export_id_block UNIQUE (export_id, block),
                CONSTRAINT ck_register_export_block_block_holds_cases CHECK (block >= 0 AND
                length(bits) > 0),
                CONSTRAINT fk_register_export_block_export_id FOREIGN KEY(export_id)
                REFERENCES register_export (id),
                CONSTRAINT fk_register_export_block_organisation_id FOREIGN
                KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_export_block_organisation_id ON register_export_block
            (organisation_id)
        """,
        """
        CREATE INDEX ix_register_export_block_organisation_id_block ON register_export_block
            (organisation_id, block)
        """,
        _UNTIMED,
        _LEFT_BEFORE_SQLITE,
        (
            "CREATE TRIGGER untimed_clock_added AFTER INSERT ON complaint_clock BEGIN DELETE FROM "
            "complaint_untimed WHERE complaint_id = NEW.complaint_id; END"
        ),
        (
            "CREATE TRIGGER untimed_clock_removed AFTER DELETE ON complaint_clock BEGIN INSERT INTO "
            "complaint_untimed (complaint_id, organisation_id) SELECT one.id, one.organisation_id FROM complaint "
            "AS one WHERE one.id = OLD.complaint_id AND one.stage <> 'closed' ON CONFLICT DO NOTHING; END"
        ),
        (
            "CREATE TRIGGER untimed_stage_changed AFTER UPDATE OF stage ON complaint WHEN (OLD.stage = 'closed') "
            "<> (NEW.stage = 'closed') BEGIN DELETE FROM complaint_untimed WHERE complaint_id = NEW.id; INSERT "
            "INTO complaint_untimed (complaint_id, organisation_id) SELECT NEW.id, NEW.organisation_id WHERE "
            "NEW.stage <> 'closed' AND NOT EXISTS (SELECT 1 FROM complaint_clock AS kept WHERE kept.complaint_id "
            "= NEW.id) ON CONFLICT DO NOTHING; END"
        ),
    ),
    "postgresql": (
        """
        CREATE TABLE complaint_detriment (
            id BIGSERIAL NOT NULL,
            complaint_id BIGINT NOT NULL,
            found VARCHAR(10) NOT NULL,
            note TEXT NOT NULL,
            checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
            checked_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_detriment PRIMARY KEY (id),
                CONSTRAINT ck_complaint_detriment_found_known CHECK (found IN ('none',
                'signs', 'unclear')),
                CONSTRAINT ck_complaint_detriment_detriment_is_described CHECK (found = 'none'
                OR note <> ''),
                CONSTRAINT fk_complaint_detriment_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
                CONSTRAINT fk_complaint_detriment_checked_by FOREIGN KEY(checked_by)
                REFERENCES person (id),
                CONSTRAINT fk_complaint_detriment_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_detriment_complaint_id ON complaint_detriment (complaint_id)
        """,
        """
        CREATE INDEX ix_complaint_detriment_organisation_id ON complaint_detriment
            (organisation_id)
        """,
        """
        CREATE TABLE complaint_untimed (
            complaint_id BIGINT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_complaint_untimed PRIMARY KEY (complaint_id),
                CONSTRAINT fk_complaint_untimed_complaint_id FOREIGN KEY(complaint_id)
                REFERENCES complaint (id) ON DELETE CASCADE,
                CONSTRAINT fk_complaint_untimed_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_complaint_untimed_organisation_id ON complaint_untimed
            (organisation_id)
        """,
        """
        CREATE TABLE register_export (
            id BIGSERIAL NOT NULL,
            made_at TIMESTAMP WITH TIME ZONE NOT NULL,
            person_id BIGINT,
            role VARCHAR(40) NOT NULL,
            row_count INTEGER,
            file_digest VARCHAR(64) NOT NULL,
            cases_digest VARCHAR(64) NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_export PRIMARY KEY (id),
                CONSTRAINT ck_register_export_export_is_whole CHECK (row_count IS NULL OR
                (row_count >= 0 AND length(file_digest) = 64 AND length(cases_digest) = 64)),
                CONSTRAINT fk_register_export_person_id FOREIGN KEY(person_id) REFERENCES
                person (id),
                CONSTRAINT fk_register_export_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_export_organisation_id ON register_export (organisation_id)
        """,
        """
        CREATE TABLE register_export_block (
            id BIGSERIAL NOT NULL,
            export_id BIGINT NOT NULL,
            block BIGINT NOT NULL,
            bits BYTEA NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_register_export_block PRIMARY KEY (id),
            CONSTRAINT uq_register_export_block_export_id_block UNIQUE (export_id, block),
                CONSTRAINT ck_register_export_block_block_holds_cases CHECK (block >= 0 AND
                length(bits) > 0),
                CONSTRAINT fk_register_export_block_export_id FOREIGN KEY(export_id)
                REFERENCES register_export (id),
                CONSTRAINT fk_register_export_block_organisation_id FOREIGN
                KEY(organisation_id) REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_register_export_block_organisation_id ON register_export_block
            (organisation_id)
        """,
        """
        CREATE INDEX ix_register_export_block_organisation_id_block ON register_export_block
            (organisation_id, block)
        """,
        _UNTIMED,
        _LEFT_BEFORE_POSTGRESQL,
        (
            "CREATE FUNCTION untimed_clock_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM "
            "complaint_untimed WHERE complaint_id = NEW.complaint_id; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER untimed_clock_added AFTER INSERT ON complaint_clock FOR EACH ROW EXECUTE FUNCTION "
            "untimed_clock_added()"
        ),
        (
            "CREATE FUNCTION untimed_clock_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
            "complaint_untimed (complaint_id, organisation_id) SELECT one.id, one.organisation_id FROM complaint "
            "AS one WHERE one.id = OLD.complaint_id AND one.stage <> 'closed' ON CONFLICT DO NOTHING; RETURN "
            "NULL; END $$"
        ),
        (
            "CREATE TRIGGER untimed_clock_removed AFTER DELETE ON complaint_clock FOR EACH ROW EXECUTE FUNCTION "
            "untimed_clock_removed()"
        ),
        (
            "CREATE FUNCTION untimed_stage_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM "
            "complaint_untimed WHERE complaint_id = NEW.id; INSERT INTO complaint_untimed (complaint_id, "
            "organisation_id) SELECT NEW.id, NEW.organisation_id WHERE NEW.stage <> 'closed' AND NOT EXISTS "
            "(SELECT 1 FROM complaint_clock AS kept WHERE kept.complaint_id = NEW.id) ON CONFLICT DO NOTHING; "
            "RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER untimed_stage_changed AFTER UPDATE OF stage ON complaint FOR EACH ROW WHEN "
            "((OLD.stage = 'closed') <> (NEW.stage = 'closed')) EXECUTE FUNCTION untimed_stage_changed()"
        ),
    ),
}
_TABLES = ("register_export_block", "register_export", "complaint_untimed", "complaint_detriment")
_TRIGGERS = {
    "untimed_clock_added": "complaint_clock",
    "untimed_clock_removed": "complaint_clock",
    "untimed_stage_changed": "complaint",
}
DOWN = {
    "sqlite": (
        *(f"DROP TRIGGER {name}" for name in _TRIGGERS),
        *(f"DROP TABLE {table}" for table in _TABLES),
    ),
    "postgresql": (
        *(f"DROP TRIGGER {name} ON {table}" for name, table in _TRIGGERS.items()),
        *(f"DROP FUNCTION {name}()" for name in _TRIGGERS),
        *(f"DROP TABLE {table}" for table in _TABLES),
    ),
}


def upgrade() -> None:
    """Apply."""
    for statement in UP[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for statement in DOWN[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
