"""Pages of importing: the upload and its look (`upload`), what came of it (`results`), earlier imports (`runs`),
profiles that are kept (`profiles`), and how the long work is shown (`work`)."""

from auditkit.complaints.importing.views import profiles, results, runs, upload, work
from auditkit.complaints.importing.views.blueprint import bp

__all__ = ["bp", "profiles", "results", "runs", "upload", "work"]
