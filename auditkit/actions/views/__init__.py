"""Pages of actions."""

from auditkit.actions.views.core import bp

__all__ = ["bp"]
