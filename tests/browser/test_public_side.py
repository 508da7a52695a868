"""The public side in Chromium: a stranger on a phone from form to answered decision, and how the pages look."""

import re

import pytest

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.intake import tickets
from tests.browser.test_journeys import DESK, PHONE, link, sign_in
from tests.browser.test_pages_look import CHOSEN, faults
from tests.slices.complaints.intake.deciding import decide

pytestmark = pytest.mark.sqlite_only

PERSIAN = re.compile(r"[\u0600-\u06ff]")


def fill(page):
    page.locator("[name=subject]").fill("Parcel lost")
    page.locator("[name=description]").fill("Ordered on Monday, never came.")
    page.locator("[name=wanted_remedy]").fill("Send it again")
    page.locator("[name=name]").fill("Zoë")
    page.locator("[name=email]").fill("zoe@customers.example")
    page.locator("[name=consent]").check()


def words(page) -> tuple[str, str]:
    shown = page.locator(".receipt-word").all_inner_texts()
    return shown[0], shown[1]


def test_a_stranger_on_a_phone_without_javascript_from_form_to_refusal_and_acceptance(tab, acme, hurried, tmp_path):
    # Given a stranger on a phone without JavaScript, who forgets something and sends a picture
    stranger = tab("/p/acme/complaints", java_script_enabled=False, **PHONE)
    stranger.get_by_role("link", name="Make a complaint").first.click()
    fill(stranger)
    stranger.locator("[name=description]").fill("")
    (tmp_path / "note.txt").write_text("what was said")
    stranger.locator("[name=files]").set_input_files(tmp_path / "note.txt")
    stranger.get_by_role("button", name="Send the complaint").click()
    assert "Tell us what happened" in stranger.locator(".error-summary").inner_text()
    stranger.locator("[name=description]").fill("Ordered on Monday, never came.")
    stranger.get_by_role("button", name="Send the complaint").click()

    # Then there is a receipt with reference, secret and a code to scan
    reference, secret = words(stranger)
    assert stranger.locator("svg.qr").is_visible()

    # When the organisation writes, and the stranger comes back on another day with what the receipt says
    with transaction(acme.system) as tx:
        command = correspondence.Write(1, "progress", "We asked the carrier.", channel="web")
        correspondence.write_to_complainant(tx, command, clock.now(), acme.actor("complaint-handler"))
    later = tab("/p/acme/complaints/track", java_script_enabled=False, **PHONE)
    later.locator("[name=reference]").fill(reference.lower())
    later.locator("[name=secret]").fill(secret.replace("-", " "))
    later.get_by_role("button", name="Open my page").click()
    assert "We asked the carrier." in later.locator("main").inner_text()
    assert "note.txt" in later.locator("main").inner_text()
    later.locator("#messages [name=text]").fill("The neighbour saw the van.")
    later.get_by_role("button", name="Send the message").click()
    assert "The neighbour saw the van." in later.locator("main").inner_text()

    # And refuses the first decision, and accepts the second
    decide(acme, reference, "rejected", "The carrier says it was delivered.")
    later.reload()
    assert "The carrier says it was delivered." in later.locator("main").inner_text()
    later.get_by_label("I do not accept it").check()
    later.locator("#decision [name=words]").fill("Nobody was at home.")
    later.get_by_role("button", name="Send my answer").click()
    assert "The case stays open" in later.locator("main").inner_text()
    decide(acme, reference, "upheld", "The signature is not hers.")
    later.reload()
    later.get_by_label("I accept the decision").check()
    later.get_by_role("button", name="Send my answer").click()
    assert "You accepted it" in later.locator("main").inner_text()


def test_the_code_of_the_receipt_fills_the_way_in(tab, acme, hurried):
    stranger = tab("/p/acme/complaints/new", **PHONE)
    fill(stranger)
    stranger.get_by_role("button", name="Send the complaint").click()
    reference, secret = words(stranger)
    scanned = tab(f"/p/acme/complaints/track#{reference}:{secret}", **PHONE)
    assert scanned.locator("[name=secret]").input_value() == secret
    assert "#" not in scanned.url, "the address forgets it"
    scanned.get_by_role("button", name="Open my page").click()
    assert reference in scanned.locator("main").inner_text()


def test_the_browser_proves_by_work_that_it_may_send(tab, acme, hurried, monkeypatch):
    monkeypatch.setattr("auditkit.complaints.intake.rules.gate.FREE_AN_HOUR", 0)
    asked = []
    monkeypatch.setattr(tickets, "ask_to_wait", lambda *more: asked.append(more) or "")
    stranger = tab("/p/acme/complaints/new", **PHONE)
    fill(stranger)
    stranger.wait_for_function("document.querySelector('[name=proof]').value !== ''")
    stranger.get_by_role("button", name="Send the complaint").click()
    assert words(stranger)
    assert not asked, "nobody had to wait"


def test_a_call_is_taken_down_by_keyboard_alone_and_the_same_one_is_suggested(tab, acme, hurried):
    def call(page):
        page.wait_for_function("document.activeElement.name === 'subject'")  # one can type at once
        page.keyboard.type("Kettle leaks")
        page.locator("[name=channel]").focus()
        page.keyboard.press("p")

    member = sign_in(tab, link(acme, "complaint-handler"), **DESK)
    base = member.url.split("/o/")[0]
    member.goto(f"{base}/o/acme/complaints/new")
    call(member)
    member.keyboard.press("Control+Enter")
    member.wait_for_url("**/new/receipt")
    reference, secret = words(member)
    assert re.fullmatch(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", secret)
    member.goto(f"{base}/o/acme/complaints/new")
    call(member)
    member.locator("#alike .possible").wait_for()
    assert reference in member.locator("#alike").inner_text()


@pytest.mark.parametrize("screen", CHOSEN, ids=lambda screen: screen.name)
def test_every_page_of_the_public_side_looks_right(screen, acme, server, chromium, screenshots, hurried, axe):
    context = chromium.new_context(
        viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme, locale=screen.language
    )
    page = context.new_page()
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(f"{name}: {fault}" for fault in faults(page, axe, screen))
        if screenshots is not None:
            page.screenshot(path=screenshots / f"public-{name}.{screen.name}.png", full_page=True)

    for name, address in (("about", ""), ("track", "/track"), ("form", "/new")):
        page.goto(f"{server}/p/acme/complaints{address}")
        look(name)
    page.locator("form.form button[type=submit]").first.click()
    look("form-errors")
    fill(page)
    for fold in page.locator("details").all():
        fold.locator("summary").click()
    look("form-open")
    page.locator("form.form button[type=submit]").first.click()
    look("receipt")
    reference, _secret = words(page)
    decide(acme, reference, "upheld", "The signature is not hers.")
    page.goto(f"{server}/p/acme/complaints/mine")
    look("mine")
    for fold in page.locator("details").all():
        fold.locator("summary").click()
    look("mine-open")
    page.goto(f"{server}/signing-key")
    look("key")
    page.goto(f"{server}/account/link/{link(acme, 'quality-manager')}")
    page.locator("main button").click()
    for name, address in (("settings", "settings/"), ("channel", "settings/channels/0"), ("take-down", "new")):
        page.goto(f"{server}/o/acme/complaints/{address}")
        look(name)
    context.close()
    assert not problems, "\n".join(problems)
