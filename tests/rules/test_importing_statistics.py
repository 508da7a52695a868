"""Tables of counts are told from registers by two signs; every shared register passes without one."""

import csv
import gzip
import io
from itertools import islice

import pytest

from auditkit.complaints.importing.statistics import is_period, signs_of_statistics

COUNTS = [[f"2026-{month:02}", "Late", str(month * 7)] for month in range(1, 10)]
STORIES = [
    [f"C-{n}", "2026-01-05", f"The kettle number {n} leaks at its seam", str(n % 3), str(n)] for n in range(1, 20)
]


@pytest.mark.parametrize(
    ("names", "rows", "told"),
    [
        (["Month", "Category", "Number of complaints"], COUNTS, ["hold counts", "months", "no column"]),
        (["Ay", "Tür", "Toplam"], [["Ocak 2026", "Geç", "12"]] * 5, ["hold counts", "months", "no column"]),
        (["ماه", "نوع", "تعداد"], [["فروردین ۱۴۰۴", "دیر", "۱۲"]] * 5, ["hold counts", "months", "no column"]),
        (["Отдел", "Количество жалоб", "Доля"], [["Склад", "12", "4,5 %"]] * 5, ["hold counts", "no column"]),
        (["Branch", "2021", "2022", "2023"], [["North side of the town", "5", "6", "7"]] * 4, ["periods"]),
        (["Branch", "Jan 2026", "Feb 2026", "Mar 2026"], [["North", "5", "6", "7"]] * 4, ["periods"]),
        (
            ["Quarter", "Region"],
            [["Q1 2026", "North"], ["Q2 2026", "North"], ["Q3 2026", "West"]],
            ["months", "no column"],
        ),
    ],
)
def test_counts_are_recognised(names, rows, told) -> None:
    signs = signs_of_statistics(names, rows)
    assert len(signs) == len(told)
    for sign, words in zip(signs, told, strict=True):
        assert words in sign.text


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["Ref", "Received", "Subject", "Num of comments", "Total"], STORIES),  # counts, yet every row tells a story
        (["Ref", "Received", "Type"], [[str(n), f"2026-01-{n:02}", "Late"] for n in range(1, 20)]),
        (["Month", "Total"], [["2026-01", "1"], ["2026-02", "2"]]),  # too few rows to say
        (["Year", "Subject"], [["2026", f"The kettle number {n} leaks"] for n in range(9)]),
    ],
)
def test_registers_are_not(names, rows) -> None:
    assert signs_of_statistics(names, rows) == []


@pytest.mark.parametrize(
    "name",
    [
        "cfpb_148_snakecase_iso.csv",
        "cfpb_2827_full18_mmddyy.csv",
        "cfpb_3186_noid_mdyyyy.csv",
        "cfpb_tiny_insight.csv",
        "chicago_215781_iso_status_noaddr.csv.gz",
        "hoboken311_91_epoch.csv",
    ],
)
def test_shared_registers_draw_no_warning(shared, name) -> None:
    path = shared(f"complaints/{name}")
    content = path.read_bytes()
    with io.StringIO((gzip.decompress(content) if name.endswith(".gz") else content).decode(), newline="") as stream:
        reader = csv.reader(stream)
        names = next(reader)
        rows = [row for row in islice(reader, 2_000) if len(row) == len(names)]
    assert rows
    assert signs_of_statistics(names, rows) == []


@pytest.mark.parametrize("text", ["2026-01", "01/2026", "Q1 2026", "2026 Q3", "Jan 2026", "Январь", "Ocak 2026"])
def test_periods(text) -> None:
    assert is_period(text)


@pytest.mark.parametrize("text", ["2026-01-05", "05.01.2026", "Late 2026", "C-2026", "17", "North", ""])
def test_no_periods(text) -> None:
    assert not is_period(text)
