"""Days as documents write them."""

from datetime import date

import pytest
from babel.dates import format_date

from auditkit.base.long_day import day_of_month, long_day

DAYS = [date(2026, month, month) for month in range(1, 13)]


@pytest.mark.parametrize("language", ["en", "fa", "ru", "ka", "el", "az", "tr"])
def test_every_month_is_written_as_babel_writes_it(language: str) -> None:
    for day in DAYS:
        assert long_day(day, language) == format_date(day, "d MMMM y", locale=language)
        assert day_of_month(day, language) == format_date(day, "d MMMM", locale=language)


def test_english_is_written_without_leading_noughts() -> None:
    assert long_day(date(2026, 3, 2), "en") == "2 March 2026"
    assert day_of_month(date(2026, 12, 31), "en") == "31 December"
