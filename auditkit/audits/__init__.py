"""Audits: plan, frozen checklist, run, findings, report."""
