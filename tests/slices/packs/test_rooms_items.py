"""Items of a pack judged one by one, comments without a judgement, and concerns that enter the actions."""

from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.actions import queries as actions
from auditkit.actions import service as doing
from auditkit.actions.rules import Kind
from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.journal import queries as journal
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.models import RoomComment, RoomJudgement
from auditkit.packs.rooms.rules import CommentEmpty, ConcernWithoutDoubt, RoomConcluded, Verdict
from auditkit.packs.service import kept_file
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

from .test_rooms import CLAUSE, entered, opened, pack_of

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def room(acme: House, year: str, instance: Path) -> tuple[int, str]:
    return opened(acme, pack_of(acme, instance))


@pytest.fixture
def items(acme: House, room: tuple[int, str], instance: Path) -> list[str]:
    """The paths of the items that the pack shows for the clause."""
    here = queries.room(reading(acme.system), room[0], clock_module.now().date())
    built = packs.by_id(reading(acme.system), here.pack_id)
    return [one.path for one in SealedPack(kept_file(instance, built.root), built.bag).clause(CLAUSE).items]


def judged(house: House, room_id: int, **said: object) -> None:
    command = service.Judge(room_id, CLAUSE, **{"verdict": Verdict.NOT_SUFFICIENT, "comment": "Unsigned", **said})
    with transaction(house.public) as tx:
        service.judge(tx, command, clock_module.now(), house.public)


class TestAnItem:
    def test_is_accepted_with_one_tap_and_the_clause_stays_not_judged(self, acme, browser, room, items) -> None:
        visitor = entered(browser, acme, room[1])
        page = visitor.get(f"/p/{acme.slug}/room/clauses/{CLAUSE}")
        form = page.soup.find("form", id="accepting")
        assert [(one["name"], one["value"]) for one in form.find_all("button")] == [("path", path) for path in items]
        sent = {one["name"]: one["value"] for one in form.find_all("input")}
        answer = visitor.client.post(form["action"], data=sent | {"path": items[0]})
        assert answer.status_code == 302
        (said,) = queries.judgements(reading(acme.system), room[0])
        assert (said.place, said.verdict) == ((CLAUSE, items[0]), Verdict.ACCEPTED)
        assert queries.of_clauses(queries.newest([said])) == {}
        page = visitor.get(f"/p/{acme.slug}/room/")
        row = next(one for one in page.soup.find_all("tr") if one.find("a", href=lambda x: x and CLAUSE in x))
        assert f"1 of {len(items)} accepted" in row.get_text()
        assert row.find_all("td")[-1].get_text(strip=True) == "Not judged"
        events = [one.event for one in journal.timeline(reading(acme.system), acme.id, ("room", room[0]))]
        assert "room:item-judged" in events

    def test_is_doubted_in_words_on_its_own_page(self, acme, browser, room, items) -> None:
        visitor = entered(browser, acme, room[1])
        clause = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
        page = visitor.get(f"{clause}/items/{items[0]}?verdict=not-sufficient")
        assert page.soup.find("option", selected=True)["value"] == "not-sufficient"
        seen = [one.path for one in queries.visits(reading(acme.system), room[0])]
        assert items[0] in seen
        wanting = {"verdict": "question", "comment": "", "path": items[0]}
        visitor.post_form(wanting, action=f"{clause}/judge")
        assert queries.judgements(reading(acme.system), room[0]) == []
        visitor.get(f"{clause}/items/{items[0]}")
        visitor.post_form({**wanting, "comment": "Who signed?"}, action=f"{clause}/judge")
        page = visitor.get(f"/p/{acme.slug}/room/")
        assert "Question: 1" in page.text
        assert "Who signed?" in browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room[0]}").text

    def test_of_another_clause_is_not_there(self, acme, browser, room, items) -> None:
        visitor = entered(browser, acme, room[1])
        clause = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
        visitor.get(f"{clause}/items/data/none.xlsx", status=404)
        token = visitor.get(clause).soup.find("input", attrs={"name": "csrf_token"})["value"]
        for verb in ("accept", "judge", "comment"):
            sent = {"csrf_token": token, "verdict": "accepted", "text": "x", "path": "data/none.xlsx"}
            assert visitor.client.post(f"{clause}/{verb}", data=sent).status_code == 404
        assert queries.judgements(reading(acme.system), room[0]) == []

    def test_stands_in_the_report(self, app, acme, instance, room, items) -> None:
        from auditkit.packs.rooms import outcome

        judged(acme, room[0], path=items[0], concern=True)
        with transaction(acme.public) as tx:
            service.say(tx, service.Say(room[0], "Keep this form", CLAUSE), clock_module.now(), acme.public)
        tx = reading(acme.system)
        here = queries.room(tx, room[0], clock_module.now().date())
        built = packs.by_id(tx, here.pack_id)
        with app.test_request_context("/"):
            report = outcome.report(tx, here, SealedPack(kept_file(instance, built.root), built.bag), "Acme")
        assert [(one.clause, one.verdict, one.comment) for one in report.items] == [
            ("8.5", "Not sufficient", "Unsigned")
        ]
        assert {one.label: one.count for one in report.counts}["Not judged"] == len(report.clauses)
        assert "Could become a nonconformity" in report.concerns[0].comment
        assert "AC-" in report.concerns[0].action
        assert [(one.by, one.text) for one in report.comments] == [("Rita Reviewer", "Keep this form")]
        assert [one for one in report.left_out if one.what.startswith("Items that were not judged")]


class TestAConcern:
    def test_enters_the_actions_at_once_and_only_once(self, acme, room, items) -> None:
        judged(acme, room[0], path=items[0], concern=True)
        (said,) = queries.judgements(reading(acme.system), room[0])
        ((action,),) = actions.for_origins(reading(acme.system), queries.CONCERN, [said.id]).values()
        today = clock_module.now().date()
        assert (action.kind, action.due_on) == (Kind.CORRECTIVE, today + timedelta(days=30))
        assert action.owner_id == acme.person("quality-manager")
        assert action.title == f"Body One on {items[0].rpartition('/')[2]}, clause 8.5: Unsigned"
        newest = journal.timeline(reading(acme.system), acme.id, ("room", room[0]))[0]
        assert (newest.event, newest.facts["action"]) == ("room:item-judged", action.number)
        judged(acme, room[0], path=items[0], concern=True, comment="Still unsigned")
        judged(acme, room[0], comment="A doubt without the mark")
        said = queries.judgements(reading(acme.system), room[0])
        opened = queries.actions_on(reading(acme.system), said)
        assert [one.number for one in opened[(CLAUSE, items[0])]] == [action.number]
        assert opened[(CLAUSE, "")] == []

    def test_stands_in_the_register_and_on_the_page_of_the_room(self, acme, browser, room) -> None:
        judged(acme, room[0], concern=True)
        manager = browser(acme, "quality-manager")
        page = manager.get(f"/o/{acme.slug}/packs/rooms/{room[0]}")
        assert "Could become a nonconformity" in page.text
        number = page.soup.find("a", href=lambda x: x and "/actions/AC-" in x).get_text()
        assert "Body One on clause 8.5: Unsigned" in manager.get(f"/o/{acme.slug}/actions/{number}").text

    def test_after_its_action_was_closed_opens_another(self, acme, room, clock: FrozenClock) -> None:
        judged(acme, room[0], concern=True)
        (said,) = queries.judgements(reading(acme.system), room[0])
        ((action,),) = actions.for_origins(reading(acme.system), queries.CONCERN, [said.id]).values()
        now, owner, other = clock_module.now(), acme.actor("quality-manager"), acme.actor("administrator")
        for actor, act, command in (
            (owner, doing.change, doing.ChangeAction(
                action.number, 1, action.kind, action.title, action.owner_id, action.due_on, "", "One signs alone", ""
            )),
            (owner, doing.complete, doing.CompleteAction(action.number, 2, "Signed")),
            (other, doing.verify, doing.VerifyAction(action.number, 3, True, "Seen")),
            (other, doing.close, doing.CloseAction(action.number, 4)),
        ):  # fmt: skip
            with transaction(actor) as tx:
                act(tx, command, now, actor)
        judged(acme, room[0], concern=True, comment="Again")
        opened = queries.actions_on(reading(acme.system), queries.judgements(reading(acme.system), room[0]))
        assert len(opened[(CLAUSE, "")]) == 2

    def test_is_a_doubt(self, acme, browser, room) -> None:
        with pytest.raises(ConcernWithoutDoubt):
            judged(acme, room[0], verdict=Verdict.ACCEPTED, concern=True)
        visitor = entered(browser, acme, room[1])
        at = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
        visitor.get(at)
        visitor.post_form({"verdict": "not-sufficient", "comment": "Late", "concern": "y"}, action=f"{at}/judge")
        (said,) = queries.judgements(reading(acme.system), room[0])
        assert said.concern


class TestComments:
    def test_of_both_sides_are_read_by_both(self, acme, browser, room, items) -> None:
        visitor = entered(browser, acme, room[1])
        clause = f"/p/{acme.slug}/room/clauses/{CLAUSE}"
        visitor.get(f"{clause}/items/{items[0]}")
        visitor.post_form({"text": "A good form", "path": items[0]}, action=f"{clause}/comment")
        visitor.get(clause)
        visitor.post_form({"text": "Well audited"}, action=f"{clause}/comment")
        visitor.get(f"/p/{acme.slug}/room/")
        visitor.post_form({"text": "Thank you for the order"}, action=f"/p/{acme.slug}/room/comment")
        places = [one.place for one in queries.comments(reading(acme.system), room[0])]
        assert places == [(CLAUSE, items[0]), (CLAUSE, ""), ("", "")]
        assert queries.judgements(reading(acme.system), room[0]) == []
        manager = browser(acme, "quality-manager")
        at = f"/o/{acme.slug}/packs/rooms/{room[0]}"
        page = manager.get(at)
        assert all(words in page.text for words in ("A good form", "Well audited", "Thank you for the order"))
        manager.post_form({"text": "We keep it so"}, action=f"{at}/comment")
        page = visitor.get(f"/p/{acme.slug}/room/")
        assert "We keep it so" in page.text
        assert "Organisation" in page.text

    def test_say_something_while_the_room_is_open(self, acme, room) -> None:
        now, manager, auditor = clock_module.now(), acme.actor("quality-manager"), acme.actor("internal-auditor")
        with pytest.raises(CommentEmpty), transaction(acme.public) as tx:
            service.say(tx, service.Say(room[0], "  "), now, acme.public)
        with pytest.raises(Forbidden), transaction(auditor) as tx:
            service.say_back(tx, service.Say(room[0], "Mine"), now, auditor)
        with transaction(acme.public) as tx:
            service.conclude(tx, service.Conclude(room[0], "Done"), now, acme.public)
        for actor, act in ((acme.public, service.say), (manager, service.say_back)):
            with pytest.raises(RoomConcluded), transaction(actor) as tx:
                act(tx, service.Say(room[0], "Later"), now, actor)


@pytest.mark.sqlite_only
def test_a_persian_screen_shows_days_and_numbers_of_its_own(acme, browser, room, items) -> None:
    visitor = entered(browser, acme, room[1])
    with transaction(acme.public) as tx:
        wish = service.AskFor(room[0], CLAUSE, "برنامه", clock_module.now().date())
        service.ask(tx, wish, clock_module.now(), acme.public)
    with visitor.client.session_transaction() as session:
        session["locale"] = "fa"
    for path in ("", f"clauses/{CLAUSE}", f"clauses/{CLAUSE}/items/{items[0]}"):
        page = visitor.get(f"/p/{acme.slug}/room/{path}")
        shown = [one.get_text() for one in page.soup.find_all("time")]
        assert shown, path
        assert not [one for one in shown if any(digit in one for digit in "0123456789")], path
    room_page = visitor.get(f"/p/{acme.slug}/room/")
    row = next(one for one in room_page.soup.find_all("tr") if one.find("a", href=lambda x: x and CLAUSE in x))
    counted = row.find_all("td")[1].get_text(strip=True)
    assert counted == str(len(items)).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


@pytest.mark.parametrize(
    ("model", "constraint", "values"),
    [
        (RoomJudgement, "concern_is_doubt", {"verdict": "accepted", "concern": True}),
        (RoomComment, "comment_says_something", {"text": ""}),
        (RoomComment, "item_within_clause", {"clause": "", "path": "data/x.docx"}),
    ],
)
def test_checks(acme, room, model, constraint, values) -> None:
    now = clock_module.now()
    good: dict[str, object] = {
        RoomJudgement: {
            "clause": CLAUSE, "path": "data/x.docx", "verdict": "not-sufficient", "concern": True, "comment": "Late",
            "judged_at": now,
        },
        RoomComment: {"clause": CLAUSE, "path": "data/x.docx", "text": "T", "said_at": now},
    }[model]  # fmt: skip
    good = {"organisation_id": acme.id, "room_id": room[0], **good}
    accepts(model.__table__, good)
    refuses(model.__table__, constraint, good | values)
