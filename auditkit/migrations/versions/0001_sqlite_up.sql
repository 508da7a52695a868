CREATE TABLE organisation (
	id INTEGER NOT NULL,
	slug VARCHAR(40) NOT NULL,
	name VARCHAR(200) NOT NULL,
	country VARCHAR(2) NOT NULL,
	locale VARCHAR(10) NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_organisation PRIMARY KEY (id),
	CONSTRAINT uq_organisation_slug UNIQUE (slug)
)
-- next
CREATE TABLE person (
	id INTEGER NOT NULL,
	email VARCHAR(320) NOT NULL,
	name VARCHAR(200) NOT NULL,
	password VARCHAR(255),
	active BOOLEAN NOT NULL,
	fs_uniquifier VARCHAR(64) NOT NULL,
	locale VARCHAR(10) NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (id),
	CONSTRAINT ck_person_email_is_lower_case CHECK (email = lower(email)),
	CONSTRAINT uq_person_email UNIQUE (email),
	CONSTRAINT uq_person_fs_uniquifier UNIQUE (fs_uniquifier)
)
-- next
CREATE TABLE outbox_mail (
	id INTEGER NOT NULL,
	recipient VARCHAR(320) NOT NULL,
	subject VARCHAR(400) NOT NULL,
	body TEXT NOT NULL,
	state VARCHAR(10) NOT NULL,
	attempts INTEGER NOT NULL,
	due_at DATETIME NOT NULL,
	sent_at DATETIME,
	last_error TEXT,
	CONSTRAINT pk_outbox_mail PRIMARY KEY (id),
	CONSTRAINT ck_outbox_mail_state_known CHECK (state IN ('waiting', 'sent', 'failed')),
	CONSTRAINT ck_outbox_mail_sent_has_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
)
-- next
CREATE INDEX ix_outbox_mail_state_due_at ON outbox_mail (state, due_at)
-- next
CREATE TABLE journal_entry (
	id INTEGER NOT NULL,
	organisation_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	event VARCHAR(80) NOT NULL,
	at DATETIME NOT NULL,
	actor_id BIGINT,
	role VARCHAR(40) NOT NULL,
	subject_kind VARCHAR(40) NOT NULL,
	subject_id BIGINT NOT NULL,
	facts JSON NOT NULL,
	personal JSON NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_journal_entry PRIMARY KEY (id),
	CONSTRAINT uq_journal_entry_organisation_id_seq UNIQUE (organisation_id, seq),
	CONSTRAINT ck_journal_entry_seq_counts_from_one CHECK (seq > 0),
	CONSTRAINT ck_journal_entry_hashes_are_sha256 CHECK (length(hash) = 64 AND length(previous) = 64)
)
-- next
CREATE INDEX ix_journal_entry_organisation_id_subject_kind_subject_id_seq ON journal_entry (organisation_id, subject_kind, subject_id, seq)
-- next
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
-- next
CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
-- next
CREATE TABLE journal_head (
	organisation_id BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_journal_head PRIMARY KEY (organisation_id)
)
-- next
CREATE TABLE membership (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	role VARCHAR(40) NOT NULL,
	since DATETIME NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_membership PRIMARY KEY (id),
	CONSTRAINT uq_membership_organisation_id_person_id UNIQUE (organisation_id, person_id),
	CONSTRAINT ck_membership_role_known CHECK (role IN ('administrator', 'quality-manager', 'complaint-handler', 'internal-auditor', 'staff', 'external-reviewer')),
	CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_membership_person_id ON membership (person_id)
-- next
CREATE INDEX ix_membership_organisation_id ON membership (organisation_id)
-- next
CREATE TABLE sign_in_link (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	secret_digest VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_sign_in_link PRIMARY KEY (id),
	CONSTRAINT fk_sign_in_link_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT uq_sign_in_link_secret_digest UNIQUE (secret_digest)
)
-- next
CREATE INDEX ix_sign_in_link_person_id ON sign_in_link (person_id)
-- next
CREATE TABLE action (
	id INTEGER NOT NULL,
	number VARCHAR(20) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	title VARCHAR(200) NOT NULL,
	origin_kind VARCHAR(40) NOT NULL,
	origin_id INTEGER NOT NULL,
	origin_title VARCHAR(400) NOT NULL,
	cause_required BOOLEAN NOT NULL,
	correction TEXT NOT NULL,
	cause TEXT NOT NULL,
	"plan" TEXT NOT NULL,
	owner_id INTEGER NOT NULL,
	due_on DATE NOT NULL,
	state VARCHAR(10) NOT NULL,
	round INTEGER NOT NULL,
	opened_at DATETIME NOT NULL,
	opened_by INTEGER,
	completed_at DATETIME,
	completed_by INTEGER,
	completion TEXT NOT NULL,
	verified_at DATETIME,
	verified_by INTEGER,
	verification TEXT NOT NULL,
	closed_at DATETIME,
	closed_by INTEGER,
	changed_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_action PRIMARY KEY (id),
	CONSTRAINT uq_action_organisation_id_number UNIQUE (organisation_id, number),
	CONSTRAINT ck_action_kind_known CHECK (kind IN ('correction', 'corrective', 'preventive', 'improvement')),
	CONSTRAINT ck_action_state_known CHECK (state IN ('open', 'done', 'verified', 'closed')),
	CONSTRAINT ck_action_has_title CHECK (title <> ''),
	CONSTRAINT ck_action_has_origin CHECK (origin_kind <> '' AND origin_title <> ''),
	CONSTRAINT ck_action_done_says_who_and_when CHECK ((state = 'open') = (completed_at IS NULL) AND (completed_at IS NULL) = (completed_by IS NULL)),
	CONSTRAINT ck_action_closed_only_when_verified CHECK ((state IN ('verified', 'closed')) = (verified_at IS NOT NULL)),
	CONSTRAINT ck_action_verified_says_who CHECK ((verified_at IS NULL) = (verified_by IS NULL)),
	CONSTRAINT ck_action_verified_says_how CHECK (verified_at IS NULL OR verification <> ''),
	CONSTRAINT ck_action_verifier_is_not_owner CHECK (verified_by IS NULL OR verified_by <> owner_id),
	CONSTRAINT ck_action_verifier_did_not_complete_it CHECK (verified_by IS NULL OR verified_by <> completed_by),
	CONSTRAINT ck_action_closed_has_date CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT ck_action_major_has_cause_before_done CHECK (state = 'open' OR NOT cause_required OR cause <> ''),
	CONSTRAINT ck_action_counts_from_one CHECK (round > 0 AND version > 0),
	CONSTRAINT fk_action_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
	CONSTRAINT fk_action_opened_by FOREIGN KEY(opened_by) REFERENCES person (id),
	CONSTRAINT fk_action_completed_by FOREIGN KEY(completed_by) REFERENCES person (id),
	CONSTRAINT fk_action_verified_by FOREIGN KEY(verified_by) REFERENCES person (id),
	CONSTRAINT fk_action_closed_by FOREIGN KEY(closed_by) REFERENCES person (id),
	CONSTRAINT fk_action_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_action_organisation_id_state_due_on ON action (organisation_id, state, due_on)
-- next
CREATE INDEX ix_action_owner_id ON action (owner_id)
-- next
CREATE INDEX ix_action_organisation_id_origin_kind_origin_id ON action (organisation_id, origin_kind, origin_id)
-- next
CREATE INDEX ix_action_organisation_id ON action (organisation_id)
-- next
CREATE TABLE audit (
	id INTEGER NOT NULL,
	number VARCHAR(20) NOT NULL,
	title VARCHAR(200) NOT NULL,
	objectives TEXT NOT NULL,
	scope TEXT NOT NULL,
	edition_id VARCHAR(64) NOT NULL,
	edition_name VARCHAR(400) NOT NULL,
	criteria TEXT NOT NULL,
	checklist_id VARCHAR(64) NOT NULL,
	checklist_title VARCHAR(200) NOT NULL,
	places TEXT NOT NULL,
	method VARCHAR(10) NOT NULL,
	planned_from DATE NOT NULL,
	planned_to DATE NOT NULL,
	state VARCHAR(10) NOT NULL,
	planned_at DATETIME NOT NULL,
	planned_by INTEGER,
	started_at DATETIME,
	started_by INTEGER,
	checklist_digest VARCHAR(64),
	edition_digest VARCHAR(64),
	scale JSON,
	rows_total INTEGER NOT NULL,
	rows_answered INTEGER NOT NULL,
	rows_excluded INTEGER NOT NULL,
	rows_not_covered INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	conclusion TEXT NOT NULL,
	reported_at DATETIME,
	reported_by INTEGER,
	closed_at DATETIME,
	closed_by INTEGER,
	changed_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit PRIMARY KEY (id),
	CONSTRAINT uq_audit_organisation_id_number UNIQUE (organisation_id, number),
	CONSTRAINT ck_audit_state_known CHECK (state IN ('closed', 'planned', 'reported', 'running')),
	CONSTRAINT ck_audit_method_known CHECK (method IN ('hybrid', 'on-site', 'remote')),
	CONSTRAINT ck_audit_plan_is_complete CHECK (title <> '' AND objectives <> '' AND scope <> ''),
	CONSTRAINT ck_audit_days_in_order CHECK (planned_to >= planned_from),
	CONSTRAINT ck_audit_started_has_date CHECK ((state = 'planned') = (started_at IS NULL)),
	CONSTRAINT ck_audit_started_keeps_what_it_runs_on CHECK ((started_at IS NULL) = (checklist_digest IS NULL) AND (started_at IS NULL) = (edition_digest IS NULL) AND (started_at IS NULL) = (scale IS NULL)),
	CONSTRAINT ck_audit_reported_has_date CHECK ((state IN ('reported', 'closed')) = (reported_at IS NOT NULL)),
	CONSTRAINT ck_audit_reported_has_conclusion CHECK (reported_at IS NULL OR conclusion <> ''),
	CONSTRAINT ck_audit_reported_only_when_every_row_is_settled CHECK (reported_at IS NULL OR rows_answered + rows_excluded + rows_not_covered = rows_total),
	CONSTRAINT ck_audit_closed_has_date CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT ck_audit_counters_fit CHECK (rows_answered >= 0 AND rows_excluded >= 0 AND rows_not_covered >= 0 AND findings >= 0 AND rows_answered + rows_excluded + rows_not_covered <= rows_total),
	CONSTRAINT fk_audit_planned_by FOREIGN KEY(planned_by) REFERENCES person (id),
	CONSTRAINT fk_audit_started_by FOREIGN KEY(started_by) REFERENCES person (id),
	CONSTRAINT fk_audit_reported_by FOREIGN KEY(reported_by) REFERENCES person (id),
	CONSTRAINT fk_audit_closed_by FOREIGN KEY(closed_by) REFERENCES person (id),
	CONSTRAINT fk_audit_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_organisation_id ON audit (organisation_id)
-- next
CREATE INDEX ix_audit_organisation_id_planned_from_id ON audit (organisation_id, planned_from, id)
-- next
CREATE INDEX ix_audit_organisation_id_state ON audit (organisation_id, state)
-- next
CREATE TABLE job (
	id INTEGER NOT NULL,
	kind VARCHAR(60) NOT NULL,
	payload JSON NOT NULL,
	person_id INTEGER,
	role VARCHAR(40) NOT NULL,
	permissions JSON NOT NULL,
	locale VARCHAR(20) NOT NULL,
	state VARCHAR(10) NOT NULL,
	attempts INTEGER NOT NULL,
	progress FLOAT NOT NULL,
	result JSON,
	message TEXT,
	created_at DATETIME NOT NULL,
	heard_at DATETIME NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_job PRIMARY KEY (id),
	CONSTRAINT ck_job_state_known CHECK (state IN ('queued', 'running', 'done', 'failed')),
	CONSTRAINT ck_job_progress_is_share CHECK (progress BETWEEN 0 AND 1),
	CONSTRAINT fk_job_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_job_organisation_id ON job (organisation_id)
-- next
CREATE INDEX ix_job_state_id ON job (state, id)
-- next
CREATE TABLE numbering (
	id INTEGER NOT NULL,
	series VARCHAR(40) NOT NULL,
	year INTEGER NOT NULL,
	last INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_numbering PRIMARY KEY (id),
	CONSTRAINT uq_numbering_organisation_id_series_year UNIQUE (organisation_id, series, year),
	CONSTRAINT ck_numbering_counts_from_one CHECK (last > 0),
	CONSTRAINT fk_numbering_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_numbering_organisation_id ON numbering (organisation_id)
-- next
CREATE TABLE import_run (
	id INTEGER NOT NULL,
	file_name VARCHAR(255) NOT NULL,
	file_digest VARCHAR(64) NOT NULL,
	profile VARCHAR(100) NOT NULL,
	profile_digest VARCHAR(64) NOT NULL,
	state VARCHAR(20) NOT NULL,
	next_row INTEGER NOT NULL,
	counts JSON NOT NULL,
	person_id INTEGER,
	started_at DATETIME NOT NULL,
	finished_at DATETIME,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_import_run PRIMARY KEY (id),
	CONSTRAINT ck_import_run_digest_is_sha256 CHECK (length(file_digest) = 64),
	CONSTRAINT ck_import_run_state_known CHECK (state IN ('running', 'finished', 'failed', 'undone')),
	CONSTRAINT ck_import_run_running_has_no_end CHECK ((state = 'running') = (finished_at IS NULL)),
	CONSTRAINT ck_import_run_rows_count_from_one CHECK (next_row >= 1),
	CONSTRAINT fk_import_run_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_import_run_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_import_run_organisation_id ON import_run (organisation_id)
-- next
CREATE INDEX ix_import_run_organisation_id_file_digest ON import_run (organisation_id, file_digest)
-- next
CREATE TABLE evidence_file (
	id INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL,
	kind VARCHAR(20) NOT NULL,
	media_type VARCHAR(100) NOT NULL,
	name VARCHAR(255) NOT NULL,
	source VARCHAR(10) NOT NULL,
	details JSON NOT NULL,
	notices JSON NOT NULL,
	added_by_id INTEGER,
	added_at DATETIME NOT NULL,
	note TEXT NOT NULL,
	period_begins DATE,
	period_ends DATE,
	clauses JSON NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_evidence_file PRIMARY KEY (id),
	CONSTRAINT uq_evidence_file_organisation_id_digest UNIQUE (organisation_id, digest),
	CONSTRAINT ck_evidence_file_digest_is_sha256 CHECK (length(digest) = 64 AND digest = lower(digest)),
	CONSTRAINT ck_evidence_file_size_within_limit CHECK (size BETWEEN 1 AND 104857600),
	CONSTRAINT ck_evidence_file_has_name CHECK (length(name) > 0),
	CONSTRAINT ck_evidence_file_source_known CHECK (source IN ('upload', 'capture')),
	CONSTRAINT ck_evidence_file_period_forwards CHECK (period_ends >= period_begins),
	CONSTRAINT fk_evidence_file_added_by_id FOREIGN KEY(added_by_id) REFERENCES person (id),
	CONSTRAINT fk_evidence_file_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_evidence_file_organisation_id ON evidence_file (organisation_id)
-- next
CREATE INDEX ix_evidence_file_organisation_id_id ON evidence_file (organisation_id, id)
-- next
CREATE TRIGGER evidence_file_no_update BEFORE UPDATE OF id, organisation_id, digest, size, kind, media_type, name, source, details, notices, added_by_id, added_at ON evidence_file BEGIN SELECT RAISE(ABORT, 'evidence is immutable'); END
-- next
CREATE TRIGGER evidence_file_no_delete BEFORE DELETE ON evidence_file BEGIN SELECT RAISE(ABORT, 'evidence is immutable'); END
-- next
CREATE TABLE journal_personal (
	id INTEGER NOT NULL,
	entry_id INTEGER NOT NULL,
	name VARCHAR(60) NOT NULL,
	value TEXT NOT NULL,
	salt VARCHAR(64) NOT NULL,
	CONSTRAINT pk_journal_personal PRIMARY KEY (id),
	CONSTRAINT uq_journal_personal_entry_id_name UNIQUE (entry_id, name),
	CONSTRAINT fk_journal_personal_entry_id FOREIGN KEY(entry_id) REFERENCES journal_entry (id)
)
-- next
CREATE INDEX ix_journal_personal_entry_id ON journal_personal (entry_id)
-- next
CREATE TABLE pack (
	id INTEGER NOT NULL,
	definition VARCHAR(64) NOT NULL,
	title VARCHAR(200) NOT NULL,
	period_start DATE NOT NULL,
	period_end DATE NOT NULL,
	dated DATETIME,
	bag VARCHAR(120) NOT NULL,
	root VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL,
	files INTEGER NOT NULL,
	payload_bytes BIGINT NOT NULL,
	signing_key VARCHAR(100) NOT NULL,
	journal_entry BIGINT,
	gaps JSON NOT NULL,
	gap_count INTEGER NOT NULL,
	reason TEXT NOT NULL,
	stored BOOLEAN NOT NULL,
	built_at DATETIME NOT NULL,
	built_by_id INTEGER,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_pack PRIMARY KEY (id),
	CONSTRAINT ck_pack_root_is_sha256 CHECK (length(root) = 64 AND root = lower(root)),
	CONSTRAINT ck_pack_days_in_order CHECK (period_end >= period_start),
	CONSTRAINT ck_pack_holds_something CHECK (size > 0 AND files > 0 AND payload_bytes >= 0),
	CONSTRAINT ck_pack_gaps_counted CHECK (gap_count >= 0),
	CONSTRAINT ck_pack_gaps_have_a_reason CHECK (gap_count = 0 OR reason <> ''),
	CONSTRAINT fk_pack_built_by_id FOREIGN KEY(built_by_id) REFERENCES person (id),
	CONSTRAINT fk_pack_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_pack_organisation_id ON pack (organisation_id)
-- next
CREATE INDEX ix_pack_organisation_id_id ON pack (organisation_id, id)
-- next
CREATE TABLE policy (
	id INTEGER NOT NULL,
	content_id VARCHAR(64) NOT NULL,
	content_digest VARCHAR(64) NOT NULL,
	reference VARCHAR(20) NOT NULL,
	title VARCHAR(200) NOT NULL,
	purpose TEXT NOT NULL,
	edition VARCHAR(64) NOT NULL,
	language VARCHAR(10) NOT NULL,
	is_public BOOLEAN NOT NULL,
	questions JSON NOT NULL,
	answers JSON NOT NULL,
	sections JSON NOT NULL,
	revision INTEGER NOT NULL,
	started_at DATETIME NOT NULL,
	edited_by_id INTEGER,
	edited_at DATETIME NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_policy PRIMARY KEY (id),
	CONSTRAINT uq_policy_organisation_id_content_id UNIQUE (organisation_id, content_id),
	CONSTRAINT uq_policy_organisation_id_reference UNIQUE (organisation_id, reference),
	CONSTRAINT ck_policy_revision_counts_from_one CHECK (revision > 0),
	CONSTRAINT ck_policy_has_title CHECK (length(title) > 0),
	CONSTRAINT fk_policy_edited_by_id FOREIGN KEY(edited_by_id) REFERENCES person (id),
	CONSTRAINT fk_policy_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_organisation_id ON policy (organisation_id)
-- next
CREATE TABLE action_attempt (
	id INTEGER NOT NULL,
	action_id INTEGER NOT NULL,
	round INTEGER NOT NULL,
	owner_id INTEGER NOT NULL,
	completed_at DATETIME NOT NULL,
	completed_by INTEGER NOT NULL,
	completion TEXT NOT NULL,
	verified_at DATETIME NOT NULL,
	verified_by INTEGER NOT NULL,
	verification TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_action_attempt PRIMARY KEY (id),
	CONSTRAINT uq_action_attempt_action_id_round UNIQUE (action_id, round),
	CONSTRAINT ck_action_attempt_says_what_was_missing CHECK (verification <> ''),
	CONSTRAINT ck_action_attempt_verifier_is_somebody_else CHECK (verified_by <> owner_id AND verified_by <> completed_by),
	CONSTRAINT fk_action_attempt_action_id FOREIGN KEY(action_id) REFERENCES action (id),
	CONSTRAINT fk_action_attempt_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
	CONSTRAINT fk_action_attempt_completed_by FOREIGN KEY(completed_by) REFERENCES person (id),
	CONSTRAINT fk_action_attempt_verified_by FOREIGN KEY(verified_by) REFERENCES person (id),
	CONSTRAINT fk_action_attempt_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_action_attempt_organisation_id ON action_attempt (organisation_id)
-- next
CREATE TABLE audit_member (
	id INTEGER NOT NULL,
	audit_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	role VARCHAR(10) NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit_member PRIMARY KEY (id),
	CONSTRAINT uq_audit_member_audit_id_person_id UNIQUE (audit_id, person_id),
	CONSTRAINT ck_audit_member_role_known CHECK (role IN ('auditor', 'expert', 'lead', 'observer')),
	CONSTRAINT fk_audit_member_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT fk_audit_member_person_id FOREIGN KEY(person_id) REFERENCES person (id),
	CONSTRAINT fk_audit_member_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE UNIQUE INDEX uq_audit_member_one_lead ON audit_member (audit_id) WHERE role = 'lead'
-- next
CREATE INDEX ix_audit_member_person_id ON audit_member (person_id)
-- next
CREATE INDEX ix_audit_member_organisation_id ON audit_member (organisation_id)
-- next
CREATE TABLE audit_checklist (
	id INTEGER NOT NULL,
	audit_id INTEGER NOT NULL,
	content JSON NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit_checklist PRIMARY KEY (id),
	CONSTRAINT uq_audit_checklist_audit_id UNIQUE (audit_id),
	CONSTRAINT fk_audit_checklist_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT fk_audit_checklist_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_checklist_organisation_id ON audit_checklist (organisation_id)
-- next
CREATE TABLE audit_row (
	id INTEGER NOT NULL,
	audit_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	item_id VARCHAR(64) NOT NULL,
	section VARCHAR(64) NOT NULL,
	section_title VARCHAR(200) NOT NULL,
	clause VARCHAR(96) NOT NULL,
	clause_label VARCHAR(240) NOT NULL,
	edition_name VARCHAR(400) NOT NULL,
	strength VARCHAR(10) NOT NULL,
	clauses JSON NOT NULL,
	principles JSON NOT NULL,
	question TEXT NOT NULL,
	good TEXT NOT NULL,
	expected TEXT NOT NULL,
	methods JSON NOT NULL,
	guidance TEXT NOT NULL,
	weight INTEGER NOT NULL,
	note_for JSON NOT NULL,
	evidence_for JSON NOT NULL,
	answer VARCHAR(64) NOT NULL,
	answer_state VARCHAR(10) NOT NULL,
	conformity INTEGER,
	note TEXT NOT NULL,
	answered_at DATETIME,
	answered_by INTEGER,
	version INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit_row PRIMARY KEY (id),
	CONSTRAINT uq_audit_row_audit_id_position UNIQUE (audit_id, position),
	CONSTRAINT uq_audit_row_audit_id_item_id UNIQUE (audit_id, item_id),
	CONSTRAINT ck_audit_row_answer_state_known CHECK (answer_state IN ('answered', 'excluded', 'open')),
	CONSTRAINT ck_audit_row_only_answers_count CHECK ((answer_state = 'answered') = (conformity IS NOT NULL)),
	CONSTRAINT ck_audit_row_conformity_is_percent CHECK (conformity BETWEEN 0 AND 100),
	CONSTRAINT ck_audit_row_excluded_has_reason CHECK (answer_state <> 'excluded' OR note <> ''),
	CONSTRAINT ck_audit_row_answer_has_time CHECK (answer_state = 'open' OR answered_at IS NOT NULL),
	CONSTRAINT ck_audit_row_weight_counts CHECK (weight > 0),
	CONSTRAINT fk_audit_row_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT fk_audit_row_answered_by FOREIGN KEY(answered_by) REFERENCES person (id),
	CONSTRAINT fk_audit_row_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_row_organisation_id ON audit_row (organisation_id)
-- next
CREATE TABLE audit_sample (
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
CREATE INDEX ix_audit_sample_organisation_id ON audit_sample (organisation_id)
-- next
CREATE TRIGGER audit_sample_no_update BEFORE UPDATE ON audit_sample BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TRIGGER audit_sample_no_delete BEFORE DELETE ON audit_sample BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TABLE complaint (
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
CREATE VIRTUAL TABLE complaint_search USING fts5(search_words, content='complaint', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)
-- next
INSERT INTO complaint_search(complaint_search, rank) VALUES('hashsize', 33554432)
-- next
CREATE TRIGGER complaint_search_changed AFTER UPDATE OF search_words ON complaint WHEN old.search_words <> new.search_words BEGIN INSERT INTO complaint_search(complaint_search, rowid, search_words) VALUES ('delete', old.id, old.search_words); INSERT INTO complaint_search(rowid, search_words) VALUES (new.id, new.search_words); END
-- next
CREATE TRIGGER complaint_search_removed AFTER DELETE ON complaint BEGIN INSERT INTO complaint_search(complaint_search, rowid, search_words) VALUES ('delete', old.id, old.search_words); END
-- next
CREATE TABLE evidence_link (
	id INTEGER NOT NULL,
	file_id INTEGER NOT NULL,
	subject_kind VARCHAR(40) NOT NULL,
	subject_id BIGINT NOT NULL,
	note TEXT NOT NULL,
	added_by_id INTEGER,
	added_at DATETIME NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_evidence_link PRIMARY KEY (id),
	CONSTRAINT uq_evidence_link_organisation_id_subject_kind_subject_id_file_id UNIQUE (organisation_id, subject_kind, subject_id, file_id),
	CONSTRAINT ck_evidence_link_has_subject CHECK (length(subject_kind) > 0 AND subject_id > 0),
	CONSTRAINT fk_evidence_link_file_id FOREIGN KEY(file_id) REFERENCES evidence_file (id),
	CONSTRAINT fk_evidence_link_added_by_id FOREIGN KEY(added_by_id) REFERENCES person (id),
	CONSTRAINT fk_evidence_link_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_evidence_link_file_id ON evidence_link (file_id)
-- next
CREATE INDEX ix_evidence_link_organisation_id ON evidence_link (organisation_id)
-- next
CREATE TABLE policy_version (
	id INTEGER NOT NULL,
	policy_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	sections JSON NOT NULL,
	answers JSON NOT NULL,
	digest VARCHAR(64) NOT NULL,
	edited_by_id INTEGER,
	approved_by_id INTEGER NOT NULL,
	approved_at DATETIME NOT NULL,
	approved_alone BOOLEAN NOT NULL,
	reason TEXT NOT NULL,
	review_by DATE,
	state VARCHAR(12) NOT NULL,
	effective_on DATE,
	published_by_id INTEGER,
	published_at DATETIME,
	withdrawn_on DATE,
	withdrawn_at DATETIME,
	withdrawn_by_id INTEGER,
	withdrawn_reason TEXT NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_policy_version PRIMARY KEY (id),
	CONSTRAINT uq_policy_version_policy_id_number UNIQUE (policy_id, number),
	CONSTRAINT ck_policy_version_number_counts_from_one CHECK (number > 0),
	CONSTRAINT ck_policy_version_digest_is_sha256 CHECK (length(digest) = 64),
	CONSTRAINT ck_policy_version_state_known CHECK (state IN ('approved', 'published', 'withdrawn')),
	CONSTRAINT ck_policy_version_approved_with_reason CHECK (length(reason) > 0),
	CONSTRAINT ck_policy_version_two_people CHECK (approved_alone OR edited_by_id IS NULL OR approved_by_id <> edited_by_id),
	CONSTRAINT ck_policy_version_published_has_time CHECK (state <> 'published' OR published_at IS NOT NULL),
	CONSTRAINT ck_policy_version_published_has_effect CHECK ((published_at IS NULL) = (effective_on IS NULL)),
	CONSTRAINT ck_policy_version_withdrawn_has_time CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
	CONSTRAINT ck_policy_version_withdrawn_has_day CHECK ((withdrawn_at IS NULL) = (withdrawn_on IS NULL)),
	CONSTRAINT ck_policy_version_withdrawn_with_reason CHECK (state <> 'withdrawn' OR length(withdrawn_reason) > 0),
	CONSTRAINT fk_policy_version_policy_id FOREIGN KEY(policy_id) REFERENCES policy (id),
	CONSTRAINT fk_policy_version_edited_by_id FOREIGN KEY(edited_by_id) REFERENCES person (id),
	CONSTRAINT fk_policy_version_approved_by_id FOREIGN KEY(approved_by_id) REFERENCES person (id),
	CONSTRAINT fk_policy_version_published_by_id FOREIGN KEY(published_by_id) REFERENCES person (id),
	CONSTRAINT fk_policy_version_withdrawn_by_id FOREIGN KEY(withdrawn_by_id) REFERENCES person (id),
	CONSTRAINT fk_policy_version_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_policy_version_organisation_id ON policy_version (organisation_id)
-- next
CREATE INDEX ix_policy_version_policy_id ON policy_version (policy_id)
-- next
CREATE TRIGGER policy_version_no_update BEFORE UPDATE OF id, organisation_id, policy_id, number, title, sections, answers, digest, edited_by_id, approved_by_id, approved_at, approved_alone, reason, review_by ON policy_version BEGIN SELECT RAISE(ABORT, 'a policy version is immutable'); END
-- next
CREATE TRIGGER policy_version_published_once BEFORE UPDATE OF effective_on, published_by_id, published_at ON policy_version WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a policy version is immutable'); END
-- next
CREATE TRIGGER policy_version_withdrawn_once BEFORE UPDATE ON policy_version WHEN OLD.state = 'withdrawn' BEGIN SELECT RAISE(ABORT, 'a policy version is immutable'); END
-- next
CREATE TRIGGER policy_version_no_delete BEFORE DELETE ON policy_version BEGIN SELECT RAISE(ABORT, 'a policy version is immutable'); END
-- next
CREATE TABLE finding (
	id INTEGER NOT NULL,
	audit_id INTEGER NOT NULL,
	row_id INTEGER,
	serial INTEGER NOT NULL,
	number VARCHAR(30) NOT NULL,
	grade VARCHAR(15) NOT NULL,
	statement TEXT NOT NULL,
	criterion TEXT NOT NULL,
	clause VARCHAR(96) NOT NULL,
	edition_name VARCHAR(400) NOT NULL,
	strength VARCHAR(10) NOT NULL,
	evidence TEXT NOT NULL,
	raised_at DATETIME NOT NULL,
	raised_by INTEGER,
	changed_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_finding PRIMARY KEY (id),
	CONSTRAINT uq_finding_audit_id_serial UNIQUE (audit_id, serial),
	CONSTRAINT uq_finding_organisation_id_number UNIQUE (organisation_id, number),
	CONSTRAINT ck_finding_grade_known CHECK (grade IN ('good-practice', 'major', 'minor', 'observation', 'opportunity')),
	CONSTRAINT ck_finding_strength_known CHECK (strength IN ('shall', 'should', 'law', 'own')),
	CONSTRAINT ck_finding_has_statement CHECK (statement <> ''),
	CONSTRAINT ck_finding_nonconformity_has_criterion_and_evidence CHECK (grade NOT IN ('major', 'minor') OR (criterion <> '' AND evidence <> '')),
	CONSTRAINT fk_finding_audit_id FOREIGN KEY(audit_id) REFERENCES audit (id),
	CONSTRAINT fk_finding_row_id FOREIGN KEY(row_id) REFERENCES audit_row (id),
	CONSTRAINT fk_finding_raised_by FOREIGN KEY(raised_by) REFERENCES person (id),
	CONSTRAINT fk_finding_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_finding_row_id ON finding (row_id)
-- next
CREATE INDEX ix_finding_organisation_id ON finding (organisation_id)
-- next
CREATE INDEX ix_finding_organisation_id_grade ON finding (organisation_id, grade)
-- next
CREATE TABLE audit_sample_item (
	id INTEGER NOT NULL,
	sample_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	complaint_id BIGINT NOT NULL,
	reference VARCHAR(40) NOT NULL,
	always BOOLEAN NOT NULL,
	evidence_file_id INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_audit_sample_item PRIMARY KEY (id),
	CONSTRAINT uq_audit_sample_item_sample_id_position UNIQUE (sample_id, position),
	CONSTRAINT uq_audit_sample_item_sample_id_reference UNIQUE (sample_id, reference),
	CONSTRAINT ck_audit_sample_item_position_counts_from_one CHECK (position > 0),
	CONSTRAINT ck_audit_sample_item_names_complaint CHECK (complaint_id > 0 AND reference <> ''),
	CONSTRAINT fk_audit_sample_item_sample_id FOREIGN KEY(sample_id) REFERENCES audit_sample (id),
	CONSTRAINT fk_audit_sample_item_evidence_file_id FOREIGN KEY(evidence_file_id) REFERENCES evidence_file (id),
	CONSTRAINT fk_audit_sample_item_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_audit_sample_item_organisation_id ON audit_sample_item (organisation_id)
-- next
CREATE TRIGGER audit_sample_item_no_update BEFORE UPDATE ON audit_sample_item BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TRIGGER audit_sample_item_no_delete BEFORE DELETE ON audit_sample_item BEGIN SELECT RAISE(ABORT, 'a drawn sample stands as it is'); END
-- next
CREATE TABLE complaint_tracking (
	id INTEGER NOT NULL,
	complaint_id INTEGER NOT NULL,
	secret_digest VARCHAR(64) NOT NULL,
	organisation_id INTEGER NOT NULL,
	CONSTRAINT pk_complaint_tracking PRIMARY KEY (id),
	CONSTRAINT ck_complaint_tracking_tracking_secret_is_sha256 CHECK (length(secret_digest) = 64),
	CONSTRAINT uq_complaint_tracking_complaint_id UNIQUE (complaint_id),
	CONSTRAINT fk_complaint_tracking_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id),
	CONSTRAINT fk_complaint_tracking_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
-- next
CREATE INDEX ix_complaint_tracking_organisation_id ON complaint_tracking (organisation_id)
-- next
CREATE TABLE imported_reference (
	complaint_id INTEGER NOT NULL,
	organisation_id INTEGER NOT NULL,
	"key" BLOB NOT NULL,
	CONSTRAINT pk_imported_reference PRIMARY KEY (complaint_id),
	CONSTRAINT uq_imported_reference_organisation_id_key UNIQUE (organisation_id, "key"),
	CONSTRAINT ck_imported_reference_key_is_sha256 CHECK (length(key) = 32),
	CONSTRAINT fk_imported_reference_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id) ON DELETE CASCADE,
	CONSTRAINT fk_imported_reference_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
)
