"""What a later room says of the review before: files, requests and doubts, on items and on clauses."""

from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.journal import queries as journal
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.rules import Fate, Verdict
from auditkit.packs.rooms.since import since
from auditkit.packs.service import kept_file
from tests.conftest import House

from . import records
from .test_rooms import CLAUSE, entered, opened, pack_of

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


@pytest.fixture
def room(acme: House, year: str, instance: Path) -> tuple[int, str]:
    return opened(acme, pack_of(acme, instance))


def sealed(house: House, instance: Path, pack_id: int) -> SealedPack:
    built = packs.by_id(reading(house.system), pack_id)
    return SealedPack(kept_file(instance, built.root), built.bag)


def first_item(house: House, instance: Path, room_id: int) -> str:
    here = queries.room(reading(house.system), room_id, clock_module.now().date())
    return sealed(house, instance, here.pack_id).clause(CLAUSE).items[0].path


def ask(house: House, room_id: int, text: str, path: str = "") -> None:
    with transaction(house.public) as tx:
        service.ask(tx, service.AskFor(room_id, CLAUSE, text, path=path), clock_module.now(), house.public)


def test_a_request_names_an_item_and_both_sides_see_which(acme, browser, room, instance) -> None:
    path = first_item(acme, instance, room[0])
    visitor = entered(browser, acme, room[1])
    clause = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
    visitor.get(f"{clause}/items/{path}")
    visitor.post_form({"text": "", "path": path}, action=f"{clause}/ask")
    assert queries.requests(reading(acme.system), room[0]) == []
    visitor.get(f"{clause}/items/{path}")
    visitor.post_form({"text": "Who signed this?", "due_on": "2026-04-01", "path": path}, action=f"{clause}/ask")
    ask(acme, room[0], "The programme of next year")
    of_item, of_clause = queries.requests(reading(acme.system), room[0])
    assert (of_item.serial, of_item.place, of_clause.serial, of_clause.place) == (1, (CLAUSE, path), 2, (CLAUSE, ""))
    facts = [
        one.facts
        for one in journal.timeline(reading(acme.system), acme.id, ("room", room[0]))
        if one.event == "room:asked"
    ]
    assert {"request": 1, "clause": CLAUSE, "path": path} in facts
    on_item = visitor.get(f"{clause}/items/{path}").soup.find(id="requests").get_text()
    assert "Who signed this?" in on_item
    assert "The programme" not in on_item
    name = path.rpartition("/")[2]
    for page in (
        visitor.get(clause),
        visitor.get(f"/p/{acme.slug}/room/"),
        browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room[0]}"),
    ):
        section = page.soup.find(id="requests").get_text()
        assert "Who signed this?" in section
        assert "The programme of next year" in section
        assert name in section


def test_an_item_that_is_not_in_the_pack_cannot_be_asked_about(acme, browser, room) -> None:
    visitor = entered(browser, acme, room[1])
    clause = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
    token = visitor.get(clause).soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = visitor.client.post(f"{clause}/ask", data={"csrf_token": token, "text": "x", "path": "data/none.xlsx"})
    assert answer.status_code == 404
    assert queries.requests(reading(acme.system), room[0]) == []


def test_the_report_names_the_item_of_a_request(app, acme, instance, room) -> None:
    from auditkit.packs.rooms import outcome

    path = first_item(acme, instance, room[0])
    ask(acme, room[0], "Who signed this?", path)
    ask(acme, room[0], "The programme")
    tx = reading(acme.system)
    here = queries.room(tx, room[0], clock_module.now().date())
    with app.test_request_context("/"):
        report = outcome.report(tx, here, sealed(acme, instance, here.pack_id), "Acme")
    assert [(one.clause, one.item) for one in report.requests] == [("8.5", path.rpartition("/")[2]), ("8.5", "")]


def test_a_later_room_says_what_became_of_requests_and_doubts(
    acme, browser, room, instance, clock: FrozenClock
) -> None:
    path = first_item(acme, instance, room[0])
    ask(acme, room[0], "Who signed this?", path)
    ask(acme, room[0], "The programme of next year")
    for verdict, comment, about in (
        (Verdict.NOT_SUFFICIENT, "Nobody answers", ""),
        (Verdict.QUESTION, "Was this read?", path),
        (Verdict.ACCEPTED, "", path),
    ):
        with transaction(acme.public) as tx:
            service.judge(tx, service.Judge(room[0], CLAUSE, verdict, comment, about), clock_module.now(), acme.public)
    clock.advance(days=1)
    row = records.rows_of(acme, "A-2026-001")[2].id
    records.add_file(acme, b"later", "later.txt", ("audit-row", row), clauses=[CLAUSE])
    room_id, secret = opened(acme, pack_of(acme, instance))
    here = queries.room(reading(acme.system), room_id, clock_module.now().date())
    found, why = since(
        reading(acme.system), here, sealed(acme, instance, here.pack_id), lambda one: sealed(acme, instance, one)
    )
    assert (found is not None, why) == (True, "")
    told = [(one.about.path, one.asked is not None, one.fate, one.here) for one in found.unsettled]
    # The file came to the clause, not to the item; what was accepted in the end is settled.
    assert told == [
        (path, True, Fate.SAME, True),
        ("", True, Fate.CHANGED, True),
        ("", False, Fate.CHANGED, True),
    ]
    page = entered(browser, acme, secret).get(f"/p/{acme.slug}/room/")
    section = page.soup.find(id="changes").get_text()
    for said in ("Who signed this?", "The programme of next year", "Nobody answers", "As it was"):
        assert said in section
    assert "Was this read?" not in section


def test_another_body_is_told_nothing_of_the_earlier_review(acme, browser, room, instance, clock) -> None:
    ask(acme, room[0], "Who signed this?", first_item(acme, instance, room[0]))
    clock.advance(days=1)
    _id, secret = opened(acme, pack_of(acme, instance), "Body Two")
    visitor = entered(browser, acme, secret)
    for address in ("", f"clauses/{CLAUSE}"):
        assert "Who signed this?" not in visitor.get(f"/p/{acme.slug}/room/{address}").text


def test_the_day_by_which_it_is_wanted_is_kept_with_the_item(acme, room, instance) -> None:
    path, day = first_item(acme, instance, room[0]), clock_module.now().date() + timedelta(days=5)
    with transaction(acme.public) as tx:
        service.ask(tx, service.AskFor(room[0], CLAUSE, "This", day, path), clock_module.now(), acme.public)
    ((_room, body, request),) = queries.waiting(reading(acme.system))
    assert (body, request.path, request.due_on) == ("Body One", path, day)
