"""Reads over audits: `plans` (lists and heads), `run` (the rows), `findings`, `registers` (for packs)."""

from auditkit.audits.queries import findings, plans, registers, run

__all__ = ["findings", "plans", "registers", "run"]
