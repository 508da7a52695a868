DROP TABLE policy_import
-- next
DROP TABLE record_keeping
-- next
DROP TABLE policy_translation_version
-- next
DROP TABLE policy_translation
-- next
DROP TABLE policy_notice
-- next
DROP TABLE policy_confirmation
-- next
DROP TABLE policy_reader
-- next
DROP TABLE policy_step
-- next
DROP TABLE policy_round
-- next
DROP TABLE policy_approver
-- next
DROP TABLE policy_stated
-- next
DROP TABLE organisation_fact
-- next
DROP TABLE policy_card
