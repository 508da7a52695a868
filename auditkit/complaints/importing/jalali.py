"""The Persian (Solar Hijri) calendar by the 33-year rule, right for 1178-1633 (1799-2254). Pure.

Checked by tests/rules/test_importing_dates.py against days known from published calendars.
"""

from datetime import date, timedelta

_LEAP_REMAINDERS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_EPOCH_1300 = date(1921, 3, 21)  # 1 Farvardin 1300
_MONTH_STARTS = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)


def is_leap(year: int) -> bool:
    """Whether the Jalali `year` has 366 days."""
    return year % 33 in _LEAP_REMAINDERS


def jalali_to_gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Gregorian day of a Jalali one. Raises ValueError for a day the calendar does not have."""
    if not 1200 <= year <= 1600 or not 1 <= month <= 12:
        raise ValueError(f"{year}/{month}")
    days_in_month = 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29
    if not 1 <= day <= days_in_month:
        raise ValueError(f"{year}/{month}/{day}")
    if year >= 1300:
        days = 365 * (year - 1300) + sum(1 for other in range(1300, year) if is_leap(other))
    else:
        days = -365 * (1300 - year) - sum(1 for other in range(year, 1300) if is_leap(other))
    found = _EPOCH_1300 + timedelta(days=days + _MONTH_STARTS[month - 1] + day - 1)
    return found.year, found.month, found.day
