DROP TABLE complaint_reopening
-- next
DROP TABLE complaint_referral
-- next
DROP TABLE complaint_reclassification
-- next
DROP TABLE complaint_practice
-- next
DROP TABLE complaint_pause
-- next
DROP TABLE complaint_party
-- next
DROP TABLE complaint_mention
-- next
DROP TABLE complaint_link
-- next
DROP TABLE complaint_investigation
-- next
DROP TABLE complaint_escalation
-- next
DROP TABLE complaint_decision
-- next
DROP TABLE complaint_authority
-- next
DROP TABLE complaint_assessment
-- next
DROP TABLE complaint_note
-- next
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
	CONSTRAINT ck_complaint_stage_known CHECK (stage IN ('received', 'acknowledged', 'decided', 'closed')),
	CONSTRAINT ck_complaint_severity_known CHECK (severity IN ('', 'low', 'medium', 'high', 'critical')),
	CONSTRAINT ck_complaint_outcome_known CHECK (outcome IN ('', 'upheld', 'partly-upheld', 'rejected')),
	CONSTRAINT ck_complaint_answer_known CHECK (answer IN ('', 'accepted', 'refused')),
	CONSTRAINT ck_complaint_closing_ground_known CHECK (closing_ground IN ('', 'accepted', 'no-answer', 'decided-externally', 'exhausted')),
	CONSTRAINT ck_complaint_version_counts_from_one CHECK (version >= 1),
	CONSTRAINT ck_complaint_closed_has_date CHECK ((stage = 'closed') = (closed_at IS NOT NULL OR closed_date_unknown)),
	CONSTRAINT ck_complaint_closed_date_known_or_not CHECK (NOT (closed_at IS NOT NULL AND closed_date_unknown)),
	CONSTRAINT ck_complaint_only_imports_lack_dates CHECK (import_run_id IS NOT NULL OR NOT (closed_date_unknown OR closes_before_received)),
	CONSTRAINT ck_complaint_closed_after_received CHECK (closed_at IS NULL OR closed_at >= received_at OR closed_is_day OR closes_before_received),
	CONSTRAINT ck_complaint_flag_says_true CHECK (NOT closes_before_received OR (closed_at IS NOT NULL AND closed_at < received_at)),
	CONSTRAINT ck_complaint_acknowledged_has_date CHECK (stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL),
	CONSTRAINT ck_complaint_acknowledged_left_first_stage CHECK (stage <> 'received' OR acknowledged_at IS NULL),
	CONSTRAINT ck_complaint_decided_has_outcome CHECK (import_run_id IS NOT NULL OR (stage IN ('decided', 'closed')) = (outcome <> '')),
	CONSTRAINT ck_complaint_decision_date_has_outcome CHECK (decided_at IS NULL OR outcome <> ''),
	CONSTRAINT ck_complaint_outcome_has_date_and_reasons CHECK (outcome = '' OR import_run_id IS NOT NULL OR (decided_at IS NOT NULL AND decision <> '')),
	CONSTRAINT ck_complaint_answer_has_date CHECK ((answer = '') = (answered_at IS NULL)),
	CONSTRAINT ck_complaint_answer_needs_decision CHECK (answer = '' OR outcome <> ''),
	CONSTRAINT ck_complaint_ground_of_closed_only CHECK (closing_ground = '' OR stage = 'closed'),
	CONSTRAINT ck_complaint_closed_has_ground CHECK (stage <> 'closed' OR closing_ground <> '' OR import_run_id IS NOT NULL),
	CONSTRAINT ck_complaint_refusal_keeps_open CHECK (NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ('decided-externally', 'exhausted')),
	CONSTRAINT ck_complaint_row_digest_of_imports_only CHECK (row_digest IS NULL OR import_run_id IS NOT NULL),
	CONSTRAINT ck_complaint_row_digest_is_sha256 CHECK (row_digest IS NULL OR length(row_digest) = 32),
	CONSTRAINT fk_complaint_import_run_id FOREIGN KEY(import_run_id) REFERENCES import_run (id),
	CONSTRAINT fk_complaint_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
INSERT INTO complaint_new (id, reference, version, kind, stage, channel, category, severity, received_at, received_is_day, happened_on, recorded_at, changed_at, acknowledged_at, decided_at, outcome, answer, answered_at, closed_at, closed_is_day, closed_date_unknown, closes_before_received, closing_ground, subject, product, site, external_reference, source_status, import_run_id, row_digest, complainant_name, complainant_email, complainant_phone, complainant_street, complainant_postcode, complainant_city, complainant_region, complainant_country, wanted_remedy, decision, remedy, closing_note, description, search_words, organisation_id)
SELECT id, reference, version, kind, CASE WHEN stage IN ('assessed', 'investigating') OR (stage = 'proposed' AND outcome = '') THEN 'acknowledged' WHEN stage IN ('acting', 'proposed') THEN 'decided' ELSE stage END, channel, category, severity, received_at, received_is_day, happened_on, recorded_at, changed_at, CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') THEN coalesce(acknowledged_at, closed_at) ELSE acknowledged_at END, CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN closed_at ELSE decided_at END, CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN 'rejected' ELSE outcome END, answer, answered_at, closed_at, closed_is_day, closed_date_unknown, closes_before_received, CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') THEN CASE answer WHEN 'refused' THEN 'exhausted' ELSE 'no-answer' END ELSE closing_ground END, subject, product, site, external_reference, source_status, import_run_id, row_digest, complainant_name, complainant_email, complainant_phone, complainant_street, complainant_postcode, complainant_city, complainant_region, complainant_country, wanted_remedy, CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN 'Closed without a decision: ' || closing_ground ELSE decision END, remedy, closing_note, description, search_words, organisation_id
FROM complaint
-- next
DROP TABLE complaint
-- next
ALTER TABLE complaint_new RENAME TO complaint
-- next
CREATE INDEX ix_complaint_open_recorded ON complaint (organisation_id, id) WHERE stage <> 'closed'
-- next
CREATE INDEX ix_complaint_severity_received ON complaint (organisation_id, severity, received_at, id) WHERE severity <> ''
-- next
CREATE INDEX ix_complaint_import_run ON complaint (import_run_id, received_at, id) WHERE import_run_id IS NOT NULL
-- next
CREATE INDEX ix_complaint_external_reference ON complaint (organisation_id, external_reference) WHERE external_reference <> ''
-- next
CREATE UNIQUE INDEX uq_complaint_row_digest ON complaint (organisation_id, row_digest) WHERE row_digest IS NOT NULL
-- next
CREATE INDEX ix_complaint_open_received ON complaint (organisation_id, received_at, id) WHERE stage <> 'closed'
-- next
CREATE INDEX ix_complaint_organisation_id ON complaint (organisation_id)
-- next
CREATE INDEX ix_complaint_stage_recorded ON complaint (organisation_id, stage, id)
-- next
CREATE INDEX ix_complaint_channel_received ON complaint (organisation_id, channel, received_at, id)
-- next
CREATE INDEX ix_complaint_stage_received ON complaint (organisation_id, stage, received_at, id)
-- next
CREATE INDEX ix_complaint_received ON complaint (organisation_id, received_at, id)
-- next
CREATE INDEX ix_complaint_category_received ON complaint (organisation_id, category, received_at, id)
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
	CONSTRAINT ck_audit_sample_stage_known CHECK (stage IN ('', 'acknowledged', 'closed', 'decided', 'received')),
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
SELECT id, audit_id, serial, received_from, received_to, CASE WHEN stage IN ('', 'received', 'acknowledged', 'decided', 'closed') THEN stage WHEN stage = 'acting' THEN 'decided' ELSE 'acknowledged' END, seed, seed_hash, population_digest, population_size, always_size, size, rule, reason, record_file_id, drawn_at, drawn_by, organisation_id FROM audit_sample
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
