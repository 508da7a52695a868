"""Whole imports into a real database: totals that equal those counted independently, twice is once, killed goes on."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import BadInput, Conflict, Forbidden
from auditkit.complaints import queries
from auditkit.complaints.importing import running, service, writing
from auditkit.complaints.importing.models import ImportedReference
from auditkit.complaints.importing.profiles import named_profile
from auditkit.complaints.importing.running import ImportRefused, run_import
from auditkit.complaints.models import Complaint, ImportRun
from auditkit.journal.models import JournalEntry

HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


def truth(shared, name: str) -> dict[str, Any]:
    return json.loads(shared("complaints/ground_truth_dev.json").read_text())[f"dev/{name}"]


def stored(house) -> list[Complaint]:
    return list(reading(house.system).execute(select(Complaint).order_by(Complaint.id)).scalars())


def counted(house, column: Any) -> dict[str, int]:
    found = reading(house.system).execute(
        select(column, func.count()).where(Complaint.organisation_id == house.id).group_by(column)
    )
    return {row[0]: row[1] for row in found}


def years(house, column: Any) -> dict[str, int]:
    moments = reading(house.system).execute(
        select(column).where(Complaint.organisation_id == house.id, column.is_not(None))
    )
    return dict(sorted(Counter(str(moment.year) for moment in moments.scalars()).items()))


def entries(house) -> list[JournalEntry]:
    found = select(JournalEntry).where(
        JournalEntry.organisation_id == house.id, JournalEntry.event == "complaints:imported"
    )
    return list(db.session.execute(found.order_by(JournalEntry.seq)).scalars())


@pytest.fixture
def csv_file(tmp_path: Path):
    def write(*rows: str, name: str = "file.csv", heads: str = HEADS) -> Path:
        path = tmp_path / name
        path.write_bytes((heads + "".join(f"{row}\n" for row in rows)).encode())
        return path

    return write


def test_the_consumer_complaints_go_in_whole(acme, shared) -> None:
    name = "cfpb_2827_full18_mmddyy.csv"
    expected = truth(shared, name)
    result = run_import(shared(f"complaints/{name}"), acme.system)
    assert (result.rows, result.imported, result.duplicates, result.rejected) == (2827, 2827, 0, 0)
    assert years(acme, Complaint.received_at) == expected["Date received"]["by_year"]
    assert counted(acme, Complaint.product) == expected["counts"]["Product"]
    assert counted(acme, Complaint.source_status) == expected["counts"]["Company response to consumer"]
    assert counted(acme, Complaint.channel) == {"web": expected["counts"]["Submitted via"]["Web"]}
    assert len(counted(acme, Complaint.external_reference)) == expected["unique_Complaint ID"]
    longest = max(len(complaint.description) for complaint in stored(acme))
    assert longest == 17_097


def test_rows_without_an_id_are_told_apart_by_their_content(acme, shared) -> None:
    name = "cfpb_3186_noid_mdyyyy.csv"
    expected = truth(shared, name)
    result = run_import(shared(f"complaints/{name}"), acme.system)
    assert result.duplicates == expected["exact_duplicate_rows"] == 11
    assert (result.rows, result.imported) == (3186, 3175)
    assert sum(counted(acme, Complaint.product).values()) == 3175
    assert counted(acme, Complaint.channel)["Fax"] == expected["counts"]["Submitted via"]["Fax"]


def test_the_other_header_style_goes_in(acme, shared) -> None:
    expected = truth(shared, "cfpb_148_snakecase_iso.csv")
    result = run_import(shared("complaints/cfpb_148_snakecase_iso.csv"), acme.system)
    assert result.imported == expected["rows"] == 145
    assert counted(acme, Complaint.product) == expected["counts"]["product"]
    assert run_import(shared("complaints/cfpb_tiny_insight.csv"), acme.system).imported == 5


@pytest.mark.sqlite_only  # the same rows take a minute more on the other database; the smaller files run on both
def test_the_police_complaints_go_in_whole(acme, shared) -> None:
    name = "chicago_215781_iso_status_noaddr.csv.gz"
    expected = truth(shared, name)
    result = run_import(shared(f"complaints/{name}"), acme.system)
    assert (result.rows, result.imported, result.duplicates, result.rejected) == (215_781, 215_781, 0, 0)
    assert result.warnings == expected["closed_before_complaint"] == 1866
    assert result.by_kind["closed_before_received"] == 1866
    by_status = counted(acme, Complaint.source_status)
    assert {status: by_status[status] for status in expected["counts"]["current_status"]} == expected["counts"][
        "current_status"
    ]
    assert sum(by_status.values()) == 215_781
    assert counted(acme, Complaint.site) == expected["counts"]["investigating_agency"]
    assert years(acme, Complaint.received_at) == expected["complaint_date"]["by_year"]
    assert years(acme, Complaint.closed_at) == expected["closed_date"]["by_year"]
    assert years(acme, Complaint.happened_on) == expected["incident_date"]["by_year"]
    assert counted(acme, Complaint.closes_before_received)[True] == 1866
    odd = select(func.count()).where(Complaint.organisation_id == acme.id, Complaint.closed_at < Complaint.received_at)
    assert db.session.execute(odd).scalar_one() == 1866  # kept, not repaired
    run = reading(acme.system).execute(select(ImportRun)).scalar_one()
    assert (run.state, run.next_row) == ("finished", 215_782)
    assert sum(entry.facts["rows"] for entry in entries(acme)) == 215_781


def test_the_workbook_gives_the_same_complaints_as_the_csv(acme, globex, shared) -> None:
    from_csv = run_import(shared("complaints/hoboken311_91_epoch.csv"), acme.system)
    from_book = run_import(shared("complaints/hoboken311_91_epoch.xlsx"), globex.system)
    assert (from_csv.rows, from_csv.imported, from_csv.duplicates) == (91, 46, 45)
    assert (from_book.rows, from_book.imported, from_book.duplicates) == (91, 46, 45)

    def plain(house) -> list[tuple[Any, ...]]:
        return [
            (c.external_reference, c.received_at, c.subject, c.description, c.site, c.source_status, c.stage)
            for c in stored(house)
        ]

    assert plain(acme) == plain(globex)
    again = run_import(shared("complaints/hoboken311_91_epoch.xlsx"), acme.system)
    assert (again.imported, again.duplicates) == (0, 91)


def test_importing_a_file_again_imports_nothing_and_says_so(acme, shared) -> None:
    path = shared("complaints/cfpb_148_snakecase_iso.csv")
    run_import(path, acme.system)
    before = len(entries(acme))
    again = run_import(path, acme.system)
    assert (again.imported, again.duplicates, again.run_id) == (0, 145, None)
    said = " ".join(one.text for one in again.announcements)
    assert "imported before" in said
    assert "Nothing new: all 145 rows" in said
    assert len(stored(acme)) == 145
    assert len(entries(acme)) == before


def test_one_organisations_rows_are_no_duplicates_of_anothers(acme, globex, csv_file) -> None:
    path = csv_file("C-1,2026-01-05,Ann,web,x,y")
    assert run_import(path, acme.system).imported == 1
    assert run_import(path, globex.system).imported == 1
    assert len(stored(acme)) == len(stored(globex)) == 1


def test_the_same_reference_twice_is_one_complaint_and_the_other_content_is_told(acme, shared) -> None:
    result = run_import(shared("bad_inputs/csv/same_ref_twice.csv"), acme.system)
    assert (result.rows, result.imported, result.duplicates, result.changed) == (3, 1, 2, 1)
    assert [complaint.description for complaint in stored(acme)] == ["y"]
    (told,) = [one.text for one in result.announcements if "other content" in one.text]
    assert told.endswith("(line 4)")
    again = run_import(shared("bad_inputs/csv/same_ref_twice.csv"), acme.system)
    assert (again.imported, again.duplicates, again.changed) == (0, 3, 1)


def test_stored_rows_keep_what_the_file_said_and_get_references_in_order(acme, clock, csv_file) -> None:
    path = csv_file("B-2,2026-01-06,Bob,fax machine,second,", "A-1,2026-01-05T10:30:00+04:00,Ann,web,=1+1,<b>y</b>")
    run_import(path, acme.actor("quality-manager"))
    second, first = stored(acme)
    assert [second.reference, first.reference] == ["C-2026-000001", "C-2026-000002"]
    assert (second.external_reference, second.channel, second.complainant_name) == ("B-2", "fax machine", "Bob")
    assert (second.received_is_day, first.received_is_day) == (True, False)
    assert first.received_at.isoformat() == "2026-01-05T06:30:00+00:00"
    assert (first.subject, first.description) == ("=1+1", "<b>y</b>")
    assert (first.stage, first.kind, first.version) == ("received", "complaint", 1)
    assert first.recorded_at == clock.at
    assert first.search_words


def test_the_journal_proves_what_came_in_without_naming_anybody(acme, csv_file) -> None:
    actor = acme.actor("quality-manager")
    result = run_import(csv_file("C-1,2026-01-05,Ann Smith,web,x,y", "C-2,2026-01-05,Bob,web,x,y"), actor)
    (entry,) = entries(acme)
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("import", result.run_id, actor.person_id)
    assert entry.facts["rows"] == 2
    assert len(entry.facts["digest"]) == 64
    assert "Ann" not in json.dumps(entry.facts)


def test_a_dry_run_says_the_same_and_stores_nothing(acme, shared, csv_file) -> None:
    path = csv_file("C-1,2026-01-05,Ann,web,x,y", "C-1,2026-01-05,Ann,web,x,y", "C-2,2026-13-05,Bob,web,x,y", "C-3,x")
    rehearsed = run_import(path, acme.system, dry_run=True)
    assert stored(acme) == []
    assert entries(acme) == []
    done = run_import(path, acme.system)
    for name in ("rows", "imported", "duplicates", "rejected", "warnings"):
        assert getattr(rehearsed, name) == getattr(done, name), name
    assert (done.rows, done.imported, done.duplicates, done.rejected) == (4, 1, 1, 2)
    assert [fault.line for fault in done.faults] == [4, 5]
    assert len(rehearsed.shown) == 1


def test_what_is_doubtful_is_shown_by_a_dry_run_and_refused_by_an_import(acme, shared) -> None:
    path = shared("bad_inputs/csv/cp1253_greek.csv")
    assert run_import(path, acme.system, dry_run=True).plan.questions
    with pytest.raises(ImportRefused, match=r"DD/MM/YYYY \| MM/DD/YYYY"):
        run_import(path, acme.system)
    assert stored(acme) == []


class PowerCut(Exception):
    pass


@pytest.mark.parametrize("cut_in", ["store", "store_chunk"])
def test_a_killed_import_leaves_whole_chunks_and_goes_on_after_them(
    acme, csv_file, monkeypatch: pytest.MonkeyPatch, cut_in: str
) -> None:
    monkeypatch.setattr(running, "CHUNK", 10)
    rows = [f"C-{n},2026-01-05,Ann,web,x,{n}" for n in range(35)]
    rows.insert(4, "C-999,2026-13-01,Bob,web,x,y")
    path = csv_file(*rows)
    module, real = (writing, writing.store) if cut_in == "store" else (service, service.store_chunk)
    calls = []

    def cut(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        result = real(*arguments, **options)
        if len(calls) == 3:
            raise PowerCut  # after the rows went in, before the transaction ended
        return result

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(module, cut_in, cut)
        run_import(path, acme.system)
    assert len(stored(acme)) == 20
    run = reading(acme.system).execute(select(ImportRun)).scalar_one()
    assert (run.state, run.counts["imported"]) == ("running", 20)

    result = run_import(path, acme.system)
    assert (result.rows, result.imported, result.duplicates, result.rejected) == (36, 35, 0, 1)
    assert any("goes on" in one.text for one in result.announcements)
    found = stored(acme)
    assert [complaint.external_reference for complaint in found] == [f"C-{n}" for n in range(35)]
    assert len({complaint.reference for complaint in found}) == 35
    runs = reading(acme.system).execute(select(ImportRun)).scalars().all()
    assert [(one.state, one.next_row) for one in runs] == [("finished", 37)]
    assert sum(entry.facts["rows"] for entry in entries(acme)) == 35


def test_duplicates_are_found_across_chunks(acme, csv_file, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    rows = [f"C-{n % 5},2026-01-05,Ann,web,x,y" for n in range(20)]
    result = run_import(csv_file(*rows), acme.system)
    assert (result.imported, result.duplicates) == (5, 15)


def test_rows_that_another_import_stored_meanwhile_refuse_the_chunk_whole(
    acme, csv_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(csv_file("C-1,2026-01-05,Ann,web,x,y"), acme.system)
    monkeypatch.setattr(writing, "known_rows", lambda tx, rows: (set(), set()))
    with pytest.raises(Conflict):
        run_import(csv_file("C-2,2026-01-05,Ann,web,x,y", "C-1,2026-01-05,Ann,web,x,z"), acme.system)
    assert [complaint.external_reference for complaint in stored(acme)] == ["C-1"]


def test_only_those_with_the_permission_may_import(acme, csv_file) -> None:
    with pytest.raises(Forbidden):
        run_import(csv_file("C-1,2026-01-05,Ann,web,x,y"), acme.actor("internal-auditor"))


def test_every_column_of_the_register_is_filled_or_may_be_empty() -> None:
    columns = {column.name: column for column in Complaint.__table__.columns}
    assert set(writing.COLUMNS) <= set(columns)
    left = {name for name in columns if name not in writing.COLUMNS}
    without = {name for name in left if not columns[name].nullable and columns[name].server_default is None}
    assert without == set()
    assert len(set(writing.COLUMNS)) == len(writing.COLUMNS)


def test_an_imported_reference_is_one_complaint(acme, csv_file) -> None:
    run_import(csv_file("C-1,2026-01-05,Ann,web,x,y", "C-2,2026-01-05,Ann,web,x,y"), acme.system)
    first, second = reading(acme.system).execute(select(ImportedReference)).scalars().all()
    second_id, key = second.complaint_id, first.key
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(acme.system) as tx:
        tx.get_one(ImportedReference, second_id).key = key
    with pytest.raises(Exception, match="key_is_sha256"), transaction(acme.system) as tx:
        tx.get_one(ImportedReference, second_id).key = b"short"


def test_a_profile_of_ones_own_answers_what_was_doubtful(acme, shared, tmp_path: Path) -> None:
    path = tmp_path / "greek.yaml"
    path.write_text(
        "kind: import-profile\nid: greek\ntitle: Greek desk\n"
        "file: {encoding: cp1253, delimiter: semicolon, header: 1}\n"
        "fields:\n  reference: {column: Reference}\n  received: {column: Received, format: DD/MM/YYYY}\n"
        "  subject: {column: Subject}\n  complainant: {column: Complainant}\n"
    )
    result = run_import(shared("bad_inputs/csv/cp1253_greek.csv"), acme.system, profile=named_profile(str(path)))
    (complaint,) = stored(acme)
    assert (result.imported, complaint.received_at.date().isoformat()) == (1, "2026-01-05")
    assert complaint.complainant_name == "Γεωργία Παπαδοπούλου"


IMPORTABLE = {
    "cp1251_semicolon": (1, 0),
    "cp1254_turkish": (1, 0),
    "cp1256_persian_like": (1, 0),
    "koi8r": (1, 0),
    "utf16le_bom_tab": (1, 0),
    "utf8_bom": (1, 0),
    "persian_digits_jalali": (2, 0),
    "formula_injection": (4, 0),
    "html_in_cells": (1, 0),
    "nul_bytes": (1, 0),
    "only_header": (0, 0),
    "preamble_rows": (1, 0),
    "ragged_rows": (1, 3),
    "huge_cell": (0, 1),
    "same_ref_twice": (1, 0),
}
REFUSED = {
    "ambiguous_dates": "DD/MM/YYYY | MM/DD/YYYY",
    "cp1253_greek": "DD/MM/YYYY | MM/DD/YYYY",
    "crlf_cr_mixed": "The columns are: Reference and Subject",
    "dup_headers": "Columns 2 and 3",
    "empty": "0 bytes",
    "json_named": "JSON",
    "no_header": "no row of column names",
    "wide_2000_cols": "c0, c1",
    "xlsx_named": "The columns are: type and library",
}


def test_every_bad_table_of_the_shared_files_is_tried(shared) -> None:
    folder = shared("bad_inputs/csv")
    found = {path.stem for path in folder.glob("*.csv") if not path.stem.startswith("spectrum_")}
    assert found == set(IMPORTABLE) | set(REFUSED)


@pytest.mark.parametrize("name", IMPORTABLE)
def test_a_bad_table_that_can_be_used_is_used_as_far_as_it_can(acme, shared, name: str) -> None:
    result = run_import(shared(f"bad_inputs/csv/{name}.csv"), acme.system)
    assert (result.imported, result.rejected) == IMPORTABLE[name]
    assert len(stored(acme)) == result.imported
    assert all(fault.line >= 2 and fault.reason for fault in result.faults)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_table_that_cannot_be_used_is_refused_and_leaves_nothing(acme, shared, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        run_import(shared(f"bad_inputs/csv/{name}.csv"), acme.system)
    assert REFUSED[name] in str(refused.value)
    assert stored(acme) == []
    assert reading(acme.system).execute(select(ImportRun)).scalars().all() == []
    assert entries(acme) == []


@pytest.mark.parametrize("list_name", ["blns.txt", "xss", "unicode", "ssti", "right-to-left", "terminal"])
def test_naughty_strings_come_through_unchanged(acme, shared, csv_file, list_name: str) -> None:
    folder = shared("bad_inputs/strings")
    files = [path for path in folder.rglob("*") if path.is_file() and list_name.split(".")[0] in path.name.lower()]
    if not files:
        pytest.skip(f"no list called {list_name} among the shared strings")
    texts = {
        text.strip(" ").replace("\0", "")
        for path in files
        for text in path.read_bytes().decode("utf-8", "ignore").split("\n")
        if 0 < len(text.strip()) <= 200
    }
    import csv

    path = csv_file(name="naughty.csv", heads="")
    ordered = sorted(text for text in texts if text.strip())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Reference", "Received", "Subject", "Description"])
        writer.writerows([f"N-{n}", "2026-01-05", text, text] for n, text in enumerate(ordered))
    result = run_import(path, acme.system)
    assert result.rejected == 0
    assert {complaint.subject for complaint in stored(acme)} == set(ordered)


def test_what_was_imported_is_found_by_its_words(acme, csv_file) -> None:
    run_import(csv_file("C-1,2026-01-05,Ann,web,Broken kettle,y", "C-2,2026-01-06,Bob,web,Late,z"), acme.system)
    page = queries.register_page(reading(acme.system), queries.Wanted(typed="KETTL"))
    assert [row.subject for row in page.rows] == ["Broken kettle"]
