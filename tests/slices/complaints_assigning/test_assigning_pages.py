"""The pages: writing rules, their order, the test line, the last line, absences, and the line on the case."""

import pytest

from tests.slices.complaints_clock.timing import decide_in, own, registered

PAGE = "/o/acme/complaints/assignment/"


@pytest.fixture
def manager(acme, browser):
    return browser(acme, "quality-manager")


def write(visitor, owner, **values):
    visitor.get(f"{PAGE}new")
    return visitor.post_form({"owner": str(owner), **values}, action="/new")


def test_rules_are_written_tried_ordered_changed_and_removed(acme, manager):
    nina = acme.colleague("complaint-handler", "Nina Night").person_id
    omar = acme.colleague("complaint-handler", "Omar Owner").person_id
    assert "There are no rules" in manager.get(PAGE).text
    assert "Choose a kind, channel, category, severity or site at least" in write(manager, nina).text
    page = write(manager, nina, categories=["delivery"], sites="Tbilisi")
    assert "Tbilisi" in page.text
    write(manager, omar, channels=["phone"], deputy=str(nina))
    tried = manager.get(f"{PAGE}?category=delivery&site=TBILISI&channel=phone")
    assert "It goes to Nina Night by rule 1" in tried.text
    manager.post_form(action="/up")
    tried = manager.get(f"{PAGE}?category=delivery&site=TBILISI&channel=phone")
    assert "It goes to Omar Owner by rule 1" in tried.text
    assert "Nina Night stands in." in tried.text
    assert "No rule is for it" in manager.get(f"{PAGE}?category=service").text
    manager.get(PAGE)
    manager.post_form({"owner": str(nina)}, action="/last")
    assert "It goes to Nina Night by the last line" in manager.get(f"{PAGE}?category=service").text
    manager.get(PAGE)
    page = manager.follow("Change rule 2")
    assert page.soup.find("textarea", {"name": "sites"}).text.strip() == "Tbilisi"
    manager.post_form({"owner": str(omar)}, action="")
    assert "It goes to Omar Owner by rule 2" in manager.get(f"{PAGE}?category=delivery&site=Tbilisi").text
    page = manager.get(PAGE)
    removing = [one["action"] for one in page.soup.find_all("form", action=True) if one["action"].endswith("/remove")]
    manager.get(PAGE)
    assert "The owners it named stay" in manager.post_form(action=removing[-1]).text
    manager.get(PAGE)
    manager.post_form({"owner": ""}, action="/last")
    assert "No rule is for it" in manager.get(f"{PAGE}?category=service").text
    manager.get(f"{PAGE}999", status=404)


def test_the_case_says_which_rule_named_its_owner(acme, manager, browser):
    nina = acme.colleague("complaint-handler", "Nina Night").person_id
    write(manager, nina, channels=["phone"], categories=["delivery", "service"])
    handler = acme.actor("complaint-handler")
    reference = registered(handler, channel="phone", category="service")
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    assert "Named by rule 1 when it was recorded: Phone" in page.text
    assert "Owner named by a rule" in page.text


def test_who_only_handles_sees_the_rules_and_notes_their_own_absence(acme, clock, manager, browser):
    nina = acme.colleague("complaint-handler", "Nina Night").person_id
    write(manager, nina, channels=["phone"])
    visitor = browser(acme, "complaint-handler")
    page = visitor.get(PAGE)
    assert "Nina Night" in page.text
    assert page.soup.find("form", method="post", action=lambda url: "assignment" in str(url)) is None
    visitor.get(f"{PAGE}new", status=403)
    visitor.get(PAGE)
    page = visitor.follow("Who is away")
    people = [one["value"] for one in page.soup.find("select", {"name": "person"}).find_all("option") if one["value"]]
    assert people == [str(acme.person("complaint-handler"))]
    sent = {"person": people[0], "first_day": "2026-03-01", "last_day": "2026-02-01", "deputy": str(nina)}
    assert "lies before its first" in visitor.post_form(sent, action="/away").text
    visitor.get(f"{PAGE}away")
    page = visitor.post_form({**sent, "last_day": "2026-03-09"}, action="/away")
    assert "away now" in page.text
    assert "Nobody is down as away" in visitor.post_form(action="/end").text
    browser(acme, "internal-auditor").get(f"{PAGE}away", status=403)


def test_the_queue_holds_what_whoever_is_away_owns(acme, clock, manager, browser):
    own(acme, decide_in(10))
    nina = acme.colleague("complaint-handler", "Nina Night").person_id
    write(manager, nina, channels=["phone"])
    reference = registered(acme.actor("complaint-handler"), channel="phone")
    visitor = browser(acme, "complaint-handler")
    queue = "/o/acme/complaints/due/"
    assert reference not in visitor.get(queue).text
    manager.get(f"{PAGE}away")
    me = str(acme.person("complaint-handler"))
    sent = {"person": str(nina), "first_day": "2026-03-01", "last_day": "2026-03-09", "deputy": me}
    manager.post_form(sent, action="/away")
    page = visitor.get(queue)
    assert reference in page.text
    assert "You stand in for Nina Night" in page.text
