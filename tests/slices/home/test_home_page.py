"""The start page: what is due is counted from the records, first steps lead on, and each role sees its own."""

from datetime import date

from auditkit.actions import service as actions
from auditkit.base import clock as clocks
from auditkit.base.db import transaction
from tests.slices.packs import records


def stats(page) -> dict[str, str]:
    return {
        stat.find(class_="stat-label").get_text(strip=True): stat.find(class_="stat-number").get_text(strip=True)
        for stat in page.soup.find_all(class_="stat")
    }


def steps(page) -> dict[str, bool]:
    return {one.a.get_text(): "done" in (one.get("class") or []) for one in page.soup.select(".steps > li")}


def test_an_empty_organisation_is_shown_where_to_begin(acme, browser):
    page = browser(acme, "quality-manager").get("/o/acme/")
    assert steps(page) == {
        "Register the first complaint": False,
        "Write the policy": False,
        "Plan an audit": False,
        "Build a pack": False,
    }
    assert stats(page) == {
        "complaints open": "0",
        "audits running": "0",
        "findings unsettled": "0",
        "actions overdue": "0",
    }


def test_each_step_leads_to_a_page_that_exists(acme, browser):
    page = browser(acme, "quality-manager")
    home = page.get("/o/acme/")
    for link in [str(one.a["href"]) for one in home.soup.select(".steps > li")]:
        page.get(link)


def test_what_is_due_is_counted_from_the_records(acme, browser, clock):
    records.complaint(acme)
    clock.advance(days=3)
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    action = records.action_on(acme, records.finding(acme, number))
    clock.advance(days=60)
    records.planned_audit(acme, "Late audit")

    page = browser(acme, "complaint-handler")
    home = page.get("/o/acme/")
    assert stats(home)["complaints open"] == "1"
    assert stats(home)["not acknowledged yet"] == "1"
    assert stats(home)["actions overdue"] == "1"
    assert "audits running" not in stats(home), "handlers do not read audits: not counted, rather than none"
    assert "Fridge came broken" in home.text
    assert "Received · 104 days" in home.text, "from 20 January to 4 May"
    assert "Your actions" in home.text
    assert action in home.text
    assert page.follow(action).title == "Acknowledge by the register itself"

    home = browser(acme, "quality-manager").get("/o/acme/")
    assert stats(home)["audits running"] == "1"
    assert stats(home)["audits should have begun"] == "1"
    assert stats(home)["findings unsettled"] == "1"
    assert "Minor nonconformity" in home.text
    assert "Your actions" not in home.text
    assert steps(home) == {
        "Register the first complaint": True,
        "Write the policy": False,
        "Plan an audit": True,
        "Build a pack": False,
    }


def test_another_organisations_work_is_not_counted(acme, globex, browser):
    records.complaint(globex)
    page = browser(acme, "quality-manager").get("/o/acme/")
    assert stats(page)["complaints open"] == "0"
    assert not any(steps(page).values())


def test_a_reviewer_is_offered_nothing_to_begin(acme, browser):
    page = browser(acme, "external-reviewer").get("/o/acme/")
    assert page.url == "/o/acme/reviewing/"
    assert steps(page) == {}
    assert stats(page) == {}
    assert "No room was given to you yet" in page.text


def test_steps_one_owns_in_others_actions_are_among_ones_own_work(acme, browser, clock):
    number = records.planned_audit(acme)
    records.run_audit(acme, number)
    action = records.action_on(acme, records.finding(acme, number))
    owner = acme.actor("complaint-handler")
    for title, person in (("Order a second mailbox", "staff"), ("Tell the team", "complaint-handler")):
        with transaction(owner) as tx:
            command = actions.PlanStep(action, title, acme.person(person), date(2026, 3, 20))
            actions.plan_step(tx, command, clocks.now(), owner)
    home = browser(acme, "staff").get("/o/acme/")
    assert "Order a second mailbox" in home.text
    assert "Tell the team" not in home.text
    assert "Your actions" not in home.text, "the action itself is somebody else's"
    clock.advance(days=30)
    assert "Order a second mailbox Overdue Due 20 Mar 2026" in " ".join(
        browser(acme, "staff").get("/o/acme/").text.split()
    )
