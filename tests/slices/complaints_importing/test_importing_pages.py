"""Looking at a table over HTTP before it is imported: what is shown, what is refused and where, whose upload it is."""

import io
import re

import pytest

from tests.slices.complaints_importing.by_page import HEADS, START, again, confirm, send, stored, uploads
from tests.slices.complaints_importing.test_importing_running import IMPORTABLE, REFUSED


def test_a_table_is_looked_at_before_it_is_imported(acme, browser, app, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + "C-1,2026-01-05,Ann,web,Late,y\nC-2,2026-13-05,Bob,web,x,y\n").encode())
    assert page.title == "Look before importing"
    for text in (
        "Cells end at each comma",
        "Dates in Received are read as YYYY-MM-DD",
        "Late",
        "2026-13-05",
        "Import 1 complaint",
    ):
        assert text in page.text
    assert stored(acme) == []

    page = confirm(visitor, page, work)
    assert page.title == "Import finished"
    assert "is not a day of the calendar" in page.text
    assert [complaint.external_reference for complaint in stored(acme)] == ["C-1"]
    assert "table" not in uploads(app, acme)
    refused = visitor._run(visitor.client.get, f"{page.path.rsplit('/', 1)[0]}/refused-rows")
    assert "C-2,2026-13-05,Bob" in refused.get_data(as_text=True)
    assert refused.headers["Content-Disposition"].startswith("attachment")
    refused.close()
    visitor.get(page.path)
    assert "Late" in visitor.follow("Show the imported complaints").text
    assert "complaints.csv" in visitor.get(f"{START}runs").text


@pytest.mark.sqlite_only
def test_the_look_speaks_the_readers_language_throughout(acme, browser) -> None:
    visitor = browser(acme, "quality-manager")
    visitor.get(START)
    visitor.post("/preferences", {"locale": "fa", "next": START})
    page = send(visitor, (HEADS + "C-1,2026-01-05,Ann,web,Late,y\n").encode())
    assert page.soup.html["lang"] == "fa"
    assert "ویرگول" in page.text
    assert "comma" not in page.text


def test_a_doubt_is_answered_on_the_page(acme, browser, shared, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/cp1253_greek.csv").read_bytes())
    assert "DD/MM/YYYY | MM/DD/YYYY" in page.text
    assert "Import 1 complaint" not in page.text
    page = again(visitor, page, format_received="DD/MM/YYYY")
    assert "Import 1 complaint" in page.text
    assert confirm(visitor, page, work).title == "Import finished"
    (complaint,) = stored(acme)
    assert complaint.received_at.date().isoformat() == "2026-01-05"
    assert complaint.complainant_name == "Γεωργία Παπαδοπούλου"


def test_columns_without_names_are_chosen_on_the_page(acme, browser, shared, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/no_header.csv").read_bytes())
    assert "no row of column names" in page.text
    page = again(visitor, page, column_received="2", column_subject="5", column_reference="1")
    assert "Import 2 complaints" in page.text
    confirm(visitor, page, work)
    assert [(one.external_reference, one.subject) for one in stored(acme)] == [("C-1", "Late"), ("C-2", "Late")]


@pytest.mark.parametrize(
    "answers",
    [
        {"column_received": "99"},
        {"column_received": "2", "column_subject": "5", "format_received": "nonsense"},
        {"encoding": "klingon"},
        {"column_subject": "5"},
        {"column_received": "x"},
        {"header": "0"},
        {"header": "900"},
    ],
)
def test_answers_that_make_no_sense_are_refused_kindly(acme, browser, shared, answers: dict[str, str]) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/no_header.csv").read_bytes())
    sent = {name.replace("_", "-", 1): value for name, value in answers.items()}
    assert visitor.post(f"{page.path}/look", sent).title == "Look before importing"
    assert stored(acme) == []


@pytest.mark.parametrize("name", ["empty", "json_named"])
def test_what_is_no_table_is_refused_beside_the_field_and_not_kept(acme, browser, shared, app, name: str) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared(f"bad_inputs/csv/{name}.csv").read_bytes())
    assert page.title == "Import complaints"
    assert "There is a problem" in page.text
    assert uploads(app, acme) == []


@pytest.mark.parametrize(
    "name",
    ["html_in_cells", "formula_injection", "wide_2000_cols", "ragged_rows", "dup_headers", "huge_cell", "nul_bytes"],
)
def test_hostile_tables_are_shown_as_text_on_sound_pages(acme, browser, shared, work, name: str) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared(f"bad_inputs/csv/{name}.csv").read_bytes(), "<script>alert(1)<.csv")
    if work():
        page = visitor.get(page.path)
    assert page.title == "Look before importing"
    assert page.soup.find("img", src="x") is None
    assert "<script>alert(1)<.csv" in page.text


@pytest.mark.sqlite_only
def test_every_bad_table_behaves_on_the_page_as_on_the_command_line(acme, browser, shared, work) -> None:
    visitor, tried = browser(acme, "quality-manager"), set()
    for path in sorted(shared("bad_inputs/csv").glob("*.csv")):
        page = send(visitor, path.read_bytes(), path.name)
        if work():
            page = visitor.get(page.path)
        imported = IMPORTABLE.get(path.stem, (0, 0))[0]
        button = f"Import {imported} complaint" if imported else "Import"
        pressed = [one.get_text(strip=True) for one in page.soup.find_all("button") if "Import" in one.get_text()]
        assert any(text.startswith(button) for text in pressed) == bool(imported), path.name
        assert REFUSED.get(path.stem, "") in page.text, path.name
        assert path.stem in {*IMPORTABLE, *REFUSED} or "No column could be recognised" in page.text, path.name
        tried.add(path.stem)
    assert tried > {*IMPORTABLE, *REFUSED}
    assert stored(acme) == []


@pytest.mark.sqlite_only
def test_rows_that_something_is_told_of_are_named_by_their_lines(acme, browser, shared) -> None:
    visitor = browser(acme, "quality-manager")
    assert "taken out (line 2)" in send(visitor, shared("bad_inputs/csv/nul_bytes.csv").read_bytes()).text
    rows = "".join(f"C-1,2026-01-05,Ann,web,Late,{number}\n" for number in range(13))
    page = send(visitor, (HEADS + rows).encode())
    assert "(lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more)" in page.text


def test_a_profile_of_ones_own_is_used_and_its_faults_are_told(acme, browser) -> None:
    visitor = browser(acme, "quality-manager")
    profile = (
        b"kind: import-profile\nid: mine\ntitle: Mine\nfields:\n  received: {column: When}\n  subject: {column: What}\n"
    )
    page = send(visitor, b"When,What\n2026-01-05,x\n", profile_file=(io.BytesIO(profile), "mine.yaml"))
    assert "Import 1 complaint" in page.text
    page = send(
        visitor, b"When,What\n2026-01-05,x\n", profile_file=(io.BytesIO(profile + b"colour: red\n"), "mine.yaml")
    )
    assert "profile.yaml:7" in page.text


@pytest.mark.sqlite_only
def test_every_bad_profile_is_refused_with_its_line_and_no_table_is_kept(acme, browser, shared, app) -> None:
    visitor = browser(acme, "quality-manager")
    names = sorted(shared("bad_inputs/yaml").glob("*.yaml"))
    assert len(names) >= 7
    for path in names:
        page = send(visitor, b"When,What\n2026-01-05,x\n", profile_file=(io.BytesIO(path.read_bytes()), path.name))
        told = page.soup.find(id="profile_file-error").get_text()
        assert re.search(r"profile\.yaml:[1-9]", told), path.name
        assert page.soup.find("script", string=re.compile("alert")) is None
        assert uploads(app, acme) == [], path.name


@pytest.mark.sqlite_only
def test_a_file_of_another_kind_is_no_table(acme, browser, shared, app) -> None:
    visitor = browser(acme, "quality-manager")
    texts = {"shell.phtml", "use_external.svg"}  # one line of text is looked at as a table, in which no column is known
    for folder in ("zip", "images", "files"):
        for path in sorted(shared(f"bad_inputs/{folder}").iterdir()):
            page = send(visitor, path.read_bytes(), path.name)
            if path.name in texts:
                assert "No column could be recognised" in page.text
                visitor.post_form(action="/discard")
            else:
                assert page.soup.find(id="table-error"), path.name
            assert uploads(app, acme) == [], path.name
    assert stored(acme) == []


def test_an_upload_can_be_discarded(acme, browser, app) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + "C-1,2026-01-05,Ann,web,Late,y\n").encode())
    visitor.post_form(action="/discard")
    assert uploads(app, acme) == []
    visitor.get(page.path, status=404)


def test_an_upload_belongs_to_its_organisation(acme, globex, browser) -> None:
    page = send(browser(acme, "quality-manager"), (HEADS + "C-1,2026-01-05,Ann,web,Late,y\n").encode())
    token = page.path.rsplit("/", 1)[1]
    browser(globex, "quality-manager").get(f"/o/globex/complaints/import/{token}", status=404)
    browser(acme, "staff").get(page.path, status=403)
