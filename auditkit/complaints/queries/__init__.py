"""Reads of the register: its pages and exports (`register`), single complaints (`cases`) and figures over them
(`figures`), what was done with one (`histories`), what may belong to it (`alike`), how it stands for the gates
(`standings`), what was settled about handling (`settled`), complaints as evidence (`captured`).

Who needs one of them loads no other.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.complaints.queries.alike import Similar, repeats, similar
    from auditkit.complaints.queries.captured import snapshot, snapshot_part, snapshots
    from auditkit.complaints.queries.cases import Case, by_reference, oldest_open
    from auditkit.complaints.queries.figures import (
        PeriodCounts,
        newest_change,
        of_kind,
        period_counts,
        population,
        stage_counts,
    )
    from auditkit.complaints.queries.hands import hands_on
    from auditkit.complaints.queries.histories import (
        Assessment,
        Decision,
        Escalation,
        History,
        Investigation,
        LinkedCase,
        Note,
        Pause,
        Reclassification,
        Referral,
        Reopening,
        complaint_of,
        history,
        mentions_of,
        named,
        reference_of,
    )
    from auditkit.complaints.queries.presence import FILES, asked_first, rows_about, rows_of
    from auditkit.complaints.queries.register import (
        COUNTED_UP_TO,
        Due,
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
    from auditkit.complaints.queries.settled import LimitLine, Practice, limit_lines, limits, limits_stamp, practice
    from auditkit.complaints.queries.standings import standing
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "COUNTED_UP_TO",
    "FILES",
    "Assessment",
    "Case",
    "Decision",
    "Due",
    "Escalation",
    "ExportRow",
    "History",
    "Investigation",
    "LimitLine",
    "LinkedCase",
    "Note",
    "Pause",
    "PeriodCounts",
    "Practice",
    "Reclassification",
    "Referral",
    "Register",
    "RegisterRow",
    "Reopening",
    "Similar",
    "Sort",
    "Wanted",
    "asked_first",
    "by_reference",
    "complaint_of",
    "hands_on",
    "history",
    "import_runs",
    "limit_lines",
    "limits",
    "limits_stamp",
    "mentions_of",
    "named",
    "newest_change",
    "of_kind",
    "oldest_open",
    "period_counts",
    "population",
    "practice",
    "reference_of",
    "register_export",
    "register_page",
    "repeats",
    "rows_about",
    "rows_of",
    "similar",
    "snapshot",
    "snapshot_part",
    "snapshots",
    "stage_counts",
    "standing",
    "words_used",
]
