ALTER TABLE complaint ADD COLUMN owner_id BIGINT, ADD COLUMN deputy_id BIGINT, ADD COLUMN review_on DATE, ADD COLUMN priority VARCHAR(40) DEFAULT '' NOT NULL, ADD COLUMN level SMALLINT DEFAULT '0' NOT NULL, ADD COLUMN reopened SMALLINT DEFAULT '0' NOT NULL
-- next
UPDATE complaint AS c SET owner_id = coalesce((SELECT j.actor_id FROM journal_entry AS j JOIN membership AS m ON m.person_id = j.actor_id AND m.organisation_id = c.organisation_id
        WHERE j.organisation_id = c.organisation_id AND j.subject_kind = 'complaint' AND j.subject_id = c.id
        AND j.event = 'complaint:decision-refused' ORDER BY j.seq DESC LIMIT 1),
    (SELECT m.person_id FROM membership AS m WHERE m.organisation_id = c.organisation_id
        ORDER BY CASE m.role WHEN 'quality-manager' THEN 0 WHEN 'administrator' THEN 1 ELSE 2 END, m.id LIMIT 1)),
    review_on = (answered_at AT TIME ZONE 'UTC')::date + 14
WHERE answer = 'refused' AND stage <> 'closed'
-- next
ALTER TABLE complaint DROP CONSTRAINT ck_complaint_stage_known,
    DROP CONSTRAINT ck_complaint_closing_ground_known,
    DROP CONSTRAINT ck_complaint_acknowledged_has_date,
    DROP CONSTRAINT ck_complaint_decided_has_outcome,
    DROP CONSTRAINT ck_complaint_refusal_keeps_open,
    ADD CONSTRAINT ck_complaint_stage_known CHECK (stage IN ('received', 'acknowledged', 'assessed', 'investigating', 'proposed', 'decided', 'acting', 'closed')),
    ADD CONSTRAINT ck_complaint_closing_ground_known CHECK (closing_ground IN ('', 'accepted', 'no-answer', 'decided-externally', 'exhausted', 'withdrawn', 'duplicate', 'answered')),
    ADD CONSTRAINT ck_complaint_acknowledged_has_date CHECK (stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL OR closing_ground IN ('withdrawn', 'duplicate', 'answered')),
    ADD CONSTRAINT ck_complaint_decided_has_outcome CHECK (import_run_id IS NOT NULL OR outcome <> '' OR stage NOT IN ('decided', 'acting', 'closed') OR closing_ground IN ('withdrawn', 'duplicate', 'answered')),
    ADD CONSTRAINT ck_complaint_outcome_of_decided_only CHECK (import_run_id IS NOT NULL OR outcome = '' OR stage IN ('proposed', 'decided', 'acting', 'closed')),
    ADD CONSTRAINT ck_complaint_acting_was_accepted CHECK (stage <> 'acting' OR answer = 'accepted'),
    ADD CONSTRAINT ck_complaint_refusal_keeps_open CHECK (NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ('decided-externally', 'exhausted', 'withdrawn')),
    ADD CONSTRAINT ck_complaint_refusal_has_owner_and_review CHECK (answer <> 'refused' OR stage = 'closed' OR (owner_id IS NOT NULL AND review_on IS NOT NULL)),
    ADD CONSTRAINT ck_complaint_answered_needs_no_decision CHECK (closing_ground <> 'answered' OR kind IN ('suggestion', 'request', 'compliment')),
    ADD CONSTRAINT ck_complaint_level_known CHECK (level BETWEEN 0 AND 4),
    ADD CONSTRAINT ck_complaint_reopened_counts CHECK (reopened >= 0),
    ADD CONSTRAINT ck_complaint_deputy_is_another CHECK (deputy_id IS NULL OR deputy_id <> owner_id),
    ADD CONSTRAINT fk_complaint_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
    ADD CONSTRAINT fk_complaint_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id)
-- next
ALTER TABLE audit_sample DROP CONSTRAINT ck_audit_sample_stage_known,
    ADD CONSTRAINT ck_audit_sample_stage_known CHECK (stage IN ('', 'acknowledged', 'acting', 'assessed', 'closed', 'decided', 'investigating', 'proposed', 'received'))
-- next
CREATE INDEX ix_complaint_deputy ON complaint (organisation_id, deputy_id, received_at, id) WHERE deputy_id IS NOT NULL
-- next
CREATE INDEX ix_complaint_owner ON complaint (organisation_id, owner_id, received_at, id) WHERE owner_id IS NOT NULL
-- next
CREATE TABLE complaint_assessment (
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
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
	assessed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	assessed_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	role VARCHAR(40) NOT NULL,
	person_id BIGINT,
	currency VARCHAR(3) NOT NULL,
	amount BIGINT NOT NULL,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
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
	proposed_at TIMESTAMP WITH TIME ZONE,
	proposed_by BIGINT,
	limit_amount BIGINT,
	settled_at TIMESTAMP WITH TIME ZONE,
	settled_by BIGINT,
	return_reason TEXT NOT NULL,
	told_at TIMESTAMP WITH TIME ZONE,
	told_channel VARCHAR(40) NOT NULL,
	told_by BIGINT,
	options TEXT NOT NULL,
	promised_on DATE,
	delivered_on DATE,
	delivered_by BIGINT,
	delivery TEXT NOT NULL,
	answer VARCHAR(20) NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	answer_note TEXT NOT NULL,
	next_internal VARCHAR(500) NOT NULL,
	next_external VARCHAR(500) NOT NULL,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	state VARCHAR(20) NOT NULL,
	from_level SMALLINT NOT NULL,
	to_level SMALLINT NOT NULL,
	triggers JSON NOT NULL,
	reason TEXT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE,
	settled_at TIMESTAMP WITH TIME ZONE,
	settled_by BIGINT,
	settled_reason TEXT NOT NULL,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	investigator_id BIGINT,
	plan TEXT NOT NULL,
	independence TEXT NOT NULL,
	complainant_side TEXT NOT NULL,
	other_side TEXT NOT NULL,
	facts TEXT NOT NULL,
	cause VARCHAR(100) NOT NULL,
	cause_method VARCHAR(200) NOT NULL,
	cause_note TEXT NOT NULL,
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	begun_by BIGINT,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	other_id BIGINT NOT NULL,
	relation VARCHAR(20) NOT NULL,
	linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	linked_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	note TEXT NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	written_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	note_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	seen_at TIMESTAMP WITH TIME ZONE,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	named_at TIMESTAMP WITH TIME ZONE NOT NULL,
	named_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	waits_for VARCHAR(20) NOT NULL,
	awaited TEXT NOT NULL,
	began_at TIMESTAMP WITH TIME ZONE NOT NULL,
	began_by BIGINT,
	ended_at TIMESTAMP WITH TIME ZONE,
	ended_by BIGINT,
	came TEXT NOT NULL,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	currency VARCHAR(3) NOT NULL,
	external_bodies VARCHAR(500) NOT NULL,
	review_days SMALLINT NOT NULL,
	repeat_days SMALLINT NOT NULL,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	from_kind VARCHAR(20) NOT NULL,
	to_kind VARCHAR(20) NOT NULL,
	reason TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	changed_by BIGINT,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	body VARCHAR(200) NOT NULL,
	reference VARCHAR(100) NOT NULL,
	referred_on DATE NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_by BIGINT,
	ended_on DATE,
	ended_by BIGINT,
	outcome TEXT NOT NULL,
	overturned BOOLEAN,
	organisation_id BIGINT NOT NULL,
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
	id BIGSERIAL NOT NULL,
	complaint_id BIGINT NOT NULL,
	number SMALLINT NOT NULL,
	reason TEXT NOT NULL,
	reopened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reopened_by BIGINT,
	closed_at TIMESTAMP WITH TIME ZONE,
	closing_ground VARCHAR(40) NOT NULL,
	closing_note TEXT NOT NULL,
	organisation_id BIGINT NOT NULL,
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
