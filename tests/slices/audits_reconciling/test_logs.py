"""A channel's log beside the register: matched, doubtful, missing; settled by a person; no sender is kept."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries
from auditkit.audits.reconciling import queries as logs
from auditkit.audits.reconciling import rules
from auditkit.audits.reconciling.models import AuditLog, AuditLogEntry
from auditkit.audits.reconciling.queries import EntryView
from auditkit.audits.reconciling.reading import read_log
from auditkit.audits.reconciling.rules import Standing, Strength
from auditkit.audits.reconciling.service import CompareLog, SettleEntry, compare_log, settle_entry
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints.service import Identity
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import own_library, started
from tests.slices.audits_samples.test_samples_tab import audit_id
from tests.slices.complaints.recording import registered

Opener = Callable[..., Browser]
LOG = """Date,From,Subject
2026-01-05,mara.lind@example.org,Parcel came broken
2026-01-06,second@example.org,Where is my refund
2026-01-07,third@example.org,The lift is out of order again
2026-01-08,fourth@example.org,about C-2026-000002
2026-01-09,broken row
"""


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


@pytest.fixture
def references(acme: House) -> list[str]:
    handler = acme.actor("complaint-handler")
    return [
        registered(handler, "Parcel broken", complainant=Identity("Mara Lind", "Mara.Lind@example.org")),
        registered(handler, "Refund missing since weeks", received_at=datetime(2025, 6, 2, tzinfo=UTC)),
        registered(
            handler,
            "Lift",
            description="The lift has been out of order again",
            received_at=datetime(2026, 1, 4, tzinfo=UTC),
        ),
    ]  # fmt: skip


def compared(house: House, number: str, tmp_path: Path, text: str = LOG, **changes: Any) -> int:
    path, actor = tmp_path / "log.csv", house.actor("internal-auditor")
    path.write_text(text, encoding="utf-8")
    received = intake.receive([(io.BytesIO(path.read_bytes()), "log.csv")])
    with transaction(actor) as tx:
        (file_id,) = evidence.add(tx, evidence.Add(received), clock.now(), actor)
        command = {"title": "Mailbox", "days": 7, **changes}
        return int(
            compare_log(tx, CompareLog(number, file_id=file_id, log=read_log(path), **command), clock.now(), actor)
        )


def entries(house: House, number: str, serial: int = 1) -> list[EntryView]:
    tx = reading(house.system)
    return logs.entries(tx, logs.log(tx, audit_id(house, number), serial).id)


def settled(house: House, number: str, position: int, **what: Any) -> None:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        settle_entry(tx, SettleEntry(number, 1, position, **what), clock.now(), actor)


def test_each_entry_is_matched_and_says_why(acme: House, number: str, references: list[str], tmp_path: Path) -> None:
    assert compared(acme, number, tmp_path) == 1
    one, two, three, four, five = entries(acme, number)
    assert (one.standing, one.reference, one.strength) == (Standing.MATCHED, references[0], Strength.STRONG)
    assert one.reasons[0]["by_sender"] is True
    assert (four.standing, four.reference) == (Standing.MATCHED, references[1])
    assert four.reasons[0]["by_reference"] is True
    assert (three.standing, three.candidates[0]["reference"]) == (Standing.DOUBTFUL, references[2])
    assert three.reference == ""
    assert two.standing in (Standing.UNMATCHED, Standing.DOUBTFUL)
    assert five.standing is Standing.UNREADABLE
    log = logs.log(reading(acme.system), audit_id(acme, number), 1)
    assert (log.rows, log.counts[Standing.MATCHED], log.counts[Standing.UNREADABLE]) == (5, 2, 1)


def test_no_sender_is_kept_and_the_comparison_is_on_record(
    acme: House, number: str, references: list[str], tmp_path: Path
) -> None:
    compared(acme, number, tmp_path)
    kept = " ".join(f"{one.sender} {one.words} {one.reasons} {one.candidates}" for one in entries(acme, number))
    assert "mara.lind@" not in kept
    assert "m…@example.org" in kept
    entry = journal.timeline(reading(acme.system), acme.id, ("audit", audit_id(acme, number)))[0]
    assert entry.event == "audit:log-compared"
    assert (entry.facts["senders_compared"], entry.facts["matched"], entry.facts["entries"]) == (4, 2, 5)
    assert "mara" not in str(entry.facts).lower()


def test_a_person_settles_what_is_doubtful(acme: House, number: str, references: list[str], tmp_path: Path) -> None:
    compared(acme, number, tmp_path)
    settled(acme, number, 3, reference=references[2])
    settled(acme, number, 2, no_complaint=True, note="A question about opening hours")
    settled(acme, number, 1, note="Another person of that name")
    one, two, three, *_rest = entries(acme, number)
    assert (three.standing, three.reference, three.settled_by) == (
        Standing.MATCHED,
        references[2],
        acme.person("internal-auditor"),
    )
    assert (two.standing, two.note) == (Standing.NO_COMPLAINT, "A question about opening hours")
    assert (one.standing, one.reference, one.reasons) == (Standing.UNMATCHED, "", [])
    for position, what, refusal in (
        (2, {"no_complaint": True}, rules.EntryReasonMissing),
        (5, {"reference": references[0]}, rules.EntryNotSettled),
        (1, {"reference": "C-1999-000001"}, NotFound),
        (99, {"reference": references[0]}, NotFound),
    ):
        with pytest.raises(refusal):
            settled(acme, number, position, **what)


def test_what_cannot_be_compared_is_refused(acme: House, number: str, tmp_path: Path) -> None:
    for changes, refusal in (({"title": " "}, rules.LogTitleMissing), ({"days": 61}, rules.DaysOutOfRange)):
        with pytest.raises(refusal):
            compared(acme, number, tmp_path, **changes)
    path = tmp_path / "log.csv"
    handler = acme.actor("complaint-handler")
    with pytest.raises(Forbidden), transaction(handler) as tx:
        compare_log(tx, CompareLog(number, "x", 1, read_log(path)), clock.now(), handler)
    assert logs.logs(reading(acme.system), audit_id(acme, number)) == []


def test_another_organisations_complaints_are_never_compared(
    acme: House, globex: House, number: str, tmp_path: Path
) -> None:
    registered(
        globex.actor("complaint-handler"), "Parcel broken", complainant=Identity("Mara", "mara.lind@example.org")
    )
    compared(acme, number, tmp_path)
    assert {one.standing for one in entries(acme, number)} == {Standing.UNMATCHED, Standing.UNREADABLE}


def test_the_page_compares_settles_and_raises_a_finding(
    acme: House, browser: Opener, number: str, references: list[str]
) -> None:
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/logs")
    page = auditor.post_form({"title": "Calls"}, action="/logs")
    assert "Choose the file of the log, or paste its lines" in page.text
    page = auditor.post_form(
        {"title": "Calls", "lines": LOG + "2026-01-09,<b>x@example.org</b>,<script>alert(1)</script> lost\n"},
        action="/logs",
    )
    assert "Not found in the register" in page.text
    assert page.soup.find("script", string="alert(1)") is None
    url = f"/o/acme/audits/{number}/logs/1"
    assert f"It is {references[2]}" in auditor.get(f"{url}?standing=doubtful").text
    auditor.post(f"{url}/3", {"what": "matched", "reference": references[2]})
    assert entries(acme, number)[2].reference == references[2]
    page = auditor.get(f"/o/acme/audits/{number}/logs/1?standing=unmatched")
    auditor.get(page.soup.select_one("a[href*='findings/new']")["href"])
    page = auditor.post_form(action="/findings/new")
    assert "was raised" in page.text
    (finding,) = queries.findings.of_audit(reading(acme.system), audit_id(acme, number))
    assert finding.origin == "reconciliation"
    assert "Calls, line" in finding.origin_text
    auditor.get(f"/o/acme/audits/{number}/logs/1?standing=nonsense", status=404)
    auditor.get(f"/o/acme/audits/{number}/logs/9", status=404)
    page = auditor.get(f"/o/acme/audits/{number}/logs")
    assert page.soup.find("a", href=f"/o/acme/audits/{number}/logs/1")


def test_columns_are_read_otherwise_and_the_first_comparison_stays(
    acme: House, browser: Opener, number: str, references: list[str]
) -> None:
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/logs")
    lines = "A,B,C\n2026-01-05,nobody@example.org,mara.lind@example.org\n"
    page = auditor.post_form({"title": "Calls", "lines": lines, "column_e_mail": "Z"}, action="/logs")
    assert "The log has no column “Z”. It has: A, B, C" in page.text
    page = auditor.post_form({"column_e_mail": "B"}, action="/logs")
    assert [one.standing for one in entries(acme, number)] == [Standing.UNMATCHED]
    page = auditor.follow("Read the columns otherwise")
    chosen = page.soup.find("select", {"name": "column_e_mail"}).find("option", selected=True)
    assert chosen.get_text() == "B · nobody@example.org"
    page = auditor.post_form({"column_e_mail": "3"}, action="/columns")
    assert entries(acme, number, serial=2)[0].reference == references[0]
    assert [one.standing for one in entries(acme, number)] == [Standing.UNMATCHED], "it is on record as it was"
    page = auditor.get(f"/o/acme/audits/{number}/logs/1/columns")
    refused = auditor.post_form(dict.fromkeys((field["name"] for field in page.soup.select("main select")), ""))
    assert "there is nothing to compare" in refused.text
    browser(acme, "quality-manager").get(f"/o/acme/audits/{number}/logs/1/columns", status=403)


def test_a_hostile_file_is_refused_beside_its_field_and_nothing_is_kept(
    acme: House, browser: Opener, number: str, shared: Callable[[str], Path]
) -> None:
    auditor = browser(acme, "internal-auditor")
    for name in ("csv/json_named.csv", "images/ok.png", "zip/bomb_10MB_to_10kB.zip", "files/empty.bin"):
        auditor.get(f"/o/acme/audits/{number}/logs")
        content = shared(f"bad_inputs/{name}").read_bytes()
        page = auditor.post_form({"title": "Calls", "file": (io.BytesIO(content), name)}, action="/logs")
        assert (
            page.soup.find(class_="invalid-feedback")
            or "could not" in page.text.lower()
            or page.soup.select("[aria-invalid]")
        ), name
    assert logs.logs(reading(acme.system), audit_id(acme, number)) == []


def test_impossible_entries_are_refused_by_the_database(
    acme: House, number: str, references: list[str], tmp_path: Path
) -> None:
    compared(acme, number, tmp_path)
    file_id = logs.log(reading(acme.system), audit_id(acme, number), 1).file.id
    log = {
        "organisation_id": acme.id, "audit_id": audit_id(acme, number), "serial": 7, "title": "x", "file_id": file_id,
        "days": 7, "columns": {}, "rows": 1, "unreadable": 0, "compared_at": clock.now(),
    }  # fmt: skip
    table = AuditLog.__table__
    refuses(table, "serial_counts_from_one", {**log, "serial": 0})
    refuses(table, "log_has_title", {**log, "title": ""})
    refuses(table, "days_sensible", {**log, "days": 61})
    refuses(table, "unreadable_of_rows", {**log, "unreadable": 2})
    today, before = date(2026, 1, 2), date(2026, 1, 1)
    refuses(table, "covers_forwards", {**log, "covers_from": today, "covers_to": before})
    log_id = accepts(table, log)
    entry = {
        "organisation_id": acme.id, "log_id": log_id, "position": 1, "line": 2, "came_is_day": False, "sender": "",
        "words": "", "given": "", "standing": "unmatched", "strength": "none", "reasons": [], "candidates": [],
        "reference": "", "note": "",
    }  # fmt: skip
    table = AuditLogEntry.__table__
    refuses(table, "position_counts_from_one", {**entry, "position": 0})
    refuses(table, "standing_known", {**entry, "standing": "lost"})
    refuses(table, "strength_known", {**entry, "strength": "iron"})
    refuses(table, "reference_has_complaint", {**entry, "standing": "doubtful", "reference": "C-1"})
    refuses(table, "matched_has_complaint", {**entry, "standing": "matched"})
    refuses(table, "unmatched_has_none", {**entry, "reference": "C-1", "complaint_id": 1})
    refuses(table, "no_complaint_has_reason", {**entry, "standing": "no-complaint"})
    accepts(table, entry)
