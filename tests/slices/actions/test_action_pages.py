"""An action from a finding to verified effect through its pages, with three people."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.actions import queries
from auditkit.actions.rules import State
from auditkit.audits.rules import Grade
from auditkit.base.db import reading
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, reported

Opener = Callable[..., Browser]


@pytest.fixture
def finding(acme: House, tmp_path: Path) -> str:
    """The number of a major finding of a reported audit."""
    return f"{reported(acme, own_library(tmp_path), Grade.MAJOR)}-F1"


def _opened(browser: Opener, acme: House, finding: str) -> str:
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/findings/{finding}")
    page = auditor.follow("Open an action")
    assert "One door stood open" in page.text
    page = auditor.post_form(
        {"title": "Change the lock", "owner_id": str(acme.person("staff")), "due_on": "2026-04-01"}
    )
    assert page.title == "Change the lock"
    return page.path.rsplit("/", 1)[1]


def test_an_action_is_opened_done_verified_and_closed_by_three_people(
    browser: Opener, acme: House, finding: str
) -> None:
    number = _opened(browser, acme, finding)
    owner = browser(acme, "staff")
    page = owner.get(f"/o/acme/actions/{number}")
    assert "Next: write down the cause" in page.text
    page = owner.post_form({"proof": "Changed"}, action="/done")
    assert "Write down the cause first" in page.text

    owner.follow("Write down the cause")
    owner.post_form({"cause": "The spring was worn"})
    photo = (io.BytesIO(b"as seen on the door\n"), "lock.txt")
    page = owner.post_form({"proof": "Changed", "files": photo}, action="/done")
    assert "Waiting for verification" in page.text
    assert "lock.txt" in page.text

    quality = browser(acme, "quality-manager")
    quality.get(f"/o/acme/actions/{number}")
    page = quality.post_form({"text": "Tried it twice"}, action="/effect")
    assert "Say whether it had its effect" in page.text
    quality.post_form({"effective": "no", "text": "It sticks"}, action="/effect")
    assert queries.by_number(reading(acme.system), number).state is State.OPEN

    owner.get(f"/o/acme/actions/{number}")
    owner.post_form({"proof": "Oiled"}, action="/done")
    quality.get(f"/o/acme/actions/{number}")
    quality.post_form({"effective": "yes", "text": "It closes"}, action="/effect")
    page = quality.post_form(action="/close")
    assert f"{number} is closed" in page.text
    assert "Round 1 had no effect" in page.text

    page = quality.get(f"/o/acme/audits/findings/{finding}")
    assert "Closed" in page.text


def test_who_did_it_is_not_offered_to_verify_it(browser: Opener, acme: House, finding: str) -> None:
    number = _opened(browser, acme, finding)
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/actions/{number}/edit")
    auditor.post_form({"cause": "Worn"})
    page = auditor.post_form({"proof": "I changed it myself"}, action="/done")
    assert "Waiting for verification" in page.text
    page = auditor.post(
        f"/o/acme/actions/{number}/effect", {"version": "3", "effective": "yes", "text": "Fine"}, status=200
    )
    assert "somebody else must verify its effect" in page.text
    assert queries.by_number(reading(acme.system), number).state is State.DONE


def test_an_action_can_be_opened_of_ones_own_accord(browser: Opener, acme: House, clock: object) -> None:
    staff = browser(acme, "staff")
    page = staff.get("/o/acme/actions/")
    assert "No actions yet" in page.text
    staff.follow("Open an action")
    page = staff.post_form({"title": "Label the keys", "owner_id": str(acme.person("staff")), "due_on": "2026-04-01"})
    assert "Say what this action answers" in page.text
    page = staff.post_form({"origin_title": "We searched for an hour"})
    assert page.title == "Label the keys"
    page = staff.get("/o/acme/actions/?whose=mine&state=open")
    assert "Label the keys" in page.text
    assert "Nothing here" in staff.get("/o/acme/actions/?late=yes").text


def test_a_finding_is_not_shown_to_who_may_not_read_audits(browser: Opener, acme: House, finding: str) -> None:
    staff = browser(acme, "staff")
    staff.get("/o/acme/actions/new?origin=finding&id=1", status=403)
    staff.get("/o/acme/actions/new?origin=nonsense&id=1", status=404)
    number = _opened(browser, acme, finding)
    page = staff.get(f"/o/acme/actions/{number}")
    assert not page.soup.find("a", href=f"/o/acme/audits/findings/{finding}")


def test_another_persons_or_organisations_action_is_out_of_reach(
    browser: Opener, acme: House, globex: House, finding: str
) -> None:
    number = _opened(browser, acme, finding)
    handler = browser(acme, "complaint-handler")
    page = handler.get(f"/o/acme/actions/{number}")
    assert "Report as done" not in page.text
    handler.get(f"/o/acme/actions/{number}/edit", status=403)
    handler.post(f"/o/acme/actions/{number}/done", {"version": "1", "proof": "I did"}, status=403)
    browser(globex, "quality-manager").get(f"/o/globex/actions/{number}", status=404)
