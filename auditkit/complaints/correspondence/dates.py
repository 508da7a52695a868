"""A day as it stands in a letter, in the letter's language; in Persian by the calendar of Iran."""

from datetime import date

from babel.dates import format_date

from auditkit.complaints.importing.jalali import jalali_to_gregorian

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_PERSIAN_MONTHS = (
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


def written_day(day: date, language: str) -> str:
    """`day` in words: 2 March 2026; ۱۱ اسفند ۱۴۰۴."""
    if language == "fa":
        year, month, number = _jalali(day)
        return f"{number} {_PERSIAN_MONTHS[month - 1]} {year}".translate(_PERSIAN_DIGITS)
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def _jalali(day: date) -> tuple[int, int, int]:
    """(year, month, day) in the calendar of Iran; right where `jalali_to_gregorian` is."""
    year = day.year - 621
    if day < date(*jalali_to_gregorian(year, 1, 1)):
        year -= 1
    passed = (day - date(*jalali_to_gregorian(year, 1, 1))).days
    if passed < 186:
        return year, passed // 31 + 1, passed % 31 + 1
    return year, (passed - 186) // 30 + 7, (passed - 186) % 30 + 1
