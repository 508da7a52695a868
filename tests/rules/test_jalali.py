"""The Persian calendar: days that published calendars agree on, there and back, and in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from auditkit.base.jalali import (
    FIRST_YEAR,
    LAST_YEAR,
    day_in_persian,
    gregorian_to_jalali,
    is_leap,
    jalali_to_gregorian,
)

# Days that calendars and newspapers agree on, leap years among them.
KNOWN = [
    ((1405, 1, 1), (2026, 3, 21)),
    ((1404, 12, 29), (2026, 3, 20)),
    ((1404, 10, 15), (2026, 1, 5)),
    ((1404, 7, 1), (2025, 9, 23)),
    ((1404, 6, 31), (2025, 9, 22)),
    ((1404, 1, 1), (2025, 3, 21)),
    ((1403, 12, 30), (2025, 3, 20)),
    ((1400, 1, 1), (2021, 3, 21)),
    ((1399, 12, 30), (2021, 3, 20)),
    ((1357, 11, 22), (1979, 2, 11)),
    ((1348, 10, 11), (1970, 1, 1)),
    ((1300, 1, 1), (1921, 3, 21)),
]


@pytest.mark.parametrize(("jalali", "gregorian"), KNOWN)
def test_known_days_are_the_same_day_in_both_calendars(
    jalali: tuple[int, int, int], gregorian: tuple[int, int, int]
) -> None:
    assert jalali_to_gregorian(*jalali) == gregorian
    assert gregorian_to_jalali(date(*gregorian)) == jalali


@given(some.dates(date(1822, 4, 1), date(2221, 12, 31)))
def test_a_day_comes_back_from_the_other_calendar(day: date) -> None:
    assert date(*jalali_to_gregorian(*gregorian_to_jalali(day))) == day


@given(some.dates(date(1822, 4, 1), date(2221, 12, 30)))
def test_the_day_after_is_the_next_one(day: date) -> None:
    (year, month, number), after = gregorian_to_jalali(day), gregorian_to_jalali(day + timedelta(days=1))
    first_of_next = (year + 1, 1, 1) if month == 12 else (year, month + 1, 1)
    assert after in {(year, month, number + 1), first_of_next}
    assert 1 <= number <= (31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29)


def test_every_jalali_day_follows_the_one_before() -> None:
    here = date(*jalali_to_gregorian(1250, 1, 1))
    for year in range(1250, 1550):
        for month in range(1, 13):
            days = 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29
            for day in range(1, days + 1):
                assert jalali_to_gregorian(year, month, day) == (here.year, here.month, here.day)
                here += timedelta(days=1)


@pytest.mark.parametrize(
    "impossible", [(1404, 12, 30), (1404, 7, 31), (1404, 13, 1), (1404, 1, 0), (FIRST_YEAR - 1, 1, 1), (2026, 1, 5)]
)
def test_days_that_the_calendar_does_not_have_are_refused(impossible: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=str(impossible[0])):
        jalali_to_gregorian(*impossible)


@pytest.mark.parametrize("year", [FIRST_YEAR + 620, LAST_YEAR + 622, 9999])
def test_days_outside_the_rule_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        gregorian_to_jalali(date(year, 6, 1))


def test_a_day_in_words_has_persian_digits() -> None:
    assert day_in_persian(date(2026, 3, 21)) == "۱ فروردین ۱۴۰۵"
    assert day_in_persian(date(2026, 11, 22)) == "۱ آذر ۱۴۰۵"
