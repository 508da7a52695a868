"""The page "Complaint settings": everything that is set up, what it does, how it stands, and a way there."""

import pytest

from auditkit.base.db import transaction
from auditkit.complaints import service as register
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.privacy.service import keeping
from auditkit.complaints.setting_up import from_above
from auditkit.complaints.setting_up.views import SUBJECTS
from auditkit.complaints.survey import service as survey
from auditkit.complaints.survey.rules import Practice

PAGE = "/o/acme/complaints/setting-up/"


def states(page) -> dict[str, str]:
    rows = [row for row in page.soup.find("table").find_all("tr") if row.find("th", {"scope": "row"})]
    return {row.find("th").get_text().strip(): row.find_all("td")[1].get_text().strip() for row in rows}


def test_everything_stands_there_and_leads_somewhere(acme, browser):
    manager = browser(acme, "administrator")
    page = manager.get(PAGE)
    shown = states(page)
    assert list(shown) == [one.title for one in [*SUBJECTS, *from_above()]]
    assert "API tokens" in shown
    assert all(shown.values()), "each says how it stands"
    for link in page.soup.find("table").find_all("a"):
        manager.get(link["href"])


def test_it_says_how_things_stand_now(app, acme, browser, clock, monkeypatch):
    manager = browser(acme, "administrator")
    before = states(manager.get(PAGE))
    assert before["Survey"] == "off: nobody is asked"
    assert before["Personal data"] == "everything is kept without limit"
    assert before["Letters"] == "as supplied"
    assert before["E-mail"] == "no mailbox is set up"
    assert before["Handling"] == "no external body"
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        register.set_practice(tx, register.SetPractice("EUR", "Ombudsman, Park Lane", 10, 90), clock.at, actor)
        survey.put_settings(tx, survey.PutSettings(Practice(on=True)), clock.at, actor)
        keeping.put_rule(tx, keeping.PutRule(12), clock.at, actor)
        command = correspondence.ChangeWording("closing", "en", 0, "Closed", "Dear {{ complainant }}, closed.")
        correspondence.change_wording(tx, command, clock.at, actor)
    monkeypatch.setattr(app.extensions["auditkit.settings"], "mailboxes", {"acme": "imaps://u:p@h/"})
    after = states(manager.get(PAGE))
    assert after["Survey"] == "on"
    assert after["Handling"] == "Ombudsman, Park Lane"
    assert after["Personal data"] == "1 time of keeping"
    assert after["Letters"] == "1 own wording"
    assert after["E-mail"] == "the mailbox was not read yet"


@pytest.mark.parametrize(
    ("role", "sees"), [("administrator", True), ("quality-manager", True), ("complaint-handler", False)]
)
def test_whoever_manages_the_organisation_finds_it_in_the_menu(acme, browser, role, sees):
    page = browser(acme, role).get("/o/acme/complaints/")
    menu = [link.get_text().strip() for link in page.soup.find("nav").find_all("a")]
    assert ("Complaint settings" in menu) is sees
    browser(acme, role).get(PAGE, status=200 if sees else 403)
