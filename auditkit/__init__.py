"""auditkit: complaints handling, audits and evidence packs for ISO 10002."""
