DROP TRIGGER audit_row_signed_insert
-- next
DROP TRIGGER audit_row_signed_update
-- next
DROP TRIGGER audit_row_signed_delete
-- next
DROP TRIGGER audit_member_signed_insert
-- next
DROP TRIGGER audit_member_signed_update
-- next
DROP TRIGGER audit_member_signed_delete
-- next
DROP TRIGGER audit_checklist_signed_insert
-- next
DROP TRIGGER audit_checklist_signed_update
-- next
DROP TRIGGER audit_checklist_signed_delete
-- next
DROP TRIGGER finding_signed_insert
-- next
DROP TRIGGER finding_signed_update
-- next
DROP TRIGGER finding_signed_delete
-- next
DROP TRIGGER audit_signed_update
-- next
DROP TRIGGER audit_signed_state
-- next
DROP TRIGGER audit_signed_delete
-- next
DROP TABLE audit_distribution
-- next
DROP TABLE audit_report_file
-- next
DROP TABLE audit_acknowledgement
-- next
DROP TABLE audit_amendment
-- next
DROP TABLE audit_signature
-- next
DROP TABLE audit_auditee
-- next
DROP TABLE audit_report_text
-- next
DROP TABLE finding_repeat
-- next
DROP TABLE finding_resolution
-- next
DROP TABLE finding_response
-- next
DROP TABLE grade_word
-- next
ALTER TABLE finding DROP COLUMN principles
-- next
ALTER TABLE finding DROP COLUMN grade_reason
-- next
ALTER TABLE finding DROP COLUMN gap
-- next
ALTER TABLE finding DROP COLUMN origin_text
-- next
ALTER TABLE finding DROP COLUMN origin_id
-- next
ALTER TABLE finding DROP COLUMN origin
