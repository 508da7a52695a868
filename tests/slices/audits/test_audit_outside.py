"""Audits by certification bodies: no questions here, their own numbers and dates, findings like any other."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries as audits
from auditkit.audits import service as audit_service
from auditkit.audits.issuing.making import written
from auditkit.audits.issuing.rules import Kind
from auditkit.audits.outside import queries, rules, service
from auditkit.audits.rules import AuditKind, Grade, State
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, planned, raised, started
from tests.slices.documents.test_documents_catalogue import whole_text

Opener = Callable[..., Browser]


@pytest.fixture(autouse=True)
def _time(clock: FrozenClock) -> None:
    """2 March 2026."""


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


@pytest.fixture
def number(acme: House, books: Library) -> str:
    return planned(acme, books, kind=AuditKind.OUTSIDE, title="Stage 1")


def record(house: House, books: Library, number: str, their_number: str = "NC-7", **changes: Any) -> str:
    fields = {
        "grade": Grade.MINOR,
        "statement": "No time limits for escalation",
        "criterion": "Clause 1",
        "evidence": "Procedure 4",
        "clause": "house-rules-2026:1",
        "response_due": date(2026, 4, 1),
        **changes,
    }
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        command = service.RecordFinding(number, their_number, **fields)
        return str(service.record_finding(tx, command, clocks.now(), actor, library=books))


def do(actor: Actor, verb: Callable[..., object], command: object) -> None:
    with transaction(actor) as tx:
        verb(tx, command, clocks.now(), actor)


def test_the_first_finding_begins_an_audit_without_questions(acme: House, books: Library, number: str) -> None:
    ours = record(acme, books, number)
    tx = reading(acme.system)
    head = audits.plans.by_number(tx, number)
    assert (head.state, head.tally.total, head.findings) == (State.RUNNING, 0, 1)
    frozen = audits.plans.checklist(tx, head.id)
    assert frozen is not None
    assert frozen.items == ()
    assert frozen.digest == head.checklist_digest
    (found,) = queries.findings(tx, head.id)
    assert (found.number, found.finding, found.response_due) == ("NC-7", ours, date(2026, 4, 1))
    assert audits.findings.by_number(tx, ours).statement == "No time limits for escalation"


def test_their_numbers_are_theirs_and_stand_once(acme: House, books: Library, number: str) -> None:
    record(acme, books, number)
    with pytest.raises(rules.TheirNumberTaken, match="NC-7"):
        record(acme, books, number)
    with pytest.raises(rules.TheirNumberMissing):
        record(acme, books, number, " ")
    record(acme, books, number, "NC-8", response_due=None)


def test_an_audit_of_ones_own_records_nothing_from_outside(acme: House, books: Library) -> None:
    with pytest.raises(rules.NotFromOutside):
        record(acme, books, planned(acme, books))


def test_the_body_is_kept_with_its_accreditation(acme: House, number: str) -> None:
    manager = acme.actor("quality-manager")
    with pytest.raises(rules.BodyMissing):
        do(manager, service.record_body, service.RecordBody(number, " "))
    do(manager, service.record_body, service.RecordBody(number, "North", "4711", "P. Lead"))
    do(manager, service.record_body, service.RecordBody(number, "North Ltd", "4711", "P. Lead", rules.Accredited.NO))
    body = queries.body_of(reading(acme.system), audits.plans.by_number(reading(acme.system), number).id)
    assert body is not None
    assert (body.body, body.accredited) == ("North Ltd", rules.Accredited.NO)


def test_a_response_is_noted_for_a_finding_of_this_audit(acme: House, books: Library, number: str) -> None:
    ours = record(acme, books, number)
    auditor = acme.actor("internal-auditor")
    do(auditor, service.note_response, service.NoteResponse(number, ours, date(2026, 3, 20)))
    (found,) = queries.findings(reading(acme.system), audits.plans.by_number(reading(acme.system), number).id)
    assert found.responded_on == date(2026, 3, 20)
    with pytest.raises(NotFound):
        do(auditor, service.note_response, service.NoteResponse(number, "A-2026-999-F1", date(2026, 3, 20)))


def test_it_asks_no_competence_of_ours(acme: House, books: Library) -> None:
    number = planned(acme, books, kind=AuditKind.OUTSIDE, planned_from=date(2050, 1, 3), planned_to=date(2050, 1, 3))
    assert audits.plans.by_number(reading(acme.system), number).from_outside


def test_it_is_reported_with_the_conclusion_of_the_body(acme: House, books: Library, number: str) -> None:
    record(acme, books, number)
    command = audit_service.ReportAudit(number, "Recommended for stage 2")
    do(acme.actor("internal-auditor"), audit_service.report, command)
    assert audits.plans.by_number(reading(acme.system), number).state is State.REPORTED


def test_the_pages_from_the_plan_to_a_response(acme: House, browser: Opener) -> None:
    auditor = browser(acme, "internal-auditor")
    auditor.get("/o/acme/audits/new")
    plan = {
        "title": "Stage 1 by North",
        "kind": "outside",
        "objectives": "Readiness",
        "scope": "Documents",
        "planned_from": "2026-02-20",
        "planned_to": "2026-02-20",
        "checklist_id": "stage1-readiness",
    }
    page = auditor.post_form(plan)
    number = page.path.rsplit("/", 1)[1]
    assert "Start the audit" not in page.text
    auditor.follow("Record its findings")
    page = auditor.post_form({"body": ""}, action="/body")
    assert "Enter the name of the certification body" in page.text
    page = auditor.post_form({"body": "North", "reference": "4711"}, action="/body")
    finding = {"their_number": "NC-1", "grade": "minor", "statement": "No figures", "evidence": "",
               "response_due": "2026-02-28"}  # fmt: skip
    page = auditor.post_form({**finding, "clause": "iso10002-2018:6.2"}, action="/findings")
    assert "Write down the objective evidence" in page.text
    page = auditor.post_form({**finding, "clause": "iso10002-2018:6.2", "evidence": "Objectives"}, action="/findings")
    assert "Overdue" in page.text
    assert "Questions" not in [link.get_text(strip=True) for link in page.soup.select("nav a")]
    page = auditor.post_form({"responded_on": "2026-03-01"}, action="/response")
    assert "1 Mar 2026" in page.text
    assert "Overdue" not in page.text
    auditor.get(f"/o/acme/audits/{number}/run")
    auditor.get(f"/o/acme/audits/{number}/agenda")


def test_their_number_stands_wherever_the_finding_is_told(
    acme: House, books: Library, number: str, browser: Opener
) -> None:
    ours, dateless = record(acme, books, number), record(acme, books, number, "NC-8", response_due=None)
    auditor = browser(acme, "internal-auditor")
    assert "of the certification body: NC-7" in auditor.get("/o/acme/findings/").text
    page = auditor.get(f"/o/acme/audits/findings/{ours}")
    told = page.soup.find(id="their-number").find_parent("section") or page.soup
    assert "NC-7" in told.get_text()
    assert "1 Apr 2026" in told.get_text()
    assert "NC-8" in auditor.get(f"/o/acme/audits/findings/{dateless}").text
    for page in (f"/o/acme/audits/{number}", f"/o/acme/audits/{number}/report"):
        assert "of the certification body: NC-7" in auditor.get(page).text, page
    exported = auditor._run(auditor.client.get, "/o/acme/findings/export.csv").get_data().decode("utf-8-sig")
    rows = {row["Number"]: row for row in csv.DictReader(io.StringIO(exported))}
    theirs = ("Number of the certification body", "Response due")
    assert [rows[ours][name] for name in theirs] == ["NC-7", "2026-04-01"]
    assert [rows[dateless][name] for name in theirs] == ["NC-8", ""]
    do(acme.actor("internal-auditor"), audit_service.report, audit_service.ReportAudit(number, "Stage 2 may follow"))
    report = whole_text(written(reading(acme.system), number, "Acme Ltd", Kind.WORD, "en"))
    assert "Number of the certification body: NC-7; response due 1 April 2026" in report
    assert "Number of the certification body: NC-8" in report
    own = raised(acme, started(acme, books), books)
    assert "their-number" not in auditor.get(f"/o/acme/audits/findings/{own}").text


def test_a_certification_bodys_audit_is_closed_without_a_signature_of_ours(
    acme: House, books: Library, number: str
) -> None:
    record(acme, books, number, grade=Grade.OBSERVATION)
    do(acme.actor("internal-auditor"), audit_service.report, audit_service.ReportAudit(number, "Stage 2 may follow"))
    do(acme.actor("quality-manager"), audit_service.close, audit_service.CloseAudit(number))
    assert audits.plans.by_number(reading(acme.system), number).state is State.CLOSED
