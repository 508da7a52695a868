CREATE TABLE policy_card (
    policy_id INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    owner_id INTEGER,
    retention VARCHAR(200) NOT NULL,
    distribution TEXT NOT NULL,
    review_months SMALLINT NOT NULL,
    states JSON NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_card PRIMARY KEY (policy_id),
    CONSTRAINT ck_policy_card_kind_known CHECK (kind IN ('policy', 'manual', 'procedure', 'role', 'leaflet', 'other')),
    CONSTRAINT ck_policy_card_review_months_sensible CHECK (review_months BETWEEN 0 AND 120),
    CONSTRAINT fk_policy_card_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_card_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
    CONSTRAINT fk_policy_card_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_card_organisation_id ON policy_card (organisation_id)
-- next
CREATE TABLE organisation_fact (
    id INTEGER NOT NULL,
    name VARCHAR(40) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    value TEXT NOT NULL,
    changed_at DATETIME NOT NULL,
    changed_by_id INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_organisation_fact PRIMARY KEY (id),
    CONSTRAINT uq_organisation_fact_organisation_id_name_kind UNIQUE (organisation_id, name, kind),
    CONSTRAINT ck_organisation_fact_fact_has_value CHECK (value <> ''),
    CONSTRAINT fk_organisation_fact_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES person (id),
    CONSTRAINT fk_organisation_fact_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_organisation_fact_organisation_id ON organisation_fact (organisation_id)
-- next
CREATE TABLE policy_stated (
    id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    setting VARCHAR(80) NOT NULL,
    value TEXT NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_stated PRIMARY KEY (id),
    CONSTRAINT uq_policy_stated_version_id_setting UNIQUE (version_id, setting),
    CONSTRAINT ck_policy_stated_setting_named CHECK (setting <> ''),
    CONSTRAINT fk_policy_stated_version_id FOREIGN KEY(version_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_stated_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_stated_organisation_id ON policy_stated (organisation_id)
-- next
CREATE TRIGGER policy_stated_no_update BEFORE UPDATE ON policy_stated BEGIN SELECT RAISE(ABORT, 'what a version stated is immutable'); END
-- next
CREATE TRIGGER policy_stated_no_delete BEFORE DELETE ON policy_stated BEGIN SELECT RAISE(ABORT, 'what a version stated is immutable'); END
-- next
CREATE TABLE policy_approver (
    id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    person_id INTEGER NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_approver PRIMARY KEY (id),
    CONSTRAINT uq_policy_approver_policy_id_position UNIQUE (policy_id, position),
    CONSTRAINT uq_policy_approver_policy_id_person_id UNIQUE (policy_id, person_id),
    CONSTRAINT ck_policy_approver_position_from_one CHECK (position > 0),
    CONSTRAINT fk_policy_approver_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_approver_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_policy_approver_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_approver_organisation_id ON policy_approver (organisation_id)
-- next
CREATE TABLE policy_round (
    id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL,
    revision INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    sections JSON NOT NULL,
    answers JSON NOT NULL,
    stated JSON NOT NULL,
    digest VARCHAR(64) NOT NULL,
    reason TEXT NOT NULL,
    review_by DATE,
    edited_by_id INTEGER,
    opened_at DATETIME NOT NULL,
    opened_by_id INTEGER,
    ended_at DATETIME,
    version_id INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_round PRIMARY KEY (id),
    CONSTRAINT ck_policy_round_round_state_known CHECK (state IN ('open', 'approved', 'refused', 'taken-back')),
    CONSTRAINT ck_policy_round_ended_round_has_time CHECK ((state = 'open') = (ended_at IS NULL)),
    CONSTRAINT ck_policy_round_approved_round_has_version CHECK ((state = 'approved') = (version_id IS NOT NULL)),
    CONSTRAINT ck_policy_round_round_digest_is_sha256 CHECK (length(digest) = 64),
    CONSTRAINT ck_policy_round_round_has_reason CHECK (reason <> ''),
    CONSTRAINT fk_policy_round_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_round_edited_by_id FOREIGN KEY(edited_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_round_opened_by_id FOREIGN KEY(opened_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_round_version_id FOREIGN KEY(version_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_round_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_round_organisation_id ON policy_round (organisation_id)
-- next
CREATE INDEX ix_policy_round_policy_id ON policy_round (policy_id)
-- next
CREATE UNIQUE INDEX uq_policy_round_open ON policy_round (policy_id) WHERE state = 'open'
-- next
CREATE TABLE policy_step (
    id INTEGER NOT NULL,
    round_id INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    person_id INTEGER NOT NULL,
    decision VARCHAR(12) NOT NULL,
    reason TEXT NOT NULL,
    decided_at DATETIME,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_step PRIMARY KEY (id),
    CONSTRAINT uq_policy_step_round_id_position UNIQUE (round_id, position),
    CONSTRAINT uq_policy_step_round_id_person_id UNIQUE (round_id, person_id),
    CONSTRAINT ck_policy_step_decision_known CHECK (decision IN ('', 'approved', 'refused')),
    CONSTRAINT ck_policy_step_decided_has_time CHECK ((decision = '') = (decided_at IS NULL)),
    CONSTRAINT ck_policy_step_decided_with_reason CHECK (decision = '' OR reason <> ''),
    CONSTRAINT fk_policy_step_round_id FOREIGN KEY(round_id) REFERENCES policy_round (id),
    CONSTRAINT fk_policy_step_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_policy_step_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_step_organisation_id ON policy_step (organisation_id)
-- next
CREATE TABLE policy_reader (
    id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    role VARCHAR(40) NOT NULL,
    person_id INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_reader PRIMARY KEY (id),
    CONSTRAINT ck_policy_reader_reader_is_role_or_person CHECK ((role = '') = (person_id IS NOT NULL)),
    CONSTRAINT fk_policy_reader_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_reader_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_policy_reader_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_reader_organisation_id ON policy_reader (organisation_id)
-- next
CREATE INDEX ix_policy_reader_policy_id ON policy_reader (policy_id)
-- next
CREATE UNIQUE INDEX uq_policy_reader_person ON policy_reader (policy_id, person_id) WHERE person_id IS NOT NULL
-- next
CREATE UNIQUE INDEX uq_policy_reader_role ON policy_reader (policy_id, role) WHERE role <> ''
-- next
CREATE TABLE policy_confirmation (
    id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(40) NOT NULL,
    language VARCHAR(10) NOT NULL,
    confirmed_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_confirmation PRIMARY KEY (id),
    CONSTRAINT uq_policy_confirmation_version_id_person_id UNIQUE (version_id, person_id),
    CONSTRAINT ck_policy_confirmation_confirmed_by_name CHECK (name <> ''),
    CONSTRAINT fk_policy_confirmation_version_id FOREIGN KEY(version_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_confirmation_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_policy_confirmation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_confirmation_organisation_id ON policy_confirmation (organisation_id)
-- next
CREATE INDEX ix_policy_confirmation_person_id ON policy_confirmation (person_id)
-- next
CREATE TRIGGER policy_confirmation_no_update BEFORE UPDATE ON policy_confirmation BEGIN SELECT RAISE(ABORT, 'a confirmation is immutable'); END
-- next
CREATE TRIGGER policy_confirmation_no_delete BEFORE DELETE ON policy_confirmation BEGIN SELECT RAISE(ABORT, 'a confirmation is immutable'); END
-- next
CREATE TABLE policy_notice (
    id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    kind VARCHAR(20) NOT NULL,
    sent_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_notice PRIMARY KEY (id),
    CONSTRAINT uq_policy_notice_version_id_person_id_kind UNIQUE (version_id, person_id, kind),
    CONSTRAINT ck_policy_notice_notice_known CHECK (kind IN ('asked', 'reminder', 'review-soon', 'review-over')),
    CONSTRAINT fk_policy_notice_version_id FOREIGN KEY(version_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_notice_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_policy_notice_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_notice_organisation_id ON policy_notice (organisation_id)
-- next
CREATE TABLE policy_translation (
    id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    language VARCHAR(10) NOT NULL,
    source_id INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    sections JSON NOT NULL,
    revision INTEGER NOT NULL,
    edited_by_id INTEGER,
    edited_at DATETIME NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_translation PRIMARY KEY (id),
    CONSTRAINT uq_policy_translation_policy_id_language UNIQUE (policy_id, language),
    CONSTRAINT ck_policy_translation_translation_has_language CHECK (language <> ''),
    CONSTRAINT ck_policy_translation_translation_revision_counts CHECK (revision > 0),
    CONSTRAINT fk_policy_translation_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_translation_source_id FOREIGN KEY(source_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_translation_edited_by_id FOREIGN KEY(edited_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_translation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_translation_organisation_id ON policy_translation (organisation_id)
-- next
CREATE TABLE policy_translation_version (
    id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL,
    language VARCHAR(10) NOT NULL,
    number INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    sections JSON NOT NULL,
    digest VARCHAR(64) NOT NULL,
    edited_by_id INTEGER,
    approved_by_id INTEGER NOT NULL,
    approved_at DATETIME NOT NULL,
    approved_alone BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_translation_version PRIMARY KEY (id),
    CONSTRAINT uq_policy_translation_version_policy_id_language_number UNIQUE (policy_id, language, number),
    CONSTRAINT ck_policy_translation_version_translation_number_counts CHECK (number > 0),
    CONSTRAINT ck_policy_translation_version_translation_digest_is_sha256 CHECK (length(digest) = 64),
    CONSTRAINT ck_policy_translation_version_translation_has_title CHECK (title <> ''),
    CONSTRAINT ck_policy_translation_version_translation_with_reason CHECK (reason <> ''),
    CONSTRAINT ck_policy_translation_version_translation_two_people CHECK (approved_alone OR edited_by_id IS NULL OR approved_by_id <> edited_by_id),
    CONSTRAINT fk_policy_translation_version_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_translation_version_source_id FOREIGN KEY(source_id) REFERENCES policy_version (id),
    CONSTRAINT fk_policy_translation_version_edited_by_id FOREIGN KEY(edited_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_translation_version_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_translation_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_translation_version_organisation_id ON policy_translation_version (organisation_id)
-- next
CREATE TRIGGER policy_translation_version_no_update BEFORE UPDATE ON policy_translation_version BEGIN SELECT RAISE(ABORT, 'a version of a translation is immutable'); END
-- next
CREATE TRIGGER policy_translation_version_no_delete BEFORE DELETE ON policy_translation_version BEGIN SELECT RAISE(ABORT, 'a version of a translation is immutable'); END
-- next
CREATE TABLE record_keeping (
    id INTEGER NOT NULL,
    record VARCHAR(64) NOT NULL,
    title VARCHAR(200) NOT NULL,
    period VARCHAR(200) NOT NULL,
    source VARCHAR(80) NOT NULL,
    basis TEXT NOT NULL,
    place VARCHAR(200) NOT NULL,
    keeper VARCHAR(200) NOT NULL,
    disposal VARCHAR(200) NOT NULL,
    changed_at DATETIME NOT NULL,
    changed_by_id INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_record_keeping PRIMARY KEY (id),
    CONSTRAINT ck_record_keeping_library_record_or_own CHECK ((record = '') = (title <> '')),
    CONSTRAINT ck_record_keeping_period_or_source CHECK (period = '' OR source = ''),
    CONSTRAINT fk_record_keeping_changed_by_id FOREIGN KEY(changed_by_id) REFERENCES person (id),
    CONSTRAINT fk_record_keeping_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_record_keeping_organisation_id ON record_keeping (organisation_id)
-- next
CREATE UNIQUE INDEX uq_record_keeping_record ON record_keeping (organisation_id, record) WHERE record <> ''
-- next
CREATE TABLE policy_import (
    policy_id INTEGER NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    left_out JSON NOT NULL,
    imported_at DATETIME NOT NULL,
    imported_by_id INTEGER,
    organisation_id INTEGER NOT NULL,
    CONSTRAINT pk_policy_import PRIMARY KEY (policy_id),
    CONSTRAINT ck_policy_import_import_digest_is_sha256 CHECK (length(digest) = 64),
    CONSTRAINT fk_policy_import_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
    CONSTRAINT fk_policy_import_imported_by_id FOREIGN KEY(imported_by_id) REFERENCES person (id),
    CONSTRAINT fk_policy_import_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_import_organisation_id ON policy_import (organisation_id)
