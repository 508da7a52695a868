"""Importing over HTTP: upload, look, answer what is doubtful, import, result; hostile cells and other people."""

import io
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from auditkit.base import jobs
from auditkit.base.db import reading
from auditkit.base.errors import Conflict
from auditkit.base.text import N_
from auditkit.complaints.importing import running, service
from auditkit.complaints.importing.staging import Staging, UploadGone
from auditkit.complaints.models import Complaint

START = "/o/acme/complaints/import/"
HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


def send(visitor, content: bytes, name: str = "complaints.csv", **values):
    visitor.get(START)
    return visitor.post_form({"table": (io.BytesIO(content), name), **values})


def confirm(visitor, page, work):
    """Press the button of the look before importing, let the worker do it, and come back to the page of the work."""
    waiting = visitor.post_form(action=page.path.rsplit("/", 1)[1])
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
        "Import 1 complaints",
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
    assert "complaints.csv" in visitor.get(START).text


def test_a_doubt_is_answered_on_the_page(acme, browser, shared, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/cp1253_greek.csv").read_bytes())
    assert "DD/MM/YYYY | MM/DD/YYYY" in page.text
    assert "Import 1 complaints" not in page.text
    page = visitor.get(f"{page.path}?format-received=DD/MM/YYYY")
    assert "Import 1 complaints" in page.text
    assert confirm(visitor, page, work).title == "Import finished"
    (complaint,) = stored(acme)
    assert complaint.received_at.date().isoformat() == "2026-01-05"
    assert complaint.complainant_name == "Γεωργία Παπαδοπούλου"


def test_columns_without_names_are_chosen_on_the_page(acme, browser, shared, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/no_header.csv").read_bytes())
    assert "no row of column names" in page.text
    page = visitor.get(f"{page.path}?column-received=2&column-subject=5&column-reference=1")
    assert "Import 2 complaints" in page.text
    confirm(visitor, page, work)
    assert [(one.external_reference, one.subject) for one in stored(acme)] == [("C-1", "Late"), ("C-2", "Late")]


@pytest.mark.parametrize(
    "answers",
    [
        "?column-received=99",
        "?format-received=nonsense",
        "?encoding=klingon",
        "?column-subject=5",
        "?column-received=x",
    ],
)
def test_answers_that_make_no_sense_are_refused_kindly(acme, browser, shared, answers: str) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/no_header.csv").read_bytes())
    assert visitor.get(page.path + answers).title == "Look before importing"
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
def test_hostile_tables_are_shown_as_text_on_sound_pages(acme, browser, shared, name: str) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared(f"bad_inputs/csv/{name}.csv").read_bytes(), "<script>alert(1)<.csv")
    assert page.title == "Look before importing"
    assert page.soup.find("img", src="x") is None
    assert "<script>alert(1)<.csv" in page.text


def test_a_profile_of_ones_own_is_used_and_its_faults_are_told(acme, browser) -> None:
    visitor = browser(acme, "quality-manager")
    profile = (
        b"kind: import-profile\nid: mine\ntitle: Mine\nfields:\n  received: {column: When}\n  subject: {column: What}\n"
    )
    page = send(visitor, b"When,What\n2026-01-05,x\n", profile_file=(io.BytesIO(profile), "mine.yaml"))
    assert "Import 1 complaints" in page.text
    page = send(
        visitor, b"When,What\n2026-01-05,x\n", profile_file=(io.BytesIO(profile + b"colour: red\n"), "mine.yaml")
    )
    assert "profile.yaml:7" in page.text


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
    return visitor.post_form(action=page.path.rsplit("/", 1)[1])


def test_an_import_that_was_killed_goes_on_and_its_totals_are_right(
    acme, browser, app, work, clock, monkeypatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    visitor = browser(acme, "quality-manager")
    waiting = visitor.post_form(
        action=send(visitor, (HEADS + ROWS + "C-9,nonsense,,,,\n").encode()).path.rsplit("/", 1)[1]
    )
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
    waiting = visitor.post_form(action=page.path.rsplit("/", 1)[1])
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
    waiting = visitor.post_form(action=page.path.rsplit("/", 1)[1])
    with monkeypatch.context() as patched:
        patched.setattr(service, "store_chunk", refuse)
        assert work() == 1
    for _again in range(2):
        failed = visitor.get(waiting.path)
        assert "This did not come to its end" in failed.text
        assert "Another import of the same rows is at work" in failed.text
        assert "it goes on where it stopped" in failed.text
    again = visitor.follow("Try again")
    assert again.path == page.path
    assert confirm(visitor, again, work).title == "Import finished"
    assert "This did not come to its end" in visitor.get(waiting.path).text


def test_when_the_upload_is_forgotten_the_work_still_tells_its_counts(acme, browser, work, app) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    waiting = visitor.post_form(action=page.path.rsplit("/", 1)[1])
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
