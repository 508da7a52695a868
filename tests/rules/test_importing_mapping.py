"""Rows to complaints: texts exactly as they are, odd rows marked or refused with a reason, never repaired."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditkit.complaints.importing.mapping import (
    CHARACTERS_REMOVED,
    CLOSED_BEFORE_RECEIVED,
    HAPPENED_LATER,
    MappedRow,
    Refused,
    RowMapper,
)
from auditkit.complaints.importing.planning import plan_import
from auditkit.complaints.importing.profiles import named_profile
from auditkit.complaints.importing.rules import chunk_digest, reference_key, row_digest, same_reference

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
BASE = """kind: import-profile
id: mine
title: Mine
fields:
  received: {column: Received}
  subject: {column: Subject}
"""


def mapped(path: Path, profile: Path | None = None) -> list[MappedRow | Refused]:
    plan = plan_import(path, named_profile(str(profile)) if profile else None)
    mapper = RowMapper(plan, NOW)
    return [mapper.map(row) for row in plan.table.rows()]


@pytest.fixture
def rows_of(tmp_path: Path):
    def run(text: str, profile: str | None = None) -> list[MappedRow | Refused]:
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode())
        if profile is None:
            return mapped(path)
        (tmp_path / "mine.yaml").write_text(profile, encoding="utf-8")
        return mapped(path, tmp_path / "mine.yaml")

    return run


def good(rows: list[MappedRow | Refused]) -> list[MappedRow]:
    return [row for row in rows if isinstance(row, MappedRow)]


def reasons(rows: list[MappedRow | Refused]) -> list[tuple[int, str]]:
    return [(row.row.line, row.fault.text) for row in rows if isinstance(row, Refused)]


def test_formulas_and_markup_are_kept_as_they_are(shared) -> None:
    first, second, third, fourth = good(mapped(shared("bad_inputs/csv/formula_injection.csv")))
    assert first.texts["complainant"] == '=HYPERLINK("http://127.0.0.1:9/?"&A1,"click")'
    assert second.texts["description"] == "\t=1+1"
    assert third.texts["complainant"] == "\r=1+1"
    assert fourth.texts == {
        "complainant": "+995 555 123456",
        "subject": "-10 % discount refused",
        "description": "@home delivery late",
    }
    (markup,) = good(mapped(shared("bad_inputs/csv/html_in_cells.csv")))
    assert markup.texts["complainant"] == "<img src=x onerror=alert(1)>"
    assert markup.texts["description"] == "javascript:alert(1) {{7*7}} ${7*7} <svg/onload=alert(1)>"


def test_jalali_dates_are_converted_and_never_the_year_1404(shared) -> None:
    first, second = good(mapped(shared("bad_inputs/csv/persian_digits_jalali.csv")))
    assert first.received.at == datetime(2026, 1, 5, tzinfo=UTC)
    assert second.received.at == datetime(2026, 1, 6, tzinfo=UTC)
    assert first.texts["description"].endswith("رسید\u200c")


def test_nul_is_taken_out_and_the_row_marked(shared) -> None:
    (row,) = good(mapped(shared("bad_inputs/csv/nul_bytes.csv")))
    assert row.texts["complainant"] == "Ann"
    assert row.remarks == (CHARACTERS_REMOVED,)


def test_a_line_of_totals_is_no_complaint_and_is_told(shared) -> None:
    row, total = mapped(shared("bad_inputs/csv/preamble_rows.csv"))
    assert isinstance(row, MappedRow)
    assert isinstance(total, Refused)
    assert total.left_out
    assert "Total" in total.fault.text


def test_a_complaint_about_a_total_is_a_complaint(rows_of) -> None:
    (row,) = good(rows_of("Reference,Received,Complainant,Subject\nTotal,2026-01-05,,wrong\n"))
    assert row.reference == "Total"


def test_impossible_and_missing_dates_are_refused_row_by_row(rows_of) -> None:
    text = "Received,Subject\n2026-01-05,a\n2026-02-30,b\n,c\n2099-12-31,d\nyesterday,e\n" + "2026-01-06,f\n" * 20
    found = reasons(rows_of(text))
    assert [line for line, _reason in found] == [3, 4, 5, 6]
    assert "2026-02-30" in found[0][1]
    assert "no date of receipt" in found[1][1]
    assert "still to come" in found[2][1]


def test_nothing_is_read_in_a_column_whose_dates_are_not_settled(shared) -> None:
    rows = mapped(shared("bad_inputs/csv/ambiguous_dates.csv"))
    assert good(rows) == []
    assert len(reasons(rows)) == 10


def test_with_a_format_named_the_other_dates_are_faults(shared, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(BASE.replace("column: Received", "column: Received, format: DD/MM/YYYY"))
    rows = mapped(shared("bad_inputs/csv/ambiguous_dates.csv"), tmp_path / "mine.yaml")
    assert [row.received.at.date().isoformat() for row in good(rows)] == ["2026-04-03", "2026-04-13"]
    assert [line for line, _reason in reasons(rows)] == [4, 5, 6, 7, 8, 9, 10, 11]


def test_closing_before_receipt_is_marked_and_not_repaired(rows_of) -> None:
    text = "Received,Closed,Subject\n2026-01-05,2026-01-04,a\n2026-01-05,2026-01-05,b\n"
    odd, fine = good(rows_of(text, BASE + "  closed: {column: Closed}\n"))
    assert odd.remarks == (CLOSED_BEFORE_RECEIVED,)
    assert odd.closes_before_received
    assert odd.closed is not None
    assert odd.closed.at < odd.received.at
    assert fine.remarks == ()


def test_the_day_it_happened_may_lie_after_receipt_and_is_told(rows_of) -> None:
    text = "Received,Happened,Subject\n2026-01-05,2026-01-09,a\n"
    (row,) = good(rows_of(text, BASE + "  happened: {column: Happened}\n"))
    assert row.remarks == (HAPPENED_LATER,)


def test_closed_without_a_date_is_refused_unless_the_profile_says_unknown(rows_of) -> None:
    text = "Received,State,Subject\n2026-01-05,Done,a\n2026-01-05,Open,b\n"
    profile = BASE + "  status: {column: State, values: {Done: closed, Open: received}}\n"
    assert [line for line, reason in reasons(rows_of(text, profile)) if "closed_without_date" in reason] == [2]
    done, still = good(rows_of(text, profile + "closed_without_date: unknown\n"))
    assert (done.stage, done.closed, done.status) == ("closed", None, "Done")
    assert still.stage == "received"


def test_an_open_status_with_a_date_of_closing_is_refused_unless_the_profile_decides(rows_of) -> None:
    text = "Received,Closed,State,Subject\n2026-01-05,2026-01-07,Pending appeal,a\n"
    profile = BASE + "  closed: {column: Closed}\n  status: {column: State, values: {Pending*: received}}\n"
    assert "open_with_closing_date" in reasons(rows_of(text, profile))[0][1]
    (row,) = good(rows_of(text, profile + "open_with_closing_date: closed\n"))
    assert (row.stage, row.status) == ("closed", "Pending appeal")


def test_an_unknown_status_is_refused_and_an_unknown_channel_kept(rows_of) -> None:
    text = "Received,State,Via,Subject\n2026-01-05,Limbo,Pigeon,a\n2026-01-05,,Web,b\n"
    profile = BASE + "  status: {column: State, values: {Open: received}}\n  channel: {column: Via}\n"
    rows = rows_of(text, profile)
    assert "Limbo" in reasons(rows)[0][1]
    assert good(rows)[0].channel == "web"
    (kept, _web) = good(rows_of(text, profile.replace("values: {Open: received}", "otherwise: received")))
    assert (kept.channel, kept.status) == ("Pigeon", "Limbo")


def test_the_severity_a_file_says_is_kept_and_a_number_means_nothing_by_itself(rows_of) -> None:
    text = "Received,Subject,Severity\n2026-01-05,a,High\n2026-01-05,b,\n2026-01-05,c,3\n2026-01-05,d,sehr hoch\n"
    rows = rows_of(text)
    assert [row.severity for row in good(rows)] == ["high", "", "critical"]
    assert reasons(rows) == [(4, "Severity: “3” is not known. Choose its meaning under Put it right, or in a profile")]
    numbers = BASE + "  severity: {column: Severity, values: {High: high, 3: critical, sehr*: critical}}\n"
    assert [row.severity for row in good(rows_of(text, numbers))] == ["high", "", "critical", "critical"]


def test_dates_and_outcomes_carry_a_complaint_to_its_stage(rows_of) -> None:
    text = (
        "Received,Ack,Decided,Result,Subject\n"
        "2026-01-05,2026-01-06,,,a\n"
        "2026-01-05,,2026-01-08,Rejected,b\n"
        "2026-01-05,,2026-01-08,,c\n"
    )
    profile = BASE + "  acknowledged: {column: Ack}\n  decided: {column: Decided}\n  outcome: {column: Result}\n"
    rows = rows_of(text, profile)
    assert [row.stage for row in good(rows)] == ["acknowledged", "decided"]
    assert good(rows)[1].outcome == "rejected"
    assert "no outcome" in reasons(rows)[0][1]


def test_texts_over_the_limit_are_refused_and_not_cut(rows_of) -> None:
    found = reasons(rows_of(f"Received,Subject\n2026-01-05,{'x' * 201}\n2026-01-05,\n"))
    assert "201 characters; at most 200" in found[0][1]
    assert "neither a subject nor a description" in found[1][1]


def test_references_are_the_same_but_for_case_and_blanks(shared) -> None:
    first, same, changed = good(mapped(shared("bad_inputs/csv/same_ref_twice.csv")))
    assert first.key == same.key == changed.key
    assert first.digest == same.digest != changed.digest
    assert same_reference(" Ş-1") != same_reference("S-1")
    assert reference_key("one", "C-1") != reference_key("two", "C-1")


def test_a_digest_tells_cells_apart_and_not_only_their_text() -> None:
    assert row_digest(["a", "b"]) != row_digest(["ab", ""]) != row_digest(["", "ab"])
    assert chunk_digest([row_digest(["a"]), row_digest(["b"])]) != chunk_digest([row_digest(["b"]), row_digest(["a"])])
