"""From the clause matrix to a cell, its record, an override and back; every page of readiness looked at.

On a phone in English, at a desk in Persian.
"""

from typing import Any

import pytest

from tests.browser.test_pages_look import SCREENS, faults
from tests.browser.walking import go, send
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only

PAGES = ("/o/acme/readiness/", "/o/acme/readiness/stops", "/o/acme/readiness/visits/", "/o/acme/readiness/plan/")
CELL = "/readiness/iso10002-2018/7.3/records"
BECAUSE = "Kept on the board in the shop"


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_an_assessor_finds_the_record_and_overrides_the_cell(screen, acme, visit, server, axe):
    reference = registered(acme.actor("quality-manager"), "A lost parcel", channel="phone")
    size = {"viewport": {"width": screen.width, "height": 900}, "color_scheme": screen.scheme}
    page = visit("internal-auditor", screen.language, size)

    def looked_at() -> None:
        found: list[Any] = faults(page, axe, screen)
        assert found == [], page.url

    go(page, "/readiness/")
    looked_at()
    page.locator(f'a[href*="{CELL}"]').first.click()
    page.wait_for_load_state()
    assert page.locator(f'main a[href$="/complaints/{reference}"]').count() == 1, "the exception is one step away"
    looked_at()
    send(page, f"{CELL}/override", state="found", reason=BECAUSE)
    assert BECAUSE in page.inner_text("main")
    looked_at()
    page.locator('main form[action*="/withdraw"] button').click()
    page.wait_for_load_state()
    assert page.locator('main form[action*="/withdraw"]').count() == 0
    for address in PAGES:
        page.goto(server + address)
        if address.endswith("/visits/"):
            send(page, "/visits/", note="First visit")
        looked_at()
    page.goto(f"{server}/o/acme/readiness/transition/")
    page.locator('main form[action*="/transition/"] button').first.click()
    page.wait_for_load_state()
    looked_at()
