"""A risk in Chromium: from an example, through two reviews half a year apart, at a desk and on a phone."""

import pytest

from tests.browser.test_journeys import DESK, PHONE, link, sign_in

pytestmark = pytest.mark.sqlite_only


def test_a_risk_through_two_reviews(tab, acme, clock):
    # Given a quality manager who starts from an example of the library and makes it true
    manager = sign_in(tab, link(acme, "quality-manager"), **DESK)
    base = manager.url.split("/o/acme")[0] + "/o/acme"
    manager.goto(f"{base}/library/registers/risks")
    manager.locator("#examples summary").first.click()
    manager.get_by_role("link", name="Start from it").first.click()
    manager.get_by_label("Who sees to it").select_option("complaint-handler of acme")
    manager.get_by_role("button", name="Save").click()
    risk = manager.url.partition("#")[0]
    assert risk.endswith("/registers/risks/RISK-001")
    assert "Level: High" in manager.locator("main").inner_text()

    # When half a year has gone, it stands as overdue on the path to certification, which leads to it
    clock.advance(days=190)
    manager.goto(f"{base}/path/#checks")
    line = manager.locator("#checks tr", has_text="Risks and opportunities")
    assert "1 entry is overdue" in line.inner_text()
    line.get_by_role("link").click()
    manager.get_by_role("link", name="RISK-001").click()

    # and a first review finds that the treatment helped,
    manager.get_by_role("link", name="Review", exact=True).click()
    manager.get_by_role("button", name="Note the review").click()
    assert "Write down what the review found" in manager.locator("main").inner_text(), "a review without a finding"
    manager.get_by_label("What the review found").fill("Twelve calls recorded in August")
    manager.get_by_label("Likelihood after treatment").select_option(label="Unlikely – Once in some years")
    manager.get_by_label("Impact after treatment").select_option("serious")
    manager.get_by_label("Whether the treatment worked").fill("Counted against visits")
    manager.get_by_role("button", name="Note the review").click()
    assert "Level after treatment: Medium" in manager.locator("main").inner_text()
    manager.goto(f"{base}/path/")
    assert manager.locator("#checks tr", has_text="1 entry is overdue").count() == 0

    # and a second one, on a phone, finds it gone down further
    clock.advance(days=190)
    phone = sign_in(tab, link(acme, "quality-manager"), **PHONE)
    phone.goto(f"{risk}/review")
    phone.get_by_label("What the review found").fill("None was lost this half-year")
    phone.get_by_label("Impact after treatment").select_option("minor")
    phone.get_by_role("button", name="Note the review").click()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # Then both reviews and what the entry said before them can be read
    told = phone.locator("main").inner_text()
    assert "Level after treatment: Low" in told
    assert told.index("None was lost this half-year") < told.index("Twelve calls recorded in August")
    assert phone.locator("details", has_text="Version 1").count() == 1
    assert phone.locator("details", has_text="Version 2").count() == 1
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Form (Word)").click()
    assert download.value.suggested_filename == "RISK-001.docx"
