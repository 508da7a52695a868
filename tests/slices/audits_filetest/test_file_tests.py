"""The complaint-file test: what is computed beside the record, answers, independence, progress, gaps, findings."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from auditkit.audits import queries
from auditkit.audits.filetest import queries as filetests
from auditkit.audits.filetest import rules
from auditkit.audits.filetest.models import AuditFileAnswer, AuditFileForm, AuditFileTest
from auditkit.audits.filetest.queries import FileView
from auditkit.audits.filetest.rules import Verdict
from auditkit.audits.filetest.service import (
    AnswerFile,
    FinishFile,
    Given,
    ReopenFile,
    answer_file,
    finish_file,
    reopen_file,
)
from auditkit.audits.independence.rules import ComplaintBarred, NotInTeam
from auditkit.audits.rules import EvidenceMissing, NoSuchAnswer, NoteMissing, TeamRole
from auditkit.audits.sampling import Method
from auditkit.audits.service import StartAudit, start
from auditkit.audits.service.sampling import DrawSample, PickComplaint, draw_sample, pick_complaint
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import NotFound
from auditkit.complaints import service as complaints
from auditkit.content.library import Library, shared
from auditkit.evidence import queries as evidence
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import own_library, planned, started
from tests.slices.audits_samples.test_samples_tab import YEAR, audit_id
from tests.slices.complaints import recording
from tests.slices.complaints_clock.timing import adopt, keep

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


@pytest.fixture
def number(acme: House, books: Library) -> str:
    return started(acme, books)


def sampled(house: House, number: str) -> None:
    """All complaints of the register are drawn."""
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        draw_sample(tx, DrawSample(number, *YEAR, method=Method.ALL), clocks.now(), actor)


def view(house: House, number: str, reference: str) -> FileView:
    return filetests.show(reading(house.system), audit_id(house, number), reference, shared())


def answered(house: House, number: str, reference: str, *given: Given, actor: Actor | None = None) -> int:
    actor = actor or house.actor("internal-auditor")
    with transaction(actor) as tx:
        return int(answer_file(tx, AnswerFile(number, reference, given), clocks.now(), actor, library=shared()))


def everything(house: House, number: str, reference: str) -> None:
    """Every question is said to be not applicable."""
    given = [Given(item.id, 0, "na", "Not in this case") for item in view(house, number, reference).checklist.items]
    answered(house, number, reference, *given)


def finished(house: House, number: str, reference: str) -> None:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        finish_file(tx, FinishFile(number, reference), clocks.now(), actor, library=shared())


def verdicts(seen: FileView, item: str) -> list[Verdict]:
    return [fact.verdict for fact in seen.facts[item]]


def test_the_way_is_filled_in_and_due_dates_are_computed_again(acme: House, number: str, clock: FrozenClock) -> None:
    keep(acme)
    adopt(acme)
    handler = acme.actor("complaint-handler")
    reference = recording.registered(handler, received_at=clocks.now())
    clock.advance(hours=2)
    recording.do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    clock.advance(hours=3)
    recording.do(handler, complaints.assess, complaints.Assess, reference, "medium", "simple", "one")
    sampled(acme, number)
    seen = view(acme, number, reference)
    steps = {step.title: step for step in seen.trace}
    assert steps["Acknowledged"].late is False
    assert steps["Acknowledged"].planned is not None
    assert steps["Decision told"].done is None
    assert steps["Decision told"].planned is not None
    assert steps["Assessed"].done > steps["Acknowledged"].done  # type: ignore[operator]  # both are done
    dues = seen.facts["file-assessed-2"]
    assert dues
    assert {fact.verdict for fact in dues} == {Verdict.IN_ORDER}
    assert all(fact.computed == fact.recorded for fact in dues)
    assert verdicts(seen, "file-acknowledged-1") == [Verdict.TOLD, Verdict.IN_ORDER]
    assert not seen.changed_since


def test_a_due_date_that_was_tampered_with_differs(acme: House, number: str, clock: FrozenClock) -> None:
    keep(acme)
    adopt(acme)
    reference = recording.registered(acme.actor("complaint-handler"), received_at=clocks.now())
    with db.engine.begin() as connection:
        later = "2027-01-01T00:00:00.000000Z" if connection.dialect.name == "sqlite" else "2027-01-01 00:00:00+00"
        connection.execute(
            text("UPDATE complaint_due SET due_at = :later, very_at = :later WHERE target = 'acknowledge'"),
            {"later": later},
        )
    clock.advance(days=30)
    recording.do(acme.actor("complaint-handler"), complaints.acknowledge, complaints.Acknowledge, reference)
    sampled(acme, number)
    seen = view(acme, number, reference)
    wrong = [fact for fact in seen.facts["file-assessed-2"] if fact.verdict is Verdict.EXCEPTION]
    assert [fact.label for fact in wrong] == ["Acknowledge"]
    assert Verdict.EXCEPTION in verdicts(seen, "file-acknowledged-1"), "late by the rule, whatever the record says"


def test_what_is_wrong_in_a_file_is_found(acme: House, number: str, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    reference = recording.decided(handler, told="")
    clock.advance(days=1)
    sampled(acme, number)
    seen = view(acme, number, reference)
    assert verdicts(seen, "file-informed-1") == [Verdict.EXCEPTION], "decided and never told"
    assert verdicts(seen, "file-recorded-2") == [Verdict.EXCEPTION], "no day, no product, no wish"
    assert seen.facts["file-recorded-4"][0].verdict is Verdict.EXCEPTION, (
        "acknowledged, assessed, decided in one minute"
    )
    assert verdicts(seen, "file-informed-2") == [Verdict.IN_ORDER]
    assert verdicts(seen, "file-accepted-2") == [Verdict.NOT_CHECKED]
    assert verdicts(seen, "file-acknowledged-1")[1] is Verdict.NOT_CHECKED, "no limits were in force"


def test_answers_are_kept_and_the_questions_frozen(acme: House, number: str) -> None:
    reference = recording.registered(acme.actor("complaint-handler"))
    sampled(acme, number)
    assert not view(acme, number, reference).frozen
    assert (
        answered(acme, number, reference, Given("file-received-2", 0, "ok"), Given("file-received-3", 0, "obs", "Why"))
        == 2
    )
    seen = view(acme, number, reference)
    assert seen.frozen
    assert (seen.answers["file-received-2"].answer, seen.answers["file-received-3"].note) == ("ok", "Why")
    assert seen.settled == 2
    events = [one.event for one in journal.timeline(reading(acme.system), acme.id, (rules.SUBJECT, seen.test_id or 0))]
    assert events == ["audit:file-answered"]
    for given, refusal in (
        (Given("file-received-2", 0, "nc", "Late"), rules.FileAnswerChanged),
        (Given("file-received-2", 1, "nc"), NoteMissing),
        (Given("file-received-2", 1, "splendid"), NoSuchAnswer),
        (Given("file-acted-1", 0, "ok"), EvidenceMissing),
        (Given("no-such-question", 0, "ok"), NotFound),
        (Given("file-received-2", 1, "ok"), rules.FileNothingSaid),
    ):
        with pytest.raises(refusal):
            answered(acme, number, reference, given)
    assert view(acme, number, reference).answers["file-received-2"].version == 1


def test_a_test_is_finished_only_when_every_question_is_settled(acme: House, number: str) -> None:
    references = [recording.registered(acme.actor("complaint-handler")) for _number in range(2)]
    sampled(acme, number)
    audit = audit_id(acme, number)
    assert filetests.untested(reading(acme.system), audit) == references
    answered(acme, number, references[0], Given("file-received-2", 0, "ok"))
    with pytest.raises(rules.FileNotFinished, match="questions wait"):
        finished(acme, number, references[0])
    everything_else = [
        Given(item.id, 0, "not-checked", "Nobody could say")
        for item in view(acme, number, references[0]).checklist.items
        if item.id != "file-received-2"
    ]
    answered(acme, number, references[0], *everything_else)
    finished(acme, number, references[0])
    seen = view(acme, number, references[0])
    assert seen.facts_file is not None
    record = json.loads(b"".join(evidence.open_stream(reading(acme.system), seen.facts_file.digest)))["record"]
    assert record["reference"] == references[0]
    assert record["captured_sha256"] == seen.captured.digest
    assert {one["item"] for one in record["facts"]} <= {item.id for item in seen.checklist.items}
    assert filetests.untested(reading(acme.system), audit) == references[1:]
    assert filetests.progress(reading(acme.system), audit) == filetests.Progress(2, 1)
    with pytest.raises(rules.FileTestFinished):
        answered(acme, number, references[0], Given("file-received-2", 1, "na", "x"))
    with pytest.raises(rules.FileTestFinished):
        finished(acme, number, references[0])
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        reopen_file(tx, ReopenFile(number, references[0]), clocks.now(), actor)
    assert filetests.untested(reading(acme.system), audit) == references


def test_who_handled_a_complaint_cannot_judge_it(acme: House, books: Library) -> None:
    administrator = acme.actor("administrator")
    mine = recording.registered(acme.actor("complaint-handler"))
    recording.do(administrator, complaints.acknowledge, complaints.Acknowledge, mine)
    other = recording.registered(acme.actor("complaint-handler"))
    team = ((acme.person("internal-auditor"), TeamRole.LEAD), (acme.person("administrator"), TeamRole.AUDITOR))
    number = planned(acme, books, team=team)
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        start(tx, StartAudit(number), clocks.now(), actor, library=books)
    sampled(acme, number)
    with pytest.raises(ComplaintBarred):
        answered(acme, number, mine, Given("file-received-2", 0, "ok"), actor=administrator)
    answered(acme, number, other, Given("file-received-2", 0, "ok"), actor=administrator)
    answered(acme, number, mine, Given("file-received-2", 0, "ok"))


def test_somebody_outside_the_team_judges_nothing(acme: House, number: str) -> None:
    reference = recording.registered(acme.actor("complaint-handler"))
    sampled(acme, number)
    outsider = acme.colleague("internal-auditor", "Rita")
    with pytest.raises(NotInTeam):
        answered(acme, number, reference, Given("file-received-2", 0, "ok"), actor=outsider)


def test_what_is_no_file_of_the_audit_is_not_found(acme: House, globex: House, number: str) -> None:
    reference = recording.registered(acme.actor("complaint-handler"))
    for verb in (
        lambda: answered(acme, number, reference, Given("file-received-2", 0, "ok")),
        lambda: view(acme, number, reference),
    ):
        with pytest.raises(NotFound):
            verb()
    with pytest.raises(NotFound):
        filetests.place(reading(acme.system), rules.SUBJECT, 999)


def test_a_file_chosen_by_judgement_is_tested_like_the_others(acme: House, number: str) -> None:
    reference = recording.registered(acme.actor("complaint-handler"))
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        pick_complaint(tx, PickComplaint(number, reference, "Odd"), clocks.now(), actor)
    answered(acme, number, reference, Given("file-received-2", 0, "ok"))
    assert not view(acme, number, reference).sampled
    assert filetests.untested(reading(acme.system), audit_id(acme, number)) == [reference]


def test_a_test_stays_on_what_was_captured(acme: House, number: str, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    reference = recording.registered(handler)
    sampled(acme, number)
    clock.advance(days=1)
    recording.do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    seen = view(acme, number, reference)
    assert seen.changed_since
    assert next(step for step in seen.trace if step.title == "Acknowledged").done is None


def test_the_page_of_a_file(acme: House, browser: Opener, number: str) -> None:
    handler = acme.actor("complaint-handler")
    references = [recording.decided(handler, told="", complainant=complaints.Identity("Mara Lind")) for _n in range(2)]
    sampled(acme, number)
    auditor = browser(acme, "internal-auditor")
    url = f"/o/acme/audits/{number}/files/{references[0]}"
    page = auditor.get(url)
    assert "File 1 of 2 of this audit" in page.text
    assert "Mara Lind" not in page.text
    assert page.soup.find("a", href=f"/o/acme/audits/{number}/files/{references[1]}")
    page = auditor.post_form({"answer-file-received-2": "nc", "section": "received"}, action=url + "#section-received")
    assert "needs one that says what was seen" in page.text
    page = auditor.post_form(
        {"answer-file-received-2": "nc", "note-file-received-2": "Sent away twice"}, action=url + "#section-received"
    )
    assert "Saved." in page.text
    card = page.soup.find(id="file-received-2")
    raise_it = card.select_one("a[href*='findings/new']")
    page = auditor.get(raise_it["href"])
    page = auditor.post_form(action="/findings/new")
    assert "was raised" in page.text
    finding = queries.findings.of_audit(reading(acme.system), audit_id(acme, number))[0]
    assert (finding.origin, finding.origin_text) == ("sample", references[0])
    assert "Sent away twice" in finding.evidence
    told = auditor.get(url).soup.find(id="file-informed-1").get_text(" ", strip=True)
    assert "never told" in told
    assert "exception" in told
    everything(acme, number, references[1])
    auditor.get(f"/o/acme/audits/{number}/files/{references[1]}")
    page = auditor.post_form(action="/finish")
    assert "1 of 2 files tested" in page.text
    page = auditor.get(f"/o/acme/audits/{number}/files/{references[1]}")
    assert "This file is tested" in page.text
    auditor.post_form(action="/reopen")
    assert "This file is tested" not in auditor.get(f"/o/acme/audits/{number}/files/{references[1]}").text


def test_whoever_only_reads_sees_no_form(acme: House, browser: Opener, number: str) -> None:
    reference = recording.registered(acme.actor("complaint-handler"))
    sampled(acme, number)
    manager = browser(acme, "quality-manager")
    page = manager.get(f"/o/acme/audits/{number}/files/{reference}")
    assert page.soup.find("textarea") is None
    manager.post(f"/o/acme/audits/{number}/files/{reference}", {"section": "received"}, status=403)
    manager.get(f"/o/acme/audits/{number}/files/C-2026-000999", status=404)


def test_impossible_tests_are_refused_by_the_database(acme: House, number: str) -> None:
    recording.registered(acme.actor("complaint-handler"))
    sampled(acme, number)
    sample = queries.samples.of_audit(reading(acme.system), queries.plans.by_number(reading(acme.system), number), [])[
        0
    ]
    common: dict[str, Any] = {"organisation_id": acme.id, "audit_id": audit_id(acme, number)}
    form = {**common, "checklist_id": "x", "digest": "a" * 64, "content": {}, "frozen_at": clocks.now()}
    refuses(AuditFileForm.__table__, "file_form_digest_is_sha256", {**form, "digest": "a"})
    test = {
        **common,
        "complaint_id": 1,
        "reference": "C-1",
        "evidence_file_id": sample.record.id,
        "begun_at": clocks.now(),
    }
    refuses(AuditFileTest.__table__, "names_complaint", {**test, "reference": ""})
    refuses(AuditFileTest.__table__, "tested_has_facts", {**test, "tested_at": clocks.now()})
    early = clocks.now().replace(year=2020)
    backwards = {**test, "tested_at": early, "facts_file_id": sample.record.id}
    refuses(AuditFileTest.__table__, "tested_after_begun", backwards)
    test_id = accepts(AuditFileTest.__table__, test)
    given = {
        "organisation_id": acme.id,
        "test_id": test_id,
        "item_id": "q",
        "answer": "ok",
        "answer_state": "answered",
        "conformity": 100,
        "note": "",
        "version": 1,
        "answered_at": clocks.now(),
    }
    refuses(AuditFileAnswer.__table__, "answer_state_known", {**given, "answer_state": "lost", "conformity": None})
    refuses(AuditFileAnswer.__table__, "only_answers_count", {**given, "conformity": None})
    refuses(AuditFileAnswer.__table__, "conformity_is_percent", {**given, "conformity": 101})
    refuses(AuditFileAnswer.__table__, "excluded_has_reason", {**given, "answer_state": "excluded", "conformity": None})
    refuses(AuditFileAnswer.__table__, "version_counts_from_one", {**given, "version": 0})
