"""Pages of actions. The worker's part is imported with them, as in other slices."""

from auditkit.actions import jobs
from auditkit.actions.views import board, bodies, core, exchange, path, settings
from auditkit.actions.views.blueprint import bp

__all__ = ["board", "bodies", "bp", "core", "exchange", "jobs", "path", "settings"]
