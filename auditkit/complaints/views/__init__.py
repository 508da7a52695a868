"""Pages of the register: the list (`register`), one complaint and taking one down (`case`)."""

from auditkit.complaints.views import case, register
from auditkit.complaints.views.blueprint import bp

__all__ = ["bp", "case", "register"]
