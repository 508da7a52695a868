"""From first contact to the answered survey in Chromium: on a phone, at a keyboard, and by e-mail."""

import email
import email.policy
import re
from email.utils import format_datetime

import pytest

from auditkit.base import clock, outbox
from auditkit.base.db import db, reading, transaction
from auditkit.base.delivery import to_folder
from auditkit.complaints import queries as register
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.survey import jobs, queries
from tests.browser.test_journeys import DESK, PHONE, link, sign_in
from tests.browser.test_public_side import fill, words
from tests.slices.complaints.correspondence.mails import letter
from tests.slices.complaints_survey.test_survey import switch_on

pytestmark = pytest.mark.sqlite_only

MOST_TABS = 250


@pytest.fixture
def post(tmp_path):
    """`post()`: send what waits in the outbox; the mails that left just now, as they were sent."""
    folder = tmp_path / "sent"
    folder.mkdir()
    seen: set[str] = set()

    def send():
        db.session.rollback()
        jobs.invite_due()
        outbox.send_due(to_folder(folder), "auditkit@localhost")
        db.session.rollback()
        fresh = [path for path in sorted(folder.iterdir()) if path.name not in seen]
        seen.update(path.name for path in fresh)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in fresh]

    return send


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def survey_in(mails) -> str:
    """The address in the one invitation."""
    (found,) = [match[0] for mail in mails if (match := re.search(r"/p/acme/survey/[0-9A-Z-]+", text_of(mail)))]
    return found


def answer_survey(page, handling: str, outcome: str) -> None:
    page.locator(f"[name=handling][value='{handling}']").check()
    page.locator(f"[name=outcome][value='{outcome}']").check()
    page.locator("[name=comment]").fill("Quick, thank you.")
    page.locator("main form button[type=submit]").click()
    assert page.get_by_role("heading", name="Thank you").is_visible()


def assert_answered(house, reference: str, process: int, outcome: int) -> None:
    db.session.rollback()
    tx = reading(house.system)
    case = register.by_reference(tx, reference)
    found = queries.of_case(tx, case.id)
    assert (case.stage, case.answer) == ("closed", "accepted")
    assert (found.state, found.process_score, found.outcome_score) == ("answered", process, outcome)
    assert found.comment == "Quick, thank you."


def open_case(page, reference: str) -> None:
    page.goto(f"{page.url.split('/o/')[0]}/o/acme/complaints/{reference}")


def next_step(page) -> None:
    page.locator("#next button[type=submit]").click()


def take_to_decision(page, reasons: str) -> None:
    next_step(page)
    for question, said in (("severity", "low"), ("complexity", "simple"), ("reach", "one")):
        page.locator(f"#next [name={question}][value={said}]").check()
    next_step(page)
    page.locator("#next [name=outcome][value=upheld]").check()
    page.locator("#next [name=decision]").fill(reasons)
    next_step(page)


def test_a_stranger_on_a_phone_without_javascript(tab, acme, hurried, post):
    # Given a stranger who sends the public form and comes back by reference and secret
    switch_on(acme, wait_days=0)
    stranger = tab("/p/acme/complaints", java_script_enabled=False, **PHONE)
    stranger.get_by_role("link", name="Make a complaint").first.click()
    fill(stranger)
    stranger.get_by_role("button", name="Send the complaint").click()
    reference, secret = words(stranger)
    later = tab("/p/acme/complaints/track", java_script_enabled=False, **PHONE)
    later.locator("[name=reference]").fill(reference)
    later.locator("[name=secret]").fill(secret)
    later.get_by_role("button", name="Open my page").click()
    assert "not yet" in later.locator(".way").inner_text()

    # When a handler decides, the stranger accepts, and the handler closes
    handler = sign_in(tab, link(acme, "complaint-handler"), **DESK)
    open_case(handler, reference)
    take_to_decision(handler, "The carrier lost it.")
    handler.locator("#next select[name=channel]").select_option("web")
    next_step(handler)
    later.reload()
    assert "The carrier lost it." in later.locator("#decision").inner_text()
    later.get_by_label("I accept the decision").check()
    later.get_by_role("button", name="Send my answer").click()
    assert "You accepted it" in later.locator("#decision").inner_text()
    handler.reload()
    next_step(handler)

    # Then the invitation comes by mail, and its link takes the answer once
    address = survey_in(post())
    asked = tab(address, java_script_enabled=False, **PHONE)
    assert asked.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    answer_survey(asked, "5", "4")
    assert_answered(acme, reference, 5, 4)
    asked.goto(asked.url)
    assert asked.locator("[name=handling]").count() == 0


class Keys:
    """A person without a mouse: Tab moves, Space and arrows choose, Enter acts."""

    def __init__(self, page) -> None:
        self.page, self.keyboard = page, page.keyboard

    def to(self, selector: str) -> None:
        """Press Tab until the focus is on `selector`, which has to show that it is."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate("document.activeElement.matches(':focus-visible')"), selector
                return
            self.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by keyboard on {self.page.url}")

    def press(self, selector: str) -> None:
        """Enter on a link or button; the page that comes then."""
        self.to(selector)
        with self.page.expect_navigation():
            self.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        self.to(selector)
        self.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """One of several radio buttons, by the arrows."""
        self.to(f"input[type=radio][name={name}]")
        self.keyboard.press("Space")
        for _ in range(10):
            if self.page.evaluate("document.activeElement.value") == value:
                break
            self.keyboard.press("ArrowDown")
        assert self.page.locator(f"[name={name}][value='{value}']").is_checked()

    def pick(self, selector: str, value: str) -> None:
        """One of a list, by the arrows."""
        self.to(selector)
        for _ in range(20):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen in {selector}")


def test_a_handler_at_the_keyboard_takes_a_call_to_its_end(tab, acme, hurried, post):
    # Given somebody who rings, and a handler who touches no mouse
    switch_on(acme, wait_days=0)
    page = tab(f"/account/link/{link(acme, 'complaint-handler')}", **DESK)
    keys, submit = Keys(page), "#next button[type=submit]"
    keys.press("main button")
    keys.press("nav a[href$='/complaints/']")
    keys.press("main a[href$='/complaints/new']")
    keys.keyboard.type("Kettle leaks")
    keys.write("[name=description]", "On the second day.")
    keys.pick("[name=channel]", "phone")
    keys.write("[name=name]", "Zoë")
    keys.write("[name=email]", "zoe@customers.example")
    with page.expect_navigation():
        keys.keyboard.press("Control+Enter")
    reference, _secret = words(page)
    keys.press(f"main a[href$='/complaints/{reference}']")

    # When the case goes through its steps
    keys.press(submit)
    for question, said in (("severity", "low"), ("complexity", "simple"), ("reach", "one")):
        keys.choose(question, said)
    keys.press(submit)
    keys.choose("outcome", "upheld")
    keys.write("#next [name=decision]", "The seal was faulty.")
    keys.press(submit)
    keys.pick("#next select[name=channel]", "phone")
    keys.press(submit)
    keys.choose("answer", "accepted")
    keys.press(submit)
    keys.press(submit)
    assert page.locator("#next").count() == 0

    # Then the complainant is asked, and answers by keyboard too
    asked = tab(survey_in(post()), **DESK)
    answering = Keys(asked)
    answering.choose("handling", "4")
    answering.choose("outcome", "5")
    answering.write("[name=comment]", "Quick, thank you.")
    answering.press("main form button[type=submit]")
    assert asked.get_by_role("heading", name="Thank you").is_visible()
    assert_answered(acme, reference, 4, 5)


def test_a_complainant_by_e_mail(tab, acme, command, post, tmp_path):
    def comes_in(name: str, text: str, **headers) -> dict:
        path = tmp_path / f"{name}.eml"
        message_id, date = f"<{name}@customer.example>", format_datetime(clock.now())
        path.write_bytes(letter(text=text, message_id=message_id, date=date, **headers).as_bytes())
        told = command("mail", "import", str(path), "--org", "acme", "--json")
        assert told.code == 0, told.err
        return told.json["mails"][0]

    # Given an organisation that reads its mails, and one that comes in
    switch_on(acme, wait_days=0)
    manager = acme.actor("administrator")
    with transaction(manager) as tx:
        wanted = correspondence.ChangeSettings(
            0, reply_address="complaints@acme.example", automatic_acknowledgement=True
        )
        correspondence.change_settings(tx, wanted, clock.now(), manager)
    opened = comes_in("first", "It broke on the second day.")
    assert opened["outcome"] == "opened"
    reference = opened["reference"]

    # When our answer carries the sign, and the complainant answers to it
    (receipt,) = post()
    assert receipt["To"] == "ann@customer.example"
    sign = re.search(rf"\[{reference}\.[^\]]+\]", receipt["Subject"])[0]
    answered = comes_in("second", "The bill is from May.", subject=f"Re: {receipt['Subject']}")
    assert (answered["outcome"], answered["reference"]) == ("answered", reference)
    handler = sign_in(tab, link(acme, "complaint-handler"), **DESK)
    open_case(handler, reference)
    assert "The bill is from May." in handler.locator("#messages").inner_text()

    # And the decision goes out as a letter, looked at before
    take_to_decision(handler, "The seal was faulty.")
    handler.get_by_role("link", name="Write to the complainant").click()
    handler.locator("select[name=kind]").select_option("decision")
    handler.get_by_role("button", name="Begin with this letter").click()
    text = handler.locator("textarea[name=text]")
    text.fill(re.sub(r"⟦[^⟧]*⟧", "–", text.input_value()))
    handler.get_by_role("button", name="Look at it").click()
    assert "The seal was faulty." in handler.locator("#preview").inner_text()
    handler.get_by_role("button", name="Send it now").click()
    (decision,) = post()
    assert sign in decision["Subject"]
    assert "The seal was faulty." in text_of(decision)

    # And acceptance comes in and is put on record, and the case is closed
    accepted = comes_in("third", "I accept that.", subject=f"Re: {decision['Subject']}")
    assert (accepted["outcome"], accepted["reference"]) == ("answered", reference)
    open_case(handler, reference)
    assert "I accept that." in handler.locator("#messages").inner_text()
    handler.locator("#next [name=answer][value=accepted]").check()
    next_step(handler)
    next_step(handler)

    # Then the invitation is read in the mail, and its link answered
    asked = tab(survey_in(post()), **PHONE)
    answer_survey(asked, "5", "5")
    assert_answered(acme, reference, 5, 5)
