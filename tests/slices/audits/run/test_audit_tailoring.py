"""An audit asks what it was tailored to ask, tells what the last one said, and takes questions of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries, service
from auditkit.audits.rules import Grade, NotPlanned, NotRunning
from auditkit.audits.tailoring import queries as tailored
from auditkit.audits.tailoring import rules
from auditkit.audits.tailoring import service as tailoring
from auditkit.audits.tailoring.models import AuditPrevious, AuditTailoring
from auditkit.audits.tailoring.rules import Asked, Why, Wish
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library, digest_of
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import answer, own_library, planned, raised, rows_of, started

PROFILE = """
kind: checklist
id: house-round-night
title: Round at night
purpose: Doors and keys at night.
use: profile
edition: house-rules-2026
scale: house
based_on: house-round
exclude:
  - {items: [q-1-2], because: Nobody is there.}
add:
  - section: "2"
    items:
      - {id: q-2-n, clauses: ["2"], question: Who has the keys at night?, good: One, evidence: A list, methods: [R],
         weight: 3}
"""


@pytest.fixture
def books(tmp_path: Path) -> Library:
    folder = tmp_path / "house"
    own_library(folder)
    (folder / "night.yaml").write_text(PROFILE.lstrip(), encoding="utf-8")
    return own_library(folder)


def tailor(house: House, number: str, books: Library, **wish: Any) -> None:
    actor = house.actor("quality-manager")
    command = replace(tailoring.Tailor(number), **wish)
    with transaction(actor) as tx:
        tailoring.tailor(tx, command, clock.now(), actor, library=books)


def start(house: House, number: str, books: Library) -> None:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=books)


def head(house: House, number: str) -> queries.plans.AuditHead:
    return queries.plans.by_number(reading(house.system), number)


@pytest.mark.parametrize(
    ("wish", "failed", "asked", "left"),
    [
        (Wish(), (), ["a", "b", "c"], []),
        (Wish(("1",)), (), ["a", "b"], [("c", Why.SECTION)]),
        (Wish(spared=frozenset("a")), (), ["b", "c"], [("a", Why.SPARED)]),
        (Wish(("1",), spared=frozenset("ac")), ("a",), ["a", "b"], [("c", Why.SECTION)]),
        (Wish((), 2), (), ["b"], [("a", Why.WEIGHT), ("c", Why.WEIGHT)]),
        (Wish(("1",), 2), (), ["b"], [("a", Why.WEIGHT), ("c", Why.SECTION)]),
        (Wish(("1",), 2), ("c",), ["b", "c"], [("a", Why.WEIGHT)]),
        (Wish(("1",), 2, keep_failed=False), ("c",), ["b"], [("a", Why.WEIGHT), ("c", Why.SECTION)]),
    ],
)
def test_what_is_asked_follows_from_the_wish(
    wish: Wish, failed: tuple[str, ...], asked: list[str], left: list[tuple[str, Why]]
) -> None:
    questions = [Asked("a", "1", 1), Asked("b", "1", 2), Asked("c", "2", 1)]
    assert rules.split(questions, wish, failed) == (asked, left)


@pytest.mark.parametrize(
    ("clauses", "clause", "covered"),
    [("7.2, 7.3", "7.3", True), ("7", "7.3.1", True), ("7.3", "7", False), ("7", "70", False), ("", "7", False),
     ("7.2; 8", "8.1", True), ("7.2 7.3", "7.3", True)],
)  # fmt: skip
def test_a_timetable_covers_clauses_and_what_is_below_them(clauses: str, clause: str, covered: bool) -> None:
    assert rules.covers(clauses, clause) is covered


def test_only_chosen_clauses_are_asked_and_the_others_are_told(acme: House, books: Library) -> None:
    number = planned(acme, books)
    tailor(acme, number, books, sections=("2",), reason="Keys were changed")
    start(acme, number, books)
    assert [(row.position, row.item_id) for row in rows_of(acme, number)] == [(1, "q-2-1")]
    assert head(acme, number).tally.total == 1
    found = tailored.tailoring(reading(acme.system), head(acme, number).id)
    assert [(one.item, one.why) for one in found.left_out] == [("q-1-1", "section"), ("q-1-2", "section")]
    assert found.left_out[0].question == "Are the doors shut?"
    kept = queries.plans.checklist(reading(acme.system), head(acme, number).id)
    assert kept is not None
    assert len(kept.items) == 3, "the checklist is frozen whole, with its digest"
    assert kept.digest == head(acme, number).checklist_digest


def test_a_profile_stands_in_for_the_checklist(acme: House, books: Library) -> None:
    number = planned(acme, books)
    tailor(acme, number, books, profile_id="house-round-night", least_weight=1)
    start(acme, number, books)
    assert [row.item_id for row in rows_of(acme, number)] == ["q-1-1", "q-2-1", "q-2-n"]
    assert head(acme, number).checklist_digest == books.checklist("house-round-night").digest


def test_by_weight(acme: House, books: Library) -> None:
    number = planned(acme, books)
    tailor(acme, number, books, profile_id="house-round-night", least_weight=3, reason="An hour only")
    start(acme, number, books)
    assert [row.item_id for row in rows_of(acme, number)] == ["q-2-n"]


def test_single_questions_are_left_out_with_a_reason(acme: House, books: Library) -> None:
    number = planned(acme, books)
    with pytest.raises(rules.TailoringReasonMissing):
        tailor(acme, number, books, spared=("q-1-2",))
    with pytest.raises(rules.NoSuchQuestion):
        tailor(acme, number, books, spared=("q-2-n",), reason="Asked at night only")
    with pytest.raises(rules.NothingLeft):
        tailor(acme, number, books, spared=("q-1-1", "q-1-2", "q-2-1"), reason="No time")
    tailor(acme, number, books, spared=("q-1-2",), reason="Nobody was in")
    start(acme, number, books)
    assert [row.item_id for row in rows_of(acme, number)] == ["q-1-1", "q-2-1"]
    found = tailored.tailoring(reading(acme.system), head(acme, number).id)
    assert [(one.item, one.why) for one in found.left_out] == [("q-1-2", "spared")]


def test_what_is_left_out_needs_a_reason_and_something_must_stay(acme: House, books: Library) -> None:
    number = planned(acme, books)
    with pytest.raises(rules.TailoringReasonMissing):
        tailor(acme, number, books, sections=("1",))
    with pytest.raises(rules.NothingLeft):
        tailor(acme, number, books, least_weight=5, reason="An hour only")
    with pytest.raises(rules.NotAProfile):
        tailor(acme, number, books, profile_id="house-round")
    with pytest.raises(rules.NoSuchPrevious):
        tailor(acme, number, books, previous_id=head(acme, planned(acme, books, title="Later")).id)
    start(acme, number, books)
    with pytest.raises(NotPlanned):
        tailor(acme, number, books)


def test_the_last_audit_stands_folded_at_each_question(
    acme: House, books: Library, browser: Callable[..., Browser]
) -> None:
    first = started(acme, books)
    answer(acme, first, 1, "bad", "Door 3 stood open")
    answer(acme, first, 2, "good", "Asked two")
    finding = raised(acme, first, books, Grade.MINOR)
    second = planned(acme, books, title="Round in summer")
    tailor(acme, second, books, previous_id=head(acme, first).id, sections=("2",), reason="Keys were changed")
    start(acme, second, books)
    rows = rows_of(acme, second)
    assert [row.item_id for row in rows] == ["q-1-1", "q-2-1"], "what did not conform is asked again in any case"
    assert {row.answer for row in rows} == {"open"}
    before = rows[0].previous
    assert before is not None
    assert (before.from_number, before.answer, before.conformity, before.note) == (first, "Bad", 0, "Door 3 stood open")
    assert [one["number"] for one in before.findings] == [finding]
    assert rows[1].previous is None, "nobody had answered that"
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{second}/run")
    fold = page.soup.find(id="row-1").find("details")
    assert f"Last time ( {first} ): Bad" in " ".join(fold.get_text(" ").split())
    assert finding in fold.text


def add(house: House, number: str, **more: Any) -> int:
    actor = house.actor("internal-auditor")
    command = replace(tailoring.AddQuestion(number, "2", "Is there a spare key?"), **more)
    with transaction(actor) as tx:
        return int(tailoring.add_question(tx, command, clock.now(), actor))


def test_a_question_of_its_own_counts_like_the_others(acme: House, books: Library) -> None:
    number = started(acme, books)
    digest = head(acme, number).checklist_digest
    assert add(acme, number, good="One, sealed") == 4
    assert add(acme, number, question="Who may open the box?") == 5
    row = rows_of(acme, number)[3]
    assert (row.item_id, row.section, row.clause, row.answer) == ("added-1", "2", "house-rules-2026:2", "open")
    assert row.added_digest == digest_of(
        {"item_id": "added-1", "clause": row.clause, "question": "Is there a spare key?", "good": "One, sealed",
         "expected": "", "methods": ["I"], "weight": 1}
    )  # fmt: skip
    assert head(acme, number).tally.total == 5
    assert head(acme, number).checklist_digest == digest
    answer(acme, number, 4, "partly", "One, not sealed")
    assert head(acme, number).tally.answered == 1
    tx = reading(acme.system)
    assert [one.position for one in tailored.added(tx, head(acme, number).id)] == [4, 5]
    assert tailored.added_is_as_digested(tx, head(acme, number).id)
    with pytest.raises(rules.SectionUnknown):
        add(acme, number, section="9")
    with pytest.raises(rules.QuestionMissing):
        add(acme, number, question="  ")
    with pytest.raises(NotRunning):
        add(acme, planned(acme, books))


def test_whom_a_clause_is_put_to(acme: House, books: Library) -> None:
    number = started(acme, books)
    actor = acme.actor("internal-auditor")
    answer(acme, number, 1, "good", interviewee="The porter")
    for all_rows, expected in ((False, ["The porter", "Zoe", ""]), (True, ["Zoe", "Zoe", ""])):
        with transaction(actor) as tx:
            command = tailoring.NameInterviewee(number, "1", "Zoe", all_rows)
            tailoring.name_interviewee(tx, command, clock.now(), actor)
        assert [row.interviewee for row in rows_of(acme, number)] == expected
    with pytest.raises(rules.SectionUnknown), transaction(actor) as tx:
        tailoring.name_interviewee(tx, tailoring.NameInterviewee(number, "9", "Zoe"), clock.now(), actor)


def test_pages_tailor_add_and_name(acme: House, browser: Callable[..., Browser]) -> None:
    from auditkit.content.library import shared

    last = planned(acme, shared(), checklist_id="principles-2018")
    start(acme, last, shared())
    number = planned(acme, shared(), checklist_id="internal-audit-2018")
    quality = browser(acme, "quality-manager")
    quality.get(f"/o/acme/audits/{number}/tailor")
    page = quality.post_form({"sections": "7.3"})
    assert "Write down why not everything is asked" in page.text
    form = {"sections": "7.3", "reason": "Follow-up", "previous_id": str(head(acme, last).id)}
    quality.post_form({**form, "spared": "q18-7.3-1"})
    spared = quality.get(f"/o/acme/audits/{number}/tailor").soup.find("input", {"name": "spared", "checked": True})
    assert spared["value"] == "q18-7.3-1"
    assert spared.find_parent("details").has_attr("open")
    page = quality.post_form(form)
    assert "Follow-up" in page.text
    start(acme, number, shared())
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}")
    assert "questions of the checklist are not asked" in page.text
    auditor.get(f"/o/acme/audits/{number}/questions/new")
    page = auditor.post_form({"question": "Who tells the complainant?"})
    assert "Added for this audit" in page.text
    auditor.get(f"/o/acme/audits/{number}/interviewees")
    page = auditor.post_form({"name": "Head of service"})
    assert "Head of service" in [one.text for one in page.soup.select(".audit-rows h2")]


def test_what_somebody_else_tailored_meanwhile_is_not_overwritten(acme: House, browser: Callable[..., Browser]) -> None:
    from auditkit.content.library import shared

    number = planned(acme, shared(), checklist_id="internal-audit-2018")
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    for visitor in (first, second):
        visitor.get(f"/o/acme/audits/{number}/tailor")
    first.post_form({"sections": "7.3", "reason": "Follow-up"})
    page = second.post_form({"sections": "8.2", "reason": "An hour only"})
    assert "changed this meanwhile" in page.text
    found = tailored.tailoring(reading(acme.system), head(acme, number).id)
    assert (found.clauses, found.reason) == (("7.3",), "Follow-up")
    second.post_form()
    assert tailored.tailoring(reading(acme.system), head(acme, number).id).reason == "An hour only"


def test_the_tables_refuse_what_cannot_be(acme: House, books: Library) -> None:
    number = started(acme, books)
    at, audit_id, row = clock.now(), head(acme, number).id, rows_of(acme, number)[0].id
    reading().rollback()
    whole = {
        "organisation_id": acme.id, "audit_id": audit_id, "profile_id": "", "clauses": [], "least_weight": 1,
        "keep_failed": True, "narrowed": False, "reason": "", "left_out": [], "changed_at": at,
    }  # fmt: skip
    table = AuditTailoring.__table__
    refuses(table, "narrowed_has_reason", {**whole, "narrowed": True})
    refuses(table, "weight_is_known", {**whole, "least_weight": 6})
    refuses(table, "previous_is_another", {**whole, "previous_id": audit_id})
    accepts(table, whole)
    before = {
        "organisation_id": acme.id, "audit_id": audit_id, "row_id": row, "from_number": "A-2025-001", "answer": "Bad",
        "note": "", "findings": [],
    }  # fmt: skip
    refuses(AuditPrevious.__table__, "previous_is_named", {**before, "from_number": ""})
    refuses(AuditPrevious.__table__, "previous_is_percent", {**before, "conformity": 101})
    accepts(AuditPrevious.__table__, before)
