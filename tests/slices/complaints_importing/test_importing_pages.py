"""Importing over HTTP: upload, look, answer what is doubtful, import, result; hostile cells and other people."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from auditkit.base.db import reading
from auditkit.complaints.importing.staging import Staging, UploadGone
from auditkit.complaints.models import Complaint

START = "/o/acme/complaints/import/"
HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


def send(visitor, content: bytes, name: str = "complaints.csv", **values):
    visitor.get(START)
    return visitor.post_form({"table": (io.BytesIO(content), name), **values})


def stored(house) -> list[Complaint]:
    found = select(Complaint).where(Complaint.organisation_id == house.id).order_by(Complaint.id)
    return list(reading(house.system).execute(found).scalars())


def uploads(app, house) -> list[str]:
    folder = app.extensions["auditkit.settings"].instance / "uploads" / str(house.id)
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def test_a_table_is_looked_at_before_it_is_imported(acme, browser, app) -> None:
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

    page = visitor.post_form(action=page.path.rsplit("/", 1)[1])
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


def test_a_doubt_is_answered_on_the_page(acme, browser, shared) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/cp1253_greek.csv").read_bytes())
    assert "DD/MM/YYYY | MM/DD/YYYY" in page.text
    assert "Import 1 complaints" not in page.text
    page = visitor.get(f"{page.path}?format-received=DD/MM/YYYY")
    assert "Import 1 complaints" in page.text
    assert visitor.post_form(action=page.path.rsplit("/", 1)[1]).title == "Import finished"
    (complaint,) = stored(acme)
    assert complaint.received_at.date().isoformat() == "2026-01-05"
    assert complaint.complainant_name == "Γεωργία Παπαδοπούλου"


def test_columns_without_names_are_chosen_on_the_page(acme, browser, shared) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, shared("bad_inputs/csv/no_header.csv").read_bytes())
    assert "no row of column names" in page.text
    page = visitor.get(f"{page.path}?column-received=2&column-subject=5&column-reference=1")
    assert "Import 2 complaints" in page.text
    visitor.post_form(action=page.path.rsplit("/", 1)[1])
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
