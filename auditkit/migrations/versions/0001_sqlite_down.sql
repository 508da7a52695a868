DROP TABLE imported_reference
-- next
DROP TABLE complaint_tracking
-- next
DROP TABLE audit_sample_item
-- next
DROP TABLE finding
-- next
DROP TABLE policy_version
-- next
DROP TABLE evidence_link
-- next
DROP TABLE IF EXISTS complaint_search
-- next
DROP TABLE complaint
-- next
DROP TABLE audit_sample
-- next
DROP TABLE audit_row
-- next
DROP TABLE audit_checklist
-- next
DROP TABLE audit_member
-- next
DROP TABLE action_attempt
-- next
DROP TABLE policy
-- next
DROP TABLE pack
-- next
DROP TABLE journal_personal
-- next
DROP TABLE evidence_file
-- next
DROP TABLE import_run
-- next
DROP TABLE numbering
-- next
DROP TABLE job
-- next
DROP TABLE audit
-- next
DROP TABLE action
-- next
DROP TABLE sign_in_link
-- next
DROP TABLE membership
-- next
DROP TABLE journal_head
-- next
DROP TABLE journal_entry
-- next
DROP TABLE outbox_mail
-- next
DROP TABLE person
-- next
DROP TABLE organisation
