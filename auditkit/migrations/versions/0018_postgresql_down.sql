DROP TRIGGER audit_row_signed ON audit_row
-- next
DROP TRIGGER audit_member_signed ON audit_member
-- next
DROP TRIGGER audit_checklist_signed ON audit_checklist
-- next
DROP TRIGGER finding_signed ON finding
-- next
DROP TRIGGER audit_signed_update ON audit
-- next
DROP TRIGGER audit_signed_state ON audit
-- next
DROP TRIGGER audit_signed_delete ON audit
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
DROP FUNCTION audit_record_refuse()
-- next
DROP FUNCTION audit_signed_part_refuse()
-- next
DROP FUNCTION audit_signed_refuse()
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
