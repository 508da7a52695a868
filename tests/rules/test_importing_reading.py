"""Tables of any container: what a file is shows by its content, and every guess is announced."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from auditkit.base.errors import BadInput
from auditkit.complaints.importing.announcements import QUESTION
from auditkit.complaints.importing.guessing import is_known
from auditkit.complaints.importing.reading import Hints, Table, open_table

HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table_of(path: Path, **hints: Any) -> Table:
    return open_table(path, Hints(**hints), is_known)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows() if row.fault is None]


def faults(table: Table) -> list[tuple[int, str]]:
    return [(row.line, row.fault.text) for row in table.rows() if row.fault is not None]


def told(table: Table, about: str) -> str:
    return " ".join(one.text for one in table.announcements if one.about == about)


def test_encoding_delimiter_and_header_are_announced(shared) -> None:
    table = table_of(shared("bad_inputs/csv/cp1251_semicolon.csv"))
    assert "Windows-1251" in told(table, "encoding")
    assert "semicolon" in told(table, "delimiter")
    assert "Line 1" in told(table, "header")
    assert table.columns[:2] == ["Номер", "Получено"]
    assert cells(table) == [["Ж-1", "05.01.2026", "Иванов", " эл. почта", "Задержка; доставки", "Жду 3 недели"]]


def test_a_byte_order_mark_is_no_part_of_the_first_name(shared) -> None:
    assert table_of(shared("bad_inputs/csv/utf8_bom.csv")).columns[0] == "Reference"
    path = shared("bad_inputs/csv/utf8_bom.csv")
    assert table_of(path, encoding="utf-8").columns[0] == "Reference"


def test_excels_unicode_text_is_read(shared) -> None:
    table = table_of(shared("bad_inputs/csv/utf16le_bom_tab.csv"))
    assert (table.columns[0], cells(table)[0][2]) == ("Reference", "Жанна Ёлкина")


def test_the_same_table_as_csv_and_as_workbook_is_the_same(shared) -> None:
    text = table_of(shared("complaints/hoboken311_91_epoch.csv"))
    book = table_of(shared("complaints/hoboken311_91_epoch.xlsx"))
    assert text.columns == book.columns
    places = [text.columns.index(name) for name in ("Latitude", "Longitude")]  # the CSV was rounded when it was saved
    for row, other in zip(cells(text), cells(book), strict=True):
        assert [float(row[place]) for place in places] == pytest.approx([float(other[place]) for place in places])
        assert [cell for place, cell in enumerate(row) if place not in places] == [
            cell for place, cell in enumerate(other) if place not in places
        ]
    assert len(cells(book)) == 91


def test_a_workbook_with_the_name_of_a_csv_is_read_as_what_it_is(shared) -> None:
    table = table_of(shared("bad_inputs/csv/xlsx_named.csv"))
    assert table.container == "workbook"
    assert "5 sheets" in told(table, "sheet")


def test_a_sheet_can_be_chosen_and_a_wrong_name_says_which_there_are(shared) -> None:
    path = shared("bad_inputs/csv/xlsx_named.csv")
    assert table_of(path, sheet="answers_meta").sheet == "answers_meta"
    with pytest.raises(BadInput, match="library_meta"):
        table_of(path, sheet="nowhere")


def test_gzip_of_a_csv_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress((HEADS + "C-1,2026-01-05,Ann,web,x,y\n").encode()))
    assert cells(table_of(path)) == [["C-1", "2026-01-05", "Ann", "web", "x", "y"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n\n", "blank"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b'[{"Reference":"C-1"}]', "JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "JSON"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"MZ\x90\x00\x03", "program"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (gzip.compress(b""), "empty inside"),
        (gzip.compress(gzip.compress(b"a,b")), "another archive"),
        (gzip.compress(b"a,b\n1,2\n" * 4000)[:-20], "damaged or cut off"),
        (b"PK\x03\x04 nothing more", "damaged"),
    ],
)
def test_what_is_no_table_is_named_and_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        table_of(written(tmp_path, content))


@pytest.mark.parametrize("name", ["empty.csv", "json_named.csv"])
def test_shared_files_that_are_no_tables_are_refused(shared, name: str) -> None:
    with pytest.raises(BadInput):
        table_of(shared(f"bad_inputs/csv/{name}"))


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("complaints.csv", "a,b")
    with pytest.raises(BadInput, match="Unpack it"):
        table_of(path)


def test_a_workbook_too_large_to_hold_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(257):
                member.write(bytes(1 << 20))
    with pytest.raises(BadInput, match="256 MB"):
        table_of(path)


def test_ragged_rows_and_an_open_quote_are_faults_with_lines_and_nothing_shifts(shared) -> None:
    table = table_of(shared("bad_inputs/csv/ragged_rows.csv"))
    found = faults(table)
    assert [line for line, _reason in found] == [2, 3, 6]
    assert "4 cells where the table has 6" in found[0][1]
    assert "8 cells where the table has 6" in found[1][1]
    assert "quotation mark" in found[2][1]
    assert cells(table) == [["C-4", "2026-01-08", "Dee", "web", "x", "y"]]
    assert table.blank_rows == 2


def test_titles_above_the_table_are_left_out_and_told(shared) -> None:
    table = table_of(shared("bad_inputs/csv/preamble_rows.csv"))
    assert table.columns == ["No.", "Date", "Name", "Subject"]
    assert table.header_line == 4
    assert "Lines 1 to 3" in told(table, "header")


def test_without_a_header_the_first_row_is_data_and_columns_get_numbers(shared) -> None:
    table = table_of(shared("bad_inputs/csv/no_header.csv"))
    assert table.columns == [f"Column {number}" for number in range(1, 7)]
    assert [row[0] for row in cells(table)] == ["C-1", "C-2"]
    assert QUESTION in {one.kind for one in table.announcements if one.about == "header"}


def test_a_profile_answers_the_question_of_the_header(shared) -> None:
    table = table_of(shared("bad_inputs/csv/no_header.csv"), header="none")
    assert told(table, "header") == ""
    chosen = table_of(shared("bad_inputs/csv/preamble_rows.csv"), header=4)
    assert chosen.columns == ["No.", "Date", "Name", "Subject"]
    with pytest.raises(BadInput, match="line 99"):
        table_of(shared("bad_inputs/csv/preamble_rows.csv"), header=99)


def test_equal_and_empty_names_are_told_apart_by_position(shared) -> None:
    table = table_of(shared("bad_inputs/csv/dup_headers.csv"))
    assert table.columns == ["Reference", "Name", "Name (3)", "Column 4", "Date"]


def test_two_thousand_columns_are_read_and_ten_thousand_refused(shared, tmp_path: Path) -> None:
    assert len(table_of(shared("bad_inputs/csv/wide_2000_cols.csv")).columns) == 2000
    with pytest.raises(BadInput):
        table_of(written(tmp_path, ",".join(f"c{n}" for n in range(10_000)) + "\n" + "," * 9_999 + "x\n"))


def test_a_huge_cell_is_a_fault_of_its_row(shared) -> None:
    ((line, reason),) = faults(table_of(shared("bad_inputs/csv/huge_cell.csv")))
    assert line == 2
    assert "131,072" in reason


def test_bytes_that_are_not_utf8_cost_their_row_and_are_told(tmp_path: Path) -> None:
    good = "C-1,2026-01-05,Анна Петрова,web,Задержка,Жду уже три недели и никто не отвечает\n".encode()
    table = table_of(written(tmp_path, HEADS.encode() + good + b"C-2,2026-01-05,Ren\xe9,web,x,y\n" + good))
    assert "1 bytes are not UTF-8" in told(table, "encoding")
    assert [line for line, _reason in faults(table)] == [3]
    assert len(cells(table)) == 2


def test_a_wrong_encoding_in_a_profile_shows_in_the_rows(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, HEADS + "C-1,2026-01-05,Анна,web,x,y\n"), encoding="ascii")
    assert len(faults(table)) == 1
    with pytest.raises(BadInput, match="klingon"):
        table_of(written(tmp_path, HEADS), encoding="klingon")


def test_every_row_ending_in_a_delimiter_is_no_fault_of_the_rows(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, "Reference;Received;Subject\n1;2026-01-05;x;\n2;2026-01-06;y;\n"))
    assert faults(table) == []
    assert len(cells(table)) == 2


def test_a_file_that_auditkit_wrote_gives_its_texts_back(tmp_path: Path) -> None:
    path = written(tmp_path, HEADS + "C-1,2026-01-05,'+995 555,web,'=1+1,O'Neil\n")
    assert cells(table_of(path))[0][2] == "'+995 555"
    assert cells(table_of(path, guarded=True))[0][2:] == ["+995 555", "web", "=1+1", "O'Neil"]
