"""A day as it stands in a letter, in the letter's language; in Persian by the calendar of Iran."""

from datetime import date

from babel.dates import format_date

from auditkit.base.jalali import day_in_persian
from auditkit.complaints.correspondence.rules import LANGUAGES


def written_day(day: date, language: str) -> str:
    """`day` in words: 2 March 2026; ۱۱ اسفند ۱۴۰۴."""
    if language == "fa":
        return day_in_persian(day)
    known = language in LANGUAGES and language != "en"
    return format_date(day, "long", locale=language if known else "en_GB")
