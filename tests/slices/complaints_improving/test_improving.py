"""From complaints to actions: a case, a suggestion, a selection, a category; shown on both sides."""

from datetime import UTC, datetime

import pytest

from auditkit.base.db import Base
from tests.factories.refusals import refuses
from tests.slices.complaints import recording

ACTION = {"title": "Check the address before the parcel leaves", "due_on": "2026-04-01"}


def opened(visitor, **more):
    page = visitor.post_form({**ACTION, **more})
    assert "was opened" in page.text
    return page


def test_an_action_from_a_case_is_shown_on_both(acme, browser, clock):
    reference = recording.registered(acme.actor("complaint-handler"), "Ms Example says", category="delivery")
    visitor = browser(acme, "complaint-handler")
    visitor.get(f"/o/acme/complaints/{reference}")
    visitor.follow("Open an action")
    page = opened(visitor)
    assert reference in page.text
    assert "Ms Example" not in page.text, "what a complainant wrote does not leave the case"
    page = visitor.follow(f"{reference}:")
    assert ACTION["title"] in page.text


def test_a_suggestion_leads_to_an_improvement(acme, browser, clock):
    reference = recording.registered(acme.actor("complaint-handler"), "Sell blue ones", kind="suggestion")
    visitor = browser(acme, "complaint-handler")
    visitor.get(f"/o/acme/complaints/{reference}")
    visitor.follow("Open an improvement")
    page = opened(visitor, kind="improvement")
    assert "Suggestion" in page.text


def test_an_action_from_a_selection(acme, globex, browser, clock):
    actor = acme.actor("complaint-handler")
    references = [recording.registered(actor, f"Case {number}") for number in range(3)]
    foreign = [recording.registered(globex.actor("complaint-handler"), f"Case {number}") for number in range(5)][-1]
    visitor = browser(acme, "complaint-handler")
    visitor.get(f"/o/acme/complaints/improving/new?chosen={references[0]}")
    page = visitor.post_form(
        {"title": "Late parcels", "references": f"{references[0]}\n{foreign}"}, action="/selection"
    )
    assert f"not in the register: {foreign}" in page.text
    visitor.post_form({"references": "\n".join(references[:2])}, action="/selection")
    page = opened(visitor)
    assert "Late parcels (2 complaints)" in page.text
    page = visitor.follow("Late parcels")
    assert references[0] in page.text
    assert references[2] not in page.text
    assert ACTION["title"] in visitor.get(f"/o/acme/complaints/{references[1]}").text
    assert ACTION["title"] not in visitor.get(f"/o/acme/complaints/{references[2]}").text


def test_an_action_from_a_category_holds_for_later_complaints(acme, browser, clock):
    actor = acme.actor("complaint-handler")
    recording.registered(actor, category="delivery")
    visitor = browser(acme, "complaint-handler")
    for _round in range(2):
        visitor.get("/o/acme/complaints/improving/new")
        visitor.post_form({"category": "delivery"}, action="/category")
        opened(visitor)
    later = recording.registered(actor, category="delivery")
    page = visitor.get(f"/o/acme/complaints/{later}")
    assert page.text.count(ACTION["title"]) == 2


def test_who_may_not_open_actions_sees_no_button(acme, browser, clock):
    browser(acme, "external-reviewer").get("/o/acme/complaints/improving/new", status=403)


@pytest.mark.parametrize("change", [{"category": "delivery", "title": "both"}, {"category": "", "title": ""}])
def test_a_gathering_is_a_category_or_has_a_title(acme, change):
    values = {"organisation_id": acme.id, "made_at": datetime(2026, 3, 2, tzinfo=UTC), **change}
    refuses(Base.metadata.tables["complaint_gathering"], "category_or_title", values)
