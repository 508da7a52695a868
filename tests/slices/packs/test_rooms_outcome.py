"""The outcome of a review as a Word document: what was said, asked, answered, seen, and what is still open."""

import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.packs.rooms import outcome, queries, service
from auditkit.packs.rooms.rules import Verdict
from auditkit.packs.service import kept_file
from tests.conftest import House

from .test_rooms import CLAUSE, entered, opened, pack_of

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def room(acme: House, year: str, instance: Path) -> tuple[int, str]:
    return opened(acme, pack_of(acme, instance))


def words(content: bytes) -> str:
    import re

    with ZipFile(io.BytesIO(content)) as archive:
        return re.sub(r"<[^>]+>", " ", archive.read("word/document.xml").decode())


def said_and_asked(house: House, room_id: int) -> int:
    now = clock_module.now()
    with transaction(house.public) as tx:
        doubt = service.Judge(room_id, CLAUSE, Verdict.NOT_SUFFICIENT, "No programme & no <plan>")
        service.judge(tx, doubt, now, house.public)
        asked = service.AskFor(room_id, CLAUSE, "The programme", now.date() + timedelta(days=9))
        service.ask(tx, asked, now, house.public)
    return queries.judgements(reading(house.system), room_id)[0].id


def test_both_sides_take_the_same_report_and_that_is_on_record(acme: House, browser, room) -> None:
    room_id, secret = room
    judgement = said_and_asked(acme, room_id)
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        today = clock_module.now().date()
        action = actions.OpenAction(
            Kind.CORRECTIVE, "Decide the programme", (queries.CONCERN, judgement), "Body One", actor.person_id, today
        )
        actions.open_action(tx, action, clock_module.now(), actor)
    visitor = entered(browser, acme, secret)
    theirs = visitor.get(f"/p/{acme.slug}/room/outcome.docx").response
    assert theirs.headers["Content-Disposition"].startswith("attachment")
    text = words(theirs.data)
    assert "No programme &amp; no &lt;plan&gt;" in text
    assert "The programme" in text
    assert "Decide the programme" in text
    assert "The reviewer has not concluded the review" in text
    ours = browser(acme, "quality-manager").get(f"/o/{acme.slug}/packs/rooms/{room_id}/outcome.docx").response
    assert "Decide the programme" in words(ours.data)
    assert [one.path for one in queries.visits(reading(acme.system), room_id) if one.taken] == ["outcome.docx"]


def test_counts_every_clause_of_the_pack_once_and_says_what_is_left_out(app, acme: House, instance, room) -> None:
    from auditkit.packs import queries as packs
    from auditkit.packs.rooms.contents import SealedPack

    said_and_asked(acme, room[0])
    now = clock_module.now()
    with transaction(acme.public) as tx:
        service.judge(tx, service.Judge(room[0], CLAUSE, Verdict.ACCEPTED), now, acme.public)
        service.conclude(tx, service.Conclude(room[0], "Ready for stage 2"), now, acme.public)
    tx = reading(acme.system)
    language_of_the_screen = app.test_request_context("/")
    here = queries.room(tx, room[0], now.date())
    built = packs.by_id(tx, here.pack_id)
    with language_of_the_screen:
        report = outcome.report(tx, here, SealedPack(kept_file(instance, built.root), built.bag), "Acme")
    assert sum(one.count for one in report.counts) == len(report.clauses)
    assert {one.label: one.count for one in report.counts}["Accepted"] == 1
    assert report.concerns == ()
    assert report.review.outcome == "Ready for stage 2"
    assert report.requests[0].answer == "Not answered yet"
    assert not [one for one in report.left_out if one.what == "The outcome"]


def test_it_is_written_in_persian_on_a_persian_screen(acme: House, browser, room) -> None:
    said_and_asked(acme, room[0])
    manager = browser(acme, "quality-manager")
    with manager.client.session_transaction() as session:
        session["locale"] = "fa"
    answer = manager.get(f"/o/{acme.slug}/packs/rooms/{room[0]}/outcome.docx").response
    assert "داوری" in words(answer.data)
    assert "Internal audit of complaints handling" not in words(answer.data), "the pack by its Persian title"
