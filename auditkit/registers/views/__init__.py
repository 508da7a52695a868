"""Pages of registers: `lists` (all, one, workbook), `entry` (one entry), `acts` (done with it), `papers` (Word), `own`
(a register of the organisation's own).
"""

from auditkit.registers import reminding  # the worker's round is declared where it is imported
from auditkit.registers.views import acts, entry, lists, own, papers
from auditkit.registers.views.blueprint import bp

__all__ = ["acts", "bp", "entry", "lists", "own", "papers", "reminding"]
