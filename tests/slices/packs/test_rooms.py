"""Rooms: by link only, each for itself, everything on record, and nothing after the end."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.journal import queries as journal
from auditkit.packs import queries as pack_queries
from auditkit.packs import service as packs
from auditkit.packs import signing
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.models import ReviewRoom, RoomJudgement, RoomRequest, RoomVisit
from auditkit.packs.rooms.rules import NoSuchRoom, PackElsewhere, RoomConcluded, Standing, Verdict
from auditkit.packs.service import BuildPack
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

from . import records
from .test_service import asked, built

pytestmark = pytest.mark.usefixtures("key")


def pack_of(house: House, instance: Path, **changed: object) -> int:
    actor = house.actor("quality-manager")
    prepared = packs.prepare(reading(actor), asked(house, **changed), actor, instance, signing.signer(instance))
    with transaction(actor) as tx:
        return packs.build(tx, BuildPack(prepared), clock_module.now(), actor)


def opened(house: House, pack_id: int, body: str = "Body One") -> tuple[int, str]:
    actor = house.actor("quality-manager")
    command = service.OpenRoom(pack_id, body, "Rita Reviewer", clock_module.now().date() + timedelta(days=30))
    with transaction(actor) as tx:
        return service.open_room(tx, command, clock_module.now(), actor)


@pytest.fixture
def room(acme: House, year: str, instance: Path) -> tuple[int, str]:
    return opened(acme, pack_of(acme, instance))


def entered(browser, house: House, secret: str):
    visitor = browser()
    visitor.get(f"/p/{house.slug}/room/enter/{secret}")
    visitor.post_form({})
    return visitor


CLAUSE = "iso10002-2018:8.5"


class TestTheReviewer:
    def test_comes_in_judges_asks_and_concludes(self, acme, browser, room) -> None:
        room_id, secret = room
        visitor = entered(browser, acme, secret)
        page = visitor.get(f"/p/{acme.slug}/room/")
        assert "Internal audit of complaints handling" in page.text
        assert secret not in page.text
        at = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
        visitor.get(at)
        visitor.post_form({"verdict": "not-sufficient", "comment": ""}, action=f"{at}/judge")
        assert queries.judgements(reading(acme.system), room_id) == []
        visitor.post_form({"verdict": "not-sufficient", "comment": "Who audited the auditor?"}, action=f"{at}/judge")
        visitor.get(at)
        visitor.post_form({"text": "The programme, please", "due_on": "2026-04-01"}, action=f"{at}/ask")
        visitor.get(at)
        visitor.post_form({"verdict": "accepted", "comment": ""}, action=f"{at}/judge")
        said = queries.judgements(reading(acme.system), room_id)
        assert [(one.number, one.verdict) for one in said] == [("8.5", "not-sufficient"), ("8.5", "accepted")]
        (request,) = queries.requests(reading(acme.system), room_id)
        assert (request.serial, request.text, request.due_on) == (1, "The programme, please", date(2026, 4, 1))
        visitor.get(f"/p/{acme.slug}/room/")
        visitor.post_form({"outcome": "Ready for the second stage"}, action=f"/p/{acme.slug}/room/conclude")
        assert queries.room(reading(acme.system), room_id, clock_module.now().date()).standing is Standing.CONCLUDED
        page = visitor.get(at)
        assert "Save the judgement" not in page.text

    def test_takes_files_and_the_pack_and_that_is_on_record(self, acme, browser, room) -> None:
        room_id, secret = room
        visitor = entered(browser, acme, secret)
        answer = visitor.client.get(f"/p/{acme.slug}/room/files/data/registers/complaints.xlsx")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.data[:2] == b"PK"
        assert visitor.client.get(f"/p/{acme.slug}/room/pack.zip").data[:2] == b"PK"
        taken = [one.path for one in queries.visits(reading(acme.system), room_id) if one.taken]
        assert taken == ["pack.zip", "data/registers/complaints.xlsx"]
        events = [one.event for one in journal.timeline(reading(acme.system), acme.id, ("room", room_id))]
        assert events == ["room:file-taken", "room:file-taken", "room:entered", "room:opened"]
        page = browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room_id}")
        told = [
            " ".join(row.get_text(" ").split()) for row in page.soup.select("#visits ~ * tbody tr, #visits tbody tr")
        ]
        assert [one for one in told if "data/registers/complaints.xlsx taken" in one], told
        visitor.get(f"/p/{acme.slug}/room/clauses/{CLAUSE}")
        page = browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room_id}")
        seen = page.soup.select("#visits ~ * td, #visits td")
        assert "Clause 8.5" in [one.get_text(" ", strip=True) for one in seen]

    @pytest.mark.parametrize("path", ["files/data/none.xlsx", "files/pack.json", "files/../pack.json", "clauses/9.9"])
    def test_what_is_not_in_the_pack_is_not_there(self, acme, browser, room, path) -> None:
        visitor = entered(browser, acme, room[1])
        assert visitor.client.get(f"/p/{acme.slug}/room/{path}").status_code == 404


class TestTheLink:
    @pytest.mark.parametrize("how", ["another secret", "another organisation", "too late", "closed"])
    def test_opens_nothing(self, acme, globex, browser, room, clock: FrozenClock, how) -> None:
        room_id, secret = room
        slug = globex.slug if how == "another organisation" else acme.slug
        secret = f"{secret}x" if how == "another secret" else secret
        if how == "too late":
            clock.advance(days=31)
        if how == "closed":
            actor = acme.actor("quality-manager")
            with transaction(actor) as tx:
                service.revoke(tx, service.RevokeRoom(room_id), clock_module.now(), actor)
        browser().get(f"/p/{slug}/room/enter/{secret}", status=404)

    def test_without_entering_there_is_no_room(self, acme, browser, room) -> None:
        for path in ("", f"clauses/{CLAUSE}", "pack.zip", "files/data/registers/complaints.xlsx"):
            browser().get(f"/p/{acme.slug}/room/{path}", status=404)

    def test_looking_at_the_link_is_not_entering(self, acme, browser, room) -> None:
        browser().get(f"/p/{acme.slug}/room/enter/{room[1]}")
        assert queries.visits(reading(acme.system), room[0]) == []

    def test_closing_a_room_ends_a_visit_under_way(self, acme, browser, room) -> None:
        visitor = entered(browser, acme, room[1])
        browser(acme, "quality-manager").post(f"/o/{acme.slug}/packs/rooms/{room[0]}/revoke", {})
        visitor.get(f"/p/{acme.slug}/room/", status=404)

    def test_two_bodies_see_nothing_of_one_another(self, acme, browser, room) -> None:
        other_id, other = opened(
            acme, queries.room(reading(acme.system), room[0], date(2026, 3, 2)).pack_id, "Body Two"
        )
        with transaction(acme.public) as tx:
            service.judge(
                tx, service.Judge(room[0], CLAUSE, Verdict.QUESTION, "Secret doubt"), clock_module.now(), acme.public
            )
            service.ask(tx, service.AskFor(room[0], CLAUSE, "Secret wish"), clock_module.now(), acme.public)
        visitor = entered(browser, acme, other)
        text = visitor.get(f"/p/{acme.slug}/room/").text + visitor.get(f"/p/{acme.slug}/room/clauses/{CLAUSE}").text
        assert "Secret" not in text
        assert queries.judgements(reading(acme.system), other_id) == []


class TestTheOrganisation:
    def test_opens_shows_the_link_once_and_answers_with_a_file(self, acme, browser, year, instance) -> None:
        pack_id = pack_of(acme, instance)
        manager = browser(acme, "quality-manager")
        manager.get(f"/o/{acme.slug}/packs/{pack_id}/rooms")
        page = manager.post_form({"body": "Body One", "reviewer": "Rita Reviewer", "last_day": "2026-04-01"})
        assert "/room/enter/" in page.text
        (room,) = queries.of_pack(reading(acme.system), pack_id, date(2026, 3, 10))
        at = f"/o/{acme.slug}/packs/rooms/{room.id}"
        assert "/room/enter/" not in manager.get(at).text
        with transaction(acme.public) as tx:
            service.ask(tx, service.AskFor(room.id, CLAUSE, "The programme"), clock_module.now(), acme.public)
        (request,) = queries.requests(reading(acme.system), room.id)
        manager.get(at)
        manager.post_form({"text": ""}, action=f"{at}/requests/{request.id}")
        assert queries.requests(reading(acme.system), room.id)[0].answer == ""
        manager.get(at)
        files = {"text": "Here it is", "files": (io.BytesIO(b"programme"), "programme.txt")}
        manager.post_form(files, action=f"{at}/requests/{request.id}")
        assert queries.requests(reading(acme.system), room.id)[0].answer == "Here it is"
        assert "programme.txt" in manager.get(at).text
        self._the_reviewer_reads_it(acme, browser, page, request.id)

    def _the_reviewer_reads_it(self, house: House, browser, opened_page, request_id: int) -> None:
        link = opened_page.soup.select_one("main p.mono").get_text(strip=True)
        visitor = entered(browser, house, link.rpartition("/")[2])
        page = visitor.get(f"/p/{house.slug}/room/clauses/{CLAUSE}")
        assert "Here it is" in page.text
        address = page.soup.find("a", href=lambda one: one and f"/answers/{request_id}/" in one)["href"]
        assert visitor.get(address).response.data == b"programme"
        taken = [one.path for one in queries.visits(reading(house.system), 1) if one.taken]
        assert taken == ["programme.txt"]
        other = address.replace(f"/answers/{request_id}/", f"/answers/{request_id + 1}/")
        visitor.get(other, status=404)

    def test_requests_are_answered_in_any_order(self, acme, browser, room) -> None:
        with transaction(acme.public) as tx:
            for text in ("The programme", "The minutes"):
                service.ask(tx, service.AskFor(room[0], CLAUSE, text), clock_module.now(), acme.public)
        first, second = queries.requests(reading(acme.system), room[0])
        at, manager = f"/o/{acme.slug}/packs/rooms/{room[0]}", browser(acme, "quality-manager")
        manager.get(at)
        refused = manager.post_form({"text": ""}, action=f"{at}/requests/{second.id}")
        told = [form["action"] for form in refused.soup.select("form:has(.error-summary)")]
        assert [one.rpartition("/")[2] for one in told] == [str(second.id)], "the fault stands where it was made"
        manager.post_form({"text": "Here they are"}, action=f"{at}/requests/{second.id}")
        assert [one.answer for one in queries.requests(reading(acme.system), room[0])] == ["", "Here they are"]
        manager.post_form({"text": "This too"}, action=f"{at}/requests/{first.id}")
        assert [one.answer for one in queries.requests(reading(acme.system), room[0])] == ["This too", "Here they are"]

    def test_requests_that_wait_are_on_the_start_page_those_of_the_nearest_day_first(
        self, acme, globex, browser, room, clock: FrozenClock
    ) -> None:
        today = clock_module.now().date()
        with transaction(acme.public) as tx:
            for text, due_on in (("Later", today + timedelta(days=9)), ("Some day", None), ("Soon", today)):
                service.ask(tx, service.AskFor(room[0], CLAUSE, text, due_on), clock_module.now(), acme.public)
        waiting = queries.waiting(reading(acme.system))
        assert [one.text for _room, _body, one in waiting] == ["Soon", "Later", "Some day"]
        assert queries.waiting(reading(globex.system)) == []
        clock.advance(days=1)
        manager = browser(acme, "quality-manager")
        assert "3 requests of reviewers wait" in manager.get(f"/o/{acme.slug}/").text
        page = manager.get(f"/o/{acme.slug}/packs/rooms/{room[0]}")
        assert page.text.count("Overdue") == 1

    def test_a_concern_becomes_an_action(self, acme, browser, room) -> None:
        with transaction(acme.public) as tx:
            doubt = service.Judge(room[0], CLAUSE, Verdict.NOT_SUFFICIENT, "No programme for next year")
            service.judge(tx, doubt, clock_module.now(), acme.public)
        page = browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room[0]}")
        (one,) = queries.judgements(reading(acme.system), room[0])
        address = f"/o/{acme.slug}/actions/new?origin=room-judgement&id={one.id}"
        assert page.soup.find("a", href=address)
        new = browser(acme, "quality-manager").get(address)
        assert "Body One on clause 8.5: No programme for next year" in new.text

    def test_needs_its_permission_and_a_pack_that_is_kept(self, acme, year, instance, tmp_path) -> None:
        pack_id = pack_of(acme, instance)
        auditor = acme.actor("internal-auditor")
        with pytest.raises(Forbidden), transaction(auditor) as tx:
            command = service.OpenRoom(pack_id, "Body", "Rita", clock_module.now().date())
            service.open_room(tx, command, clock_module.now(), auditor)
        built(acme, instance, tmp_path / "elsewhere.zip")
        with pytest.raises(PackElsewhere):
            opened(acme, pack_id + 1)

    def test_another_organisation_s_room_is_not_there(self, globex, browser, room) -> None:
        with pytest.raises(NotFound):
            queries.room(reading(globex.system), room[0], date(2026, 3, 2))
        browser(globex, "quality-manager").get(f"/o/{globex.slug}/packs/rooms/{room[0]}", status=404)


def test_a_later_pack_shows_what_changed_since_the_one_before(
    acme, browser, room, instance, clock: FrozenClock
) -> None:

    clock.advance(days=1)
    records.add_file(acme, b"later", "later.txt", ("audit-row", records.rows_of(acme, "A-2026-001")[2].id))
    _id, secret = opened(acme, pack_of(acme, instance))
    page = entered(browser, acme, secret).get(f"/p/{acme.slug}/room/")
    assert "Since the pack you saw before" in page.text
    assert "later.txt" in page.text


def test_a_pack_seen_before_that_is_no_longer_kept_is_named_as_not_compared(
    acme, browser, room, instance, clock: FrozenClock
) -> None:
    first = queries.room(reading(acme.system), room[0], clock_module.now().date())
    clock.advance(days=1)
    records.add_file(acme, b"later", "later.txt", ("audit-row", records.rows_of(acme, "A-2026-001")[2].id))
    _id, secret = opened(acme, pack_of(acme, instance))
    packs.kept_file(instance, pack_queries.by_id(reading(acme.system), first.pack_id).root).unlink()
    page = entered(browser, acme, secret).get(f"/p/{acme.slug}/room/")
    assert "Not compared, because" in page.text


@pytest.mark.parametrize("how", ["cut short", "altered", "gone"])
def test_a_pack_that_is_damaged_on_disk_is_said_to_be(acme, browser, room, instance, how) -> None:
    pack = pack_queries.by_id(
        reading(acme.system), queries.room(reading(acme.system), room[0], clock_module.now().date()).pack_id
    )
    file = packs.kept_file(instance, pack.root)
    visitor = entered(browser, acme, room[1])
    content = file.read_bytes()
    if how == "gone":
        file.unlink()
    elif how == "cut short":
        file.write_bytes(content[:-100])
    else:
        file.write_bytes(content.replace(b'"clause"', b'"clauze"'))
    page = visitor.get(f"/p/{acme.slug}/room/", status=404)
    assert "build the pack again" in page.text.lower()


def test_nothing_is_added_after_the_end(acme, room) -> None:
    now = clock_module.now()
    with transaction(acme.public) as tx:
        service.conclude(tx, service.Conclude(room[0], "Done"), now, acme.public)
    for command, act in (
        (service.Judge(room[0], CLAUSE, Verdict.ACCEPTED), service.judge),
        (service.AskFor(room[0], CLAUSE, "More"), service.ask),
        (service.Conclude(room[0], "Again"), service.conclude),
    ):
        with pytest.raises(RoomConcluded), transaction(acme.public) as tx:
            act(tx, command, now, acme.public)
    with pytest.raises(NoSuchRoom), transaction(acme.public) as tx:
        service.enter(tx, service.Enter("nothing"), now, acme.public)


@pytest.mark.parametrize(
    ("model", "constraint", "values"),
    [
        (ReviewRoom, "room_is_somebody_s", {"reviewer": ""}),
        (ReviewRoom, "concluded_with_outcome", {"outcome": "Good"}),
        (RoomJudgement, "verdict_known", {"verdict": "perhaps", "comment": "Why not"}),
        (RoomJudgement, "doubt_has_comment", {"verdict": "question", "comment": ""}),
        (RoomRequest, "request_is_numbered", {"serial": 0}),
        (RoomRequest, "request_says_what", {"text": ""}),
        (RoomRequest, "answered_with_words", {"answer": "Yes"}),
        (RoomVisit, "what_was_taken", {"taken": True, "path": ""}),
    ],
)
def test_checks(acme, room, model, constraint, values) -> None:
    now = clock_module.now()
    good: dict[str, object] = {
        ReviewRoom: {
            "pack_id": queries.room(reading(acme.system), room[0], now.date()).pack_id, "body": "B", "reviewer": "R",
            "secret_digest": "0" * 64, "last_day": now.date(), "opened_at": now, "outcome": "",
        },
        RoomJudgement: {"room_id": room[0], "clause": CLAUSE, "verdict": "accepted", "comment": "", "judged_at": now},
        RoomRequest: {"room_id": room[0], "serial": 9, "clause": CLAUSE, "text": "T", "asked_at": now, "answer": ""},
        RoomVisit: {"room_id": room[0], "path": "x", "taken": True, "at": now},
    }[model]  # fmt: skip
    good = {"organisation_id": acme.id, **good}
    accepts(model.__table__, good)
    fresh = {"secret_digest": "1" * 64} if model is ReviewRoom else {"serial": 10} if model is RoomRequest else {}
    refuses(model.__table__, constraint, good | fresh | values)
