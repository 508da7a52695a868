"""A complainant lost the secret, a handler gives out a new one; and the pages of settings and of a broken mailbox.

Each page is looked at as `test_pages_look` does, in English and in Persian, on a phone and at a desk.
"""

import re

import pytest

from auditkit.complaints.correspondence import regular
from tests.browser.test_pages_look import CHOSEN, faults
from tests.factories.imap import ImapServer
from tests.slices.complaints.intake.filling import receipt_of, send

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def look(server, chromium, screenshots, axe):
    """`look(screen, browser, name, path)`: open a page as whoever `browser` is, and expect no fault; its text."""

    def looks(screen, visitor, name: str, path: str) -> str:
        visitor.get(path)
        visitor.post("/preferences", {"locale": screen.language, "next": "/"}, unchecked="only the language")
        cookie = visitor.client.get_cookie("session")
        context = chromium.new_context(viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme)
        if cookie is not None:
            context.add_cookies([{"name": "session", "value": cookie.value, "url": server}])
        page = context.new_page()
        answer = page.goto(server + path)
        assert answer.status == 200, path
        if screenshots:
            page.screenshot(path=screenshots / f"{name}-{screen.name}.png", full_page=True)
        found = faults(page, axe, screen)
        text = page.inner_text("main")
        context.close()
        assert found == [], f"{name} {screen.name}"
        return text

    return looks


@pytest.mark.parametrize("screen", CHOSEN, ids=lambda screen: screen.name)
def test_a_lost_secret_from_both_sides(screen, app, acme, browser, clock, look):
    stranger = browser()
    reference, _lost = receipt_of(send(stranger, clock, street="1 Long Lane", city="Tbilisi"))
    handler = browser(acme, "complaint-handler")
    case = f"/o/acme/complaints/{reference}"
    look(screen, handler, "reissue", f"{case}/secret")
    handler.get(f"{case}/secret")
    handler.post_form({"checked": "Called back.", "handed": "post"}, action="/secret")
    text = look(screen, handler, "reissued", f"{case}/secret/receipt")
    secret = re.search(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b", text)[0]
    assert "1 Long Lane" in text
    visitor = browser()
    visitor.get("/p/acme/complaints/track")
    visitor.post_form({"reference": reference, "secret": secret}, action="/track")
    text = look(screen, visitor, "mine", "/p/acme/complaints/mine")
    if screen.language == "en":
        assert "You have a new secret" in text
    look(screen, handler, "copies", f"/o/acme/complaints/case-files/{reference}/copies")
    look(screen, browser(), "track", "/p/acme/complaints/track")


@pytest.mark.parametrize("screen", CHOSEN, ids=lambda screen: screen.name)
def test_settings_and_a_mailbox_that_fails(screen, app, acme, browser, clock, look, monkeypatch):
    handler, admin = browser(acme, "complaint-handler"), browser(acme, "administrator")
    settings = app.extensions["auditkit.settings"]
    with ImapServer() as server:
        monkeypatch.setattr(settings, "mailboxes", {"acme": server.url("Nowhere")})
        regular.fetch_due()
        while regular.jobs.run_next():
            pass
        look(screen, handler, "mail-failing", "/o/acme/correspondence/")
        monkeypatch.setattr(settings, "mailboxes", {"acme": server.url()})
        clock.advance(minutes=6)
        regular.fetch_due()
        while regular.jobs.run_next():
            pass
        look(screen, handler, "mail-read", "/o/acme/correspondence/mail")
    for name, path in (
        ("settings", "/o/acme/complaints/setting-up/"),
        ("personal-data", "/o/acme/complaints/privacy/"),
        ("tokens", "/o/acme/api-tokens/"),
    ):
        look(screen, admin, name, path)
