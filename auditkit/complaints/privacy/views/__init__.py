"""Pages of personal data: times of keeping (`keeping`), one case (`case`), requests of people (`requests`).

Importing them makes the worker look for cases whose time of keeping ends.
"""

from auditkit.complaints.privacy import jobs
from auditkit.complaints.privacy.views import case, keeping, requests
from auditkit.complaints.privacy.views.blueprint import bp

__all__ = ["bp", "case", "jobs", "keeping", "requests"]
