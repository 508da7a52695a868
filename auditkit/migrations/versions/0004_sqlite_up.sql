CREATE TABLE complaint_new (
	id INTEGER NOT NULL,
	reference VARCHAR(40) NOT NULL,
	version INTEGER NOT NULL,
	kind VARCHAR(20) NOT NULL,
	stage VARCHAR(40) NOT NULL,
	channel VARCHAR(100) NOT NULL,
	category VARCHAR(200) NOT NULL,
	severity VARCHAR(20) NOT NULL,
	received_at DATETIME NOT NULL,
	received_is_day BOOLEAN NOT NULL,
	happened_on DATE,
	recorded_at DATETIME NOT NULL,
	changed_at DATETIME NOT NULL,
	acknowledged_at DATETIME,
	decided_at DATETIME,
	outcome VARCHAR(20) NOT NULL,
	answer VARCHAR(20) NOT NULL,
	answered_at DATETIME,
	closed_at DATETIME,
	closed_is_day BOOLEAN NOT NULL,
	closed_date_unknown BOOLEAN NOT NULL,
	closes_before_received BOOLEAN NOT NULL,
	closing_ground VARCHAR(40) NOT NULL,
	owner_id INTEGER,
	deputy_id INTEGER,
	review_on DATE,
	priority VARCHAR(40) DEFAULT '' NOT NULL,
	level SMALLINT DEFAULT '0' NOT NULL,
	reopened SMALLINT DEFAULT '0' NOT NULL,
	subject VARCHAR(200) NOT NULL,
	product VARCHAR(200) NOT NULL,
	site VARCHAR(200) NOT NULL,
	external_reference VARCHAR(100) NOT NULL,
	source_status VARCHAR(200) NOT NULL,
	import_run_id INTEGER,
	row_digest BLOB,
	complainant_name VARCHAR(200) NOT NULL,
	complainant_email VARCHAR(254) NOT NULL,
	complainant_phone VARCHAR(60) NOT NULL,
	complainant_street VARCHAR(200) NOT NULL,
	complainant_postcode VARCHAR(40) NOT NULL,
	complainant_city VARCHAR(100) NOT NULL,
	complainant_region VARCHAR(100) NOT NULL,
	complainant_country VARCHAR(100) NOT NULL,
	wanted_remedy TEXT NOT NULL,
	decision TEXT NOT NULL,
	remedy TEXT NOT NULL,
	closing_note TEXT NOT NULL,
	description TEXT NOT NULL,
	search_words TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint PRIMARY KEY (id),
	CONSTRAINT uq_complaint_organisation_id_reference UNIQUE (organisation_id, reference),
	CONSTRAINT ck_complaint_kind_known CHECK (kind IN ('complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute')),
	CONSTRAINT ck_complaint_stage_known CHECK (stage IN ('received', 'acknowledged', 'assessed', 'investigating', 'proposed', 'decided', 'acting', 'closed')),
	CONSTRAINT ck_complaint_severity_known CHECK (severity IN ('', 'low', 'medium', 'high', 'critical')),
	CONSTRAINT ck_complaint_outcome_known CHECK (outcome IN ('', 'upheld', 'partly-upheld', 'rejected')),
	CONSTRAINT ck_complaint_answer_known CHECK (answer IN ('', 'accepted', 'refused')),
	CONSTRAINT ck_complaint_closing_ground_known CHECK (closing_ground IN ('', 'accepted', 'no-answer', 'decided-externally', 'exhausted', 'withdrawn', 'duplicate', 'answered')),
	CONSTRAINT ck_complaint_version_counts_from_one CHECK (version >= 1),
	CONSTRAINT ck_complaint_closed_has_date CHECK ((stage = 'closed') = (closed_at IS NOT NULL OR closed_date_unknown)),
	CONSTRAINT ck_complaint_closed_date_known_or_not CHECK (NOT (closed_at IS NOT NULL AND closed_date_unknown)),
	CONSTRAINT ck_complaint_only_imports_lack_dates CHECK (import_run_id IS NOT NULL OR NOT (closed_date_unknown OR closes_before_received)),
	CONSTRAINT ck_complaint_closed_after_received CHECK (closed_at IS NULL OR closed_at >= received_at OR closed_is_day OR closes_before_received),
	CONSTRAINT ck_complaint_flag_says_true CHECK (NOT closes_before_received OR (closed_at IS NOT NULL AND closed_at < received_at)),
	CONSTRAINT ck_complaint_acknowledged_has_date CHECK (stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL OR closing_ground IN ('withdrawn', 'duplicate', 'answered')),
	CONSTRAINT ck_complaint_acknowledged_left_first_stage CHECK (stage <> 'received' OR acknowledged_at IS NULL),
	CONSTRAINT ck_complaint_decided_has_outcome CHECK (import_run_id IS NOT NULL OR outcome <> '' OR stage NOT IN ('decided', 'acting', 'closed') OR closing_ground IN ('withdrawn', 'duplicate', 'answered')),
	CONSTRAINT ck_complaint_outcome_of_decided_only CHECK (import_run_id IS NOT NULL OR outcome = '' OR stage IN ('proposed', 'decided', 'acting', 'closed')),
	CONSTRAINT ck_complaint_acting_was_accepted CHECK (stage <> 'acting' OR answer = 'accepted'),
	CONSTRAINT ck_complaint_decision_date_has_outcome CHECK (decided_at IS NULL OR outcome <> ''),
	CONSTRAINT ck_complaint_outcome_has_date_and_reasons CHECK (outcome = '' OR import_run_id IS NOT NULL OR (decided_at IS NOT NULL AND decision <> '')),
	CONSTRAINT ck_complaint_answer_has_date CHECK ((answer = '') = (answered_at IS NULL)),
	CONSTRAINT ck_complaint_answer_needs_decision CHECK (answer = '' OR outcome <> ''),
	CONSTRAINT ck_complaint_ground_of_closed_only CHECK (closing_ground = '' OR stage = 'closed'),
	CONSTRAINT ck_complaint_closed_has_ground CHECK (stage <> 'closed' OR closing_ground <> '' OR import_run_id IS NOT NULL),
	CONSTRAINT ck_complaint_refusal_keeps_open CHECK (NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ('decided-externally', 'exhausted', 'withdrawn')),
	CONSTRAINT ck_complaint_refusal_has_owner_and_review CHECK (answer <> 'refused' OR stage = 'closed' OR (owner_id IS NOT NULL AND review_on IS NOT NULL)),
	CONSTRAINT ck_complaint_answered_needs_no_decision CHECK (closing_ground <> 'answered' OR kind IN ('suggestion', 'request', 'compliment')),
	CONSTRAINT ck_complaint_level_known CHECK (level BETWEEN 0 AND 4),
	CONSTRAINT ck_complaint_reopened_counts CHECK (reopened >= 0),
	CONSTRAINT ck_complaint_deputy_is_another CHECK (deputy_id IS NULL OR deputy_id <> owner_id),
	CONSTRAINT ck_complaint_row_digest_of_imports_only CHECK (row_digest IS NULL OR import_run_id IS NOT NULL),
	CONSTRAINT ck_complaint_row_digest_is_sha256 CHECK (row_digest IS NULL OR length(row_digest) = 32),
	CONSTRAINT fk_complaint_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_import_run_id FOREIGN KEY(import_run_id) REFERENCES import_run (id),
	CONSTRAINT fk_complaint_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
INSERT INTO complaint_new (id, reference, version, kind, stage, channel, category, severity, received_at, received_is_day, happened_on, recorded_at, changed_at, acknowledged_at, decided_at, outcome, answer, answered_at, closed_at, closed_is_day, closed_date_unknown, closes_before_received, closing_ground, subject, product, site, external_reference, source_status, import_run_id, row_digest, complainant_name, complainant_email, complainant_phone, complainant_street, complainant_postcode, complainant_city, complainant_region, complainant_country, wanted_remedy, decision, remedy, closing_note, description, search_words, organisation_id, owner_id, review_on)
SELECT id, reference, version, kind, stage, channel, category, severity, received_at, received_is_day, happened_on, recorded_at, changed_at, acknowledged_at, decided_at, outcome, answer, answered_at, closed_at, closed_is_day, closed_date_unknown, closes_before_received, closing_ground, subject, product, site, external_reference, source_status, import_run_id, row_digest, complainant_name, complainant_email, complainant_phone, complainant_street, complainant_postcode, complainant_city, complainant_region, complainant_country, wanted_remedy, decision, remedy, closing_note, description, search_words, organisation_id,
    CASE WHEN answer = 'refused' AND stage <> 'closed' THEN coalesce((SELECT j.actor_id FROM journal_entry AS j JOIN membership AS m ON m.person_id = j.actor_id AND m.organisation_id = c.organisation_id
        WHERE j.organisation_id = c.organisation_id AND j.subject_kind = 'complaint' AND j.subject_id = c.id
        AND j.event = 'complaint:decision-refused' ORDER BY j.seq DESC LIMIT 1),
    (SELECT m.person_id FROM membership AS m WHERE m.organisation_id = c.organisation_id
        ORDER BY CASE m.role WHEN 'quality-manager' THEN 0 WHEN 'administrator' THEN 1 ELSE 2 END, m.id LIMIT 1)) END,
    CASE WHEN answer = 'refused' AND stage <> 'closed' THEN date(substr(answered_at, 1, 10), '+14 days') END
FROM complaint AS c
-- next
DROP TABLE complaint
-- next
ALTER TABLE complaint_new RENAME TO complaint
-- next
CREATE INDEX ix_complaint_category_received ON complaint (organisation_id, category, received_at, id)
-- next
CREATE INDEX ix_complaint_channel_received ON complaint (organisation_id, channel, received_at, id)
-- next
CREATE INDEX ix_complaint_deputy ON complaint (organisation_id, deputy_id, received_at, id) WHERE deputy_id IS NOT NULL
-- next
CREATE INDEX ix_complaint_external_reference ON complaint (organisation_id, external_reference) WHERE external_reference <> ''
-- next
CREATE INDEX ix_complaint_import_run ON complaint (import_run_id, received_at, id) WHERE import_run_id IS NOT NULL
-- next
CREATE INDEX ix_complaint_open_received ON complaint (organisation_id, received_at, id) WHERE stage <> 'closed'
-- next
CREATE INDEX ix_complaint_open_recorded ON complaint (organisation_id, id) WHERE stage <> 'closed'
-- next
CREATE INDEX ix_complaint_organisation_id ON complaint (organisation_id)
-- next
CREATE INDEX ix_complaint_owner ON complaint (organisation_id, owner_id, received_at, id) WHERE owner_id IS NOT NULL
-- next
CREATE INDEX ix_complaint_received ON complaint (organisation_id, received_at, id)
-- next
CREATE INDEX ix_complaint_severity_received ON complaint (organisation_id, severity, received_at, id) WHERE severity <> ''
-- next
CREATE INDEX ix_complaint_stage_received ON complaint (organisation_id, stage, received_at, id)
-- next
CREATE INDEX ix_complaint_stage_recorded ON complaint (organisation_id, stage, id)
-- next
CREATE UNIQUE INDEX uq_complaint_row_digest ON complaint (organisation_id, row_digest) WHERE row_digest IS NOT NULL
-- next
CREATE TRIGGER complaint_search_changed AFTER UPDATE OF search_words ON complaint WHEN old.search_words <> new.search_words BEGIN INSERT INTO complaint_search(complaint_search, rowid, search_words) VALUES ('delete', old.id, old.search_words); INSERT INTO complaint_search(rowid, search_words) VALUES (new.id, new.search_words); END
-- next
CREATE TRIGGER complaint_search_removed AFTER DELETE ON complaint BEGIN INSERT INTO complaint_search(complaint_search, rowid, search_words) VALUES ('delete', old.id, old.search_words); END
-- next
CREATE TABLE audit_sample_new (
	id INTEGER NOT NULL,
	audit_id INTEGER NOT NULL,
	serial INTEGER NOT NULL,
	received_from DATE NOT NULL,
	received_to DATE NOT NULL,
	stage VARCHAR(40) NOT NULL,
	seed VARCHAR(64) NOT NULL,
	seed_hash VARCHAR(64) NOT NULL,
	population_digest VARCHAR(64) NOT NULL,
	population_size INTEGER NOT NULL,
	always_size INTEGER NOT NULL,
	size INTEGER NOT NULL,
	rule VARCHAR(20) NOT NULL,
	reason TEXT NOT NULL,
	record_file_id INTEGER NOT NULL,
	drawn_at DATETIME NOT NULL,
	drawn_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit_sample PRIMARY KEY (id),
	CONSTRAINT uq_audit_sample_audit_id_serial UNIQUE (audit_id, serial),
	CONSTRAINT ck_audit_sample_serial_counts_from_one CHECK (serial > 0),
	CONSTRAINT ck_audit_sample_received_forwards CHECK (received_to >= received_from),
	CONSTRAINT ck_audit_sample_stage_known CHECK (stage IN ('', 'acknowledged', 'acting', 'assessed', 'closed', 'decided', 'investigating', 'proposed', 'received')),
	CONSTRAINT ck_audit_sample_seed_is_long CHECK (length(seed) >= 43),
	CONSTRAINT ck_audit_sample_digests_are_sha256 CHECK (length(seed_hash) = 64 AND length(population_digest) = 64),
	CONSTRAINT ck_audit_sample_size_fits_population CHECK (size BETWEEN 1 AND population_size AND always_size BETWEEN 0 AND size),
	CONSTRAINT ck_audit_sample_rule_known CHECK (rule IN ('critical-and-root', 'number')),
	CONSTRAINT ck_audit_sample_own_number_has_reason CHECK ((rule = 'number') = (reason <> '')),
	CONSTRAINT ck_audit_sample_own_number_takes_none_always CHECK (rule <> 'number' OR always_size = 0),
	CONSTRAINT fk_audit_sample_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT fk_audit_sample_record_file_id FOREIGN KEY(record_file_id) REFERENCES evidence_file (id),
	CONSTRAINT fk_audit_sample_drawn_by FOREIGN KEY(drawn_by) REFERENCES person (id),
	CONSTRAINT fk_audit_sample_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
INSERT INTO audit_sample_new (id, audit_id, serial, received_from, received_to, stage, seed, seed_hash, population_digest, population_size, always_size, size, rule, reason, record_file_id, drawn_at, drawn_by, organisation_id)
SELECT id, audit_id, serial, received_from, received_to, stage, seed, seed_hash, population_digest, population_size, always_size, size, rule, reason, record_file_id, drawn_at, drawn_by, organisation_id FROM audit_sample
-- next
DROP TABLE audit_sample
-- next
ALTER TABLE audit_sample_new RENAME TO audit_sample
-- next
CREATE INDEX ix_audit_sample_organisation_id ON audit_sample (organisation_id)
-- next
CREATE TRIGGER audit_sample_no_update BEFORE UPDATE ON audit_sample BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TRIGGER audit_sample_no_delete BEFORE DELETE ON audit_sample BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TABLE complaint_assessment (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	severity VARCHAR(20) NOT NULL,
	safety BOOLEAN NOT NULL,
	complexity VARCHAR(20) NOT NULL,
	reach VARCHAR(40) NOT NULL,
	facts JSON NOT NULL,
	immediate_needed BOOLEAN NOT NULL,
	immediate_possible BOOLEAN NOT NULL,
	immediate_action TEXT NOT NULL,
	compensation VARCHAR(20) NOT NULL,
	priority VARCHAR(40) NOT NULL,
	level SMALLINT NOT NULL,
	note TEXT NOT NULL,
	assessed_at DATETIME NOT NULL,
	assessed_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_assessment PRIMARY KEY (id),
	CONSTRAINT ck_complaint_assessment_severity_known CHECK (severity IN ('low', 'medium', 'high', 'critical')),
	CONSTRAINT ck_complaint_assessment_complexity_known CHECK (complexity IN ('simple', 'medium', 'complex')),
	CONSTRAINT ck_complaint_assessment_compensation_known CHECK (compensation IN ('unlikely', 'possible', 'likely')),
	CONSTRAINT ck_complaint_assessment_priority_was_found CHECK (priority <> '' AND reach <> ''),
	CONSTRAINT ck_complaint_assessment_level_known CHECK (level BETWEEN 0 AND 4),
	CONSTRAINT fk_complaint_assessment_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_assessment_assessed_by FOREIGN KEY(assessed_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_assessment_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_assessment_complaint_id ON complaint_assessment (complaint_id)
-- next
CREATE INDEX ix_complaint_assessment_organisation_id ON complaint_assessment (organisation_id)
-- next
CREATE TABLE complaint_authority (
	id INTEGER NOT NULL,
	role VARCHAR(40) NOT NULL,
	person_id INTEGER,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_authority PRIMARY KEY (id),
	CONSTRAINT ck_complaint_authority_of_role_or_person CHECK ((role = '') = (person_id IS NOT NULL)),
	CONSTRAINT ck_complaint_authority_amount_not_negative CHECK (amount >= 0),
	CONSTRAINT ck_complaint_authority_currency_has_three_letters CHECK (length(currency) = 3),
	CONSTRAINT fk_complaint_authority_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_authority_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_authority_organisation_id ON complaint_authority (organisation_id)
-- next
CREATE UNIQUE INDEX uq_complaint_authority_person ON complaint_authority (organisation_id, person_id, currency) WHERE person_id IS NOT NULL
-- next
CREATE UNIQUE INDEX uq_complaint_authority_role ON complaint_authority (organisation_id, role, currency) WHERE role <> ''
-- next
CREATE TABLE complaint_decision (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(20) NOT NULL,
	from_stage VARCHAR(40) NOT NULL,
	outcome VARCHAR(20) NOT NULL,
	reasons TEXT NOT NULL,
	remedy TEXT NOT NULL,
	remedies JSON NOT NULL,
	amount BIGINT,
	currency VARCHAR(3) NOT NULL,
	others VARCHAR(20) NOT NULL,
	others_note TEXT NOT NULL,
	proposed_at DATETIME,
	proposed_by INTEGER,
	limit_amount BIGINT,
	settled_at DATETIME,
	settled_by INTEGER,
	return_reason TEXT NOT NULL,
	told_at DATETIME,
	told_channel VARCHAR(40) NOT NULL,
	told_by INTEGER,
	options TEXT NOT NULL,
	promised_on DATE,
	delivered_on DATE,
	delivered_by INTEGER,
	delivery TEXT NOT NULL,
	answer VARCHAR(20) NOT NULL,
	answered_at DATETIME,
	answer_note TEXT NOT NULL,
	next_internal VARCHAR(500) NOT NULL,
	next_external VARCHAR(500) NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_decision PRIMARY KEY (id),
	CONSTRAINT uq_complaint_decision_complaint_id_number UNIQUE (complaint_id, number),
	CONSTRAINT ck_complaint_decision_outcome_known CHECK (outcome IN ('upheld', 'partly-upheld', 'rejected')),
	CONSTRAINT ck_complaint_decision_others_known CHECK (others IN ('', 'no', 'yes', 'unknown')),
	CONSTRAINT ck_complaint_decision_answer_known CHECK (answer IN ('', 'accepted', 'refused')),
	CONSTRAINT ck_complaint_decision_state_known CHECK (state IN ('proposed', 'returned', 'decided')),
	CONSTRAINT ck_complaint_decision_number_counts_from_one CHECK (number >= 1),
	CONSTRAINT ck_complaint_decision_proposal_is_not_settled CHECK ((state = 'proposed') = (settled_at IS NULL)),
	CONSTRAINT ck_complaint_decision_returned_has_reason CHECK ((state = 'returned') = (return_reason <> '')),
	CONSTRAINT ck_complaint_decision_amount_not_negative CHECK (amount IS NULL OR amount >= 0),
	CONSTRAINT ck_complaint_decision_amount_has_currency CHECK ((amount IS NULL) = (currency = '')),
	CONSTRAINT ck_complaint_decision_others_are_named CHECK (others <> 'yes' OR others_note <> ''),
	CONSTRAINT ck_complaint_decision_proposal_has_author CHECK (state <> 'proposed' OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)),
	CONSTRAINT ck_complaint_decision_above_limit_by_another CHECK (state <> 'decided' OR limit_amount IS NULL OR amount IS NULL OR amount <= limit_amount OR (proposed_by IS NOT NULL AND settled_by IS NOT NULL AND settled_by <> proposed_by)),
	CONSTRAINT ck_complaint_decision_decided_first CHECK (state = 'decided' OR (told_at IS NULL AND delivered_on IS NULL AND answer = '')),
	CONSTRAINT ck_complaint_decision_told_has_channel CHECK ((told_at IS NULL) = (told_channel = '')),
	CONSTRAINT ck_complaint_decision_delivered_has_proof CHECK (delivered_on IS NULL OR delivery <> ''),
	CONSTRAINT ck_complaint_decision_answer_has_date CHECK ((answer = '') = (answered_at IS NULL)),
	CONSTRAINT ck_complaint_decision_refusal_names_next_steps CHECK (answer <> 'refused' OR (next_internal <> '' AND next_external <> '')),
	CONSTRAINT fk_complaint_decision_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_decision_proposed_by FOREIGN KEY(proposed_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_decision_settled_by FOREIGN KEY(settled_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_decision_told_by FOREIGN KEY(told_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_decision_delivered_by FOREIGN KEY(delivered_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_decision_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_decision_organisation_id ON complaint_decision (organisation_id)
-- next
CREATE TABLE complaint_escalation (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	state VARCHAR(20) NOT NULL,
	from_level SMALLINT NOT NULL,
	to_level SMALLINT NOT NULL,
	triggers JSON NOT NULL,
	reason TEXT NOT NULL,
	asked_at DATETIME,
	settled_at DATETIME,
	settled_by INTEGER,
	settled_reason TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_escalation PRIMARY KEY (id),
	CONSTRAINT ck_complaint_escalation_state_known CHECK (state IN ('asked', 'done', 'declined')),
	CONSTRAINT ck_complaint_escalation_levels_known CHECK (from_level BETWEEN 0 AND 4 AND to_level BETWEEN 0 AND 4),
	CONSTRAINT ck_complaint_escalation_done_moves CHECK (state <> 'done' OR to_level <> from_level),
	CONSTRAINT ck_complaint_escalation_asked_is_not_settled CHECK ((state = 'asked') = (settled_at IS NULL)),
	CONSTRAINT ck_complaint_escalation_has_reason CHECK (reason <> ''),
	CONSTRAINT ck_complaint_escalation_declined_has_reason CHECK (state <> 'declined' OR settled_reason <> ''),
	CONSTRAINT fk_complaint_escalation_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_escalation_settled_by FOREIGN KEY(settled_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_escalation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_escalation_complaint_id ON complaint_escalation (complaint_id)
-- next
CREATE INDEX ix_complaint_escalation_organisation_id ON complaint_escalation (organisation_id)
-- next
CREATE TABLE complaint_investigation (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	investigator_id INTEGER,
	"plan" TEXT NOT NULL,
	independence TEXT NOT NULL,
	complainant_side TEXT NOT NULL,
	other_side TEXT NOT NULL,
	facts TEXT NOT NULL,
	cause VARCHAR(100) NOT NULL,
	cause_method VARCHAR(200) NOT NULL,
	cause_note TEXT NOT NULL,
	begun_at DATETIME NOT NULL,
	begun_by INTEGER,
	ended_at DATETIME,
	ended_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_investigation PRIMARY KEY (id),
	CONSTRAINT ck_complaint_investigation_ended_has_facts_and_cause CHECK (ended_at IS NULL OR (facts <> '' AND cause <> '' AND independence <> '')),
	CONSTRAINT ck_complaint_investigation_ended_after_begun CHECK (ended_at IS NULL OR ended_at >= begun_at),
	CONSTRAINT fk_complaint_investigation_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_investigation_investigator_id FOREIGN KEY(investigator_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_investigation_begun_by FOREIGN KEY(begun_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_investigation_ended_by FOREIGN KEY(ended_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_investigation_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_investigation_cause ON complaint_investigation (organisation_id, cause, complaint_id) WHERE cause <> ''
-- next
CREATE INDEX ix_complaint_investigation_complaint_id ON complaint_investigation (complaint_id)
-- next
CREATE INDEX ix_complaint_investigation_organisation_id ON complaint_investigation (organisation_id)
-- next
CREATE TABLE complaint_link (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	other_id INTEGER NOT NULL,
	relation VARCHAR(20) NOT NULL,
	linked_at DATETIME NOT NULL,
	linked_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_link PRIMARY KEY (id),
	CONSTRAINT uq_complaint_link_complaint_id_other_id UNIQUE (complaint_id, other_id),
	CONSTRAINT ck_complaint_link_relation_known CHECK (relation IN ('duplicate', 'repeat', 'same-cause', 'related')),
	CONSTRAINT ck_complaint_link_later_to_earlier CHECK (complaint_id > other_id),
	CONSTRAINT fk_complaint_link_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_link_other_id FOREIGN KEY(other_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_link_linked_by FOREIGN KEY(linked_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_link_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_link_organisation_id ON complaint_link (organisation_id)
-- next
CREATE INDEX ix_complaint_link_other_id ON complaint_link (other_id)
-- next
CREATE TABLE complaint_note (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	note TEXT NOT NULL,
	written_at DATETIME NOT NULL,
	written_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_note PRIMARY KEY (id),
	CONSTRAINT ck_complaint_note_says_something CHECK (note <> ''),
	CONSTRAINT fk_complaint_note_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_note_written_by FOREIGN KEY(written_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_note_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_note_complaint_id ON complaint_note (complaint_id)
-- next
CREATE INDEX ix_complaint_note_organisation_id ON complaint_note (organisation_id)
-- next
CREATE TABLE complaint_mention (
	id INTEGER NOT NULL,
	note_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	seen_at DATETIME,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_mention PRIMARY KEY (id),
	CONSTRAINT uq_complaint_mention_note_id_person_id UNIQUE (note_id, person_id),
	CONSTRAINT fk_complaint_mention_note_id FOREIGN KEY(note_id) REFERENCES complaint_note (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_mention_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_mention_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_mention_organisation_id ON complaint_mention (organisation_id)
-- next
CREATE INDEX ix_complaint_mention_unseen ON complaint_mention (organisation_id, person_id) WHERE seen_at IS NULL
-- next
CREATE TABLE complaint_party (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	named_at DATETIME NOT NULL,
	named_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_party PRIMARY KEY (id),
	CONSTRAINT uq_complaint_party_complaint_id_person_id UNIQUE (complaint_id, person_id),
	CONSTRAINT fk_complaint_party_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_party_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_complaint_party_named_by FOREIGN KEY(named_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_party_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_party_organisation_id ON complaint_party (organisation_id)
-- next
CREATE TABLE complaint_pause (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	waits_for VARCHAR(20) NOT NULL,
	awaited TEXT NOT NULL,
	began_at DATETIME NOT NULL,
	began_by INTEGER,
	ended_at DATETIME,
	ended_by INTEGER,
	came TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_pause PRIMARY KEY (id),
	CONSTRAINT ck_complaint_pause_waits_for_known CHECK (waits_for IN ('complainant', 'colleague', 'partner', 'expert', 'authority')),
	CONSTRAINT ck_complaint_pause_awaits_something CHECK (awaited <> ''),
	CONSTRAINT ck_complaint_pause_ended_after_began CHECK (ended_at IS NULL OR ended_at >= began_at),
	CONSTRAINT fk_complaint_pause_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_pause_began_by FOREIGN KEY(began_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_pause_ended_by FOREIGN KEY(ended_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_pause_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_pause_complaint_began ON complaint_pause (complaint_id, began_at)
-- next
CREATE INDEX ix_complaint_pause_organisation_id ON complaint_pause (organisation_id)
-- next
CREATE UNIQUE INDEX uq_complaint_pause_open ON complaint_pause (complaint_id) WHERE ended_at IS NULL
-- next
CREATE TABLE complaint_practice (
	id INTEGER NOT NULL,
	currency VARCHAR(3) NOT NULL,
	external_bodies VARCHAR(500) NOT NULL,
	review_days SMALLINT NOT NULL,
	repeat_days SMALLINT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_practice PRIMARY KEY (id),
	CONSTRAINT uq_complaint_practice_organisation_id UNIQUE (organisation_id),
	CONSTRAINT ck_complaint_practice_review_days_sensible CHECK (review_days BETWEEN 1 AND 90),
	CONSTRAINT ck_complaint_practice_repeat_days_sensible CHECK (repeat_days BETWEEN 1 AND 730),
	CONSTRAINT fk_complaint_practice_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_practice_organisation_id ON complaint_practice (organisation_id)
-- next
CREATE TABLE complaint_reclassification (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	from_kind VARCHAR(20) NOT NULL,
	to_kind VARCHAR(20) NOT NULL,
	reason TEXT NOT NULL,
	changed_at DATETIME NOT NULL,
	changed_by INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_reclassification PRIMARY KEY (id),
	CONSTRAINT ck_complaint_reclassification_from_kind_known CHECK (from_kind IN ('complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute')),
	CONSTRAINT ck_complaint_reclassification_to_kind_known CHECK (to_kind IN ('complaint', 'suggestion', 'request', 'compliment', 'concern', 'dispute')),
	CONSTRAINT ck_complaint_reclassification_changes_something CHECK (from_kind <> to_kind),
	CONSTRAINT ck_complaint_reclassification_has_reason CHECK (reason <> ''),
	CONSTRAINT fk_complaint_reclassification_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_reclassification_changed_by FOREIGN KEY(changed_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_reclassification_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_reclassification_complaint_id ON complaint_reclassification (complaint_id)
-- next
CREATE INDEX ix_complaint_reclassification_organisation_id ON complaint_reclassification (organisation_id)
-- next
CREATE TABLE complaint_referral (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	body VARCHAR(200) NOT NULL,
	reference VARCHAR(100) NOT NULL,
	referred_on DATE NOT NULL,
	recorded_at DATETIME NOT NULL,
	recorded_by INTEGER,
	ended_on DATE,
	ended_by INTEGER,
	outcome TEXT NOT NULL,
	overturned BOOLEAN,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_referral PRIMARY KEY (id),
	CONSTRAINT ck_complaint_referral_body_is_named CHECK (body <> ''),
	CONSTRAINT ck_complaint_referral_ended_has_outcome CHECK ((ended_on IS NULL) = (outcome = '') AND (ended_on IS NULL) = (overturned IS NULL)),
	CONSTRAINT ck_complaint_referral_ended_after_referred CHECK (ended_on IS NULL OR ended_on >= referred_on),
	CONSTRAINT fk_complaint_referral_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_referral_recorded_by FOREIGN KEY(recorded_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_referral_ended_by FOREIGN KEY(ended_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_referral_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_referral_complaint_id ON complaint_referral (complaint_id)
-- next
CREATE INDEX ix_complaint_referral_organisation_id ON complaint_referral (organisation_id)
-- next
CREATE TABLE complaint_reopening (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	number SMALLINT NOT NULL,
	reason TEXT NOT NULL,
	reopened_at DATETIME NOT NULL,
	reopened_by INTEGER,
	closed_at DATETIME,
	closing_ground VARCHAR(40) NOT NULL,
	closing_note TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_reopening PRIMARY KEY (id),
	CONSTRAINT uq_complaint_reopening_complaint_id_number UNIQUE (complaint_id, number),
	CONSTRAINT ck_complaint_reopening_closing_ground_known CHECK (closing_ground IN ('', 'accepted', 'no-answer', 'decided-externally', 'exhausted', 'withdrawn', 'duplicate', 'answered')),
	CONSTRAINT ck_complaint_reopening_number_counts_from_one CHECK (number >= 1),
	CONSTRAINT ck_complaint_reopening_has_reason CHECK (reason <> ''),
	CONSTRAINT fk_complaint_reopening_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_complaint_reopening_reopened_by FOREIGN KEY(reopened_by) REFERENCES person (id),
	CONSTRAINT fk_complaint_reopening_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_reopening_organisation_id ON complaint_reopening (organisation_id)
-- next
INSERT INTO complaint_decision (complaint_id, organisation_id, number, state, from_stage, outcome, reasons, remedy, remedies,
    currency, others, others_note, settled_at, return_reason, told_at, told_channel, options, delivery, answer, answered_at, answer_note,
    next_internal, next_external)
SELECT id, organisation_id, 1, 'decided', '', outcome, decision, remedy, '[]', '', '', '', decided_at, '', decided_at, 'unknown', '', '', answer,
    answered_at, '', CASE answer WHEN 'refused' THEN 'Not recorded' ELSE '' END, CASE answer WHEN 'refused' THEN 'Not recorded' ELSE '' END
FROM complaint WHERE outcome <> '' AND decision <> '' AND decided_at IS NOT NULL
