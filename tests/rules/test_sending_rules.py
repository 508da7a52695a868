"""When a dashboard is sent next, and which schedules are refused."""

from datetime import date
from typing import Any

import pytest

from auditkit.insights.rules import Span
from auditkit.insights.sending import rules
from auditkit.insights.sending.rules import Every


@pytest.mark.parametrize(
    ("every", "today", "following"),
    [
        (Every.WEEK, date(2026, 3, 2), date(2026, 3, 9)),  # a Monday
        (Every.WEEK, date(2026, 3, 8), date(2026, 3, 9)),
        (Every.MONTH, date(2026, 3, 1), date(2026, 4, 1)),
        (Every.MONTH, date(2026, 12, 31), date(2027, 1, 1)),
        (Every.QUARTER, date(2026, 1, 1), date(2026, 4, 1)),
        (Every.QUARTER, date(2026, 3, 31), date(2026, 4, 1)),
        (Every.QUARTER, date(2026, 11, 5), date(2027, 1, 1)),
    ],
)
def test_next_on(every: Every, today: date, following: date) -> None:
    assert rules.next_on(every, today) == following


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"span": Span.OWN}, rules.PeriodStands),
        ({"recipients": []}, rules.RecipientsMissing),
        ({"recipients": list(range(31)), "readers": range(31)}, rules.TooManyRecipients),
        ({"recipients": [1, 9]}, rules.RecipientMayNot),
        ({"already": 30}, rules.TooManySchedules),
    ],
)
def test_schedules(change: dict[str, Any], refusal: type[Exception] | None) -> None:
    given: dict[str, Any] = {"span": Span.LAST_MONTH, "recipients": [1, 2], "readers": [1, 2, 3], "already": 0}
    if refusal is None:
        rules.check_schedule(**(given | change))
    else:
        with pytest.raises(refusal):
            rules.check_schedule(**(given | change))
