"""The three journeys in Chromium: a stranger on a phone, an auditor at the keyboard, a consultant with a pack."""

import re

import pytest

from auditkit.accounts import service
from auditkit.base import clock, jobs
from auditkit.base.db import transaction
from auditkit.packs.verify import verify
from tests.factories import demo

pytestmark = pytest.mark.sqlite_only

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


def sign_in(tab, secret: str, **options):
    page = tab(f"/account/link/{secret}", **options)
    page.locator("main button").click()
    page.wait_for_url("**/o/**")
    return page


def link(house, role: str) -> str:
    with transaction(house.system) as tx:
        return str(service.issue_link(tx, service.IssueLink(house.person(role)), clock.now(), house.system))


def test_a_complaint_from_a_phone_without_javascript_to_its_closing(tab, acme):
    # Given a stranger on a phone, without an account and without JavaScript
    stranger = tab("/p/acme/complaints/new", java_script_enabled=False, **PHONE)
    stranger.get_by_label("What is it about?").fill("Parcel lost")
    stranger.get_by_label("What happened, or what do you wish?").fill("Ordered on Monday, never came.")
    stranger.get_by_role("textbox", name="E-mail").fill("zoe@customers.example")
    stranger.get_by_label("You may keep and use what I write here").check()
    stranger.wait_for_timeout(3000)  # nobody fills the form in faster
    stranger.get_by_role("button", name="Send the complaint").click()
    reference = re.search(r"C-\d{4}-\d{6}", stranger.locator("main").inner_text())[0]

    # When a handler takes it to its end
    handler = sign_in(tab, link(acme, "complaint-handler"), **DESK)
    handler.goto(handler.url.split("/o/")[0] + f"/o/acme/complaints/{reference}")
    handler.get_by_role("button", name="The complainant was told").click()
    for question, said in (("severity", "low"), ("complexity", "simple"), ("reach", "one")):
        handler.locator(f"[name={question}][value={said}]").check()
    handler.get_by_role("button", name="Put the assessment on record").click()
    handler.locator("[name=outcome][value=upheld]").check()
    handler.locator("[name=decision]").fill("The carrier lost it.")
    handler.get_by_role("button", name="Put the decision on record").click()
    handler.locator("select[name=channel]").select_option("phone")
    handler.get_by_role("button", name="The complainant was told").click()
    handler.locator("[name=answer][value=accepted]").check()
    handler.get_by_role("button", name="Put the answer on record").click()
    handler.get_by_role("button", name=re.compile("Close")).click()

    # Then the stranger reads it on the own page
    stranger.get_by_role("link", name="See how it stands").click()
    assert "The carrier lost it." in stranger.locator("main").inner_text()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_audit_is_planned_started_answered_and_a_finding_raised(tab, acme, screen):
    auditor = sign_in(tab, link(acme, "internal-auditor"), **screen)
    auditor.goto(auditor.url.split("/o/")[0] + "/o/acme/audits/new")
    auditor.get_by_label("Title").fill("Autumn")
    auditor.get_by_label("Objectives").fill("See whether it works")
    auditor.get_by_label("Scope").fill("All channels")
    auditor.get_by_label("Checklist").select_option("principles-2018")
    auditor.get_by_label("First day").fill("2026-03-02")
    auditor.get_by_label("Last day").fill("2026-03-03")
    auditor.get_by_role("button", name="Plan the audit").click()
    auditor.get_by_role("button", name="Start the audit").click()
    auditor.wait_for_url("**/run**")
    first = auditor.locator("form[action*='/rows/']").first
    first.locator("textarea").fill("Two of three could not say.")
    first.get_by_role("button", name="Partly conforms").click()
    auditor.get_by_text(re.compile(r"^1 of \d+ questions")).wait_for()
    auditor.goto(auditor.url.split("#")[0])
    assert (
        auditor.locator("form[action*='/rows/']").first.locator("textarea").input_value()
        == "Two of three could not say."
    )
    auditor.get_by_role("link", name="Raise a finding").first.click()
    auditor.get_by_label("Minor nonconformity").check()
    auditor.get_by_label("Statement").fill("Principles are not known.")
    auditor.get_by_role("textbox", name="Requirement").fill("Staff know the principles")
    auditor.get_by_label("Objective evidence").fill("Interviews of 2 March")
    auditor.get_by_role("button", name="Raise the finding").click()
    assert "Principles are not known." in auditor.locator("main").inner_text()


def test_from_all_clients_in_two_clicks_to_a_pack_that_verifies_and_an_item_that_a_reviewer_accepts(
    tab, app, tmp_path, axe
):
    demo.tell(app)
    manager = sign_in(tab, demo.secret_of("quentin"), **DESK)
    manager.goto(manager.url.split("/o/")[0] + "/readiness")
    manager.get_by_role("link", name="First stage").click()  # the first click; the second builds
    manager.get_by_label("Why is the pack built all the same?").fill("A trial")
    manager.get_by_label("I accept that the pack goes out").check()
    manager.get_by_role("button", name="Build and sign").click()
    manager.wait_for_load_state()
    assert jobs.run_next()
    manager.reload()
    download_link = manager.locator("a[href$='/download']").first
    download_link.wait_for()
    with manager.expect_download() as caught:
        download_link.click()
    pack = tmp_path / "pack.zip"
    caught.value.save_as(pack)
    assert verify(pack).good
    _reviewed(manager, tab, axe)


def _reviewed(manager, tab, axe) -> None:
    """The organisation opens a room; the reviewer comes in by the link, accepts an item with one tap, then the clause;
    the organisation sees both."""
    manager.get_by_role("link", name="Rooms for reviewers").click()
    manager.get_by_label("Certification body").fill("Body One")
    manager.locator("[name=reviewer]").fill("Rita Reviewer")
    manager.get_by_role("button", name="Open the room").click()
    link = manager.locator("main p.mono").first.inner_text()
    reviewer = tab("/p/" + link.partition("/p/")[2], **PHONE)
    reviewer.get_by_role("button", name="Enter").click()
    reviewer.get_by_role("link", name="8.5").first.click()
    reviewer.get_by_role("table", name="Items for this clause").wait_for()
    _nothing_found(reviewer, axe)
    reviewer.get_by_role("link", name="Not sufficient").first.click()
    reviewer.get_by_role("heading", name="Your judgement of this item").wait_for()
    _nothing_found(reviewer, axe)
    reviewer.get_by_label("What you ask for").fill("Who signed this?")
    reviewer.get_by_role("button", name="Ask for it").click()
    reviewer.get_by_text("Request 1 is with the organisation.").wait_for()
    reviewer.get_by_role("link", name="The clause", exact=True).click()
    item = reviewer.get_by_role("table", name="Items for this clause").get_by_role("row").nth(1)
    item.get_by_role("button", name="Accept").click()
    item.get_by_text("Accepted", exact=True).wait_for()
    reviewer.get_by_label("What it shows is").select_option("accepted")
    reviewer.get_by_role("button", name="Save the judgement").click()
    reviewer.get_by_text("Saved.").wait_for()
    reviewer.get_by_role("link", name="All clauses").click()
    row = reviewer.get_by_role("row").filter(has=reviewer.get_by_role("link", name="8.5")).first
    row.get_by_text("Accepted", exact=True).wait_for()
    assert "1 of" in row.inner_text()
    manager.reload()
    said = manager.get_by_role("table", name="What was said of clauses and items").get_by_role("row")
    said.nth(2).wait_for()
    told = [said.nth(number).inner_text() for number in (1, 2)]
    assert all("8.5" in one and "Accepted" in one for one in told)
    assert ["The clause itself" in one for one in told] == [False, True]


def _nothing_found(page, axe) -> None:
    """Rooms are no pages of the crawl, which has no link to come in by: axe looks at them here."""
    page.wait_for_load_state()
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")  # what lies under the bar on top is no small target
    found = axe.violations(page)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
