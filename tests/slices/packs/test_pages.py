"""The pages of packs as people use them: choose, look at the draft, accept what is missing, build, download, check."""

import hashlib
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, render_template_string, session

from auditkit.base import jobs
from auditkit.base.clock import FrozenClock
from auditkit.packs import signing
from auditkit.packs.definitions import definitions, spoken_definitions
from auditkit.packs.jobs import build_pack
from auditkit.packs.jobs import payload as build_pack_payload
from auditkit.packs.verify import verify
from tests.conftest import House
from tests.factories.http import Browser, Page

from . import records

DRAFT = "/o/acme/packs/draft/internal-audit/2026-01-01/2026-12-31"


@pytest.fixture(autouse=True)
def key(app: Flask) -> None:
    signing.make_key(app.extensions["auditkit.settings"].instance)


@pytest.fixture
def build(work: Callable[[], int]) -> Callable[..., Page]:
    """Send the form of the draft, let the worker build, and come back to the page of the work."""

    def send(page: Browser, reason: str) -> Page:
        waiting = page.post_form({"reason": reason, "accepted": "y"})
        assert waiting.title == "Building a pack"
        assert "Waiting for its turn" in waiting.text
        assert work() == 1
        return page.get(waiting.path)

    return send


@pytest.fixture
def year(acme: House, clock: FrozenClock) -> str:
    """An audit that was reported, with a file whose name tries to be markup."""
    records.complaint(acme)
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    row = records.rows_of(acme, number)[0]
    records.add_file(acme, b"minutes", "<img src=x onerror=alert(1)>.txt", ("audit-row", row.id))
    records.report_audit(acme, number)
    return number


def test_from_choosing_to_a_file_that_verifies(
    acme: House, year: str, browser: Callable[..., Browser], tmp_path, app: Flask, build: Callable[..., Page]
) -> None:
    # Given a quality manager on the list of packs
    page = browser(acme, "quality-manager")
    assert "No pack was built yet" in page.get("/o/acme/packs/").text
    # When she chooses a pack and a period, the draft says what is in and what is missing
    page.follow("Build a pack")
    draft = page.post_form({"pack": "internal-audit", "start": "2026-01-01", "end": "2026-12-31"})
    assert draft.path == DRAFT
    assert "2 things are missing" in draft.text
    assert "No complaints-handling policy was started" in draft.text
    assert f"documents/audit-report-{year}.docx" in draft.text
    # Then it is not built without a reason and her acceptance
    refused = page.post_form({})
    assert "Say why the pack is built although something is missing" in refused.text
    assert "Tick this to accept what is missing" in refused.text
    # And with both it is
    page.get(DRAFT)
    built = build(page, "The board meets in May")
    assert "Built and signed." in built.text
    assert "quality-manager of acme" in built.text
    assert "The board meets in May" in built.text
    # And what she downloads is what the page gives the fingerprint of
    answer = page.get(f"{built.path}/download").response
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=acme_internal-audit_2026-01-01_2026-12-31.zip"
    )
    file = tmp_path / "pack.zip"
    file.write_bytes(answer.data)
    answer.close()
    instance = app.extensions["auditkit.settings"].instance
    assert verify(file, signing.load_key(instance).public_key()).good
    with zipfile.ZipFile(file) as archive:
        tag_manifest = archive.read("acme_internal-audit_2026-01-01_2026-12-31/tagmanifest-sha256.txt")
    assert hashlib.sha256(tag_manifest).hexdigest() in built.text
    # And the list and the journal know of it
    assert "2 accepted" in page.get("/o/acme/packs/").text
    journal = page.get("/o/acme/journal/").text
    assert "Pack built" in journal
    assert "Pack downloaded" in journal


@pytest.mark.sqlite_only
def test_titles_are_in_the_language_of_the_screen_and_marked_where_they_are_not(
    acme: House, year: str, browser: Callable[..., Browser], build: Callable[..., Page]
) -> None:
    page = browser(acme, "quality-manager")
    page.get(DRAFT)
    built = build(page, "Soon").path
    with page.client.session_transaction() as session:
        session["locale"] = "fa"
    title, english = spoken_definitions("fa")["internal-audit"].title, definitions()["internal-audit"].title
    for url in ("/o/acme/packs/", "/o/acme/packs/new", DRAFT, built, f"{built}/rooms"):
        shown = page.get(url)
        assert title in shown.text, url
        assert english not in shown.text, url
        assert not [one for one in shown.soup.select("main [lang=en]") if title in one.get_text()], url
    # What was said in the language of the pack, which is English, is marked as that
    assert page.get(built).soup.select("main ul[lang=en]")
    with page.client.session_transaction() as session:
        session["locale"] = "ru"
    assert english in [one.get_text() for one in page.get("/o/acme/packs/").soup.select("main [lang=en]")]


@pytest.mark.parametrize(("language", "said"), [("en", "English, Persian"), ("fa", "انگلیسی، فارسی")])
def test_languages_of_a_pack_stand_in_a_row_as_the_screen_writes_them(app: Flask, language: str, said: str) -> None:
    with app.test_request_context("/"):
        session["locale"] = language
        source = '{% import "packs/parts.html" as parts with context %}{{ parts.languages("en fa") }}'
        assert render_template_string(source) == said


def test_a_reversed_period_is_told_beside_the_field(acme: House, browser: Callable[..., Browser]) -> None:
    page = browser(acme, "quality-manager")
    page.get("/o/acme/packs/new")
    answer = page.post_form({"start": "2026-12-31", "end": "2026-01-01"})
    assert "Enter a last day that is not before the first day (31 Dec 2026)" in answer.text


def test_a_draft_of_nothing_says_so(acme: House, browser: Callable[..., Browser]) -> None:
    page = browser(acme, "quality-manager").get(DRAFT)
    assert "No record of this period goes into the pack" in page.text
    assert "things are missing" in page.text


@pytest.mark.parametrize(
    "url",
    [
        "/o/acme/packs/draft/no-such-pack/2026-01-01/2026-12-31",
        "/o/acme/packs/draft/internal-audit/2026-13-01/2026-12-31",
        "/o/acme/packs/draft/internal-audit/yesterday/2026-12-31",
        "/o/acme/packs/4711",
        "/o/acme/packs/4711/download",
    ],
)
def test_addresses_that_lead_nowhere(acme: House, browser: Callable[..., Browser], url: str) -> None:
    browser(acme, "quality-manager").get(url, status=404)


@pytest.mark.sqlite_only  # about permissions
def test_a_reviewer_reads_and_downloads_but_does_not_build(
    acme: House, year: str, browser: Callable[..., Browser], build: Callable[..., Page]
) -> None:
    manager = browser(acme, "quality-manager")
    manager.get(DRAFT)
    built = build(manager, "Soon")
    reviewer = browser(acme, "internal-auditor")
    assert "Build a pack" not in reviewer.get("/o/acme/packs/").text
    reviewer.get(built.path)
    reviewer.get(f"{built.path}/download").response.close()
    reviewer.get(DRAFT, status=403)
    browser(acme, "staff").get("/o/acme/packs/", status=403)


def test_another_organisation_s_pack_is_not_there(
    acme: House, globex: House, year: str, browser: Callable[..., Browser], build: Callable[..., Page]
) -> None:
    manager = browser(acme, "quality-manager")
    manager.get(DRAFT)
    built = build(manager, "Soon")
    stranger = browser(globex, "quality-manager")
    stranger.get(built.path.replace("/o/acme/", "/o/globex/"), status=404)
    stranger.get(f"{built.path.replace('/o/acme/', '/o/globex/')}/download", status=404)


@pytest.mark.sqlite_only  # about files; building on both: test_building.py
def test_lost_evidence_stops_it_and_is_named(
    acme: House, year: str, browser: Callable[..., Browser], app: Flask
) -> None:
    instance = app.extensions["auditkit.settings"].instance
    for path in (instance / "evidence" / "objects").glob("*/*"):
        path.unlink()
    page = browser(acme, "quality-manager").get(DRAFT)
    assert "Evidence is lost. The pack cannot be built" in page.text
    assert "<img src=x onerror=alert(1)>.txt (missing)" in page.text
    assert page.soup.find("textarea") is None


@pytest.mark.sqlite_only  # about files; building on both: test_building.py
def test_altered_evidence_is_named_when_building(
    acme: House, year: str, browser: Callable[..., Browser], app: Flask, build: Callable[..., Page]
) -> None:
    instance = app.extensions["auditkit.settings"].instance
    (path,) = (instance / "evidence" / "objects").glob("*/*")
    path.chmod(0o600)
    path.write_bytes(b"MINUTES")
    page = browser(acme, "quality-manager")
    page.get(DRAFT)
    refused = build(page, "Soon")
    assert "This did not come to its end" in refused.text
    assert "the stored file was altered" in refused.text
    assert page.follow("Try again").path == DRAFT
    assert "No pack was built yet" in page.get("/o/acme/packs/").text


def test_a_building_that_was_killed_begins_anew(
    acme: House, year: str, browser: Callable[..., Browser], app: Flask, work, clock: FrozenClock, monkeypatch
) -> None:
    page = browser(acme, "quality-manager")
    page.get(DRAFT)
    waiting = page.post_form({"reason": "Soon", "accepted": "y"})

    def killed(*_arguments, **_more) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("auditkit.packs.jobs.build_apart", killed)
        jobs.run_next()
    assert "1 pack is being built" in page.get("/o/acme/packs/").text
    assert page.follow("See how far it is").path == waiting.path
    clock.advance(minutes=3)
    assert jobs.requeue_silent() == 1
    assert work() == 1
    assert "Built and signed." in page.get(waiting.path).text
    kept = app.extensions["auditkit.settings"].instance / "packs"
    assert [path.suffix for path in kept.iterdir()] == [".zip"]


class Ended(Exception):
    """What a worker raises where it is to leave off."""


def test_a_building_reports_how_far_it_is_and_can_be_ended(acme: House, year: str, app: Flask) -> None:
    actor = acme.actor("quality-manager")
    asked = build_pack_payload("internal-audit", date(2026, 1, 1), date(2026, 12, 31), "Soon")
    shares: list[float] = []
    assert build_pack(asked, actor, shares.append)["pack"]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.9 < shares[-1] <= 1

    def enough(share: float) -> None:
        if share > 0.6:
            raise Ended

    packs = app.extensions["auditkit.settings"].instance / "packs"
    before = sorted(packs.iterdir())
    with pytest.raises(Ended):
        build_pack(asked, actor, enough)
    assert sorted(packs.iterdir()) == before, "nothing is left of it"


def test_a_building_asked_for_twice_is_one(acme: House, year: str, browser: Callable[..., Browser], work) -> None:
    page = browser(acme, "quality-manager")
    page.get(DRAFT)
    first = page.post_form({"reason": "Soon", "accepted": "y"})
    page.get(DRAFT)
    assert page.post_form({"reason": "Soon", "accepted": "y"}).path == first.path
    page.get(DRAFT)
    assert page.post_form({"reason": "For another reason", "accepted": "y"}).path != first.path
    assert work() == 2


def test_the_public_key_is_the_instance_s(acme: House, browser: Callable[..., Browser], app: Flask) -> None:
    key = signing.load_key(app.extensions["auditkit.settings"].instance)
    page = browser(acme, "quality-manager")
    assert signing.fingerprint(key) in page.get("/o/acme/packs/").text
    assert page.get("/o/acme/packs/public-key.pem").response.data == signing.public_pem(key)
