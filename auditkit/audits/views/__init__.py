"""Pages of audits: `plans` (list, plan, one audit), `running` (the rows), `findings`, `reports`."""

from auditkit.audits.views import findings, plans, reports, running, team
from auditkit.audits.views.blueprint import bp

__all__ = ["bp", "findings", "plans", "reports", "running", "team"]
