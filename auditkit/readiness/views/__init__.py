"""Pages of readiness."""

from auditkit.readiness.views import cells, matrix
from auditkit.readiness.views.blueprint import bp

__all__ = ["bp", "cells", "matrix"]
