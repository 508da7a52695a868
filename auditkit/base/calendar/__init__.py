"""The working-day calendar (decision 13): which days and hours count, and when a time limit is up.

`days` and `counting` are pure; `public_holidays` asks the library; `kept` stores an organisation's calendar and freezes
what a date was computed with. Checked by tests/rules/test_calendar_counting.py and tests/slices/base/test_calendar.py.
"""

from auditkit.base.calendar.counting import Due, Limit, Line, Pause, Unit, count, running_share
from auditkit.base.calendar.days import Calendar, Closed

__all__ = ["Calendar", "Closed", "Due", "Limit", "Line", "Pause", "Unit", "count", "running_share"]
