"""A day as documents write it: `2 March 2026`, in the language of the document.

English is written here: Babel would load tables of 4 MB for it, which a process that builds a pack does without
(decision 0007). tests/rules/test_long_day.py holds both to the same words.
"""

from datetime import date

from babel.dates import format_date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ENGLISH = "en"


def long_day(value: date, language: str) -> str:
    """`2 March 2026`."""
    if language == _ENGLISH:
        return f"{day_of_month(value, language)} {value.year}"
    return format_date(value, "d MMMM y", locale=language)


def day_of_month(value: date, language: str) -> str:
    """`2 March`."""
    if language == _ENGLISH:
        return f"{value.day} {MONTHS[value.month - 1]}"
    return format_date(value, "d MMMM", locale=language)
