"""Reads over audits: `plans` (lists and heads), `run` (the rows), `findings`, `samples`, `registers` (for packs)."""

from auditkit.audits.queries import findings, plans, registers, run, samples

__all__ = ["findings", "plans", "registers", "run", "samples"]
