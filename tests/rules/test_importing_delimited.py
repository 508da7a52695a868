"""Records of CSV texts: csv-spectrum gives exactly its JSON; a broken quote costs one row; limits have messages."""

import io
import json

import pytest

from auditkit.complaints.importing.delimited import best_delimiter, records
from auditkit.complaints.importing.limits import MAX_CELL, MAX_LINE

SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


def read(text: str, delimiter: str = ",") -> list[tuple[int, list[str], str | None]]:
    stream = io.StringIO(text, newline="")
    return [(line, cells, problem and problem.text) for line, cells, problem, _nul in records(stream, delimiter)]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_gives_exactly_its_json(shared, name: str) -> None:
    text = shared(f"bad_inputs/csv/spectrum_{name}.csv").read_bytes().decode("utf-8")
    if name.endswith("_crlf") and "\r\n" not in text:
        text = text.replace("\n", "\r\n")  # the copy at hand has lost the line ends that its name speaks of
    header, *rows = [cells for _line, cells, problem in read(text) if problem is None]
    expected = json.loads(shared(f"bad_inputs/csv/spectrum_{name}.json").read_text(encoding="utf-8"))
    assert [dict(zip(header, cells, strict=True)) for cells in rows] == expected


@pytest.mark.parametrize("tail", ["", 'C-5,"a ""b"" c",x\n'])
def test_a_quote_that_is_never_closed_costs_its_own_row_only(tail: str) -> None:
    text = 'C-1,one,x\nC-2,"open,x\nC-3,three,x\nC-4,four,x\n' + tail
    found = read(text)
    assert [line for line, _cells, problem in found if problem] == [2]
    assert [cells[0] for _line, cells, problem in found if not problem][:3] == ["C-1", "C-3", "C-4"]
    assert [line for line, _cells, problem in found if not problem][:3] == [1, 3, 4]


def test_text_after_a_closing_quote_is_a_fault_and_not_glued_on() -> None:
    found = read('a,"b" c,d\ne,f,g\n')
    assert found[0][2] is not None
    assert found[1][1] == ["e", "f", "g"]


def test_a_hostile_file_of_open_quotes_takes_time_in_proportion_to_its_size() -> None:
    import gc
    import time

    def seconds(lines: int) -> float:
        gc.collect()
        gc.disable()  # looking through what other tests left behind is not what this is about
        start = time.process_time()
        assert any(problem for _line, _cells, problem in read('x,"open\n' * lines))
        gc.enable()
        return time.process_time() - start

    seconds(2_000)
    small, large = seconds(20_000), seconds(80_000)
    assert large < 12 * max(small, 0.05)


def test_line_ends_of_every_kind_end_a_row_and_stay_inside_quotes() -> None:
    found = read('Reference,Subject\r\nC-1,"line one\rline two"\rC-2,x\nC-3,y\r\n')
    rows = [cells for _line, cells, _problem in found[1:]]
    assert rows == [["C-1", "line one\rline two"], ["C-2", "x"], ["C-3", "y"]]


def test_a_cell_over_the_limit_is_named_and_the_next_row_is_read() -> None:
    found = read(f'C-1,"{"A" * (MAX_CELL + 1)}"\nC-2,ok\n')
    assert "131,072" in (found[0][2] or "")
    assert found[1][1] == ["C-2", "ok"]


def test_a_line_without_an_end_is_passed_over_and_the_next_one_read() -> None:
    found = read("C-1," + "A" * (2 * MAX_LINE) + "\nC-2,ok\n")
    assert "4,000,000" in (found[0][2] or "")
    assert found[1] == (2, ["C-2", "ok"], None)


def test_nul_characters_are_taken_out_and_told() -> None:
    ((_line, cells, problem, nul),) = records(io.StringIO("C-1,An\0n\n", newline=""), ",")
    assert (cells, problem, nul) == (["C-1", "Ann"], None, True)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b;c\n1;2,5;3\n2;3,5;4\n", ";"),
        ("a\tb\n1,2\t3,4\n", "\t"),
        ('a,b\n"x;y;z",1\n', ","),
        ("a|b|c\n1|2|3\n", "|"),
        ("only\none\n", ","),
    ],
)
def test_the_delimiter_is_the_one_whose_rows_agree(text: str, delimiter: str) -> None:
    assert best_delimiter(text)[0] == delimiter
