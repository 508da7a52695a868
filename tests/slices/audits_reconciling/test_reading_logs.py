"""Reading logs: guessed columns, mail, pasted lines; and everything hostile behaves as CASES says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditkit.audits.reconciling import reading
from auditkit.audits.reconciling.reading import COLUMN_TITLES, Line, Log, columns_of, read_log
from auditkit.audits.reconciling.rules import ColumnUnknown, LogTooLong, LogUnusable
from auditkit.base.errors import BadInput
from tests.conftest import SHARED

pytestmark = pytest.mark.sqlite_only

MBOX = """From mara@example.org Mon Jan  5 08:30:00 2026
From: Mara Lind <mara@example.org>
Date: Mon, 5 Jan 2026 10:30:00 +0200
Subject: =?utf-8?q?Caf=C3=A9_closed_C-2026-000001?=

From the first line on nothing worked.

From nobody Mon Jan  5 09:00:00 2026
Date: nonsense

no head to speak of

From b@example.org Tue Jan  6 08:30:00 2026
From: b@example.org
Subject: Where is my refund

x
"""


def read(folder: Path, content: str | bytes, wanted: dict[str, str] | None = None) -> Log:
    path = folder / "log"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_log(path, wanted)


def test_columns_are_guessed_by_name(app: object, tmp_path: Path) -> None:
    log = read(tmp_path, "Date;From;Subject;Ticket\n2026-01-05;mara@example.org;Parcel broken;T-77\n")
    assert log.columns == {"when": "Date", "e-mail": "From", "words": "Subject", "reference": "Ticket"}
    assert log.lines == (
        Line(1, 2, datetime(2026, 1, 5, tzinfo=UTC), True, "mara@example.org", "", "", "Parcel broken", "T-77"),
    )


def test_columns_without_names_are_known_by_what_they_hold(app: object, tmp_path: Path) -> None:
    log = read(
        tmp_path,
        "2026-01-05 08:30,+995 32 212 34 56,parcel broken again\n"
        "2026-01-06 10:00,+995 32 212 34 57,wrong invoice sent\n",
    )
    assert [one.phone for one in log.lines] == ["+995 32 212 34 56", "+995 32 212 34 57"]
    assert [one.words for one in log.lines] == ["parcel broken again", "wrong invoice sent"]
    assert log.lines[0].at == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    assert not log.lines[0].is_day


STRANGE = "A;B;C;D\n2026-01-05;Parcel broken;mara@example.org;T-77\n2026-01-06;Lift stands;ivo@example.org;T-78\n"


def test_a_person_says_which_column_is_what(app: object, tmp_path: Path) -> None:
    said = {"when": "A", "words": "2", "e-mail": "c", "reference": "4"}
    log = read(tmp_path, STRANGE, said)
    assert log.columns == {"when": "A", "words": "B", "e-mail": "C", "reference": "D"}
    assert log.lines[0].words == "Parcel broken"
    # what is not said is guessed, and no column is taken twice
    log = read(tmp_path, STRANGE, {"words": "D"})
    assert log.columns == {"words": "D", "e-mail": "C", "when": "A"}
    # what is said to be no column is none
    log = read(tmp_path, STRANGE, {"words": "B", "e-mail": "", "when": "", "phone": "", "reference": ""})
    assert log.columns == {"words": "B"}
    with pytest.raises(ColumnUnknown, match="It has: A, B, C, D"):
        read(tmp_path, STRANGE, {"words": "Subject"})
    with pytest.raises(LogUnusable):
        read(tmp_path, STRANGE, dict.fromkeys(COLUMN_TITLES, ""))


def test_the_columns_of_a_log_are_shown_with_what_they_hold(app: object, tmp_path: Path) -> None:
    read(tmp_path, STRANGE)
    assert columns_of(tmp_path / "log")[1:3] == [("B", "Parcel broken"), ("C", "mara@example.org")]
    (tmp_path / "mail").write_text("From: a@example.org\nSubject: x\n\nHello")
    assert columns_of(tmp_path / "mail") == []


def test_dates_that_could_be_two_are_told_and_not_compared(app: object, tmp_path: Path) -> None:
    log = read(tmp_path, "Date,Subject\n03/04/2026,parcel broken\n05/06/2026,wrong invoice\n")
    assert [one.at for one in log.lines] == [None, None]
    assert any("days are not compared" in one for one in log.told)


def test_a_mailbox_is_read_head_by_head(app: object, tmp_path: Path) -> None:
    log = read(tmp_path, MBOX)
    assert [(one.email, one.words, bool(one.problem)) for one in log.lines] == [
        ("mara@example.org", "Café closed C-2026-000001", False),
        ("", "", True),
        ("b@example.org", "Where is my refund", False),
    ]
    assert log.lines[0].at == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    assert log.unreadable == 1


def test_one_mail_is_a_log_of_one(app: object, tmp_path: Path) -> None:
    (one,) = read(tmp_path, "From: a@example.org\nSubject: Late\n\nBody\n").lines
    assert (one.email, one.words) == ("a@example.org", "Late")


def test_a_log_without_anything_to_compare_is_refused(app: object, tmp_path: Path) -> None:
    for content in ("Colour,Size\nred,1\nblue,2\n", "Date\n2026-01-05\n"):
        with pytest.raises(LogUnusable):
            read(tmp_path, content)
    with pytest.raises(BadInput):
        read(tmp_path, "Date,From,Subject\n")


def test_a_log_of_too_many_entries_is_refused(app: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 3)
    with pytest.raises(LogTooLong):
        read(tmp_path, "From,Subject\n" + "a@example.org,x y\n" * 4)
    with pytest.raises(LogTooLong):
        read(tmp_path, MBOX + MBOX)


def _offered() -> list[str]:
    folder = SHARED / "data" / "bad_inputs"
    kinds = ("csv", "zip", "images", "files", "yaml")
    return sorted(f"{kind}/{one.name}" for kind in kinds for one in (folder / kind).glob("*") if one.is_file())


# What is no table and no mail is refused with what to do; a table is read, its doubtful parts told, nothing shifted.
READ = {
    "csv/formula_injection.csv", "csv/utf8_bom.csv", "csv/utf16le_bom_tab.csv", "csv/cp1251_semicolon.csv",
    "csv/cp1253_greek.csv", "csv/cp1254_turkish.csv", "csv/cp1256_persian_like.csv", "csv/koi8r.csv",
    "csv/persian_digits_jalali.csv", "csv/ambiguous_dates.csv", "csv/ragged_rows.csv", "csv/dup_headers.csv",
    "csv/no_header.csv", "csv/preamble_rows.csv", "csv/nul_bytes.csv", "csv/huge_cell.csv", "csv/crlf_cr_mixed.csv",
    "csv/html_in_cells.csv", "csv/same_ref_twice.csv",
}  # fmt: skip
REFUSED = {"csv/empty.csv", "csv/only_header.csv", "csv/json_named.csv", "csv/wide_2000_cols.csv", "files/empty.bin"}


@pytest.mark.parametrize("name", _offered() or ["csv/empty.csv"])
def test_hostile_files_are_read_or_refused_with_what_to_do(
    app: object, shared: Callable[[str], Path], name: str
) -> None:
    path = shared(f"bad_inputs/{name}")
    try:
        log = read_log(path)
    except BadInput as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert name not in READ, f"{name}: {refusal}"
        assert len(refusal) > 20
        return
    assert name not in REFUSED, name
    assert not name.startswith(("zip/", "images/")), f"{name} is no log"
    assert log.lines
    assert all(len(one.words) <= 500 and len(one.given) <= 200 for one in log.lines)


def test_what_a_row_says_is_kept_as_it_is(app: object, shared: Callable[[str], Path]) -> None:
    log = read_log(shared("bad_inputs/csv/html_in_cells.csv"))
    assert any("<" in one.words for one in log.lines)
    jalali = read_log(shared("bad_inputs/csv/persian_digits_jalali.csv"))
    assert all(one.at is None or one.at.year > 2000 for one in jalali.lines)
    ragged = read_log(shared("bad_inputs/csv/ragged_rows.csv"))
    faulty = {one.line: one.problem for one in ragged.lines if one.problem}
    assert len(faulty) == ragged.unreadable > 0
    text = shared("bad_inputs/csv/ragged_rows.csv").read_text(encoding="utf-8").splitlines()
    fields = len(text[0].split(","))
    assert all(len(text[line - 1].split(",")) != fields or '"' in text[line - 1] for line in faulty), faulty
