"""The questions go out as a workbook and come back merged: sorted, in part, from both sides, through LibreOffice."""

import io
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from auditkit.audits import queries
from auditkit.audits.models import AuditRow
from auditkit.audits.workbook import reading as book_reading
from auditkit.audits.workbook import service as workbook
from auditkit.audits.workbook import writing
from auditkit.audits.workbook.models import AuditWorkbook, AuditWorkbookConflict, AuditWorkbookReturn
from auditkit.audits.workbook.rules import Kept
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import RuleBroken
from auditkit.journal.models import JournalEntry
from tests.conftest import House
from tests.factories.http import Browser, Page
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import answer, own_library, rows_of, started

Opener = Callable[..., Browser]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


@pytest.fixture
def auditor(acme: House, number: str, browser: Opener) -> Browser:
    person = browser(acme, "internal-auditor")
    person.get(f"/o/acme/audits/{number}/workbook")
    return person


def taken(auditor: Browser, number: str) -> bytes:
    auditor.get(f"/o/acme/audits/{number}/workbook")
    page = auditor.post(f"/o/acme/audits/{number}/workbook/take", unchecked="a file")
    assert page.status == 200
    data: bytes = page.response.get_data()
    auditor.get(f"/o/acme/audits/{number}/workbook")
    return data


def brought(auditor: Browser, number: str, data: bytes, name: str = "answers.xlsx") -> Page:
    auditor.get(f"/o/acme/audits/{number}/workbook")
    return auditor.post_form({"workbook": (io.BytesIO(data), name)}, action="/workbook")


def filled(data: bytes, cells: dict[str, str], edit: Callable[[str], str] = lambda sheet: sheet) -> bytes:
    """The workbook with texts put into cells (`E2`), and its first sheet's XML changed by `edit`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == SHEET:
                sheet = content.decode()
                for place, text in cells.items():
                    cell = f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
                    sheet, times = re.subn(rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)', cell, sheet)
                    assert times == 1, place
                content = edit(sheet).encode()
            new.writestr(member.filename, content)
    return out.getvalue()


def test_what_only_the_workbook_changed_is_taken_over(acme: House, number: str, auditor: Browser) -> None:
    answer(acme, number, 2, "good", "The porter")
    page = brought(auditor, number, filled(taken(auditor, number), {"E2": "Bad", "F2": "Door 3\nstood open"}))
    assert page.title == "Workbook brought back"
    first, second, third = rows_of(acme, number)
    assert (first.answer, first.note) == ("bad", "Door 3\nstood open")
    assert (second.answer, second.note, second.version) == ("good", "The porter", 1)
    assert third.version == 0
    assert queries.plans.by_number(reading(acme.system), number).tally.answered == 2


def test_the_same_file_twice_is_one_return(acme: House, number: str, auditor: Browser) -> None:
    data = filled(taken(auditor, number), {"E2": "Bad", "F2": "Open"})
    first = brought(auditor, number, data)
    entries = reading(acme.system).execute(select(func.count()).select_from(JournalEntry)).scalar_one()
    answer(acme, number, 1, "good", "Shut by now")
    second = brought(auditor, number, data)
    assert second.path == first.path
    assert rows_of(acme, number)[0].note == "Shut by now"
    after = reading(acme.system).execute(select(func.count()).select_from(JournalEntry)).scalar_one()
    assert after == entries + 1, "the answer between, and nothing else"


def test_another_file_that_says_the_same_changes_nothing(acme: House, number: str, auditor: Browser) -> None:
    data = taken(auditor, number)
    brought(auditor, number, filled(data, {"E2": "Bad", "F2": "Open"}))
    page = brought(auditor, number, filled(data, {"E2": "bad", "F2": " Open "}))
    assert "0 Rows taken over" in page.text
    assert rows_of(acme, number)[0].version == 1


ANSWERS = ("good", "partly", "bad", "unfit", "open")
# What a note may hold: also what a spreadsheet program could take for a formula, a number or nothing.
NOTES = st.sampled_from(["", "=1+1", "+1", "0012", "a  b", "Door 3\nstood open"]) | st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24FF, exclude_categories=["Cs", "Cc"]), max_size=8
)
SIDE = st.tuples(st.sampled_from(ANSWERS), NOTES)


@pytest.mark.sqlite_only
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=st.lists(st.none() | SIDE, min_size=3, max_size=3), theirs=st.lists(SIDE, min_size=3, max_size=3))
def test_bringing_a_workbook_back_is_idempotent(
    acme: House, number: str, here: list[tuple[str, str] | None], theirs: list[tuple[str, str]]
) -> None:
    """Whatever both sides did: what a second file with the same cells says is here already, or is refused again."""
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        given_out = workbook.take(tx, workbook.Take(number), clock.now(), actor)
    for position, side in enumerate(here, start=1):
        if side is not None:
            with suppress(RuleBroken):  # such as an answer that needs a note
                answer(acme, number, position, *side)
    written = io.BytesIO()
    rows = [replace(row, answer=said, note=note) for row, (said, note) in zip(given_out.rows, theirs, strict=True)]
    writing.write(written, given_out.head, rows, given_out.code, now=clock.now(), right_to_left=False)
    with tempfile.NamedTemporaryFile() as file:
        file.write(written.getvalue())
        file.flush()
        came = book_reading.read(Path(file.name))
    outcomes = []
    for mark in "01":
        before = [(row.answer, row.note, row.version) for row in rows_of(acme, number)]
        with transaction(actor) as tx:
            back = workbook.BringBack(number, came, mark * 64, "answers.xlsx")
            returned = workbook.bring_back(tx, back, clock.now(), actor)
        outcomes.append(reading(acme.system).get_one(AuditWorkbookReturn, returned).outcome)
    assert [(row.answer, row.note, row.version) for row in rows_of(acme, number)] == before
    assert outcomes[1]["changed"] == 0
    assert {key: outcomes[0][key] for key in ("conflicts", "refused")} == {
        key: outcomes[1][key] for key in ("conflicts", "refused")
    }


def test_cells_changed_on_both_sides_wait_for_a_person(acme: House, number: str, auditor: Browser) -> None:
    data = taken(auditor, number)
    answer(acme, number, 1, "partly", "Two of three")
    answer(acme, number, 2, "good", "The porter")
    page = brought(auditor, number, filled(data, {"E2": "Bad", "F2": "Door 3", "E3": "Good", "F3": "The guard"}))
    assert "3 Conflicts to settle" in page.text
    assert [(row.answer, row.note) for row in rows_of(acme, number)[:2]] == [
        ("partly", "Two of three"),
        ("good", "The porter"),
    ]
    assert "Two of three" in page.text
    assert "Door 3" in page.text
    assert "Partly" in page.text
    waiting = list(reading(acme.system).execute(select(AuditWorkbookConflict.id).order_by("id")).scalars())
    page = auditor.post_form({"kept": "theirs"}, action=f"/conflicts/{waiting[0]}")
    page = auditor.post_form({"kept": "mine"}, action=f"/conflicts/{waiting[1]}")
    page = auditor.post_form({"kept": "theirs"}, action=f"/conflicts/{waiting[2]}")
    assert "0 Conflicts to settle" in page.text
    assert [(row.answer, row.note) for row in rows_of(acme, number)[:2]] == [
        ("bad", "Two of three"),
        ("good", "The guard"),
    ]
    page = auditor.post(
        f"{page.path}/conflicts/{waiting[0]}", {"kept": "mine", "version": "0"}, unchecked="checked above"
    )
    assert "Somebody else settled this conflict" in page.text


def test_a_conflict_is_not_settled_over_a_still_newer_answer(acme: House, number: str, auditor: Browser) -> None:
    data = taken(auditor, number)
    answer(acme, number, 1, "partly", "Two of three")
    brought(auditor, number, filled(data, {"E2": "Bad", "F2": "Two of three"}))
    answer(acme, number, 1, "good", "All three")
    page = auditor.post_form({"kept": "theirs"}, action="/conflicts/1")
    assert "Somebody else answered question 1 meanwhile" in page.text
    assert rows_of(acme, number)[0].answer == "good"


def test_rows_may_be_sorted_and_left_out(acme: House, number: str, auditor: Browser) -> None:
    data = filled(taken(auditor, number), {"E2": "Bad", "F2": "Open", "E4": "Partly", "F4": "Half"})

    def shuffled(sheet: str) -> str:
        rows = re.findall(r'<row r="\d+">.*?</row>', sheet, re.DOTALL)
        random.Random(3).shuffle(rest := rows[1:3] + rows[3:])
        kept = [rows[0], *[row for row in rest if 'r="A3"' not in row]]
        moved = [
            re.sub(r'r="([A-Z]+)\d+"', rf'r="\g<1>{at}"', re.sub(r'<row r="\d+"', f'<row r="{at}"', row))
            for at, row in enumerate(kept, start=1)
        ]
        return re.sub(r"<sheetData>.*</sheetData>", f"<sheetData>{''.join(moved)}</sheetData>", sheet, flags=re.DOTALL)

    page = brought(auditor, number, filled(data, {}, shuffled))
    assert "2 Rows taken over" in page.text
    assert "1 Rows that did not come back" in page.text
    assert [row.answer for row in rows_of(acme, number)] == ["bad", "open", "partly"]


@pytest.mark.sqlite_only
def test_foreign_rows_and_words_are_refused_and_listed(acme: House, number: str, auditor: Browser) -> None:
    cells = {"A2": "999999", "E3": "Yes", "F3": "Of course", "A4": "1", "E4": "Good"}
    data = taken(auditor, number)
    page = brought(auditor, number, filled(data, cells))
    assert "does not come from this audit" in page.text
    assert "“Yes” is no answer of this audit" in page.text
    assert "belong to different questions" in page.text
    assert "3 Rows refused" in page.text
    assert not any(row.version for row in rows_of(acme, number))


def test_what_an_answer_needs_it_needs_from_a_workbook_too(acme: House, number: str, auditor: Browser) -> None:
    page = brought(auditor, number, filled(taken(auditor, number), {"E2": "Bad", "E3": "Good"}))
    assert "Write a note first" in page.text
    assert [row.answer for row in rows_of(acme, number)] == ["open", "good", "open"]


@pytest.mark.sqlite_only
def test_formulas_are_told_and_never_calculated(acme: House, number: str, auditor: Browser) -> None:
    formula = '<c r="F2" t="str"><f>HYPERLINK("http://x","y")</f><v>y</v></c>'

    def put(sheet: str) -> str:
        return re.sub(r'<c r="F2"[^>]*?(?:/>|>.*?</c>)', formula, sheet)

    page = brought(auditor, number, filled(taken(auditor, number), {"E2": "Bad"}, put))
    assert "Cells with formulas" in page.text
    assert "F2" in page.text
    assert rows_of(acme, number)[0].note == "y"
    answer(acme, number, 2, "good", '=HYPERLINK("http://x")')
    with zipfile.ZipFile(io.BytesIO(taken(auditor, number))) as archive:
        sheet = archive.read(SHEET).decode()
    assert "<f>" not in sheet
    assert '=HYPERLINK("http://x")' in sheet


@pytest.mark.sqlite_only
def test_the_workbook_is_locked_but_for_answers_and_notes(number: str, auditor: Browser) -> None:
    with zipfile.ZipFile(io.BytesIO(taken(auditor, number))) as archive:
        sheet, about = archive.read(SHEET).decode(), archive.read("xl/workbook.xml").decode()
    assert '<sheetProtection sheet="1"' in sheet
    assert '<dataValidation type="list"' in sheet
    assert 'sqref="E2:E4"' in sheet
    assert 'state="hidden"' in about
    assert re.search(r'<c r="F2"[^>]* s="7"', sheet), "an empty note takes input"
    assert re.search(r'<c r="D2"[^>]* s="1"', sheet), "a question does not"
    assert sheet.index("<sheetProtection") < sheet.index("<autoFilter") < sheet.index("<dataValidations")


def test_another_audits_workbook_is_refused(acme: House, number: str, auditor: Browser, tmp_path: Path) -> None:
    other = started(acme, own_library(tmp_path / "other"))
    data = taken(auditor, other)
    page = brought(auditor, number, data)
    assert "does not come from this audit" in page.text
    assert not reading(acme.system).execute(select(AuditWorkbookReturn.id)).all()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (apt install libreoffice-calc)")
@pytest.mark.sqlite_only
@pytest.mark.parametrize("through", [("ods",), ("ods", "xlsx")], ids=["ods", "ods and back to xlsx"])
def test_it_comes_back_through_libreoffice(
    acme: House, number: str, auditor: Browser, tmp_path: Path, through: tuple[str, ...]
) -> None:
    answer(acme, number, 3, "partly", "Two  of\nthree <b> & =1+1")
    path = tmp_path / "questions.xlsx"
    path.write_bytes(filled(taken(auditor, number), {"E2": "Bad", "F2": "Door 3\nstood open"}))
    for kind in through:
        target = tmp_path / kind
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind,
             "--outdir", str(target), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        path = target / f"questions.{kind}"
    page = brought(auditor, number, path.read_bytes(), path.name)
    assert "1 Rows taken over" in page.text, page.text
    assert "0 Rows refused" in page.text
    rows = rows_of(acme, number)
    assert (rows[0].answer, rows[0].note.split()) == ("bad", ["Door", "3", "stood", "open"])
    assert (rows[2].note, rows[2].version) == ("Two  of\nthree <b> & =1+1", 1)
    assert "Cells with formulas" not in page.text


@pytest.mark.sqlite_only
@pytest.mark.parametrize("folder", ["zip", "csv", "files", "images", "yaml"])
def test_bad_files_are_refused_with_words(
    acme: House, number: str, auditor: Browser, shared: Callable[[str], Path], folder: str
) -> None:
    for path in sorted(shared(f"bad_inputs/{folder}").iterdir()):
        page = brought(auditor, number, path.read_bytes(), path.name)
        assert page.path.endswith("/workbook"), path
        error = page.soup.find(class_="error-summary")
        assert error is not None, path
        assert "workbook" in error.text, (path, error.text)
    assert not reading(acme.system).execute(select(AuditWorkbookReturn.id)).all()
    assert not any(row.version for row in rows_of(acme, number))


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[: len(data) // 2], "workbook"),
        (lambda data: filled(data, {}, lambda _sheet: "<worksheet"), "cannot be read"),
        (lambda data: filled(data, {"E1": "Judgement"}), "the column “Answer” is missing"),
        (lambda data: filled(data, {"A1": "x"}), "is missing"),
    ],
)
def test_damaged_workbooks_say_what_is_wrong(
    number: str, auditor: Browser, damage: Callable[[bytes], bytes], says: str
) -> None:
    page = brought(auditor, number, damage(taken(auditor, number)))
    assert says in page.soup.find(class_="error-summary").text


@pytest.mark.sqlite_only
def test_a_huge_member_is_refused_before_it_is_read_whole(number: str, auditor: Browser, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for _block in range(book_reading.MAX_UNPACKED // (1 << 20) + 1):
                stream.write(bytes(1 << 20))
    page = brought(auditor, number, out.getvalue())
    assert "larger than any checklist" in page.soup.find(class_="error-summary").text


@pytest.mark.sqlite_only
def test_entities_are_not_resolved(number: str, auditor: Browser, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("confidential")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'

    def attack(sheet: str) -> str:
        return sheet.replace("<worksheet", doctype + "<worksheet", 1).replace("Are the doors shut?", "&e;")

    page = brought(auditor, number, filled(taken(auditor, number), {}, attack))
    assert "confidential" not in page.text


def test_only_who_runs_audits_takes_out(acme: House, globex: House, number: str, browser: Opener) -> None:
    browser(acme, "quality-manager").get(f"/o/acme/audits/{number}/workbook", status=403)
    browser(globex, "internal-auditor").get(f"/o/globex/audits/{number}/workbook", status=404)


def test_a_code_is_of_one_audit_and_kept_with_its_base(acme: House, number: str) -> None:
    actor = acme.actor("internal-auditor")
    answer(acme, number, 1, "good", "Seen")
    with transaction(actor) as tx:
        given = workbook.take(tx, workbook.Take(number), clock.now(), actor)
    kept = reading(acme.system).execute(select(AuditWorkbook)).scalar_one()
    assert (kept.serial, kept.code) == (given.serial, given.code)
    assert kept.base[str(rows_of(acme, number)[0].id)] == ["good", "Seen"]
    assert len(kept.base) == 3


def test_the_tables_refuse_what_cannot_be(acme: House, number: str) -> None:
    audit_id, at = queries.plans.by_number(reading(acme.system), number).id, clock.now()
    row = reading(acme.system).execute(select(AuditRow.id)).scalars().first()
    reading().rollback()
    book = {"organisation_id": acme.id, "audit_id": audit_id, "serial": 1, "code": "c", "base": {}, "taken_at": at}
    refuses(AuditWorkbook.__table__, "workbook_has_code", {**book, "code": ""})
    book_id = accepts(AuditWorkbook.__table__, book)
    back: dict[str, Any] = {
        "organisation_id": acme.id, "workbook_id": book_id, "digest": "0" * 64, "name": "x", "outcome": {},
        "returned_at": at,
    }  # fmt: skip
    refuses(AuditWorkbookReturn.__table__, "digest_is_whole", {**back, "digest": "0"})
    back_id = accepts(AuditWorkbookReturn.__table__, back)
    whole = {
        "organisation_id": acme.id, "return_id": back_id, "row_id": row, "cell": "note", "base": "", "mine": "a",
        "theirs": "b", "kept": "",
    }  # fmt: skip
    table = AuditWorkbookConflict.__table__
    refuses(table, "cell_known", {**whole, "cell": "files"})
    refuses(table, "kept_known", {**whole, "kept": "both", "settled_at": at})
    refuses(table, "settled_has_date", {**whole, "kept": Kept.MINE.value})
    refuses(table, "sides_differ", {**whole, "theirs": "a"})
    accepts(table, whole)


@pytest.mark.sqlite_only
def test_the_hidden_sheet_says_whose_it_is(number: str, auditor: Browser) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken(auditor, number)))
    assert book.sheet_names == ["Questions", "auditkit"]
    rows = book.get_sheet_by_name("auditkit").to_python()
    assert [row[0] for row in rows[:6]] == ["name", "code", "row", "question", "answer", "note"]
    assert [row[2] for row in rows[1:]] == ["Good", "Partly", "Bad", "Not applicable", "Not checked"]
