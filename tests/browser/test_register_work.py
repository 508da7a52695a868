"""Importing, the register's filters and exports, and the tokens of the API in Chromium: on a phone and on a desk."""

import pytest

from auditkit.accounts import service as accounts
from auditkit.base import clock, jobs
from auditkit.base.db import db, transaction
from tests.browser.test_pages_look import CHOSEN, faults
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only

TABLE = (
    "Nummer;Eingang;Beschwerdeführer;Kanal;Betreff;Status;geschlossen\n"
    "A-1;05.01.2026;Jürgen Groß;Telefon;Lieferung kam drei Wochen zu spät;läuft;\n"
    "A-2;06.01.2026;Anna Schäfer;E-Mail;Falsche Rechnung;fertig;04.01.2026\n"
    "A-3;07.01.2026;Ömer Öztürk;Fax;Gerät defekt;fertig;09.01.2026\n"
)


@pytest.mark.parametrize("screen", CHOSEN, ids=lambda screen: screen.name)
def test_an_import_from_upload_to_undo(screen, app, acme, server, chromium, screenshots, tmp_path, axe):
    registered(acme.actor("complaint-handler"), "Kettle leaks")
    with transaction(acme.system) as tx:
        link = accounts.issue_link(tx, accounts.IssueLink(acme.person("quality-manager")), clock.now(), acme.system)
    db.session.remove()
    context = chromium.new_context(viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme)
    page = context.new_page()
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(f"{name}: {fault}" for fault in faults(page, axe, screen))
        if screenshots is not None:
            page.screenshot(path=screenshots / f"work-{name}.{screen.name}.png", full_page=True)

    page.goto(f"{server}/account/link/{link}")
    page.locator("main button").click()
    start = f"{server}/o/acme/complaints/import/"
    page.goto(start)
    look("upload")
    table = tmp_path / "beschwerden.csv"
    table.write_text(TABLE, encoding="utf-8")
    page.set_input_files("input[name=table]", table)
    page.get_by_role("button", name="Upload and look").click()
    look("preview")
    page.locator("select[name=means-status-0]").select_option("closed")
    page.locator("select[name=means-status-1]").select_option("received")
    page.locator("select[name=column-closed]").select_option("7")
    page.get_by_role("button", name="Look again").click()
    look("preview-again")
    page.get_by_label("The text of the first rows reads rightly").check()
    page.get_by_label("The days shown are the days meant").check()
    page.get_by_role("button", name="Import 3 complaints").click()
    with app.app_context():
        assert jobs.run_next()
        db.session.remove()
    page.reload()
    look("done")
    page.goto(f"{start}runs")
    look("runs")
    page.get_by_role("link", name="beschwerden.csv").click()
    look("run")
    for name, address in {
        "profiles": "import/profiles",
        "register": "?stage=all",
        "register-narrowed": "?stage=all&owner=nobody&kind=complaint",
        "filters": "filters?stage=all&owner=me",
        "export": "export?stage=all",
    }.items():
        page.goto(f"{server}/o/acme/complaints/{address}")
        look(name)
    page.goto(f"{server}/o/acme/complaints/?stage=all")
    for box in page.locator("input[name=chosen]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Deal with the chosen ones").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Chosen complaints"
    look("chosen")
    page.goto(f"{server}/o/acme/api-tokens/")
    page.get_by_label("What it is for").fill("Web shop")
    page.get_by_label("Register complaints").check()
    page.get_by_role("button", name="Make a token").click()
    look("tokens")
    context.close()
    assert not problems, "\n".join(problems)
