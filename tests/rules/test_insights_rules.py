"""Periods, selections and their addresses."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from auditkit.insights.rules import (
    Period,
    PeriodBackwards,
    PeriodTooLong,
    PeriodUnreadable,
    Selection,
    SelectionTooLong,
    Span,
    period_of,
    selection_from,
    selection_of,
)

TODAY = date(2026, 5, 14)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.THIS_MONTH, date(2026, 5, 1), TODAY),
        (Span.LAST_MONTH, date(2026, 4, 1), date(2026, 4, 30)),
        (Span.THIS_QUARTER, date(2026, 4, 1), TODAY),
        (Span.LAST_QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Span.THIS_YEAR, date(2026, 1, 1), TODAY),
        (Span.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (Span.TWELVE_MONTHS, date(2025, 6, 1), TODAY),
    ],
)
def test_named_periods(span: Span, first: date, last: date) -> None:
    assert period_of(span, TODAY) == Period(first, last)


def test_a_period_is_days_of_the_organisation() -> None:
    begins, ends = Period(date(2026, 3, 1), date(2026, 3, 31)).moments(ZoneInfo("Asia/Tehran"))
    assert begins == datetime(2026, 2, 28, 20, 30, tzinfo=UTC)
    assert ends == datetime(2026, 3, 31, 20, 30, tzinfo=UTC)


def test_the_period_before() -> None:
    assert Period(date(2026, 1, 1), date(2026, 3, 31)).before() == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert Period(date(2026, 3, 10), date(2026, 3, 12)).before() == Period(date(2026, 3, 7), date(2026, 3, 9))


def test_months_are_cut_to_the_period() -> None:
    found = Period(date(2025, 12, 15), date(2026, 2, 3)).months()
    assert [(one.first, one.last) for one in found] == [
        (date(2025, 12, 15), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 3)),
    ]


def test_a_selection_comes_back_from_its_address_and_from_what_is_kept() -> None:
    asked = Selection(
        Period(date(2026, 1, 1), date(2026, 3, 31)), categories=("delivery", ""), sites=("a & b",), severities=("high",)
    )
    assert selection_from(parse_qsl(asked.address), TODAY) == asked
    assert selection_of(asked.fixed()) == asked


def test_a_named_period_moves_on_with_the_days_and_a_kept_one_does_not() -> None:
    asked = selection_from([("period", "this-month")], TODAY)
    assert asked.address == "period=this-month"
    later = selection_from(parse_qsl(asked.address), date(2026, 6, 2))
    assert later.period == Period(date(2026, 6, 1), date(2026, 6, 2))
    assert selection_of(asked.fixed()).period == Period(date(2026, 5, 1), TODAY)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ([("from", "2026-01-01")], PeriodUnreadable),
        ([("from", "yesterday"), ("to", "2026-01-01")], PeriodUnreadable),
        ([("period", "the-war")], PeriodUnreadable),
        ([("period", "own")], PeriodUnreadable),
        ([("from", "2026-02-01"), ("to", "2026-01-01")], PeriodBackwards),
        ([("from", "0001-02-01"), ("to", "2026-01-01")], PeriodTooLong),
        ([("category", f"c{number}") for number in range(21)], SelectionTooLong),
    ],
)
def test_what_no_address_may_ask(asked: list[tuple[str, str]], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        selection_from(asked, TODAY)
