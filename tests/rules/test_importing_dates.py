"""Dates: one format per column, decided over the column; impossible days are faults; nothing is guessed per row."""

from datetime import UTC, datetime

import pytest

from auditkit.complaints.importing.dates import (
    FORMATS,
    FormatFinder,
    Moment,
    NotInFormatError,
    latest_possible,
    reader,
    undecided,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # parts never include tzinfo


def verdict(*cells: str, empty: tuple[str, ...] = ()) -> tuple[str | None, tuple[str, ...]]:
    finder = FormatFinder(empty)
    for cell in cells:
        finder.add(cell)
    found = finder.verdict()
    return found.name, found.rivals


@pytest.mark.parametrize(
    ("name", "text", "expected", "has_time"),
    [
        ("iso", "2026-01-05", utc(2026, 1, 5), False),
        ("iso", "2026-01-05T10:00:00+04:00", utc(2026, 1, 5, 6), True),
        ("iso", "2026-01-05 23:59:59.123456Z", utc(2026, 1, 5, 23, 59, 59, 123456), True),
        ("MM/DD/YY", "03/22/23", utc(2023, 3, 22), False),
        ("MM/DD/YY", "1/1/70", utc(1970, 1, 1), False),
        ("MM/DD/YYYY", "7/9/2013", utc(2013, 7, 9), False),
        ("MM/DD/YYYY", "7/9/2013 1:05 PM", utc(2013, 7, 9, 13, 5), True),
        ("DD.MM.YYYY", "05.01.2026", utc(2026, 1, 5), False),
        ("DD/MM/YYYY", "13/04/2026", utc(2026, 4, 13), False),
        ("epoch", "1538492521", utc(2018, 10, 2, 15, 2, 1), True),
        ("epoch-ms", "1538492521000", utc(2018, 10, 2, 15, 2, 1), True),
        ("excel", "46027", utc(2026, 1, 5), False),
        ("jalali", "۱۴۰۴/۱۰/۱۵", utc(2026, 1, 5), False),
        ("jalali", "1404/10/16", utc(2026, 1, 6), False),
    ],
)
def test_a_cell_is_read_in_the_format_of_its_column(name: str, text: str, expected: datetime, has_time: bool) -> None:
    assert reader(name)(text) == Moment(expected, has_time)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso", "2026-02-30"),
        ("iso", "0000-00-00"),
        ("iso", "1404-10-15"),
        ("iso", "yesterday"),
        ("iso", "2026-01-05T25:00:00"),
        ("iso", "2026-01-05+04:00"),
        ("YYYY/MM/DD", "1404/10/15"),
        ("MM/DD/YYYY", "13/04/2026"),
        ("DD/MM/YYYY", "04/13/2026"),
        ("epoch", "99999999999999"),
        ("excel", "7"),
        ("jalali", "1404/12/30"),
        ("jalali", "2026/01/05"),
    ],
)
def test_what_is_no_day_in_the_format_is_refused_with_its_text(name: str, text: str) -> None:
    with pytest.raises(NotInFormatError) as refused:
        reader(name)(text)
    assert text in refused.value.args[0].text


def test_an_unsettled_column_is_not_read_at_all() -> None:
    with pytest.raises(NotInFormatError):
        undecided("2026-01-05")


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (("03/22/23", "01/02/23"), "MM/DD/YY"),
        (("7/29/2013", "1/2/2013"), "MM/DD/YYYY"),
        (("13/1/2026", "5/1/2026"), "DD/MM/YYYY"),
        (("2017-03-21",), "iso"),
        (("05.01.2026",), "DD.MM.YYYY"),
        (("1538492521",), "epoch"),
        (("۱۴۰۴/۱۰/۱۵", "1404/10/16"), "jalali"),
        (("20260105",), "YYYYMMDD"),
        (("12/25/2026",) * 50 + ("25/12/2026",), "MM/DD/YYYY"),
    ],
)
def test_the_column_decides(cells: tuple[str, ...], name: str) -> None:
    assert verdict(*cells) == (name, ())


def test_days_that_fit_both_orders_stay_a_question() -> None:
    assert verdict("5/1/2026", "3/4/2026") == (None, ("DD/MM/YYYY", "MM/DD/YYYY"))


def test_a_column_that_contradicts_itself_stays_a_question() -> None:
    assert verdict("03/04/2026", "13/04/2026", "14/04/2026", "04/13/2026")[0] is None
    assert verdict("2026-01-05", "05.01.2026", "01/05/26")[0] is None


def test_words_that_mean_nothing_do_not_count() -> None:
    assert verdict("N/A", "n/a", "", "2026-01-05", empty=("N/A",)) == ("iso", ())


def test_what_has_happened_cannot_lie_in_the_future() -> None:
    latest = latest_possible(datetime(2026, 3, 2, tzinfo=UTC))
    assert reader("DD.MM.YYYY")("31.12.2099").at > latest
    assert reader("iso")("2026-03-02").at <= latest
    assert reader("iso")("2026-03-02T23:00:00-11:00").at > reader("iso")("2026-03-02").at


def test_every_format_reads_something_that_no_other_must_be_asked_for() -> None:
    assert len(FORMATS) == len(set(FORMATS)) == 16


def test_words_among_dates_are_faults_of_their_rows_and_no_question() -> None:
    assert verdict("2026-01-05", "2026-13-05", "yesterday", "2026-01-06") == ("iso", ())
    assert verdict("2026-01-05", "soon", "later")[0] is None
