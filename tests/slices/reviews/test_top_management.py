"""Somebody of top management, and nobody else's role, suffices to prepare, lead and sign a management review."""

from collections.abc import Callable

import pytest

from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.complaints.service import Identity
from auditkit.reviews import queries
from auditkit.reviews.rules import State
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.complaints.recording import registered
from tests.slices.reviews import doing

pytestmark = pytest.mark.sqlite_only
BASE = "/o/acme/reviews"
ROLE = "top-management"


@pytest.fixture
def boss(browser: Callable[..., Browser], acme: House, clock: FrozenClock) -> Browser:
    return browser(acme, ROLE)


def test_from_plan_to_signature_without_an_administrator(boss: Browser, acme: House) -> None:
    boss.get(f"{BASE}/new")
    given = {"title": "Spring", "chair_id": str(acme.person(ROLE)), "period_from": "2025-12-01"}
    number = boss.post_form(given, action="").path.rpartition("/")[2]
    boss.post_form({}, action=f"{BASE}/{number}/freeze")
    [guest] = queries.guests(reading(acme.system), queries.by_number(reading(acme.system), number).id)
    boss.get(f"{BASE}/{number}/people")
    boss.post_form({f"state-{guest.id}": "present"}, action=f"{BASE}/{number}/people")
    boss.post_form({"held_on": "2026-03-02"}, action=f"{BASE}/{number}/hold")

    home = boss.get("/o/acme/")
    assert "Minutes that wait for your signature" in home.text
    boss.follow(number)
    boss.get(f"{BASE}/{number}")
    words = {f"words-{item.id}": "Said." for item in doing.agenda().items}
    boss.post_form(words | {"decide": "decide-process"}, action=f"{BASE}/{number}/minutes")
    boss.post_form(
        {"text": "Answer in two days", "owner_id": str(acme.person(ROLE)), "due_on": "2026-05-01"},
        action=f"{BASE}/{number}/decide",
    )
    boss.get(f"{BASE}/{number}/sign")
    page = boss.post_form({"typed_name": acme.actor(ROLE).name}, action="")
    assert "The signature fits what is kept" in page.text
    assert queries.by_number(reading(acme.system), number).state is State.SIGNED
    home = boss.get("/o/acme/")
    assert "Minutes that wait for your signature" not in home.text
    assert "Answer in two days" in home.text, "their own action"


def test_home_and_dashboard_are_those_of_top_management(boss: Browser, acme: House) -> None:
    registered(acme.actor("complaint-handler"), complainant=Identity(name="Ann Abel"))
    home = boss.get("/o/acme/")
    figures = [one.get_text() for one in home.soup.select("#figures tbody th")]
    assert figures[:2] == ["Complaints received", "Decided on time"]
    dashboard = boss.get("/o/acme/insights/")
    assert "For top management" in dashboard.soup.select_one("header .eyebrow, .eyebrow").get_text()
    for page in ("audits/", "readiness/", "registers/", "policies/", "actions/", "reviews/", "packs/"):
        boss.get(f"/o/acme/{page}")


def test_who_complained_stays_with_those_who_handle_it(boss: Browser, acme: House) -> None:
    reference = registered(acme.actor("complaint-handler"), complainant=Identity(name="Ann Abel"))
    assert "Ann Abel" not in boss.get(f"/o/acme/complaints/{reference}").text
    boss.get("/o/acme/people/", status=403)
    boss.get("/o/acme/complaints/new", status=403)
