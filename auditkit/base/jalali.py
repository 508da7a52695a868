"""The Persian (Solar Hijri) calendar by the 33-year rule, right for 1178-1633 (1799-2254). Pure.

Days are read from files by it and shown by it where a page or letter is Persian (decision 15).
Checked by tests/rules/test_jalali.py against days known from published calendars.
"""

from datetime import date, timedelta
from functools import cache

FIRST_YEAR, LAST_YEAR = 1200, 1600
MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)

_LEAP_REMAINDERS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_EPOCH_1300 = date(1921, 3, 21)  # 1 Farvardin 1300
_MONTH_STARTS = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)
_SECOND_HALF = 186  # days of the six months of 31 days, before those of 30
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def is_leap(year: int) -> bool:
    """Whether the Jalali `year` has 366 days."""
    return year % 33 in _LEAP_REMAINDERS


def jalali_to_gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Gregorian day of a Jalali one. Raises ValueError for a day the calendar does not have."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        raise ValueError(f"{year}/{month}")
    days_in_month = 31 if month <= 6 else 30 if month <= 11 or is_leap(year) else 29
    if not 1 <= day <= days_in_month:
        raise ValueError(f"{year}/{month}/{day}")
    found = _new_year(year) + timedelta(days=_MONTH_STARTS[month - 1] + day - 1)
    return found.year, found.month, found.day


def gregorian_to_jalali(day: date) -> tuple[int, int, int]:
    """(year, month, day) of a Gregorian day. Raises ValueError outside the years 1200 to 1600 (1821 to 2222)."""
    year = day.year - 621
    if not FIRST_YEAR < year <= LAST_YEAR:
        raise ValueError(str(day))
    if day < _new_year(year):
        year -= 1
    passed = (day - _new_year(year)).days
    if passed < _SECOND_HALF:
        return year, passed // 31 + 1, passed % 31 + 1
    return year, (passed - _SECOND_HALF) // 30 + 7, (passed - _SECOND_HALF) % 30 + 1


def persian_digits(text: str) -> str:
    """`text` with the digits of Persian."""
    return text.translate(_DIGITS)


def day_in_persian(day: date) -> str:
    """۱ فروردین ۱۴۰۵ for 21 March 2026. Raises ValueError as `gregorian_to_jalali`."""
    year, month, number = gregorian_to_jalali(day)
    return persian_digits(f"{number} {MONTHS[month - 1]} {year}")


@cache
def _new_year(year: int) -> date:
    if year >= 1300:
        days = 365 * (year - 1300) + sum(1 for other in range(1300, year) if is_leap(other))
    else:
        days = -365 * (1300 - year) - sum(1 for other in range(year, 1300) if is_leap(other))
    return _EPOCH_1300 + timedelta(days=days)
