"""Pages of actions."""

from auditkit.actions.views import board, bodies, core, exchange, path, settings
from auditkit.actions.views.blueprint import bp

__all__ = ["board", "bodies", "bp", "core", "exchange", "path", "settings"]
