"""Reads of the clock: one case (`cases`), what is due next (`queue`), figures (`figures`), settings (`limits`), and
what the worker looks for (`noticing`), and what has no due dates (`missing`)."""

from auditkit.complaints.clock.queries.cases import (
    CLOCK,
    CaseClock,
    DueView,
    HoldView,
    for_case,
    snapshots,
)
from auditkit.complaints.clock.queries.figures import PausedShare, TargetFigures, on_time, paused_share
from auditkit.complaints.clock.queries.limits import (
    LimitView,
    SetView,
    calendar_settings,
    limit_set,
    limit_sets,
    pause_table,
)
from auditkit.complaints.clock.queries.missing import Missing, import_named, missing, without_dates
from auditkit.complaints.clock.queries.noticing import (
    Waiting,
    channel_owners,
    houses_to_notice,
    mails_waiting,
    to_notice,
)
from auditkit.complaints.clock.queries.queue import (
    Load,
    NextDue,
    Queue,
    QueueRow,
    QueueWanted,
    counted,
    counts,
    loads,
    next_dues,
    queue,
    without_clock,
)

__all__ = [
    "CLOCK",
    "CaseClock",
    "DueView",
    "HoldView",
    "LimitView",
    "Load",
    "Missing",
    "NextDue",
    "PausedShare",
    "Queue",
    "QueueRow",
    "QueueWanted",
    "SetView",
    "TargetFigures",
    "Waiting",
    "calendar_settings",
    "channel_owners",
    "counted",
    "counts",
    "for_case",
    "houses_to_notice",
    "import_named",
    "limit_set",
    "limit_sets",
    "loads",
    "mails_waiting",
    "missing",
    "next_dues",
    "on_time",
    "pause_table",
    "paused_share",
    "queue",
    "snapshots",
    "to_notice",
    "without_clock",
    "without_dates",
]
