"""The path to certification, computed from records: nothing yet, half-way, finished; and over several organisations."""

from collections.abc import Callable
from datetime import date

import pytest

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.audits import service as audits
from auditkit.audits.outside import service as outside
from auditkit.audits.programme import service as programme
from auditkit.audits.rules import AuditKind, Grade, TeamRole
from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, transaction
from auditkit.content.library import shared
from auditkit.content.shapes import FieldKind
from auditkit.packs.models import Pack
from auditkit.registers import service as registers
from tests.conftest import House
from tests.factories.http import Browser, Page
from tests.slices.packs import records

Opener = Callable[..., Browser]
GAP, READINESS = "gap-analysis-2018", "stage1-readiness"
FIRST = date(2026, 3, 9)

CLAUSE = "iso10002-2018:7.1"
RISKS = {"Analysis of risks: Risks and opportunities"}


@pytest.fixture(autouse=True)
def _time(clock: FrozenClock) -> None:
    """2 March 2026."""


def lines(page: Page, part: str) -> dict[str, str]:
    """What a step lists -> how it stands, due and by whom, as a reader sees it."""
    section = page.soup.find(id=part).find_parent("section") if page.soup.find(id=part).name != "section" else None
    section = section or page.soup.find(id=part)
    return {
        " ".join(row.th.get_text().split()): " | ".join(" ".join(cell.get_text(" ").split()) for cell in row("td"))
        for row in section.select("tbody tr")
    }


def plan(house: House, checklist: str, title: str, kind: AuditKind = AuditKind.INTERNAL) -> str:
    actor = house.actor("quality-manager")
    command = audits.PlanAudit(
        title=title,
        objectives="See how complaints are handled",
        scope="All complaints",
        checklist_id=checklist,
        planned_from=FIRST,
        planned_to=FIRST,
        team=((house.person("internal-auditor"), TeamRole.LEAD),),
        kind=kind,
    )
    with transaction(actor) as tx:
        return str(audits.plan(tx, command, clocks.now(), actor, library=shared()))


def run(house: House, number: str, answers: dict[str, str], otherwise: str, rows: int | None = None) -> None:
    """Start the audit and answer its first `rows` questions: as told by question, else `otherwise`."""
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clocks.now(), actor, library=shared())
    with transaction(actor) as tx:
        for row in records.rows_of(house, number)[:rows]:
            command = audits.Answer(number, row.id, row.version, answers.get(row.item_id, otherwise), "Seen")
            audits.answer(tx, command, clocks.now(), actor)


def write(house: House, register: str, **changes: str) -> str:
    """An entry of a register from its first example."""
    shape, actor = shared().registers[register], house.actor("quality-manager")
    values = {**shape.examples[0].values, **changes}
    people = {one.id: house.person("staff") for one in shape.fields if one.kind is FieldKind.PERSON}
    values = people | values
    with transaction(actor) as tx:
        return str(registers.write(tx, registers.WriteEntry(shape, values), clocks.now(), actor))


@pytest.mark.sqlite_only
def test_an_organisation_without_records_misses_everything(acme: House, browser: Opener) -> None:
    page = browser(acme, "quality-manager").get("/o/acme/path/")
    assert "stands at step 1: Analysis of how complaints are handled now" in page.text
    assert lines(page, "analysis") == {
        "Gap analysis": "Missing Nobody has planned one. Plan an audit with the checklist for the first visit | "
        "– | nobody yet",
        "Complaints on record": "Missing 0 received since 2 Mar 2025 | – | nobody yet",
    }
    documents = lines(page, "documents")
    assert documents["Document: Complaints-handling policy"].startswith("Missing Not begun")
    assert len(documents) == 1 + len(shared().registers) - 2, "the policy, and registers of this step"
    assert set(lines(page, "checks")) == {
        "Audit programme",
        "Internal audit",
        "Analysis of risks: Risks and opportunities",
    }
    certification = lines(page, "certification")
    assert certification.pop("Complaints answered in time").startswith("Done")
    assert set(certification) == {
        "Readiness for stage 1", "Evidence pack", "Audit by the certification body", "Certificate"
    }  # fmt: skip
    assert all(one.startswith("Missing") for one in certification.values())


def test_half_way_each_line_tells_what_is_due_and_by_whom(acme: House, browser: Opener, clock: FrozenClock) -> None:
    # Given a gap analysis that has begun with a bad answer, a complaint, and a finding of an internal audit
    gap = plan(acme, GAP, "First visit")
    item = next(one for one in shared().checklist(GAP).items if one.leads_to)
    run(acme, gap, {item.id: "level-0"}, "not-applicable", rows=len(shared().checklist(GAP).items) - 1)
    records.complaint(acme)
    internal = records.planned_audit(acme)
    records.run_audit(acme, internal)
    answered, unanswered = records.finding(acme, internal), records.finding(acme, internal, Grade.MINOR, 1)
    action = records.action_on(acme, answered)
    risk = write(acme, "risks")
    # When ten months have passed without anything done
    clock.advance(days=300)
    page = browser(acme, "quality-manager").get("/o/acme/path/")
    # Then the gap analysis is overdue for its lead, and all but one of its questions are answered
    asked = len(shared().checklist(GAP).items)
    analysis = lines(page, "analysis")
    assert analysis[f"Gap analysis: {gap} First visit"] == (
        f"Under way {asked - 1} of {asked} questions answered | Overdue 9 Mar 2026 | internal-auditor of acme"
    )
    assert analysis["Complaints on record"].startswith("Done 1 received since")
    # And the texts that its plan starts from are asked for, in the words of the library
    step = shared().checklist(GAP).step(item.leads_to[0].step)
    documents = lines(page, "documents")
    for text in step.policies:
        assert documents[f"Document: {shared().policies[text].title}"].startswith("Missing Not begun")
    # And findings stand with the people and days of their actions, or with nobody
    checks = lines(page, "checks")
    statement = "Four of twenty complaints were acknowledged late <7.4 & policy>"
    assert checks[f"Minor nonconformity: {answered} {statement}"] == (
        "Under way Action under way | Overdue 9 Apr 2026 | complaint-handler of acme"
    )
    assert (
        checks[f"Minor nonconformity: {unanswered} {statement}"] == "Missing No action answers it yet | – | nobody yet"
    )
    assert not any(action in name for name in checks), "it stands with its finding"
    assert checks["Analysis of risks: Risks and opportunities"] == (
        "Under way 1 entry is overdue | Overdue 2 Sept 2026 | quality-manager of acme"
    ), risk
    # And every line leads to a page that opens
    reader = browser(acme, "quality-manager")
    for href in {str(one["href"]) for one in page.soup.select("main th a[href]")}:
        reader.get(href)


@pytest.mark.sqlite_only
def test_finished_is_said_only_when_every_line_is_done(acme: House, browser: Opener) -> None:
    records.complaint(acme)
    records.policy(acme)
    for checklist in (GAP, READINESS):
        number = plan(acme, checklist, checklist)
        run(acme, number, {}, "not-applicable")
        records.report_audit(acme, number)
    internal = records.planned_audit(acme)
    records.run_audit(acme, internal)
    records.report_audit(acme, internal)
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        command = programme.SaveProgramme(2026, 2026, "Cover every clause", manager.person_id or 0)
        programme.save_programme(tx, command, clocks.now(), manager)
    for register in shared().registers:
        changes = {"state": "valid", "until": "2029-03-01"} if register == "certificates" else {}
        write(acme, register, **changes)
    body = plan(acme, "internal-audit-2018", "Stage 2", AuditKind.OUTSIDE)
    auditor = acme.actor("internal-auditor")
    with transaction(auditor) as tx:
        outside.record_finding(
            tx,
            outside.RecordFinding(
                body, "OBS-1", Grade.OBSERVATION, "Names could be larger", "Clause 7.1", "The leaflet", CLAUSE,
            ),
            clocks.now(), auditor, library=shared(),
        )  # fmt: skip
    records.report_audit(acme, body)
    reader = browser(acme, "administrator")
    page = reader.get("/o/acme/path/")
    missing = {name: text for part in PARTS for name, text in lines(page, part).items() if not text.startswith("Done")}
    assert list(missing) == ["Evidence pack"]
    assert "stands at step 4" in page.text
    with transaction(acme.system) as tx:
        tx.add(_pack(acme))
    page = reader.get("/o/acme/path/")
    assert "Every step is done" in page.text
    # A reader who may not see all of it is told so, and nobody tells them that all is done
    staff = browser(acme, "staff").get("/o/acme/path/")
    assert "Every step is done" not in staff.text
    assert "your role does not read all that belongs to it" in staff.text
    assert "Gap analysis" not in staff.text


PARTS = ("analysis", "documents", "checks", "certification")


def _pack(house: House) -> Pack:
    return Pack(
        definition="internal-audit", title="Internal audit", period_start=FIRST, period_end=FIRST, bag="x",
        root="0" * 64, size=1, files=1, payload_bytes=1, signing_key="k", gaps=[], gap_count=0, reason="Stage 1",
        stored=True, built_at=clocks.now(), built_by_id=house.person("administrator"),
    )  # fmt: skip


def test_a_consultant_sees_each_organisation_under_its_own_scope_and_no_other(
    acme: House, globex: House, browser: Opener, clock: FrozenClock
) -> None:
    # Given somebody who is quality manager in one organisation and staff in the other
    with transaction(acme.system) as tx:
        email = db.session.get(accounts.Person, acme.person("quality-manager")).email
    with transaction(globex.system) as tx:
        accounts.add_member(tx, accounts.AddMember(email, Role.STAFF), clocks.now(), globex.system)
    plan(acme, GAP, "Visit to Acme")
    plan(globex, GAP, "Visit to Globex")
    records.complaint(globex)
    clock.advance(days=30)
    # When they look over all of them
    page = browser(acme, "quality-manager").get("/paths")
    rows = {row.th.a.get_text(): row for row in page.soup.select("tbody tr")}
    # Then each stands in its row as their role there may read it
    assert set(rows) == {"Acme Ltd", "Globex & Sons"}
    told = " ".join(rows["Acme Ltd"].get_text(" ").split())
    assert "1. Analysis" in told
    assert "Visit to Acme" in told
    assert "9 Mar 2026" in told
    assert "Visit to Globex" not in page.text, "staff do not read audits there"
    assert rows["Acme Ltd"].select_one("td a[href^='/o/acme/audits/']") is not None
    assert rows["Globex & Sons"].th.a["href"] == "/o/globex/path/"
    # And somebody of one organisation sees that one only
    own = browser(globex, "quality-manager").get("/paths")
    assert [row.th.a.get_text() for row in own.soup.select("tbody tr")] == ["Globex & Sons"]
    assert "Visit to Globex" in own.text
    assert "Acme" not in own.text
    # And the pages of the request afterwards are still those of its own organisation
    assert "Visit to Acme" in browser(acme, "quality-manager").get("/o/acme/path/").text


@pytest.mark.sqlite_only
def test_a_stranger_is_sent_to_sign_in(acme: House, browser: Opener) -> None:
    page = browser().get("/paths")
    assert page.path.startswith("/login") or "Sign in" in page.text
    assert "Acme" not in page.text
