"""Tables of the clock. A limit is never changed in place: a new row takes over and the old one gets an end, so that a
complaint keeps the limits it came in under. Checked by tests/slices/complaints_clock/test_clock_constraints.py.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.complaints.clock.models.clocks import (
        POSTGRESQL_UNTIMED,
        SQLITE_UNTIMED,
        UNTIMED_ROWS,
        ClockHold,
        ComplaintClock,
        ComplaintUntimed,
        DueDigest,
        PauseLimit,
    )
    from auditkit.complaints.clock.models.dues import RUNNING, ComplaintDue
    from auditkit.complaints.clock.models.limits import TimeLimit, TimeLimitSet
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "POSTGRESQL_UNTIMED",
    "RUNNING",
    "SQLITE_UNTIMED",
    "UNTIMED_ROWS",
    "ClockHold",
    "ComplaintClock",
    "ComplaintDue",
    "ComplaintUntimed",
    "DueDigest",
    "PauseLimit",
    "TimeLimit",
    "TimeLimitSet",
]
