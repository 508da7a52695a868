"""The timeline of a case: what followed from an act in the same moment is told with it, with icons of its own else."""

from auditkit.base import clock as clock_module
from auditkit.base.db import transaction
from auditkit.complaints import service as core
from auditkit.complaints.clock import service
from tests.slices.complaints_clock.timing import acknowledged, decide_in, do, own, registered


def told(browser, acme, reference):
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    heading = next(one for one in page.soup.find_all("h2") if one.get_text(strip=True) == "What happened")
    return [" ".join(one.get_text(" ").split()) for one in heading.find_parent("section").find_all("li")]


def test_due_dates_are_told_with_the_act_that_set_them(acme, clock, browser):
    own(acme, decide_in(10), decide_in(5, target="update", starts="update"))
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    (only,) = told(browser, acme, reference)
    assert only.startswith("Complaint registered")
    assert only.count("Due dates set") == 1
    clock.advance(hours=1)
    acknowledged(handler, reference)
    newest, _oldest = told(browser, acme, reference)
    assert "Complaint acknowledged" in newest
    assert "Due dates set" in newest


def test_dates_somebody_asked_for_stand_alone_with_an_icon(acme, clock, browser):
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    own(acme, decide_in(10))
    clock.advance(hours=1)
    with transaction(handler) as tx:
        service.recompute(tx, service.Recompute(reference, "It came before the limits"), clock_module.now(), handler)
    newest, oldest = told(browser, acme, reference)
    assert newest.startswith("Due dates set")
    assert "Due dates set" not in oldest
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    heading = next(one for one in page.soup.find_all("h2") if one.get_text(strip=True) == "What happened")
    icons = [str(one.find("svg")) for one in heading.find_parent("section").find_all("li")]
    assert icons[0] != icons[1]
    assert all(icon != "None" for icon in icons)


def test_two_acts_of_one_moment_stay_two(acme, clock, browser):
    own(acme, decide_in(10))
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    do(handler, core.assign, core.Assign, reference, handler.person_id)
    newest, oldest = told(browser, acme, reference)
    assert newest.startswith("Owner of the case named")
    assert oldest.startswith("Complaint registered")
