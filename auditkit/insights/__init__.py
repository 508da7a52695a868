"""Indicators and statistics over complaints, audits and actions (clauses 8.1 to 8.4, annex I of ISO 10002:2018)."""
