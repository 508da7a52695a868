"""Pages of the clock: what is due (`queue`), one case (`case`), figures, and the settings (`working_time`, `limits`).

Importing them makes the clock follow the verbs of complaints and look for what has become due.
"""

from auditkit.complaints.clock import following, jobs
from auditkit.complaints.clock.views import case, catching_up, figures, limits, queue, working_time
from auditkit.complaints.clock.views.blueprint import bp

__all__ = ["bp", "case", "catching_up", "figures", "following", "jobs", "limits", "queue", "working_time"]
