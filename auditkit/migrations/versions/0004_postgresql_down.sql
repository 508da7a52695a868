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
ALTER TABLE complaint DROP CONSTRAINT ck_complaint_stage_known,
    DROP CONSTRAINT ck_complaint_closing_ground_known,
    DROP CONSTRAINT ck_complaint_acknowledged_has_date,
    DROP CONSTRAINT ck_complaint_decided_has_outcome,
    DROP CONSTRAINT ck_complaint_outcome_of_decided_only,
    DROP CONSTRAINT ck_complaint_acting_was_accepted,
    DROP CONSTRAINT ck_complaint_refusal_keeps_open,
    DROP CONSTRAINT ck_complaint_refusal_has_owner_and_review,
    DROP CONSTRAINT ck_complaint_answered_needs_no_decision,
    DROP CONSTRAINT ck_complaint_level_known,
    DROP CONSTRAINT ck_complaint_reopened_counts,
    DROP CONSTRAINT ck_complaint_deputy_is_another
-- next
UPDATE complaint SET stage = CASE WHEN stage IN ('assessed', 'investigating') OR (stage = 'proposed' AND outcome = '') THEN 'acknowledged' WHEN stage IN ('acting', 'proposed') THEN 'decided' ELSE stage END,
    acknowledged_at = CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') THEN coalesce(acknowledged_at, closed_at) ELSE acknowledged_at END,
    outcome = CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN 'rejected' ELSE outcome END,
    decided_at = CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN closed_at ELSE decided_at END,
    decision = CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') AND outcome = '' THEN 'Closed without a decision: ' || closing_ground ELSE decision END,
    closing_ground = CASE WHEN closing_ground IN ('withdrawn', 'duplicate', 'answered') THEN CASE answer WHEN 'refused' THEN 'exhausted' ELSE 'no-answer' END ELSE closing_ground END
WHERE stage IN ('assessed', 'investigating', 'proposed', 'acting') OR closing_ground IN ('withdrawn', 'duplicate', 'answered')
-- next
ALTER TABLE complaint ADD CONSTRAINT ck_complaint_stage_known CHECK (stage IN ('received', 'acknowledged', 'decided', 'closed')),
    ADD CONSTRAINT ck_complaint_closing_ground_known CHECK (closing_ground IN ('', 'accepted', 'no-answer', 'decided-externally', 'exhausted')),
    ADD CONSTRAINT ck_complaint_acknowledged_has_date CHECK (stage = 'received' OR acknowledged_at IS NOT NULL OR import_run_id IS NOT NULL),
    ADD CONSTRAINT ck_complaint_decided_has_outcome CHECK (import_run_id IS NOT NULL OR (stage IN ('decided', 'closed')) = (outcome <> '')),
    ADD CONSTRAINT ck_complaint_refusal_keeps_open CHECK (NOT (stage = 'closed' AND answer = 'refused') OR closing_ground IN ('decided-externally', 'exhausted'))
-- next
ALTER TABLE complaint DROP COLUMN owner_id, DROP COLUMN deputy_id, DROP COLUMN review_on, DROP COLUMN priority, DROP COLUMN level, DROP COLUMN reopened
-- next
ALTER TABLE audit_sample DROP CONSTRAINT ck_audit_sample_stage_known
-- next
ALTER TABLE audit_sample DISABLE TRIGGER USER
-- next
UPDATE audit_sample SET stage = CASE WHEN stage IN ('', 'received', 'acknowledged', 'decided', 'closed') THEN stage WHEN stage = 'acting' THEN 'decided' ELSE 'acknowledged' END WHERE stage NOT IN ('', 'received', 'acknowledged', 'decided', 'closed')
-- next
ALTER TABLE audit_sample ENABLE TRIGGER USER
-- next
ALTER TABLE audit_sample ADD CONSTRAINT ck_audit_sample_stage_known CHECK (stage IN ('', 'acknowledged', 'closed', 'decided', 'received'))
