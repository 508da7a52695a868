"""Pages of the register: the list (`register`), one complaint (`case`), what is done with it (`acts`), settings."""

from auditkit.complaints import mentioning
from auditkit.complaints.views import acts, case, practice, register
from auditkit.complaints.views.blueprint import bp

__all__ = ["acts", "bp", "case", "mentioning", "practice", "register"]
