"""Frozen figures: what a report stated, kept with its question, days and records, to be computed again later."""
