"""Drawing a sample through the page of its audit, and what the page and the Word report say about it."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from auditkit.audits import queries, service
from auditkit.audits.rules import TeamRole
from auditkit.audits.samples.queries import sampling_statement
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.complaints import service as complaints
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import answer, own_library, planned, started
from tests.slices.complaints.recording import do, registered

Opener = Callable[..., Browser]


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


def test_a_sample_is_drawn_on_the_page_and_stands_in_the_report(
    acme: House, browser: Opener, number: str, clock: object
) -> None:
    handler = acme.actor("complaint-handler")
    references = [registered(handler, f"Case {n}", severity="low" if n else "critical") for n in range(12)]
    do(acme.actor("quality-manager"), complaints.acknowledge, complaints.Acknowledge, references[0])
    auditor = browser(acme, "internal-auditor")
    assert "No complaint was drawn or chosen yet" in auditor.get(f"/o/acme/audits/{number}").text
    page = auditor.get(f"/o/acme/audits/{number}/samples")
    assert "No sample drawn yet" in page.text
    form = page.form("/samples")
    assert form.find("input", {"name": "received_to"})["value"] == "2026-03-08"  # the day before the audit

    page = auditor.post_form(action="/samples")
    assert "Sample 1: 10 of 12 complaints" in page.text
    article = page.soup.find(id="sample-1")
    (sample,) = _samples(acme, number)
    assert [row.find_all("td")[1].get_text(strip=True) for row in article.find_all("tr")[1:]] == [
        one.reference for one in sample.items
    ]
    assert article.find("a", href=f"/o/acme/audits/{number}/files/{references[0]}")
    assert article.find("a", href=f"/o/acme/evidence/{sample.items[0].file.digest}")
    for told in (sample.seed, sample.seed_hash, sample.population_digest, sample.record.name):
        assert told in article.get_text()
    assert "0 of 10 files tested" in page.text
    assert "Handled by" not in article.get_text()  # the quality manager is not of the team

    page = auditor.get(f"/o/acme/evidence/{sample.items[0].file.digest}")
    assert page.soup.find("a", href=f"/o/acme/audits/{number}/samples#sample-1")

    for position, name in ((1, "good"), (2, "good"), (3, "open")):
        answer(acme, number, position, name, "Nobody was there" if name == "open" else "")
    auditor.get(f"/o/acme/audits/{number}/report")
    auditor.post_form({"conclusion": "Shut"})
    text = _word(auditor, f"/o/acme/audits/{number}/report.docx")
    for words in ("from 9 March 2025 to 8 March 2026", sample.seed, sample.population_digest, "12", "10"):
        assert words in text
    page = auditor.get(f"/o/acme/audits/{number}/samples")
    assert "Sample 1: 10 of 12 complaints" in page.text
    assert page.soup.find("form", action=f"/o/acme/audits/{number}/samples") is None


def _samples(house: House, number: str) -> list[queries.samples.SampleView]:
    tx = reading(house.system)
    head = queries.plans.by_number(tx, number)
    return queries.samples.of_audit(tx, head, queries.plans.team(tx, head.id))


def _word(person: Browser, url: str) -> str:
    opened = docx.Document(io.BytesIO(person.get(url).response.get_data()))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in opened.paragraphs), *cells])


def test_the_lead_sees_what_the_team_had_handled(acme: House, browser: Opener, tmp_path: Path) -> None:
    books, administrator = own_library(tmp_path), acme.actor("administrator")
    references = [registered(acme.actor("complaint-handler"), f"Case {n}") for n in range(2)]
    do(administrator, complaints.acknowledge, complaints.Acknowledge, references[1])
    team = ((acme.person("internal-auditor"), TeamRole.LEAD), (acme.person("administrator"), TeamRole.AUDITOR))
    number = planned(acme, books, team=team)
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=books)
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/samples")
    page = auditor.post_form(action="/samples")
    marked = [row for row in page.soup.find(id="sample-1").find_all("tr") if "Handled by" in row.get_text()]
    assert len(marked) == 1
    assert references[1] in marked[0].get_text()
    assert "administrator of acme" in marked[0].get_text()

    head = queries.plans.by_number(reading(acme.system), number)
    said = sampling_statement(reading(acme.system), head.id)
    assert said.handled == ((references[1], (acme.person("administrator"),)),)


def test_a_refused_draw_is_said_beside_its_field(acme: House, browser: Opener, number: str) -> None:
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/samples")
    page = auditor.post_form({"received_from": "2026-01-01", "received_to": "2026-01-31"}, action="/samples")
    assert "no complaint received from 1 Jan 2026 to 31 Jan 2026 fits" in page.text
    assert page.form("/samples").find("input", {"name": "received_from"})["value"] == "2026-01-01"
    page = auditor.post_form({"method": "random", "size": "5"}, action="/samples")
    assert "Say why this number" in page.text
    page = auditor.post_form({"size": "many"}, action="/samples")
    assert "Enter a whole number" in page.text
    page = auditor.post_form({"size": "0", "reason": "None"}, action="/samples")
    assert "Enter a number of at least 1" in page.text
    page = auditor.post_form({"method": "stratified", "size": "3", "reason": "Few"}, action="/samples")
    assert "Choose by what the sample is stratified" in page.text
    page = auditor.post_form({"size": "", "received_to": "2025-12-31"}, action="/samples")
    assert "not before the first day (1 Jan 2026)" in page.text
    assert _samples(acme, number) == []


def test_who_does_not_run_audits_draws_nothing(acme: House, browser: Opener, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    manager = browser(acme, "quality-manager")
    page = manager.get(f"/o/acme/audits/{number}/samples")
    assert page.soup.find("form", action=f"/o/acme/audits/{number}/samples") is None
    manager.post(
        f"/o/acme/audits/{number}/samples", {"received_from": "2026-01-01", "received_to": "2026-01-31"}, status=403
    )
    assert _samples(acme, number) == []
