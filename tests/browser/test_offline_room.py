"""The room of a pack, opened from a folder as from a memory stick: nothing is fetched, axe finds nothing."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from auditkit.accounts.queries import organisation_by_slug
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.content.library import of_organisation
from auditkit.packs import service, signing
from auditkit.packs.reading import PreparePack
from auditkit.packs.verify import layout
from tests.browser.axe import Axe
from tests.factories import demo
from tests.slices.packs import records
from tests.slices.packs.test_service import built

pytestmark = pytest.mark.sqlite_only
SIDEWAYS = """() => [...document.querySelectorAll('.scroll')]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.ariaLabel)"""
UNDER_SEARCH = """() => {
  const bar = document.querySelector('.search'), place = bar.getBoundingClientRect(), one = document.activeElement;
  return !bar.contains(one) && place.top <= 0 && one.getBoundingClientRect().bottom <= place.bottom;
}"""
"""Whether what has the focus lies under the search that stays at the top."""


@pytest.fixture
def room(app, acme, tmp_path: Path) -> Path:
    instance = app.extensions["auditkit.settings"].instance
    signing.make_key(instance)
    records.complaint(acme)
    number = records.planned_audit(acme)
    records.run_audit(acme, number, open_rows=2)
    row = records.rows_of(acme, number)[0]
    records.add_file(acme, b"minutes", "<img src=x onerror=alert(1)> & minutes.txt", ("audit-row", row.id))
    file = built(acme, instance, tmp_path / "pack.zip", form="redacted", languages=("en", "fa")).sealed.file
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "stick")
    return next((tmp_path / "stick").glob("*/index.html"))


@pytest.fixture
def demo_rooms(app, tmp_path: Path) -> list[Path]:
    """Those of a pack of the demo organisation for the second stage, whole and redacted."""
    demo.tell(app)
    instance = app.extensions["auditkit.settings"].instance
    organisation = organisation_by_slug(reading(), demo.SLUG)
    actor, today = Actor.system(organisation.id), clock.now().date()
    library = of_organisation(instance, organisation.slug).library
    rooms = []
    for form in layout.FORMS:
        command = PreparePack(
            "stage-2", organisation, library, today - timedelta(days=365), today, "The rest is shown on site", "Nino",
            form, library=lambda: library, languages=("en", "fa"),
        )  # fmt: skip
        file = tmp_path / f"{form}.zip"
        service.prepare(reading(actor), command, actor, instance, signing.signer(instance), file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / form)
        rooms.append(next((tmp_path / form).glob("*/index.html")))
    return rooms


def test_axe_finds_nothing_in_the_rooms_of_the_demo(chromium, demo_rooms: list[Path], axe: Axe) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    for room, name in zip(demo_rooms, ("index.html", "index.fa.html"), strict=True):
        page.goto((room.parent / name).as_uri())
        found = axe.violations(page)
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], (room.parent.name, name)
    page.get_by_role("searchbox").fill("۸.۶")
    page.wait_for_function("document.getElementById('told').textContent !== ''")
    told = page.get_by_role("status").inner_text()
    assert not any(digit in told for digit in "0123456789"), told
    assert page.locator("tbody tr:visible").filter(has_text="8.6").count()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")], ids=["phone-light", "desk-dark"])
def test_it_opens_from_a_folder(chromium, screenshots, room: Path, width: int, scheme: str, axe: Axe) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(room.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SIDEWAYS) == [], "a table that scrolls sideways"
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in axe.violations(page)] == []
    page.get_by_label("Search this page").fill("management review 8.6")
    shown = page.locator("tbody tr:visible")
    assert 0 < shown.count() < 5
    assert page.get_by_role("status").inner_text() == f"{shown.count()} rows hold these words"
    if screenshots is not None:
        page.get_by_label("Search this page").fill("")
        page.screenshot(path=screenshots / f"offline-room-{width}.png", full_page=True)
    assert asked == [room.as_uri()]
    page.get_by_role("link", name="فارسی").click()
    page.wait_for_url("**/index.fa.html")
    assert page.evaluate("document.documentElement.dir + document.documentElement.scrollWidth") == f"rtl{width}"
    assert page.evaluate(SIDEWAYS) == []
    found = axe.violations(page)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    assert said == []
    context.close()


def test_everything_in_it_is_reached_by_keyboard(chromium, room: Path) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    for name in ("index.html", "index.fa.html"):
        _walk(context.new_page(), room, name)
    context.close()


def _walk(page: Page, room: Path, name: str) -> None:
    page.goto((room.parent / name).as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words", "past the sections, at the search"

    page.reload()
    sections = page.locator("nav a").evaluate_all("(links) => links.map((link) => link.hash)")
    assert sections == ["#clauses", "#matrix", "#files", "#missing", "#trail", "#check"]
    for section in sections:
        page.goto((room.parent / name).as_uri())
        _tab_to(page, lambda at=section: page.evaluate("document.activeElement.hash") == at)
        page.keyboard.press("Enter")
        page.wait_for_function("(at) => document.querySelector(at).getBoundingClientRect().top >= 0", arg=section)
        bar = page.locator(".search").bounding_box()
        assert page.locator(section).bounding_box()["y"] >= bar["y"] + bar["height"], (
            "its heading is not under the search"
        )
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tabIndex") == 0
        assert not page.evaluate(UNDER_SEARCH)

    page.goto((room.parent / name).as_uri())
    _tab_to(page, lambda: page.evaluate("document.activeElement.id") == "words")
    page.keyboard.type("policy 5.2")
    page.wait_for_function("document.getElementById('told').textContent !== ''")
    page.keyboard.press("Tab")
    for _number in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.checkVisibility()"), "nothing that the search hides"
    for _number in range(12):
        page.keyboard.press("Shift+Tab")
        assert not page.evaluate(UNDER_SEARCH)


def _tab_to(page: Page, there: Callable[[], bool]) -> None:
    for _number in range(30):
        page.keyboard.press("Tab")
        if there():
            return
    raise AssertionError("not reached by 30 tabs")
