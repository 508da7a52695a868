"""A management review from computed inputs to signed minutes: at a desk in English, on a phone in Persian."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx
import pytest

from auditkit.accounts import service
from auditkit.actions import queries as actions
from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.reviews import queries
from auditkit.reviews.rules import State
from tests.conftest import House
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only

SIZES = {
    "en": {"viewport": {"width": 1440, "height": 900}},
    "fa": {"viewport": {"width": 360, "height": 740}, "has_touch": True},
}
WORDS = {
    "en": ("Spring review", "All went well", "Answer within two days", "Minutes of the management review"),
    "fa": ("بازنگری بهار", "همه چیز خوب بود", "پاسخ در دو روز", "صورت‌جلسهٔ بازنگری مدیریت"),
}


@pytest.fixture
def visit(chromium: Any, server: str, acme: House) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_page(role: str, language: str) -> Any:
        with transaction(acme.system) as tx:
            secret = service.issue_link(tx, service.IssueLink(acme.person(role)), clock.now(), acme.system)
        context = chromium.new_context(**SIZES[language], locale=language, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server}/account/link/{secret}")
        page.locator("main form button").first.click()
        page.wait_for_url("**/o/**")
        return page

    yield open_page
    for context in contexts:
        context.close()


def fits(page: Any) -> None:
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url}: {width}"


def press(page: Any, action: str, button: str = 'button[type="submit"]:not([name])') -> None:
    """Send the form whose address ends in `action`."""
    page.locator(f'main form[action$="{action}"] {button}').last.click()
    fits(page)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_from_computed_inputs_to_signed_minutes(visit: Callable[..., Any], acme: House, language: str) -> None:
    title, said, decided, heading = WORDS[language]
    for _number in range(3):
        registered(acme.actor("complaint-handler"), received_at=clock.now())
    page = visit("quality-manager", language)
    base = page.url.split("/o/")[0] + "/o/acme/reviews"

    # Planned for today, led by the person who prepares it
    page.goto(f"{base}/new")
    page.locator('[name="title"]').fill(title)
    page.locator('[name="period_to"]').fill(clock.now().date().isoformat())
    page.locator('[name="chair_id"]').select_option(str(acme.person("quality-manager")))
    page.locator("main form button[type=submit]").last.click()
    fits(page)
    review = page.url.split("#")[0]
    number = review.rpartition("/")[2]

    # The inputs are computed: three complaints were received
    press(page, "/freeze")
    card = page.locator(f'a[href$="{number}/inputs/complaints"]').locator("xpath=ancestor::section[1]")
    assert card.locator("dd strong").first.inner_text() in ("3", "۳")

    # Everybody came, and it was held
    page.goto(f"{review}/people")
    for choice in page.locator('select[name^="state-"]').all():
        choice.select_option("present")
    press(page, f"{number}/people")
    press(page, f"{number}/hold")

    # Words under every item, and a decision
    for area in page.locator("main textarea").all():
        area.fill(said)
    page.locator('main button[name="decide"][value="decide-process"]').click()
    fits(page)
    page.locator('[name="text"]').fill(decided)
    press(page, "/decide?item=decide-process")
    assert page.locator("main textarea").first.input_value() == said

    # Signed by the chair
    page.goto(f"{review}/sign")
    fits(page)
    page.locator('[name="typed_name"]').fill(acme.actor("quality-manager").name)
    page.locator("main form button[type=submit]").last.click()
    fits(page)
    db.session.rollback()
    tx = reading(acme.system)
    assert queries.by_number(tx, number).state is State.SIGNED
    assert [one.title for one in actions.listing(tx, actions.Filter())[0]] == [decided]
    page.goto(review)
    fits(page)
    assert page.locator("main textarea").count() == 0

    # The minutes in Word, in the language of the screens
    with page.expect_download() as download:
        page.locator(f'a[href$="{number}/minutes.docx"]').first.click()
    document = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    told = [one.text for one in document.paragraphs]
    assert heading in told
    assert said in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert decided in cells
