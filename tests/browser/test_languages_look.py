"""The public side on a phone in the languages whose words are longer than English: nothing sticks out."""

import pytest

from auditkit.web.languages import LANGUAGES
from tests.browser.test_journeys import PHONE
from tests.browser.test_pages_look import TOO_WIDE
from tests.browser.test_public_side import fill
from tests.slices.complaints.intake.deciding import decide

pytestmark = pytest.mark.sqlite_only
BOX = 244
"""Room for a line in a box of the picture, in its own units: a box is 250 wide."""
LONG_LINES = """limit => [...document.querySelectorAll("svg.process-map text:not([transform])")]
    .filter(line => line.getComputedTextLength() > limit).map(line => line.textContent)"""


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_nothing_is_wider_than_a_phone(acme, tab, hurried, language):
    page = tab(f"/p/acme/complaints/new?language={language}", **PHONE)
    send = page.locator("main button.btn-primary[type=submit]").last
    send.click()
    page.wait_for_selector(".error-summary")
    wide = {"errors": page.evaluate(TOO_WIDE)}
    fill(page)
    page.locator("main button.btn-primary[type=submit]").last.click()
    page.wait_for_url("**/receipt")
    wide["receipt"] = page.evaluate(TOO_WIDE)
    decide(acme, "C-2026-000001", "upheld", "It was ours.")
    page.goto(page.url.replace("/receipt", "/mine"))
    wide["mine"] = page.evaluate(TOO_WIDE)
    page.goto(page.url.replace("/mine", ""))
    wide["about"] = page.evaluate(TOO_WIDE)
    wide["picture"] = page.evaluate(LONG_LINES, BOX)
    assert not {place: found for place, found in wide.items() if found}
