"""Importing over HTTP: upload, look, answer what is doubtful, import, result; hostile cells and other people."""

import io
import re
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from auditkit.base import jobs
from auditkit.base.db import reading
from auditkit.base.errors import Conflict
from auditkit.base.text import N_
from auditkit.complaints.importing import running, service
from auditkit.complaints.importing.profiles import named_profile
from auditkit.complaints.importing.staging import Staging, UploadGone
from auditkit.complaints.models import Complaint
from tests.slices.complaints_importing.test_importing_running import IMPORTABLE, REFUSED

START = "/o/acme/complaints/import/"
HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


def send(visitor, content: bytes, name: str = "complaints.csv", **values):
    visitor.get(START)
    return visitor.post_form({"table": (io.BytesIO(content), name), **values})


def token_of(page) -> str:
    return page.path.rsplit("/", 1)[1]


def agreed(page) -> dict[str, str]:
    """What the page asks a person to confirm, confirmed."""
    return {box["name"]: "y" for box in page.form(token_of(page)).find_all("input", type="checkbox")}


def again(visitor, page, **answers: str):
    """Answer on the page, and look again."""
    visitor.get(page.path)
    return visitor.post_form({name.replace("_", "-", 1): value for name, value in answers.items()}, action="/look")


def confirm(visitor, page, work):
    """Press the button of the look before importing, let the worker do it, and come back to the page of the work."""
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    assert waiting.title == "Importing complaints"
    assert "Waiting for its turn" in waiting.text
    assert work() == 1
    return visitor.get(waiting.path)


def stored(house) -> list[Complaint]:
    found = select(Complaint).where(Complaint.organisation_id == house.id).order_by(Complaint.id)
    return list(reading(house.system).execute(found).scalars())


def uploads(app, house) -> list[str]:
    folder = app.extensions["auditkit.settings"].instance / "uploads" / str(house.id)
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


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


ROWS = "".join(f"C-{number},2026-01-05,Ann,web,Late,y\n" for number in range(1, 8))


def asked(visitor, rows: str):
    """Upload these rows and ask for the import; the page of the work."""
    page = send(visitor, (HEADS + rows).encode())
    return visitor.post_form(agreed(page), action=token_of(page))


def test_an_import_that_was_killed_goes_on_and_its_totals_are_right(
    acme, browser, app, work, clock, monkeypatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    visitor = browser(acme, "quality-manager")
    waiting = asked(visitor, ROWS + "C-9,nonsense,,,,\n")
    store, calls = service.store_chunk, []

    def killed_after_two(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return store(*arguments)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(service, "store_chunk", killed_after_two)
        jobs.run_next()
    assert len(stored(acme)) == 4
    assert "0 % done" in visitor.get(waiting.path).text
    assert "under way" in visitor.get(START).text
    assert "under way" in visitor.get(f"{START}runs").text
    clock.advance(minutes=3)
    assert jobs.requeue_silent() == 1
    assert "Interrupted; it goes on by itself" in visitor.get(waiting.path).text
    assert work() == 1
    page = visitor.get(waiting.path)
    assert page.title == "Import finished"
    assert "8 rows 7 imported 0 duplicates 1 refused" in page.text
    assert "goes on there" in page.text
    assert [one.external_reference for one in stored(acme)] == [f"C-{number}" for number in range(1, 8)]


def test_a_worker_that_died_before_saying_so_is_not_done_again(acme, browser, work, clock, monkeypatch) -> None:
    visitor = browser(acme, "quality-manager")
    waiting = asked(visitor, ROWS)

    def dies(*_arguments, **_more) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(jobs, "_end", dies)
        jobs.run_next()
    clock.advance(minutes=3)
    jobs.requeue_silent()
    assert work() == 1
    assert "7 rows 7 imported" in visitor.get(waiting.path).text


def test_an_import_is_begun_once_however_often_it_is_asked_for(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    assert visitor.get(page.path).path == waiting.path, "the look before leads to the work"
    assert visitor.post(page.path, {}).path == waiting.path
    assert visitor.post(f"{page.path}/discard", {}).path == waiting.path
    listed = visitor.get(START)
    assert "1 import is under way" in listed.text
    assert visitor.follow("See how far it is").path == waiting.path
    assert work() == 1
    assert len(stored(acme)) == 7
    visitor.get(page.path, status=404)


def test_a_failed_import_says_why_and_leads_back_to_the_upload(acme, browser, work, monkeypatch) -> None:
    def refuse(*_arguments):
        raise Conflict(N_("Another import of the same rows is at work"))

    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    with monkeypatch.context() as patched:
        patched.setattr(service, "store_chunk", refuse)
        assert work() == 1
    for _again in range(2):
        failed = visitor.get(waiting.path)
        assert "This did not come to its end" in failed.text
        assert "Another import of the same rows is at work" in failed.text
        assert "it goes on where it stopped" in failed.text
    retried = visitor.follow("Try again")
    assert retried.path == page.path
    assert confirm(visitor, retried, work).title == "Import finished"
    assert "This did not come to its end" in visitor.get(waiting.path).text


def test_when_the_upload_is_forgotten_the_work_still_tells_its_counts(acme, browser, work, app) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(agreed(page), action=token_of(page))
    work()
    shutil.rmtree(app.extensions["auditkit.settings"].instance / "uploads")
    kept = visitor.get(waiting.path)
    assert kept.title == "Importing complaints"
    assert "imported 7" in kept.text
    visitor.get(page.path, status=404)


def test_uploads_are_forgotten_after_a_day_and_names_cannot_climb(acme, clock, tmp_path) -> None:
    staging = Staging(tmp_path, acme.id)
    staged = staging.keep("x.csv", io.BytesIO(b"a,b"), None, clock.at)
    assert staging.find(staged.token).name == "x.csv"
    for token in ("..", "../..", "a" * 25, staged.token + "/..", ""):
        with pytest.raises(UploadGone):
            staging.find(token)
    from datetime import UTC, datetime

    staging.forget_old(datetime.now(UTC) + timedelta(hours=25))
    with pytest.raises(UploadGone):
        staging.find(staged.token)


def test_a_large_table_is_looked_at_by_a_job(acme, browser, work, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.complaints.importing.jobs.LOOKED_AT_ONCE", 10)
    visitor = browser(acme, "quality-manager")
    waiting = send(visitor, (HEADS + ROWS).encode())
    assert waiting.title == "Looking at a table"
    assert "under way" in visitor.get(START).text
    assert work() == 1
    page = visitor.get(waiting.path)
    assert page.title == "Look before importing"
    assert "Import 7 complaints" in page.text
    waiting = again(visitor, page, format_received="DD/MM/YYYY")
    assert waiting.title == "Looking at a table"
    assert work() == 1
    assert "7 would be refused" in visitor.get(page.path).text


def test_a_job_that_cannot_look_says_why_and_leads_back(acme, browser, work, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.complaints.importing.jobs.LOOKED_AT_ONCE", 10)
    visitor = browser(acme, "quality-manager")
    waiting = send(visitor, b"When,What\n2026-01-05,x\n", profile="cfpb")
    assert work() == 1
    assert "which the profile cfpb needs" in visitor.get(waiting.path).text
    assert visitor.follow("Try again").title == "Import complaints"


def test_nothing_is_imported_before_a_person_confirmed_text_and_dates(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    assert "2026-01-05 → 2026-01-05" in page.text
    refused = visitor.post_form({"text_right": "y"}, action=token_of(page))
    assert "confirm that day and month are not exchanged" in refused.text
    assert work() == 0
    assert stored(acme) == []


WORDS = "Nr;Eingang;Betreff;Status\nA-1;05.01.2026;x;läuft\nA-2;06.01.2026;y;läuft\nA-3;07.01.2026;z;fertig\n"


def test_the_files_words_get_our_meaning_on_the_page(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    assert "“läuft” is not known" in page.text
    words = {row.th.get_text(strip=True): row for row in page.soup.find("section", id="mapping").find_all("tr")[1:]}
    assert {word: row.td.get_text(strip=True) for word, row in words.items()} == {"läuft": "2", "fertig": "1"}


def test_meanings_and_rules_of_the_page_reach_the_register(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    visitor.get(page.path)
    page = visitor.post_form(
        {"means-status-0": "acknowledged", "means-status-1": "closed", "closed_without_date": "unknown"}, action="/look"
    )
    assert "Import 3 complaints" in page.text
    confirm(visitor, page, work)
    assert [(one.stage, one.source_status) for one in stored(acme)] == [
        ("acknowledged", "läuft"),
        ("acknowledged", "läuft"),
        ("closed", "fertig"),
    ]


KINDS = (
    "Ref,Received,Subject,Kind of feedback\nA-1,2026-01-05,x,Предложение\nA-2,2026-01-06,y,Kudos\nA-3,2026-01-07,z,\n"
)


def test_feedback_of_every_kind_comes_in_from_a_file(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, KINDS.encode())
    assert "“Kudos” is not known" in page.text, "what nobody knows is asked for"
    assert "Suggestion" in page.soup.find("table").get_text()
    words = [box["value"] for box in page.soup.select("input[name^=word-kind]")]
    page = visitor.post_form({f"means-kind-{words.index('Kudos')}": "compliment"}, action="/look")
    assert "Import 3 complaints" in page.text
    assert confirm(visitor, page, work).title == "Import finished"
    assert [one.kind for one in stored(acme)] == ["suggestion", "compliment", "complaint"]
    listed = visitor.get("/o/acme/complaints/?stage=all&kind=compliment").soup
    assert [row.get_text(strip=True) for row in listed.select("tbody th a")] == ["y"]


SEVERITIES = "Ref,Received,Subject,Severity\nA-1,2026-01-05,x,Hoch\nA-2,2026-01-06,y,S1\nA-3,2026-01-07,z,\n"


def test_the_severity_comes_in_from_a_file_and_a_word_nobody_knows_is_asked_for(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, SEVERITIES.encode())
    assert "Severity: “S1” is not known" in page.text
    assert "Severity: High" in page.soup.find("table").get_text(), "as it would be stored"
    words = [box["value"] for box in page.soup.select("input[name^=word-severity]")]
    page = visitor.post_form({f"means-severity-{words.index('S1')}": "critical"}, action="/look")
    assert confirm(visitor, page, work).title == "Import finished"
    assert [one.severity for one in stored(acme)] == ["high", "critical", ""]
    listed = visitor.get("/o/acme/complaints/?stage=all&severity=critical").soup
    assert [row.get_text(strip=True) for row in listed.select("tbody th a")] == ["y"]


def test_a_status_column_chosen_anew_brings_its_own_words(acme, browser) -> None:
    visitor = browser(acme, "quality-manager")
    table = "Ref,Received,Subject,Status,Other\nA-1,2026-01-05,x,strange,open\nA-2,2026-01-06,y,odd,closed\n"
    page = send(visitor, table.encode())
    assert "“strange” is not known" in page.text
    page = again(visitor, page, column_status="5")
    assert "strange" not in page.soup.find("section", id="mapping").get_text().split("Other")[1]
    assert "The complaint is closed but has no date of closing" in page.text
    assert "1 would be imported" in page.text


def test_a_way_of_understanding_is_kept_and_found_again(acme, globex, browser, work, command, tmp_path) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    page = visitor.post_form(
        {"means-status-0": "received", "means-status-1": "closed", "closed_without_date": "unknown"}, action="/look"
    )
    assert "Enter what the files come from" in visitor.post_form({"title": ""}, action="/profile").text
    assert "give yours another title" in visitor.post_form({"title": "CFPB"}, action="/profile").text.replace(
        "Give", "give"
    )
    kept = visitor.post_form({"title": "Altes Callcenter"}, action="/profile")
    assert "Kept as the profile altes-callcenter" in kept.text
    page = send(visitor, WORDS.replace("A-", "B-").encode(), "other.csv")
    assert "those of the profile altes-callcenter" in page.text
    assert "Import 3 complaints" in page.text
    confirm(visitor, page, work)
    assert [one.stage for one in stored(acme)] == ["received", "received", "closed"]
    listed = visitor.get(f"{START}profiles")
    assert "Altes Callcenter" in listed.text
    assert "cfpb" in listed.text
    file = visitor._run(visitor.client.get, f"{START}profiles/altes-callcenter.yaml")
    path = tmp_path / "altes.yaml"
    path.write_bytes(file.get_data())
    file.close()
    assert named_profile(str(path)).fields["status"].values == {"läuft": "received", "fertig": "closed"}
    table = tmp_path / "more.csv"
    table.write_text(WORDS.replace("A-", "C-"), encoding="utf-8")
    for profile in ("altes-callcenter", str(path)):
        done = command("complaints", "import", str(table), "--org", "acme", "--profile", profile, "--json", "--dry-run")
        assert (done.code, done.json["imported"]) == (0, 3), done.err
    stranger = browser(globex, "quality-manager")
    stranger.get("/o/globex/complaints/import/profiles/altes-callcenter.yaml", status=404)
    visitor.get(f"{START}profiles")
    assert "no longer used" in visitor.post_form(action="altes-callcenter/retire").text
    assert "those of the profile" not in send(visitor, WORDS.replace("A-", "D-").encode()).text


@pytest.mark.parametrize("name", ["cfpb", "chicago-copa", "hoboken311"])
@pytest.mark.sqlite_only
def test_supplied_profiles_come_back_whole_from_their_yaml(acme, browser, tmp_path, name: str) -> None:
    visitor = browser(acme, "quality-manager")
    file = visitor._run(visitor.client.get, f"{START}profiles/{name}.yaml")
    path = tmp_path / "p.yaml"
    path.write_bytes(file.get_data())
    file.close()
    assert named_profile(str(path)) == named_profile(name)


MONTHS = "Month,Category,Number of complaints,Average days\n" + "".join(
    f"2026-{month:02},{kind},{month * 7},{month}.5\n" for month in range(1, 10) for kind in ("Late", "Broken")
)


def test_a_table_of_counts_draws_a_warning_that_has_to_be_answered(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    rows = "".join(f"2026-{month:02}-01,Late,{month}\n" for month in range(1, 4))
    table = f"Date,Subject,Number of complaints\n{rows}"
    page = send(visitor, table.encode())
    assert "Counts instead of complaints?" in page.text
    assert "columns hold counts (Number of complaints)" in page.text
    refused = visitor.post_form({"text_right": "y", "dates_right": "y"}, action=token_of(page))
    assert "Confirm that each row is one complaint" in refused.text
    assert work() == 0
    assert confirm(visitor, visitor.get(page.path), work).title == "Import finished"
    assert "Counts instead of complaints?" in send(visitor, MONTHS.encode()).text
