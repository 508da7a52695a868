"""An audit from plan to report through its pages, without scripts."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from flask import Flask

from auditkit.audits import queries
from auditkit.audits.rules import Grade, State
from auditkit.audits.views.icons import ICONS
from auditkit.base.db import reading
from auditkit.base.events import registered
from auditkit.content.library import shared
from auditkit.web.assets import icon
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, reported, rows_of, started
from tests.slices.audits_signing.doing import sign

Opener = Callable[..., Browser]

PLAN = {
    "title": "Complaints handling, spring",
    "objectives": "See how complaints are received",
    "scope": "All channels since January",
    "checklist_id": "principles-2018",
    "planned_from": "2026-03-09",
    "planned_to": "2026-03-10",
    "places": "Service centre",
}
QUESTIONS = len(shared().checklist("principles-2018").items)


def _plan(browser: Opener, acme: House) -> str:
    quality = browser(acme, "quality-manager")
    quality.get("/o/acme/audits/")
    quality.follow("Plan an audit")
    page = quality.post_form({**PLAN, "lead": str(acme.person("internal-auditor"))})
    assert page.title == "Complaints handling, spring"
    return page.path.rsplit("/", 1)[1]


def _running(browser: Opener, acme: House) -> tuple[str, Browser]:
    number = _plan(browser, acme)
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}")
    page = auditor.post_form(action="/start")
    assert f"{QUESTIONS} questions settled" in page.text
    return number, auditor


def test_an_audit_goes_from_plan_to_report(browser: Opener, acme: House, clock: object) -> None:
    number, auditor = _running(browser, acme)
    assert number == "A-2026-001"
    first, second = rows_of(acme, number)[:2]

    page = auditor.post_form({"answer": "does-not-conform", "note": "Nobody could say"}, action=f"/rows/{first.id}")
    assert f"1 of {QUESTIONS} questions settled" in page.text
    assert page.soup.find(id="row-1").find("button", {"aria-pressed": "true"})["value"] == "does-not-conform"

    page = auditor.post_form({"answer": "partly", "note": ""}, action=f"/rows/{second.id}")
    assert "needs one that says what was seen" in page.text
    assert f"1 of {QUESTIONS} questions settled" in page.text

    auditor.get(f"/o/acme/audits/{number}/findings/new?row={first.id}")
    page = auditor.post_form({"statement": "The policy is not known at the counter", "grade": "major"})
    assert page.title == "Finding A-2026-001-F1"
    assert "Open, no action yet" in page.text
    assert "Nobody could say" in page.text  # the note was offered as evidence

    auditor.get(f"/o/acme/audits/{number}/report")
    page = auditor.post_form({"conclusion": "Not yet"})
    assert f"Questions without an answer: {QUESTIONS - 1}" in page.text

    auditor.get(f"/o/acme/audits/{number}/run?show=open")
    token = auditor.page.soup.find("input", {"name": "csrf_token"})["value"]
    for row in rows_of(acme, number)[1:]:
        auditor.post(
            f"/o/acme/audits/{number}/rows/{row.id}",
            {"csrf_token": token, "version": "0", "answer": "not-checked", "note": "Next audit"},
            unchecked="the page that was checked above",
        )
    auditor.get(f"/o/acme/audits/{number}/report")
    page = auditor.post_form({"conclusion": "Known in parts, see the finding"})
    assert page.title == "Complaints handling, spring"
    assert queries.plans.by_number(reading(acme.system), number).state is State.REPORTED

    quality = browser(acme, "quality-manager")
    quality.get(f"/o/acme/audits/{number}")
    page = quality.post_form(action="/close")
    assert "has not signed the report yet" in page.text
    sign(acme, number)
    page = quality.post_form(action="/close")
    assert "not settled yet: 1" in page.text


def test_a_conflict_without_script_answers_409_and_keeps_the_note(browser: Opener, acme: House) -> None:
    number, auditor = _running(browser, acme)
    row = rows_of(acme, number)[0]
    auditor.post_form({"answer": "conforms", "note": "First"}, action=f"/rows/{row.id}")
    page = auditor.post(
        f"/o/acme/audits/{number}/rows/{row.id}", {"version": "0", "answer": "partly", "note": "Second"}, status=409
    )
    assert "This answer was not saved" in page.text
    assert page.soup.find(id=f"note-{row.id}").text.strip() == "Second"


def test_files_are_attached_with_an_answer(browser: Opener, acme: House) -> None:
    number, auditor = _running(browser, acme)
    row = rows_of(acme, number)[0]
    page = auditor.post_form(
        {"answer": "conforms", "files": (io.BytesIO(b"seen at the counter\n"), "notes.txt")}, action=f"/rows/{row.id}"
    )
    assert "notes.txt" in page.soup.find(id="row-1").text
    assert [one.file.name for one in rows_of(acme, number)[0].files] == ["notes.txt"]


def test_the_empty_list_starts_the_work(browser: Opener, acme: House) -> None:
    page = browser(acme, "quality-manager").get("/o/acme/audits/")
    assert "No audits yet" in page.text
    assert page.soup.find("a", href="/o/acme/audits/new")


@pytest.mark.sqlite_only
def test_the_plan_offers_the_guidelines_in_force_and_keeps_what_was_named(browser: Opener, acme: House) -> None:
    planner = browser(acme, "quality-manager")
    page = planner.get("/o/acme/audits/new")
    offered = [one["value"] for one in page.soup.select("select[name=guidelines] option")]
    assert offered == ["iso19011-2026", "iso19011-2018", ""]
    number = _plan(browser, acme)
    planner.get(f"/o/acme/audits/{number}/edit")
    named = {"guidelines": "iso19011-2018", "laws": "Consumer act\nPost act", "contracts": "Delivery, part 4"}
    planner.post_form(named, action=f"/audits/{number}/edit")
    facts = planner.get(f"/o/acme/audits/{number}").soup.select_one("#plan").get_text(" ", strip=True)
    for said in ("Consumer act (Law)", "Post act (Law)", "Delivery, part 4 (Contract)", "ISO 19011:2018"):
        assert said in facts, said
    again = planner.get(f"/o/acme/audits/{number}/edit").soup
    assert again.select_one("textarea[name=laws]").text.split() == ["Consumer", "act", "Post", "act"]
    assert again.select_one("select[name=guidelines] option[selected]")["value"] == "iso19011-2018"


def test_another_organisations_audit_does_not_exist(browser: Opener, acme: House, globex: House) -> None:
    number = _plan(browser, acme)
    stranger = browser(globex, "quality-manager")
    for rest in ("", "/run", "/edit", "/report"):
        stranger.get(f"/o/globex/audits/{number}{rest}", status=404 if rest != "/report" else 403)


def test_plan_and_report_come_as_word(browser: Opener, acme: House, tmp_path: Path) -> None:
    number = reported(acme, own_library(tmp_path), Grade.MINOR)
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}")

    plan = _word(auditor, f"/o/acme/audits/{number}/plan.docx")
    assert "See whether the house is shut" in plan
    assert "internal-auditor of acme" in plan
    report = _word(auditor, f"/o/acme/audits/{number}/report.docx")
    for words in (
        "Mostly shut",
        f"{number}-F1",
        "One door stood open",
        "The key holder was ill",
        "Are the doors shut?",
    ):
        assert words in report


def _word(person: Browser, url: str) -> str:
    """The text of a downloaded Word document."""
    page = person.get(url)
    assert page.response.headers["Content-Disposition"].startswith("attachment")
    opened = docx.Document(io.BytesIO(page.response.get_data()))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def test_there_is_no_report_of_an_audit_that_runs(browser: Opener, acme: House, tmp_path: Path) -> None:
    number = started(acme, own_library(tmp_path))
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}/report.docx", status=400)
    assert "not reported yet" in page.text


def test_every_event_on_the_timeline_of_an_audit_has_an_icon(app: Flask) -> None:
    told = {name for name in registered() if name.startswith(("audit:", "finding:"))}
    assert told == set(ICONS)
    assert all(icon(name) for name in ICONS.values())
