"""XLSX and CSV: nothing runs as a formula, everything survives a round trip, the same bytes, any length."""

# ruff: noqa: DTZ001 - a spreadsheet knows no zones: times without one are what is tested

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from auditkit.documents import tables
from auditkit.documents.tables import Cell, Column, Sheet, guard, unguard, write_csv, write_xlsx

TWO = [Column("Reference"), Column("Text", 40)]


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[list[Cell]], columns: list[Column] = TWO) -> bytes:
    out = io.BytesIO()
    write_csv(out, columns, rows)
    return out.getvalue()


def as_xlsx(rows: list[list[Cell]], columns: list[Column] = TWO) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, [Sheet("Register", columns, rows)])
    return out.getvalue()


def xlsx_rows(content: bytes, sheet: int = 0) -> list[list[object]]:
    rows: list[list[object]] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()
    return rows


def sheet_xml(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


@given(st.text(st.characters(codec="utf-8"), max_size=30) | st.from_regex(r"'*\s*[=+@\-＝].*"))
def test_guarding_is_reversible_for_every_text(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text) == "" or guard(text)[0] not in "=+-@\t\r\n＝"


@pytest.mark.parametrize("text", ["plain", "", "'quoted'", "it's", "a=b", "O'Neil", "' spaced", "1-2"])
def test_a_text_that_cannot_run_is_left_alone_both_ways(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


def test_the_shared_formula_file_leaves_harmless_and_comes_back_unharmed(shared: Callable[[str], Path]) -> None:
    with shared("bad_inputs/csv/formula_injection.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    columns = [Column(title) for title in head]

    leaving = csv_rows(as_csv([list(row) for row in rows], columns))
    back = [[unguard(cell) for cell in row] for row in leaving[1:]]
    sheet = as_xlsx([list(row) for row in rows], columns)

    assert len(rows) == 4
    assert back == rows
    assert rows[3][2] == "+995 555 123456"
    for row in leaving[1:]:
        for cell in row:
            assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝")
    assert xlsx_rows(sheet)[1:] == rows
    assert "<f>" not in sheet_xml(sheet)


def test_numbers_dates_and_texts_keep_their_kind() -> None:
    here = timezone(timedelta(hours=4))
    row: list[Cell] = [
        -5, 2.5, Decimal("1.20"), True, None, date(2026, 1, 5), datetime(2026, 1, 5, 13, 30),
        datetime(2026, 1, 5, 3, 30, tzinfo=here), 10**16, "0012", date(1899, 5, 1), float("inf"),
    ]  # fmt: skip
    columns = [Column(str(number)) for number in range(len(row))]

    assert xlsx_rows(as_xlsx([row], columns))[1] == [
        -5, 2.5, 1.2, True, "", date(2026, 1, 5), datetime(2026, 1, 5, 13, 30), datetime(2026, 1, 4, 23, 30),
        "10000000000000000", "0012", "1899-05-01", "inf",
    ]  # fmt: skip
    assert csv_rows(as_csv([row], columns))[1] == [
        "-5", "2.5", "1.20", "true", "", "2026-01-05", "2026-01-05 13:30:00", "2026-01-04 23:30:00",
        "10000000000000000", "0012", "1899-05-01", "inf",
    ]  # fmt: skip


def test_what_xml_cannot_hold_is_written_as_excel_writes_it_and_nothing_else_is() -> None:
    texts = {
        "a_b __ _x12 _xyz1_": "a_b __ _x12 _xyz1_",
        "_x0041_ and x0041_": "_x005F_x0041_ and x0041_",
        "\x01<&>\x0b": "_x0001_&lt;&amp;&gt;_x000B_",
    }

    xml = sheet_xml(as_xlsx([["x", text] for text in texts]))

    assert all(f">{written}</t>" in xml for written in texts.values())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=30), max_size=5))
def test_every_text_survives_a_workbook(texts: list[str]) -> None:
    rows: list[list[Cell]] = [["x", text] for text in texts]

    assert [row[1] for row in xlsx_rows(as_xlsx(rows))[1:]] == texts


def test_the_same_rows_give_the_same_bytes_and_no_clock_is_inside() -> None:
    rows: list[list[Cell]] = [["C-1", "text"]]

    assert as_xlsx(rows) == as_xlsx(rows)
    assert as_csv(rows) == as_csv(rows)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(rows))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"created" not in archive.read("docProps/core.xml")


def test_a_given_time_stands_in_the_properties_in_utc() -> None:
    out = io.BytesIO()
    write_xlsx(out, [Sheet("s", TWO, [])], title="A & B", created=datetime(2026, 3, 1, 9, tzinfo=UTC))

    core = zipfile.ZipFile(out).read("docProps/core.xml").decode()
    assert "2026-03-01T09:00:00Z" in core
    assert "<dc:title>A &amp; B</dc:title>" in core


def test_titles_of_sheets_are_made_acceptable_and_unique() -> None:
    out = io.BytesIO()
    write_xlsx(out, [Sheet(title, TWO, []) for title in ("a/b", "A:B", "x" * 40, "x" * 40, "''", "it's")])

    names = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).sheet_names
    assert names == ["a b", "A B (2)", "x" * 31, "x" * 27 + " (2)", "Sheet", "it's"]


def test_rows_that_do_not_fit_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_IN_A_SHEET", 3)
    content = as_xlsx([[number, "x"] for number in range(5)])

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert workbook.sheet_names == ["Register", "Register (2)", "Register (3)"]
    assert [[row[0] for row in xlsx_rows(content, sheet)[1:]] for sheet in range(3)] == [[0, 1], [2, 3], [4]]


def test_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    out = io.BytesIO()
    written = write_xlsx(out, [Sheet("s", TWO, [["C-1", "x" * 40_000]])])

    text = str(xlsx_rows(out.getvalue())[1][1])
    assert written == tables.Written(rows=1, cut=1)
    assert len(text) == 32_767
    assert text.endswith("[cut here: the text has 40000 characters, a cell holds 32767]")


def test_rows_are_streamed_not_gathered() -> None:
    import tracemalloc

    def many() -> Iterator[list[Cell]]:
        for number in range(30_000):
            yield [number, "Some words of a complaint that take a little room"]

    tracemalloc.start()
    try:
        write_xlsx(_Nowhere(), [Sheet("s", TWO, many())])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4_000_000


class _Nowhere(io.BytesIO):
    """Forgets what it is given, but knows where it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.at = self.end = 0

    def write(self, content: Any) -> int:
        length = len(content)
        self.at += length
        self.end = max(self.end, self.at)
        return length

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset
        return offset


def test_a_table_that_fails_half_way_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> Iterator[list[Cell]]:
        yield ["C-1", "x"]
        raise LookupError

    for write in (
        lambda: write_xlsx(tmp_path / "a.xlsx", [Sheet("s", TWO, failing())]),
        lambda: write_csv(tmp_path / "a.csv", TWO, failing()),
    ):
        with pytest.raises(LookupError):
            write()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="install LibreOffice (Debian: libreoffice-calc-nogui)")
def test_libreoffice_reads_the_workbook_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(as_xlsx([["=1+1", "+995 555 123456"], ["@SUM(1+1)", "-10 % refused"]]))

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv",
         "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [["=1+1", "+995 555 123456"], ["@SUM(1+1)", "-10 % refused"]]
