"""Reads over audits: `plans` (lists and heads), `run` (the rows), `findings`, `grades`, `samples`, `registers`."""

from auditkit.audits.queries import findings, grades, plans, registers, run, samples

__all__ = ["findings", "grades", "plans", "registers", "run", "samples"]
