"""Management reviews: plan, frozen inputs, attendance, minutes, decisions, signature, interval.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

UP = {
    "sqlite": (
        """
        CREATE TABLE management_review (
            id INTEGER NOT NULL,
            number VARCHAR(20) NOT NULL,
            title VARCHAR(200) NOT NULL,
            place VARCHAR(200) NOT NULL,
            planned_on DATE NOT NULL,
            period_from DATE NOT NULL,
            period_to DATE NOT NULL,
            chair_id INTEGER NOT NULL,
            agenda_id VARCHAR(64) NOT NULL,
            agenda JSON NOT NULL,
            agenda_digest VARCHAR(64) NOT NULL,
            state VARCHAR(10) NOT NULL,
            planned_at DATETIME NOT NULL,
            planned_by INTEGER,
            frozen_at DATETIME,
            frozen_by INTEGER,
            held_on DATE,
            signed_at DATETIME,
            changed_at DATETIME NOT NULL,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_management_review PRIMARY KEY (id),
            CONSTRAINT uq_management_review_organisation_id_number UNIQUE (organisation_id,
                number),
            CONSTRAINT ck_management_review_has_title CHECK (title <> '' AND number <> ''),
            CONSTRAINT ck_management_review_state_known CHECK (state IN ('planned', 'prepared',
                'held', 'signed')),
            CONSTRAINT ck_management_review_days_in_order CHECK (period_from <= period_to AND
                period_to <= planned_on),
            CONSTRAINT ck_management_review_agenda_has_digest CHECK (length(agenda_digest) =
                64),
            CONSTRAINT ck_management_review_inputs_before_meeting CHECK ((state = 'planned') =
                (frozen_at IS NULL)),
            CONSTRAINT ck_management_review_held_has_day CHECK ((state IN ('held', 'signed')) =
                (held_on IS NOT NULL)),
            CONSTRAINT ck_management_review_signed_has_time CHECK ((state = 'signed') =
                (signed_at IS NOT NULL)),
            CONSTRAINT ck_management_review_counts_from_one CHECK (version > 0),
            CONSTRAINT fk_management_review_chair_id FOREIGN KEY(chair_id) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_planned_by FOREIGN KEY(planned_by) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_frozen_by FOREIGN KEY(frozen_by) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_management_review_organisation_id_planned_on ON management_review
            (organisation_id, planned_on)
        """,
        """
        CREATE INDEX ix_management_review_organisation_id ON management_review (organisation_id)
        """,
        """
        CREATE TRIGGER management_review_signed_update BEFORE UPDATE ON management_review WHEN
            (SELECT count(*) FROM review_signature WHERE review_id = OLD.id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER management_review_signed_delete BEFORE DELETE ON management_review WHEN
            (SELECT count(*) FROM review_signature WHERE review_id = OLD.id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER management_review_forward BEFORE UPDATE OF state ON management_review WHEN
            OLD.state IN ('held', 'signed') AND NEW.state IN ('planned', 'prepared') BEGIN SELECT
            RAISE(ABORT, 'a management review that was held does not go back'); END
        """,
        """
        CREATE TABLE review_interval (
            id INTEGER NOT NULL,
            every_months SMALLINT NOT NULL,
            ahead_days SMALLINT NOT NULL,
            first_on DATE,
            reminded_for DATE,
            reminded_at DATETIME,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_interval PRIMARY KEY (id),
            CONSTRAINT uq_review_interval_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_review_interval_spans_fit CHECK (every_months BETWEEN 1 AND 24 AND
                ahead_days BETWEEN 0 AND 120),
            CONSTRAINT ck_review_interval_reminded_has_time CHECK ((reminded_for IS NULL) =
                (reminded_at IS NULL)),
            CONSTRAINT fk_review_interval_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_interval_organisation_id ON review_interval (organisation_id)
        """,
        """
        CREATE TABLE review_decision (
            id INTEGER NOT NULL,
            review_id INTEGER NOT NULL,
            serial SMALLINT NOT NULL,
            item_id VARCHAR(64) NOT NULL,
            decided TEXT NOT NULL,
            owner_id INTEGER NOT NULL,
            due_on DATE NOT NULL,
            action_id INTEGER,
            decided_at DATETIME NOT NULL,
            decided_by INTEGER,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_decision PRIMARY KEY (id),
            CONSTRAINT uq_review_decision_review_id_serial UNIQUE (review_id, serial),
            CONSTRAINT ck_review_decision_says_what CHECK (decided <> '' AND item_id <> ''),
            CONSTRAINT ck_review_decision_counts_from_one CHECK (serial > 0),
            CONSTRAINT fk_review_decision_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_decision_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT uq_review_decision_action_id UNIQUE (action_id),
            CONSTRAINT fk_review_decision_action_id FOREIGN KEY(action_id) REFERENCES action
                (id),
            CONSTRAINT fk_review_decision_decided_by FOREIGN KEY(decided_by) REFERENCES person
                (id),
            CONSTRAINT fk_review_decision_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_decision_organisation_id ON review_decision (organisation_id)
        """,
        """
        CREATE TRIGGER review_decision_signed_insert BEFORE INSERT ON review_decision WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = NEW.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_decision_signed_update BEFORE UPDATE ON review_decision WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_decision_signed_delete BEFORE DELETE ON review_decision WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TABLE review_guest (
            id INTEGER NOT NULL,
            review_id INTEGER NOT NULL,
            person_id INTEGER,
            name VARCHAR(200) NOT NULL,
            function VARCHAR(200) NOT NULL,
            top_management BOOLEAN NOT NULL,
            state VARCHAR(10) NOT NULL,
            note TEXT NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_guest PRIMARY KEY (id),
            CONSTRAINT uq_review_guest_review_id_name UNIQUE (review_id, name),
            CONSTRAINT ck_review_guest_has_name CHECK (name <> ''),
            CONSTRAINT ck_review_guest_state_known CHECK (state IN ('invited', 'present',
                'excused', 'absent')),
            CONSTRAINT ck_review_guest_excused_has_reason CHECK (state <> 'excused' OR note <>
                ''),
            CONSTRAINT fk_review_guest_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_guest_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_review_guest_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_guest_organisation_id ON review_guest (organisation_id)
        """,
        """
        CREATE TRIGGER review_guest_signed_insert BEFORE INSERT ON review_guest WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = NEW.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_guest_signed_update BEFORE UPDATE ON review_guest WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_guest_signed_delete BEFORE DELETE ON review_guest WHEN (SELECT
            count(*) FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TABLE review_input (
            id INTEGER NOT NULL,
            review_id INTEGER NOT NULL,
            name VARCHAR(30) NOT NULL,
            content TEXT NOT NULL,
            digest VARCHAR(64) NOT NULL,
            figures JSON NOT NULL,
            computed_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_input PRIMARY KEY (id),
            CONSTRAINT uq_review_input_review_id_name UNIQUE (review_id, name),
            CONSTRAINT ck_review_input_name_known CHECK (name IN ('last-decisions', 'policies',
                'objectives', 'complaints', 'satisfaction', 'suggestions', 'audits', 'findings',
                'actions', 'changes', 'context', 'legal-duties', 'risks', 'resources',
                'competence', 'partners')),
            CONSTRAINT ck_review_input_digest_is_sha256 CHECK (content <> '' AND length(digest)
                = 64),
            CONSTRAINT fk_review_input_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_input_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_input_organisation_id ON review_input (organisation_id)
        """,
        """
        CREATE TRIGGER review_input_held_insert BEFORE INSERT ON review_input WHEN (SELECT state
            FROM management_review WHERE id = NEW.review_id) IN ('held', 'signed') BEGIN SELECT
            RAISE(ABORT, 'the inputs of a management review stand once it was held'); END
        """,
        """
        CREATE TRIGGER review_input_held_update BEFORE UPDATE ON review_input WHEN (SELECT state
            FROM management_review WHERE id = OLD.review_id) IN ('held', 'signed') BEGIN SELECT
            RAISE(ABORT, 'the inputs of a management review stand once it was held'); END
        """,
        """
        CREATE TRIGGER review_input_held_delete BEFORE DELETE ON review_input WHEN (SELECT state
            FROM management_review WHERE id = OLD.review_id) IN ('held', 'signed') BEGIN SELECT
            RAISE(ABORT, 'the inputs of a management review stand once it was held'); END
        """,
        """
        CREATE TABLE review_note (
            id INTEGER NOT NULL,
            review_id INTEGER NOT NULL,
            item_id VARCHAR(64) NOT NULL,
            written TEXT NOT NULL,
            changed_at DATETIME NOT NULL,
            changed_by INTEGER,
            version INTEGER NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_note PRIMARY KEY (id),
            CONSTRAINT uq_review_note_review_id_item_id UNIQUE (review_id, item_id),
            CONSTRAINT ck_review_note_belongs_to_item CHECK (item_id <> '' AND version > 0),
            CONSTRAINT fk_review_note_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_note_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
            CONSTRAINT fk_review_note_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_note_organisation_id ON review_note (organisation_id)
        """,
        """
        CREATE TRIGGER review_note_signed_insert BEFORE INSERT ON review_note WHEN (SELECT count(*)
            FROM review_signature WHERE review_id = NEW.review_id) > 0 BEGIN SELECT RAISE(ABORT,
            'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_note_signed_update BEFORE UPDATE ON review_note WHEN (SELECT count(*)
            FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT RAISE(ABORT,
            'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_note_signed_delete BEFORE DELETE ON review_note WHEN (SELECT count(*)
            FROM review_signature WHERE review_id = OLD.review_id) > 0 BEGIN SELECT RAISE(ABORT,
            'a signed management review stands as it is'); END
        """,
        """
        CREATE TABLE review_signature (
            id INTEGER NOT NULL,
            review_id INTEGER NOT NULL,
            person_id INTEGER NOT NULL,
            typed_name VARCHAR(200) NOT NULL,
            proof VARCHAR(10) NOT NULL,
            content TEXT NOT NULL,
            digest VARCHAR(64) NOT NULL,
            signature VARCHAR(128) NOT NULL,
            key_fingerprint VARCHAR(79) NOT NULL,
            public_key TEXT NOT NULL,
            signed_at DATETIME NOT NULL,
            organisation_id INTEGER NOT NULL,
            CONSTRAINT pk_review_signature PRIMARY KEY (id),
            CONSTRAINT ck_review_signature_has_name CHECK (typed_name <> ''),
            CONSTRAINT ck_review_signature_proof_known CHECK (proof IN ('password', 'session')),
            CONSTRAINT ck_review_signature_digest_is_sha256 CHECK (content <> '' AND
                length(digest) = 64),
            CONSTRAINT ck_review_signature_signature_is_ed25519 CHECK (length(signature) = 128),
            CONSTRAINT uq_review_signature_review_id UNIQUE (review_id),
            CONSTRAINT fk_review_signature_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_signature_person_id FOREIGN KEY(person_id) REFERENCES person
                (id),
            CONSTRAINT fk_review_signature_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_signature_organisation_id ON review_signature (organisation_id)
        """,
        """
        CREATE TRIGGER review_signature_no_update BEFORE UPDATE ON review_signature BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
        """
        CREATE TRIGGER review_signature_no_delete BEFORE DELETE ON review_signature BEGIN SELECT
            RAISE(ABORT, 'a signed management review stands as it is'); END
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE management_review (
            id BIGSERIAL NOT NULL,
            number VARCHAR(20) NOT NULL,
            title VARCHAR(200) NOT NULL,
            place VARCHAR(200) NOT NULL,
            planned_on DATE NOT NULL,
            period_from DATE NOT NULL,
            period_to DATE NOT NULL,
            chair_id BIGINT NOT NULL,
            agenda_id VARCHAR(64) NOT NULL,
            agenda JSON NOT NULL,
            agenda_digest VARCHAR(64) NOT NULL,
            state VARCHAR(10) NOT NULL,
            planned_at TIMESTAMP WITH TIME ZONE NOT NULL,
            planned_by BIGINT,
            frozen_at TIMESTAMP WITH TIME ZONE,
            frozen_by BIGINT,
            held_on DATE,
            signed_at TIMESTAMP WITH TIME ZONE,
            changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_management_review PRIMARY KEY (id),
            CONSTRAINT uq_management_review_organisation_id_number UNIQUE (organisation_id,
                number),
            CONSTRAINT ck_management_review_has_title CHECK (title <> '' AND number <> ''),
            CONSTRAINT ck_management_review_state_known CHECK (state IN ('planned', 'prepared',
                'held', 'signed')),
            CONSTRAINT ck_management_review_days_in_order CHECK (period_from <= period_to AND
                period_to <= planned_on),
            CONSTRAINT ck_management_review_agenda_has_digest CHECK (length(agenda_digest) =
                64),
            CONSTRAINT ck_management_review_inputs_before_meeting CHECK ((state = 'planned') =
                (frozen_at IS NULL)),
            CONSTRAINT ck_management_review_held_has_day CHECK ((state IN ('held', 'signed')) =
                (held_on IS NOT NULL)),
            CONSTRAINT ck_management_review_signed_has_time CHECK ((state = 'signed') =
                (signed_at IS NOT NULL)),
            CONSTRAINT ck_management_review_counts_from_one CHECK (version > 0),
            CONSTRAINT fk_management_review_chair_id FOREIGN KEY(chair_id) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_planned_by FOREIGN KEY(planned_by) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_frozen_by FOREIGN KEY(frozen_by) REFERENCES person
                (id),
            CONSTRAINT fk_management_review_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_management_review_organisation_id_planned_on ON management_review
            (organisation_id, planned_on)
        """,
        """
        CREATE INDEX ix_management_review_organisation_id ON management_review (organisation_id)
        """,
        """
        CREATE OR REPLACE FUNCTION management_review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF (SELECT count(*) FROM review_signature WHERE review_id = OLD.id) > 0 THEN RAISE
            EXCEPTION 'a signed management review stands as it is'; END IF; IF TG_OP = 'DELETE' THEN
            RETURN OLD; END IF; IF OLD.state IN ('held', 'signed') AND NEW.state IN ('planned',
            'prepared') THEN RAISE EXCEPTION 'a management review that was held does not go back';
            END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER management_review_signed BEFORE UPDATE OR DELETE ON management_review FOR
            EACH ROW EXECUTE FUNCTION management_review_refuse()
        """,
        """
        CREATE TABLE review_interval (
            id BIGSERIAL NOT NULL,
            every_months SMALLINT NOT NULL,
            ahead_days SMALLINT NOT NULL,
            first_on DATE,
            reminded_for DATE,
            reminded_at TIMESTAMP WITH TIME ZONE,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_interval PRIMARY KEY (id),
            CONSTRAINT uq_review_interval_organisation_id UNIQUE (organisation_id),
            CONSTRAINT ck_review_interval_spans_fit CHECK (every_months BETWEEN 1 AND 24 AND
                ahead_days BETWEEN 0 AND 120),
            CONSTRAINT ck_review_interval_reminded_has_time CHECK ((reminded_for IS NULL) =
                (reminded_at IS NULL)),
            CONSTRAINT fk_review_interval_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_interval_organisation_id ON review_interval (organisation_id)
        """,
        """
        CREATE TABLE review_decision (
            id BIGSERIAL NOT NULL,
            review_id BIGINT NOT NULL,
            serial SMALLINT NOT NULL,
            item_id VARCHAR(64) NOT NULL,
            decided TEXT NOT NULL,
            owner_id BIGINT NOT NULL,
            due_on DATE NOT NULL,
            action_id BIGINT,
            decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
            decided_by BIGINT,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_decision PRIMARY KEY (id),
            CONSTRAINT uq_review_decision_review_id_serial UNIQUE (review_id, serial),
            CONSTRAINT ck_review_decision_says_what CHECK (decided <> '' AND item_id <> ''),
            CONSTRAINT ck_review_decision_counts_from_one CHECK (serial > 0),
            CONSTRAINT fk_review_decision_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_decision_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
            CONSTRAINT uq_review_decision_action_id UNIQUE (action_id),
            CONSTRAINT fk_review_decision_action_id FOREIGN KEY(action_id) REFERENCES action
                (id),
            CONSTRAINT fk_review_decision_decided_by FOREIGN KEY(decided_by) REFERENCES person
                (id),
            CONSTRAINT fk_review_decision_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_decision_organisation_id ON review_decision (organisation_id)
        """,
        """
        CREATE OR REPLACE FUNCTION review_part_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE wanted bigint; BEGIN IF TG_OP = 'INSERT' THEN wanted := NEW.review_id; ELSE
            wanted := OLD.review_id; END IF; IF (SELECT count(*) FROM review_signature WHERE
            review_id = wanted) > 0 THEN RAISE EXCEPTION
            'a signed management review stands as it is'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER review_decision_signed BEFORE INSERT OR UPDATE OR DELETE ON review_decision
            FOR EACH ROW EXECUTE FUNCTION review_part_refuse()
        """,
        """
        CREATE TABLE review_guest (
            id BIGSERIAL NOT NULL,
            review_id BIGINT NOT NULL,
            person_id BIGINT,
            name VARCHAR(200) NOT NULL,
            function VARCHAR(200) NOT NULL,
            top_management BOOLEAN NOT NULL,
            state VARCHAR(10) NOT NULL,
            note TEXT NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_guest PRIMARY KEY (id),
            CONSTRAINT uq_review_guest_review_id_name UNIQUE (review_id, name),
            CONSTRAINT ck_review_guest_has_name CHECK (name <> ''),
            CONSTRAINT ck_review_guest_state_known CHECK (state IN ('invited', 'present',
                'excused', 'absent')),
            CONSTRAINT ck_review_guest_excused_has_reason CHECK (state <> 'excused' OR note <>
                ''),
            CONSTRAINT fk_review_guest_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_guest_person_id FOREIGN KEY(person_id) REFERENCES person (id),
            CONSTRAINT fk_review_guest_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_guest_organisation_id ON review_guest (organisation_id)
        """,
        """
        CREATE TRIGGER review_guest_signed BEFORE INSERT OR UPDATE OR DELETE ON review_guest FOR
            EACH ROW EXECUTE FUNCTION review_part_refuse()
        """,
        """
        CREATE TABLE review_input (
            id BIGSERIAL NOT NULL,
            review_id BIGINT NOT NULL,
            name VARCHAR(30) NOT NULL,
            content TEXT NOT NULL,
            digest VARCHAR(64) NOT NULL,
            figures JSON NOT NULL,
            computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_input PRIMARY KEY (id),
            CONSTRAINT uq_review_input_review_id_name UNIQUE (review_id, name),
            CONSTRAINT ck_review_input_name_known CHECK (name IN ('last-decisions', 'policies',
                'objectives', 'complaints', 'satisfaction', 'suggestions', 'audits', 'findings',
                'actions', 'changes', 'context', 'legal-duties', 'risks', 'resources',
                'competence', 'partners')),
            CONSTRAINT ck_review_input_digest_is_sha256 CHECK (content <> '' AND length(digest)
                = 64),
            CONSTRAINT fk_review_input_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_input_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_input_organisation_id ON review_input (organisation_id)
        """,
        """
        CREATE OR REPLACE FUNCTION review_input_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE wanted bigint; BEGIN IF TG_OP = 'INSERT' THEN wanted := NEW.review_id; ELSE
            wanted := OLD.review_id; END IF; IF (SELECT state FROM management_review WHERE id =
            wanted) IN ('held', 'signed') THEN RAISE EXCEPTION
            'the inputs of a management review stand once it was held'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN
            NEW; END $$
        """,
        """
        CREATE TRIGGER review_input_held BEFORE INSERT OR UPDATE OR DELETE ON review_input FOR EACH
            ROW EXECUTE FUNCTION review_input_refuse()
        """,
        """
        CREATE TABLE review_note (
            id BIGSERIAL NOT NULL,
            review_id BIGINT NOT NULL,
            item_id VARCHAR(64) NOT NULL,
            written TEXT NOT NULL,
            changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            changed_by BIGINT,
            version INTEGER NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_note PRIMARY KEY (id),
            CONSTRAINT uq_review_note_review_id_item_id UNIQUE (review_id, item_id),
            CONSTRAINT ck_review_note_belongs_to_item CHECK (item_id <> '' AND version > 0),
            CONSTRAINT fk_review_note_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_note_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
            CONSTRAINT fk_review_note_organisation_id FOREIGN KEY(organisation_id) REFERENCES
                organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_note_organisation_id ON review_note (organisation_id)
        """,
        """
        CREATE TRIGGER review_note_signed BEFORE INSERT OR UPDATE OR DELETE ON review_note FOR EACH
            ROW EXECUTE FUNCTION review_part_refuse()
        """,
        """
        CREATE TABLE review_signature (
            id BIGSERIAL NOT NULL,
            review_id BIGINT NOT NULL,
            person_id BIGINT NOT NULL,
            typed_name VARCHAR(200) NOT NULL,
            proof VARCHAR(10) NOT NULL,
            content TEXT NOT NULL,
            digest VARCHAR(64) NOT NULL,
            signature VARCHAR(128) NOT NULL,
            key_fingerprint VARCHAR(79) NOT NULL,
            public_key TEXT NOT NULL,
            signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            organisation_id BIGINT NOT NULL,
            CONSTRAINT pk_review_signature PRIMARY KEY (id),
            CONSTRAINT ck_review_signature_has_name CHECK (typed_name <> ''),
            CONSTRAINT ck_review_signature_proof_known CHECK (proof IN ('password', 'session')),
            CONSTRAINT ck_review_signature_digest_is_sha256 CHECK (content <> '' AND
                length(digest) = 64),
            CONSTRAINT ck_review_signature_signature_is_ed25519 CHECK (length(signature) = 128),
            CONSTRAINT uq_review_signature_review_id UNIQUE (review_id),
            CONSTRAINT fk_review_signature_review_id FOREIGN KEY(review_id) REFERENCES
                management_review (id),
            CONSTRAINT fk_review_signature_person_id FOREIGN KEY(person_id) REFERENCES person
                (id),
            CONSTRAINT fk_review_signature_organisation_id FOREIGN KEY(organisation_id)
                REFERENCES organisation (id)
        )
        """,
        """
        CREATE INDEX ix_review_signature_organisation_id ON review_signature (organisation_id)
        """,
        """
        CREATE OR REPLACE FUNCTION review_signature_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'a signed management review stands as it is'; END $$
        """,
        """
        CREATE TRIGGER review_signature_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON
            review_signature FOR EACH STATEMENT EXECUTE FUNCTION review_signature_refuse()
        """,
    ),
}
TABLES = (
    "management_review",
    "review_interval",
    "review_decision",
    "review_guest",
    "review_input",
    "review_note",
    "review_signature",
)
FUNCTIONS = (
    "management_review_refuse",
    "review_input_refuse",
    "review_part_refuse",
    "review_signature_refuse",
)


def upgrade() -> None:
    """Apply."""
    bind = op.get_bind()
    for statement in UP[bind.dialect.name]:
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    bind = op.get_bind()
    for table in reversed(TABLES):
        bind.exec_driver_sql(f"DROP TABLE {table}")
    if bind.dialect.name == "postgresql":
        for function in FUNCTIONS:
            bind.exec_driver_sql(f"DROP FUNCTION {function}()")
