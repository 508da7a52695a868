"""Pages of registers: `lists` (all, one, workbook), `entry` (one entry), `acts` (done with it), `papers` (Word)."""

from auditkit.registers import reminding  # the worker's round is declared where it is imported
from auditkit.registers.views import acts, entry, lists, papers
from auditkit.registers.views.blueprint import bp

__all__ = ["acts", "bp", "entry", "lists", "papers", "reminding"]
