"""How the complaints received in a period lie over its months and over the words of a column, as of a moment.

Checked by tests/slices/reviews/test_review_charts.py.
"""

from typing import Any

from sqlalchemy import func, literal_column, select

from auditkit.complaints.models import Complaint
from auditkit.insights.indicators import ways
from auditkit.insights.indicators.frame import Frame

RECEIVED = ways.BY_NAME["received"]


def by_month(counted: Frame) -> list[tuple[str, int]]:
    """(2026-03, how many), every calendar month of the period."""
    month = func.substr(counted.local_day(Complaint.received_at), 1, 7).label("month")
    found = _counts(counted, month, literal_column("month"))
    return [(name, found.get(name, 0)) for name in (f"{one.first:%Y-%m}" for one in counted.selection.period.months())]


def by_category(counted: Frame) -> list[tuple[str, int]]:
    """(category, how many), most first; an empty word for those that have none."""
    found = _counts(counted, Complaint.category, Complaint.category)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _counts(counted: Frame, column: Any, group: Any) -> dict[str, int]:
    query = select(column, func.count()).where(*RECEIVED.of(counted)).group_by(group)
    return {row[0]: int(row[1]) for row in counted.tx.execute(query)}
