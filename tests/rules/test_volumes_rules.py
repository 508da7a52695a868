"""Months and numbers of volumes as people write them, and files whose every wrong row is named."""

from datetime import date

import pytest

from auditkit.base.errors import BadInput
from auditkit.insights.indicators.volumes import exact
from auditkit.insights.volumes import rules
from auditkit.insights.volumes.rules import FileEmpty, MonthToCome, MonthUnreadable, RowsRefused, Volume

TODAY = date(2026, 4, 15)
MARCH = date(2026, 3, 1)


@pytest.mark.parametrize("text", ["2026-03", " 2026-3 ", "2026-03-01", "2026-03-01 00:00:00", "2026-03-01T00:00"])
def test_months_are_read(text: str) -> None:
    assert rules.month_of(text, TODAY) == MARCH


@pytest.mark.parametrize("text", ["March", "", "2026-13", "2026-03-02", "03/2026", "0000-01", "1899-12", "2026"])
def test_other_words_are_no_month(text: str) -> None:
    with pytest.raises(MonthUnreadable):
        rules.month_of(text, TODAY)


def test_a_month_to_come_is_refused() -> None:
    assert rules.month_of("2026-04", TODAY) == date(2026, 4, 1)
    with pytest.raises(MonthToCome):
        rules.month_of("2026-05", TODAY)


@pytest.mark.parametrize("text", ["1500", "1,500", "1.500", "1 500", "1\u00a0500", "1’500", "1500.0", "۱۵۰۰"])
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    assert rules.number_of(text) == 1_500


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "1,50", "1000000001", "about 50", "1,500,00", "9" * 40])
def test_what_is_no_number_of_things(text: str) -> None:
    with pytest.raises(rules.VolumeImpossible):
        rules.number_of(text)


def test_a_file_is_read_and_kinds_are_spelt_as_before() -> None:
    lines = [
        (1, ["Month", "What", "How many"], ""),
        (2, ["2026-03", "ORDERS", "1,500"], ""),
        (4, ["2026-03", "Customers", "800", ""], ""),
        (5, ["2026-02", "customers", "790"], ""),
    ]
    assert rules.read(lines, ["orders"], TODAY) == [
        Volume(MARCH, "orders", 1_500),
        Volume(MARCH, "Customers", 800),
        Volume(date(2026, 2, 1), "Customers", 790),
    ]


def test_a_site_is_spelt_as_in_the_register() -> None:
    lines = [(1, ["2026-03", "orders", "9", " bakı "], ""), (2, ["2026-03", "orders", "8"], "")]
    found = rules.read(lines, [], TODAY, ["Bakı"])
    assert found == [Volume(MARCH, "orders", 9, "Bakı"), Volume(MARCH, "orders", 8)]
    with pytest.raises(RowsRefused) as refused:
        rules.read([(1, ["2026-03", "orders", "9", "x"], ""), (2, ["2026-03", "orders", "8", "X"], "")], [], TODAY)
    assert "orders, x stands in row 1 already" in refused.value.faults[0]


def test_every_wrong_row_is_named_and_nothing_is_taken() -> None:
    lines = [
        (1, ["2026-03", "orders", "1500"], ""),
        (2, ["march", "orders", "1500"], ""),
        (3, ["2026-02", "", "1500"], ""),
        (4, ["2026-02", "orders", "many"], ""),
        (6, ["2026-03", "Orders", "1600"], ""),
        (7, ["2026-01", "orders", "5", "North", "more"], ""),
        (8, ["2026-01"], "2 cells where the table has 3 columns"),
        (9, ["2027-01", "orders", "5"], ""),
    ]
    with pytest.raises(RowsRefused) as refused:
        rules.read(lines, [], TODAY)
    said = refused.value.faults
    assert [one.split(":")[0] for one in said] == ["Row 2", "Row 3", "Row 4", "Row 6", "Row 7", "Row 8", "Row 9"]
    assert "such as 2026-03" in said[0]
    assert "Say what is counted" in said[1]
    assert "whole number" in said[2]
    assert "stands in row 1 already" in said[3]
    assert "more than four cells" in said[4]
    assert "2 cells" in said[5]
    assert "not begun" in said[6]


def test_many_faults_are_cut_and_counted() -> None:
    with pytest.raises(RowsRefused) as refused:
        rules.read(((line, ["x1", "orders", "1"], "") for line in range(1, 71)), [], TODAY)
    assert len(refused.value.faults) == rules.MOST_FAULTS + 1
    assert "20" in refused.value.faults[-1]


@pytest.mark.parametrize("lines", [[], [(1, ["Month", "What", "How many"], "")]])
def test_a_file_without_rows_is_refused(lines: list[rules.Line]) -> None:
    with pytest.raises(FileEmpty):
        rules.read(lines, [], TODAY)


def test_what_is_written_can_be_read_again() -> None:
    volumes = [
        Volume(MARCH, "orders, paid", 1_500),
        Volume(MARCH, "customers", 7),
        Volume(MARCH, "customers", 3, "Bakı"),
    ]
    rows = [[str(cell) for cell in row] for row in rules.table(volumes)]
    assert rules.read([(number, row, "") for number, row in enumerate(rows, 1)], [], TODAY) == volumes


def test_the_refusals_are_input_errors() -> None:
    assert issubclass(RowsRefused, BadInput)


# Pearson and Hartley, Biometrika Tables for Statisticians I (1966), table 40: limits for the mean of a Poisson count.
@pytest.mark.parametrize(
    ("number", "low", "high"),
    [(1, 0.0253, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (20, 12.22, 30.89), (50, 37.11, 65.92)],
)
def test_the_interval_of_a_count_is_that_of_the_table(number: int, low: float, high: float) -> None:
    assert exact(number) == (pytest.approx(low, abs=0.006), pytest.approx(high, abs=0.006))
