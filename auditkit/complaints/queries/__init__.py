"""Reads of the register: its pages and exports (`register`), single complaints and figures (`cases`)."""

from auditkit.complaints.queries.cases import (
    Case,
    PeriodCounts,
    by_reference,
    newest_change,
    oldest_open,
    period_counts,
    population,
    snapshot,
    snapshots,
    stage_counts,
)
from auditkit.complaints.queries.register import (
    COUNTED_UP_TO,
    ExportRow,
    Register,
    RegisterRow,
    Sort,
    Wanted,
    import_runs,
    register_export,
    register_page,
    words_used,
)

__all__ = [
    "COUNTED_UP_TO",
    "Case",
    "ExportRow",
    "PeriodCounts",
    "Register",
    "RegisterRow",
    "Sort",
    "Wanted",
    "by_reference",
    "import_runs",
    "newest_change",
    "oldest_open",
    "period_counts",
    "population",
    "register_export",
    "register_page",
    "snapshot",
    "snapshots",
    "stage_counts",
    "words_used",
]
