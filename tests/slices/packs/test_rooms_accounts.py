"""Rooms by account: who signs in sees the rooms given to them, nothing of other bodies, and nothing else at all."""

from pathlib import Path

import pytest

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.journal import queries as journal
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.rules import NotAReviewer, ReviewerMissing
from tests.conftest import House

from .test_rooms import CLAUSE, pack_of

pytestmark = pytest.mark.usefixtures("key")

ROLE = "external-reviewer"


def given(house: House, pack_id: int, person_id: int | None, body: str = "Body One", reviewer: str = "") -> int:
    actor = house.actor("quality-manager")
    last_day = clock_module.now().date().replace(month=4)
    with transaction(actor) as tx:
        command = service.OpenRoom(pack_id, body, reviewer, last_day, person_id)
        room_id, secret = service.open_room(tx, command, clock_module.now(), actor)
    assert (secret == "") == (person_id is not None)
    return room_id


@pytest.fixture
def pack_id(acme: House, year: str, instance: Path) -> int:
    return pack_of(acme, instance)


def entered(browser, house: House, room_id: int):
    reviewer = browser(house, ROLE)
    reviewer.get(f"/o/{house.slug}/reviewing/")
    reviewer.post_form({}, action=f"/o/{house.slug}/reviewing/{room_id}")
    return reviewer


def test_signs_in_and_judges_under_their_own_name(acme: House, browser, pack_id) -> None:
    room_id = given(acme, pack_id, acme.person(ROLE))
    reviewer = entered(browser, acme, room_id)
    at = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
    reviewer.get(at)
    reviewer.post_form({"verdict": "question", "comment": "Where is the programme?"}, action=f"{at}/judge")

    (said,) = queries.judgements(reading(acme.system), room_id)
    assert said.comment == "Where is the programme?"
    entries = journal.timeline(reading(acme.system), acme.id, ("room", room_id))
    who = {one.event: one.actor_id for one in entries}
    assert who["room:entered"] == who["room:judged"] == acme.person(ROLE) != who["room:opened"]
    assert [one.path for one in queries.visits(reading(acme.system), room_id)][-1] == ""


def test_the_start_page_leads_to_the_rooms_and_everything_else_is_closed(acme: House, browser, pack_id) -> None:
    given(acme, pack_id, acme.person(ROLE))
    reviewer = browser(acme, ROLE)
    assert "Body One" in reviewer.get(f"/o/{acme.slug}/reviewing/").text
    assert reviewer.get(f"/o/{acme.slug}/").url == f"/o/{acme.slug}/reviewing/"
    for path in ("packs/", f"packs/{pack_id}", f"packs/{pack_id}/download", "packs/rooms/1", "complaints/", "library/",
                 "documents/", "path/", "evidence/", "journal/", "people/", "readiness/"):  # fmt: skip
        reviewer.get(f"/o/{acme.slug}/{path}", status=403)


def test_another_reviewers_room_is_not_there(acme: House, browser, pack_id) -> None:
    theirs = given(acme, pack_id, acme.colleague(ROLE, "Otto Other").person_id, "Body Two")
    with_link = given(acme, pack_id, None, "Body Three", "Rita")
    mine = given(acme, pack_id, acme.person(ROLE))
    reviewer = entered(browser, acme, mine)
    page = reviewer.get(f"/o/{acme.slug}/reviewing/")
    assert "Body One" in page.text
    assert "Body Two" not in page.text
    assert "Body Three" not in page.text
    for room_id in (theirs, with_link):
        reviewer.get(f"/o/{acme.slug}/reviewing/")
        reviewer.post(f"/o/{acme.slug}/reviewing/{room_id}", {}, status=404)
        assert queries.visits(reading(acme.system), room_id) == []


@pytest.mark.parametrize("how", ["signed out", "closed", "too late", "another role", "somebody else signs in"])
def test_a_visit_ends_when_the_reason_for_it_does(acme: House, browser, pack_id, clock: FrozenClock, how) -> None:
    room_id = given(acme, pack_id, acme.person(ROLE))
    reviewer = entered(browser, acme, room_id)
    reviewer.get(f"/p/{acme.slug}/room/")
    if how == "signed out":
        with reviewer.client.session_transaction() as session:
            session.pop("_user_id")
    elif how == "somebody else signs in":
        other = browser(acme, "quality-manager")
        with reviewer.client.session_transaction() as session, other.client.session_transaction() as theirs:
            session["_user_id"] = theirs["_user_id"]
    elif how == "closed":
        actor = acme.actor("quality-manager")
        with transaction(actor) as tx:
            service.revoke(tx, service.RevokeRoom(room_id), clock_module.now(), actor)
    elif how == "too late":
        clock.advance(days=60)
    else:
        actor = acme.actor("administrator")
        with transaction(actor) as tx:
            accounts.change_role(tx, accounts.ChangeRole(acme.person(ROLE), Role.STAFF), clock_module.now(), actor)
    reviewer.get(f"/p/{acme.slug}/room/", status=404)
    reviewer.get(f"/p/{acme.slug}/room/pack.zip", status=404)


def test_the_organisation_chooses_a_person_or_names_somebody(acme: House, browser, pack_id) -> None:
    person = acme.person(ROLE)
    manager = browser(acme, "quality-manager")
    at = f"/o/{acme.slug}/packs/{pack_id}/rooms"
    manager.get(at)
    form = {"body": "Body One", "last_day": "2026-04-01"}
    page = manager.post_form({**form, "account": str(person)})
    assert "/room/enter/" not in page.text
    assert "by signing in" in page.text
    manager.get(at)
    page = manager.post_form({**form, "account": "", "reviewer": ""})
    assert "Enter the reviewer&#39;s name" in page.text or "Enter the reviewer's name" in page.text
    assert len(queries.of_pack(reading(acme.system), pack_id, clock_module.now().date())) == 1


def test_who_is_no_reviewer_is_given_no_room(acme: House, globex: House, pack_id) -> None:
    for person in (acme.person("quality-manager"), globex.person(ROLE)):
        with pytest.raises(NotAReviewer):
            given(acme, pack_id, person)
    with pytest.raises(ReviewerMissing):
        given(acme, pack_id, None, reviewer="  ")
