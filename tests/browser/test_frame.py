"""The frame around every page, in Chromium: it works without JavaScript, by keyboard, in dark, and on paper."""

import pytest

from auditkit.accounts import service
from auditkit.base import clock
from auditkit.base.db import transaction

pytestmark = pytest.mark.sqlite_only

COLOUR = "e => getComputedStyle(e).backgroundColor"


@pytest.fixture
def open_page(chromium, server, acme, browser, app):
    """`open_page(role, **options)`: a page signed in as `role` on the start page, in a context with these options."""
    contexts = []

    def start(role: str, **options):
        with transaction(acme.system) as tx:
            command = service.IssueLink(acme.person(role))
            secret = service.issue_link(tx, command, clock.now(), acme.system)
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server}/account/link/{secret}")
        page.locator("main button").click()
        page.wait_for_url("**/o/acme/**")
        return page

    yield start
    for context in contexts:
        context.close()


PHONE = {"viewport": {"width": 360, "height": 740}}


def test_on_a_phone_the_navigation_opens_and_leads_on_without_javascript(open_page):
    page = open_page("administrator", java_script_enabled=False, **PHONE)
    link = page.get_by_role("link", name="Journal")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert link.is_visible()
    link.click()
    page.wait_for_url("**/o/acme/journal/")
    assert not page.get_by_role("link", name="People").is_visible(), "the menu is closed on the next page"


def test_the_menu_closes_by_escape(open_page):
    page = open_page("administrator", **PHONE)
    page.get_by_role("button", name="Menu").press("Enter")
    assert page.get_by_role("link", name="Journal").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Journal").is_visible()


def test_language_and_appearance_are_chosen_without_javascript(open_page):
    page = open_page("staff", java_script_enabled=False)
    page.get_by_role("button", name="Language and appearance").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.get_by_role("button", name="Language and appearance").click()
    page.get_by_role("button", name="فارسی").click()
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_signing_out_takes_two_clicks_and_ends_the_session(open_page, server):
    page = open_page("staff", java_script_enabled=False)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in")
    page.goto(f"{server}/o/acme/")
    assert "/account/sign-in" in page.url


def test_the_first_tab_stop_skips_to_the_content(open_page):
    page = open_page("staff")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_error_summary_has_the_focus_and_leads_to_its_fields(open_page, server):
    page = open_page("administrator")
    page.goto(f"{server}/o/acme/people/add")
    page.get_by_role("button", name="Add the person").click()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Enter the person's e-mail address").click()
    assert page.evaluate("document.activeElement.name") == "email"
    page.get_by_role("link", name="Choose what the person will be").click()
    page.wait_for_function("document.activeElement.name == 'role'")


def test_the_device_decides_on_dark_where_nothing_was_chosen(open_page):
    dark = open_page("staff", color_scheme="dark").locator("body").evaluate(COLOUR)
    light = open_page("staff", color_scheme="light").locator("body").evaluate(COLOUR)
    assert light == "rgb(255, 255, 255)"
    assert dark != light


def test_on_paper_there_is_no_frame_and_ink_on_white(open_page):
    page = open_page("administrator", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("#navigation").is_visible()
    assert not page.locator("header.top").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator("body").evaluate(COLOUR) == "rgb(255, 255, 255)"
    assert page.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_the_navigation_shows_what_the_role_may_use(open_page):
    page = open_page("external-reviewer")
    names = [name.strip() for name in page.locator("#navigation a").all_inner_texts()]
    assert "Your rooms" in names
    assert not {"People", "Journal", "Complaints", "Packs"} & set(names)
