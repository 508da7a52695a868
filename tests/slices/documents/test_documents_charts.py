"""A chart as CSV, XLSX and PNG: the numbers of its table, and where they come from."""

import io

import pytest
from python_calamine import CalamineWorkbook

from auditkit.base import clock
from auditkit.base.charts import ENGLISH, Bar, Pareto
from auditkit.documents.charts import chart_file

CHART = Pareto(
    name="p", title="Causes", measure="Complaints", of="Cause", formula="Counted once each", source="Register, 2026",
    bars=[Bar("=1+1", (3,)), Bar("Delivery", (6,))],
)  # fmt: skip


def test_a_chart_leaves_as_its_table_with_numbers_and_without_formulas():
    lines = chart_file(CHART, "csv", ENGLISH, clock.now()).decode("utf-8-sig").splitlines()
    assert lines[0] == "Cause,Complaints,Share,Share up to here"
    assert lines[2].startswith("'=1+1,3,0.333")
    book = CalamineWorkbook.from_filelike(io.BytesIO(chart_file(CHART, "xlsx", ENGLISH, clock.now())))
    rows = book.get_sheet_by_name("Causes").to_python()
    assert rows[1][:2] == ["Delivery", 6]
    assert ["Formula", "Counted once each"] in book.get_sheet_by_name("About").to_python()


def test_a_chart_leaves_as_a_picture():
    assert chart_file(CHART, "png", ENGLISH, clock.now()).startswith(b"\x89PNG")


def test_another_kind_is_no_kind_of_file():
    with pytest.raises(KeyError):
        chart_file(CHART, "exe", ENGLISH, clock.now())
