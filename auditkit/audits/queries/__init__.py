"""Reads over audits: `briefs` (each in a few words), `plans` (lists and heads), `run` (the rows), `findings`, `grades`,
`samples`, `registers`."""

from auditkit.audits.queries import briefs, findings, grades, plans, registers, run, samples

__all__ = ["briefs", "findings", "grades", "plans", "registers", "run", "samples"]
