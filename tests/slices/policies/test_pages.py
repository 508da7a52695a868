"""Pages of policies over HTTP: from the questionnaire to the public page, and who may do what."""

import io
import zipfile
from datetime import timedelta

import pytest

from auditkit.app import create_app
from auditkit.base.db import db
from auditkit.policies import service
from tests.slices.policies.conftest import NOW

BASE = "/o/acme/policies/"
PUBLIC = "/p/acme/policy"


def test_from_the_library_to_the_public_page(acme, browser, clock, answers):
    editor, approver, stranger = browser(acme, "quality-manager"), browser(acme, "administrator"), browser()
    assert "No policy is published at the moment" in stranger.get(PUBLIC).text

    editor.get(BASE)
    page = editor.post_form(action="/start/complaints-handling-policy")
    assert page.title == "Questions about your organisation"
    page = editor.post_form({f"q_{name}": value for name, value in answers.items()})
    assert "Borjomi Home Appliances" in page.text
    editor.get(f"{BASE}1/sections/scope")
    page = editor.post_form({"text": "We cover **everything** that {{organisation}} does."})
    assert page.soup.find("strong", string="everything")

    page = approver.get(f"{BASE}1/approve")
    assert "Changed last by quality-manager of acme" in page.text
    page = approver.post_form({"reason": "First version", "review_by": "2027-03-01"})
    assert page.path == f"{BASE}1/versions/1"
    assert "Approved, not published" in page.text
    assert "No policy is published" in stranger.get(PUBLIC).text
    page = approver.post_form(action="/publish")
    assert "In force" in page.text

    page = stranger.get(PUBLIC)
    assert page.title == "Complaints-handling policy"
    assert "We cover everything that Borjomi Home Appliances does." in page.text
    assert "POL-01 · Version 1 · In force from" in page.text
    assert page.soup.find("strong", string="everything")
    assert stranger.get("/p/acme/policy").status == 200
    for role in ("staff", "internal-auditor", "complaint-handler"):
        assert "Version 1 is in force" in browser(acme, role).get(f"{BASE}1").text


def test_approval_says_what_is_missing(acme, browser, do):
    do(acme, service.start, service.Start())
    approver = browser(acme, "administrator")
    assert "These questions need an answer" in approver.get(f"{BASE}1").text
    approver.get(f"{BASE}1/approve")
    page = approver.post_form({"reason": "x"})
    assert page.path == f"{BASE}1/approve"
    assert "Answer these questions before the policy is approved: What is the name of the organisation" in page.text


def test_wrong_answers_are_shown_beside_their_questions_and_kept(acme, browser, do):
    do(acme, service.start, service.Start())
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}1/questions")
    page = editor.post_form({"q_email": "nobody", "q_organisation": "Acme"})
    assert "Enter an e-mail address such as name@example.org" in page.text
    assert page.soup.find("input", {"name": "q_organisation"})["value"] == "Acme"


def test_the_preview_saves_nothing(acme, browser, started):
    policy_id = started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}{policy_id}/sections/scope")
    page = editor.post_form({"text": "# Only *tried*\n\n{{organisation}}", "preview": "1"})
    shown = page.soup.find(id="preview")
    assert shown.find("h3").get_text() == "Only tried"
    assert "Borjomi Home Appliances" in shown.get_text()
    assert "Only tried" not in editor.get(f"{BASE}{policy_id}").text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"title": ""}, "Enter a heading for the section"),
        ({"text": ""}, "Enter the text of the section"),
        ({"text": "{{nobody}}"}, "There is no question for the blank {{nobody}}"),
        ({"text": "{{Broken}}"}, "Write a blank as {{name}}"),
        ({"text": "x" * 8_001}, "The text has 8001 characters; at most 8000 fit"),
    ],
)
def test_a_section_that_cannot_be_saved_keeps_what_was_typed(acme, browser, started, values, text):
    policy_id = started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}{policy_id}/sections/scope")
    page = editor.post_form(values)
    assert text in page.text
    if values.get("text"):
        assert page.soup.find("textarea", {"name": "text"}).get_text().strip() == values["text"]


def test_two_editors_do_not_overwrite_each_other(acme, browser, do, started):
    policy_id = started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}{policy_id}/sections/scope")
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "Theirs", "their text"), "administrator")
    page = editor.post_form({"text": "my text"})
    assert "Somebody else changed the draft meanwhile" in page.text
    assert page.soup.find("textarea", {"name": "text"}).get_text().strip() == "my text"
    page = editor.post_form()
    assert "The section was saved" in page.text


def test_the_editor_cannot_approve_and_is_told_who_can(acme, browser, started):
    policy_id = started(acme)
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}{policy_id}/approve")
    page = editor.post_form({"reason": "x"})
    assert "somebody else must approve it: administrator of acme" in page.text


def test_dates_of_publication_are_checked(acme, browser, clock, do, started):
    policy_id = started(acme)
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    approver = browser(acme, "administrator")
    approver.get(f"{BASE}{policy_id}/versions/1")
    page = approver.post_form({"effective_on": "2026-03-01"}, action="/publish")
    assert "cannot be in force before it was approved (2 Mar 2026)" in page.text
    page = approver.post_form({"effective_on": ""}, action="/publish")
    assert "Enter the day from which this version is in force" in page.text
    page = approver.post_form({"effective_on": "2026-03-09"}, action="/publish")
    assert "Published, not yet in force" in page.text
    assert "No policy is published" in browser().get(PUBLIC).text
    clock.advance(days=7)
    assert "Version 1" in browser().get(PUBLIC).text


def test_withdrawing_takes_it_off_the_public_page_and_keeps_it_for_staff(acme, browser, clock, published):
    policy_id = published(acme)
    assert "Version 1" in browser().get(PUBLIC).text
    approver = browser(acme, "administrator")
    approver.get(f"{BASE}{policy_id}/versions/1")
    assert "Enter the reason" in approver.post_form(action="/withdraw").text
    page = approver.post_form({"reason": "wrong telephone number"}, action="/withdraw")
    assert "wrong telephone number" in page.text
    assert "No policy is published" in browser().get(PUBLIC).text
    page = browser(acme, "staff").get(f"{BASE}{policy_id}/versions/1")
    assert "Withdrawn" in page.text
    assert "Our commitment" in page.text


def test_the_word_document(acme, browser, published):
    policy_id = published(acme)
    staff = browser(acme, "staff")
    answer = staff._run(staff.client.get, f"{BASE}{policy_id}/versions/1/word")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Complaints-handling policy 1.docx"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as document:
        body = document.read("word/document.xml").decode()
    assert "Borjomi Home Appliances" in body
    assert "administrator of acme" in body


def test_hostile_text_is_harmless_on_the_public_page(acme, browser, clock, do, started):
    policy_id = started(acme)
    hostile = (
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) "
        "![b](https://evil.example/t.png)\n\n# Big\n\n###### Small\n\n{{organisation}}"
    )
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "<b>Scope</b>", hostile))
    evil_answer = {"organisation": "<script>alert(2)</script> [x](javascript:alert(3)) {{offer}} **bold**"}
    do(acme, service.answer, service.AnswerQuestions(policy_id, evil_answer))
    do(acme, service.approve, service.Approve(policy_id, "<i>x</i>"), "administrator")
    do(acme, service.publish, service.Publish(policy_id, 1, NOW.date()), "administrator")
    pages = (
        browser().get(PUBLIC),
        browser(acme, "staff").get(f"{BASE}1/versions/1"),
        browser(acme, "staff").get(f"{BASE}1"),
    )
    for page in pages:
        main = page.soup.find("main")
        assert not main.find_all(["script", "img", "b", "i"])
        assert not [a for a in main.find_all("a") if "javascript" in a.get("href", "")]
        assert "<script>alert(2)</script> [x](javascript:alert(3)) {{offer}} **bold**" in page.text


def test_another_organisation_sees_nothing(acme, globex, browser, published):
    policy_id = published(acme)
    stranger = browser(globex, "administrator")
    for url in (f"{BASE}{policy_id}", f"/o/globex/policies/{policy_id}", f"/o/globex/policies/{policy_id}/versions/1"):
        stranger.get(url, status=404)
    assert "No policy is published" in browser().get("/p/globex/policy").text
    browser().get("/p/nobody/policy", status=404)


def test_who_may_not_edit_sees_no_way_to(acme, browser, started):
    policy_id = started(acme)
    staff = browser(acme, "staff")
    page = staff.get(f"{BASE}{policy_id}")
    assert not page.soup.find("main").find("form")
    assert not [a for a in page.soup.find("main").find_all("a") if "/sections/" in a["href"]]
    for url in ("questions", "sections/scope", "approve"):
        staff.get(f"{BASE}{policy_id}/{url}", status=403)
    assert browser(acme, "external-reviewer").get(BASE, status=403).status == 403


def test_the_public_surface_alone(acme, app, published):
    published(acme)
    public = create_app(app.extensions["auditkit.settings"], surfaces=frozenset({"public"}))
    try:
        answer = public.test_client().get(PUBLIC)
        assert answer.status_code == 200
        assert "Our commitment" in answer.get_data(as_text=True)
        assert public.test_client().get(BASE).status_code == 404
    finally:
        with public.app_context():
            db.engine.dispose()


def test_a_newer_version_shows_the_older_as_superseded(acme, browser, clock, do, published):
    policy_id = published(acme)
    later = NOW + timedelta(days=1)
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "Everything."), at=later)
    do(acme, service.approve, service.Approve(policy_id, "Wider"), "administrator", at=later)
    do(acme, service.publish, service.Publish(policy_id, 2, later.date()), "administrator", at=later)
    clock.advance(days=1)
    page = browser(acme, "staff").get(f"{BASE}{policy_id}")
    assert "Superseded" in page.text
    assert "Version 2 is in force" in page.text
    assert "Everything." in browser().get(PUBLIC).text
    assert "The draft is the same as version 2" in page.text
