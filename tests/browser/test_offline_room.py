"""The room of a pack, opened from a folder as from a memory stick: nothing is fetched, axe finds nothing."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.accounts.queries import organisation_by_slug
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.content.library import of_organisation
from auditkit.packs import service, signing
from auditkit.packs.verify import layout
from tests.browser.test_pages_look import AXE
from tests.factories import demo
from tests.slices.packs import records
from tests.slices.packs.test_service import built

pytestmark = pytest.mark.sqlite_only


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
        command = service.PreparePack(
            "stage-2", organisation, library, today - timedelta(days=365), today, "The rest is shown on site", "Nino",
            form, library=lambda: library, languages=("en", "fa"),
        )  # fmt: skip
        file = tmp_path / f"{form}.zip"
        service.prepare(reading(actor), command, actor, instance, signing.signer(instance), file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / form)
        rooms.append(next((tmp_path / form).glob("*/index.html")))
    return rooms


def test_axe_finds_nothing_in_the_rooms_of_the_demo(chromium, demo_rooms: list[Path]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    for room, name in zip(demo_rooms, ("index.html", "index.fa.html"), strict=True):
        page.goto((room.parent / name).as_uri())
        found = axe.run(page, options=AXE).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], (room.parent.name, name)
    page.get_by_role("searchbox").fill("۸.۶")
    page.wait_for_function("document.getElementById('told').textContent !== ''")
    told = page.get_by_role("status").inner_text()
    assert not any(digit in told for digit in "0123456789"), told
    assert page.locator("tbody tr:visible").filter(has_text="8.6").count()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")], ids=["phone-light", "desk-dark"])
def test_it_opens_from_a_folder(chromium, screenshots, room: Path, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(room.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    assert [
        (one["id"], one["nodes"][0]["html"][:120]) for one in axe.run(page, options=AXE).response["violations"]
    ] == []
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
    found = axe.run(page, options=AXE).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    assert said == []
    context.close()
