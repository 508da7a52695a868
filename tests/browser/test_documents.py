"""A policy in Chromium: from the questionnaire to its published second version, read and understood by all."""

import pytest

from tests.browser.test_journeys import DESK, PHONE, link, sign_in

pytestmark = pytest.mark.sqlite_only

ANSWERS = {"email": "help@acme.example", "web_form": "", "privacy_notice": "", "telephone": "0800 123"}


def answer_all(page) -> None:
    """Fill every question with its example's first words, or with what its kind demands."""
    for field in page.locator("main form input[name^=q_]").all():
        name = field.get_attribute("name").removeprefix("q_")
        field.fill(ANSWERS.get(name, "ten working days" if name.endswith(("target", "interval")) else "Acme Ltd"))


def test_from_the_questionnaire_to_a_second_version_that_everybody_has_read(tab, acme):
    # Given a quality manager who starts from the library and answers the questionnaire
    editor = sign_in(tab, link(acme, "quality-manager"), **DESK)
    start = editor.url.split("/o/acme")[0] + "/o/acme/policies/"
    editor.goto(start)
    editor.locator("form[action$='start/complaints-handling-policy'] button").click()
    answer_all(editor)
    editor.get_by_role("button", name="Save the answers").click()
    document = editor.url.partition("#")[0]
    assert "[" not in editor.locator("#section-commitment").inner_text()

    # who chooses who approves it and who must read it,
    editor.goto(f"{document}/approvers")
    editor.get_by_label("First").select_option("administrator of acme")
    editor.get_by_role("button", name="Save the order").click()
    editor.goto(f"{document}/readers")
    editor.get_by_label("Staff", exact=True).check()
    editor.get_by_label("internal-auditor of acme").check()
    editor.get_by_role("button", name="Save the readers").click()

    # When a draft is refused, mended and approved,
    editor.goto(f"{document}/hand-in")
    editor.get_by_label("What is new, and why").fill("First version")
    editor.get_by_role("button", name="Hand in for approval").click()
    approver = sign_in(tab, link(acme, "administrator"), **DESK)
    approver.goto(f"{document}/approval")
    approver.get_by_label("Your reason").fill("Say that it costs nothing")
    approver.get_by_role("button", name="Refuse").click()
    editor.goto(document)
    assert "Say that it costs nothing" in editor.locator("main").inner_text()
    editor.goto(f"{document}/sections/scope")
    editor.get_by_label("Text", exact=True).fill("Complaining costs you **nothing**.")
    # (the preview follows the typing)
    editor.locator("#preview-text strong", has_text="nothing").wait_for()
    editor.get_by_role("button", name="Save the section").click()
    for page, where, reason in ((editor, "hand-in", "First version, free of charge"), (approver, "approval", "Good")):
        page.goto(f"{document}/{where}")
        page.get_by_role("textbox").first.fill(reason)
        page.get_by_role("button", name="Hand in for approval" if page is editor else "Approve").last.click()
    approver.goto(f"{document}/versions/1")
    approver.get_by_role("button", name="Publish", exact=True).click()

    # and a second version takes over,
    editor.goto(f"{document}/sections/scope")
    editor.get_by_label("Text", exact=True).fill("Complaining costs you **nothing**, whatever comes of it.")
    editor.get_by_role("button", name="Save the section").click()
    editor.goto(f"{document}/compare")
    (told,) = editor.locator(".change-text ins").all_inner_texts()
    assert told.split("\n")[1] == ", whatever comes of it"
    editor.goto(f"{document}/hand-in")
    editor.get_by_label("What is new, and why").fill("Clearer")
    editor.get_by_role("button", name="Hand in for approval").click()
    approver.goto(f"{document}/approval")
    approver.get_by_label("Your reason").fill("Clearer indeed")
    approver.get_by_role("button", name="Approve", exact=True).click()
    approver.goto(f"{document}/versions/2")
    approver.get_by_role("button", name="Publish", exact=True).click()

    # Then strangers read it on a phone without JavaScript,
    stranger = tab("/p/acme/policy", java_script_enabled=False, **PHONE)
    assert "whatever comes of it" in stranger.locator("main").inner_text()

    # and everybody who must has read it.
    for role, options in (("staff", PHONE), ("internal-auditor", DESK)):
        reader = sign_in(tab, link(acme, role), **options)
        reader.goto(f"{start}to-read")
        reader.locator("main table a").first.click()
        reader.get_by_label("I have read this text and understood it").check()
        reader.get_by_role("button", name="Confirm").click()
        reader.get_by_text("Nothing to read").wait_for()
    editor.goto(f"{start}reading")
    assert "100 %" in editor.locator("main table").inner_text()
