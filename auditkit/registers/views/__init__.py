"""Pages of registers: `lists` (all, one, workbook), `entry` (one entry), `acts` (what is done with it)."""

from auditkit.registers import reminding  # the worker's round is declared where it is imported
from auditkit.registers.views import acts, entry, lists
from auditkit.registers.views.blueprint import bp

__all__ = ["acts", "bp", "entry", "lists", "reminding"]
